"""A conversation in a room: screen, phones, paper, heads, notes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from becontree.citizenship.conversations import actions as talks
from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.models import Participant, Served, Statement, Vote
from becontree.citizenship.hubs import actions, queries
from becontree.citizenship.hubs.actions.meeting import LONDON
from becontree.citizenship.hubs.models import Meeting, Paper, Retyping
from becontree.citizenship.hubs.tests.conftest import SETUP, Neighbourhood
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.record.models import Entry


def test_phones_vote_on_what_the_screen_shows(town: Neighbourhood) -> None:
    room = town.show(town.open_room(), 3)
    who = actions.join(meeting=room, key="phone", person=None, now=town.now)
    assert who.channel == "room"
    first = actions.vote(meeting=room, participant=who, number=3, value=1, now=town.now)
    again = actions.vote(meeting=room, participant=who, number=3, value=1, now=town.now)
    assert (again.vote, again.again) == (first.vote, True)
    changed = actions.vote(meeting=room, participant=who, number=3, value=-1, now=town.now)
    assert changed.vote != first.vote
    assert Vote.objects.filter(participant=who).count() == 2
    assert queries.cast_on(room, 3) == 1
    with pytest.raises(Clash, match="not on the screen"):
        actions.vote(meeting=room, participant=who, number=1, value=1, now=town.now)


def test_a_phone_goes_on_at_home_with_what_it_has_not_seen(town: Neighbourhood) -> None:
    room = town.show(town.open_room(), 2)
    who = actions.join(meeting=room, key="phone", person=None, now=town.now)
    actions.vote(meeting=room, participant=who, number=2, value=1, now=town.now)
    seen = {2}
    while True:
        who.refresh_from_db()
        if who.pending is None:
            break
        assert who.pending.number not in seen
        seen.add(who.pending.number)
        talks.vote(conversation=town.talk, participant=who, number=who.pending.number, value=0, now=town.now)
    assert seen == {1, 2, 3, 4, 5, 6}


def test_every_statement_on_the_screen_is_logged_once(town: Neighbourhood) -> None:
    room = town.open_room()
    for number in (1, 2, 2, None, 2):
        room = town.show(room, number)
    assert list(room.shown.values_list("number", flat=True)) == [1, 2, 2]
    with pytest.raises(Invalid, match="no statement"):
        town.show(room, 99)


def test_paper_counts_like_any_vote_and_each_sheet_once(town: Neighbourhood) -> None:
    room = town.open_room()
    typed = {"meeting": room, "by": town.person("lena"), "now": town.now}
    sheet = actions.type_paper(marks="1a 2d, 5 P", key="k1", **typed)
    assert (sheet.number, sheet.votes) == (1, 3)
    assert actions.type_paper(marks="1a 2d 5p", key="k1", **typed).pk == sheet.pk
    other = actions.type_paper(marks="1A", key="k2", **typed)
    assert other.number == 2
    assert Participant.objects.filter(channel="paper").count() == 2
    assert not Served.objects.filter(participant__channel="paper").exists()
    values = dict(Vote.objects.filter(participant=sheet.participant).values_list("statement__number", "value"))
    assert values == {1: 1, 2: -1, 5: 0}


def test_a_sheet_typed_again_with_other_marks_changes_nothing_until_the_clerk_has_chosen(town: Neighbourhood) -> None:
    room = town.open_room()
    typed = {"meeting": room, "by": town.person("lena"), "now": town.now}
    sheet = actions.type_paper(marks="1a 2d 5p", key="k1", **typed)
    with pytest.raises(Clash, match="other marks") as refused:
        actions.type_paper(marks="1a 2a", key="k1", **typed)
    assert refused.value.code == "paper.differs"
    assert actions.votes_of(sheet) == {1: 1, 2: -1, 5: 0}

    left = actions.retype_paper(marks="1a 2a", key="k1", take=False, **typed)
    assert actions.votes_of(left) == {1: 1, 2: -1, 5: 0}
    taken = actions.retype_paper(marks="1a 2a", key="k1", take=True, **typed | {"by": town.officer()})
    assert (taken.pk, taken.number, taken.votes) == (sheet.pk, 1, 2)
    assert actions.votes_of(taken) == {1: 1, 2: 1}
    assert maps.ballots(town.talk).shape[0] == 2  # the vote that was not on the sheet counts no more
    assert Meeting.objects.get().papers == 1
    kept = Retyping.objects.values_list("before", "after", "taken", "by")
    assert list(kept) == [
        ("1a 2d 5p", "1a 2a", False, str(town.person("lena").pk)),
        ("1a 2d 5p", "1a 2a", True, str(town.officer().pk)),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Retyping.objects.update(by="nobody")


def test_a_sheet_put_right_keeps_its_vote_on_a_statement_that_was_taken_down_meanwhile(town: Neighbourhood) -> None:
    room = town.open_room()
    typed = {"meeting": room, "by": town.person("lena"), "now": town.now}
    sheet = actions.type_paper(marks="1a 2d 5p", key="k1", **typed)
    second = Statement.objects.get(conversation=town.talk, number=2)
    talks.hold(statement=second, reason="hate", by=town.officer(), now=town.now)
    with pytest.raises(Invalid, match="no statement 2"):
        actions.type_paper(marks="2d", key="k2", **typed)
    same = actions.type_paper(marks="1a 2d 5p", key="k1", **typed)  # as it stands on the paper
    assert same.pk == sheet.pk

    assert actions.votes_of(sheet) == {1: 1, 5: 0}  # what the clerk finds in the form
    taken = actions.retype_paper(marks="1d 5p", key="k1", take=True, **typed)
    assert taken.votes == 3
    talks.show(statement=second, by=SETUP, now=town.now, on_appeal=True)
    assert actions.votes_of(taken) == {1: -1, 2: -1, 5: 0}
    assert Retyping.objects.get().after == "1d 2d 5p"

    talks.hold(statement=second, reason="hate", by=town.officer(), now=town.now)
    again = actions.retype_paper(marks="1d 2a 5p", key="k1", take=True, **typed)
    talks.show(statement=second, by=SETUP, now=town.now, on_appeal=True)
    assert actions.votes_of(again) == {1: -1, 2: 1, 5: 0}


def test_the_clerk_sees_both_readings_of_a_sheet_and_chooses(today: Neighbourhood) -> None:
    town = today
    room = town.open_room()
    lena = Client()
    lena.force_login(town.person("lena"))
    address = f"/my/hubs/meetings/{room.handle}/papers/"
    lena.post(address, {"marks": "1a 2d", "key": "abc"})
    both = lena.post(address, {"marks": "1a 2a 3p", "key": "abc"})
    page = both.content.decode()

    assert both.status_code == 409
    assert [(row["number"], row["first"], row["second"]) for row in both.context["rows"]] == [
        (2, "disagree", "agree"),
        (3, "no mark", "pass"),
    ]
    assert "Leave it as it was" in page
    assert "Seats." in page
    lena.post(address, {"marks": "1a 2a 3p", "key": "abc", "do": "second"})
    again = lena.get(address, {"sheet": "1"})
    assert again.context["form"].initial["marks"] == "1a 2a 3p"
    talks.hold(statement=Statement.objects.get(number=3), reason="hate", by=SETUP, now=town.now)
    assert "(number 3)" in lena.get(address, {"sheet": "1"}).content.decode()
    differs = lena.post(address, {"marks": "1d 2a", "key": "abc"})
    assert [row["number"] for row in differs.context["rows"]] == [1]
    assert "(number 3)" in differs.content.decode()
    lena.post(address, {"marks": "4d", "key": "abc", "do": "another"})
    assert list(Paper.objects.values_list("number", "votes")) == [(1, 3), (2, 1)]
    assert lena.get(address, {"sheet": "9"}).status_code == 404


def test_a_room_opens_on_its_day_and_says_what_to_do_before_that(today: Neighbourhood) -> None:
    town = today
    meeting = town.plan(starts_at=town.now + timedelta(days=3))
    lena = Client()
    lena.force_login(town.person("lena"))
    own = f"/my/hubs/meetings/{meeting.handle}/"
    assert 'value="begin"' not in lena.get(own).content.decode()
    pressed = lena.post(own, {"do": "begin"}, follow=True).content.decode()
    assert "its room opens on that day" in pressed
    assert "/my/hubs/plan/" in pressed
    assert Meeting.objects.get().state == "planned"

    with pytest.raises(Clash) as refused:
        actions.begin(meeting=meeting, by=town.person("lena"), now=meeting.starts_at - timedelta(hours=25))
    assert refused.value.code == "meeting.early"
    there = actions.begin(meeting=meeting, by=town.person("lena"), now=meeting.starts_at - timedelta(hours=11))
    assert there.state == "open"


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ("", "Type the marks"),
        ("1x", "“1x” is not a number followed by"),
        ("a1", "“a1” is not"),
        ("99a", "no statement 99"),
        ("1a 1d", "twice, with different marks"),
        ("1a " * 400 + "999999999999a", "is not a number"),
        ("١a", "is not a number"),
        ("<script>1a</script>", "is not a number"),
    ],
)
def test_a_sheet_that_cannot_be_read_counts_nothing(town: Neighbourhood, marks: str, said: str) -> None:
    room = town.open_room()
    with pytest.raises(Invalid, match=said):
        actions.type_paper(meeting=room, marks=marks, key="k", by=town.person("lena"), now=town.now)
    assert not Vote.objects.exists()
    assert not Paper.objects.exists()


def test_it_ends_with_a_count_of_heads_and_notes_only_by_consent(town: Neighbourhood) -> None:
    room = town.open_room()
    end = {"meeting": room, "by": town.person("lena"), "now": town.now + timedelta(hours=2)}
    with pytest.raises(Invalid) as refused:
        actions.finish(attendance=0, notes="We talked.", **end)
    assert set(refused.value.errors) == {"attendance", "consent"}
    over = actions.finish(attendance=34, notes="We talked.", consent=True, **end)
    assert (over.state, over.code, over.attendance, over.notes) == ("over", "", 34, "We talked.")
    entry = Entry.objects.get(kind="conversation.met")
    assert entry.facts["attendance"] == 34
    assert [cause.cause_id for cause in entry.because.all()] == [town.hub.ref]
    with pytest.raises(Clash):
        actions.finish(attendance=34, **end)


def test_only_hosts_run_a_room(town: Neighbourhood) -> None:
    rita = town.person("rita")
    with pytest.raises(NotAllowed):
        town.plan(by=rita)
    meeting = town.plan()
    for act in (actions.begin, actions.cancel):
        with pytest.raises(NotAllowed):
            act(meeting=meeting, by=rita, now=town.now)
    room = actions.begin(meeting=meeting, by=town.officer(), now=town.now)
    for refused in (
        lambda: actions.show(meeting=room, number=1, by=rita, now=town.now),
        lambda: actions.type_paper(meeting=room, marks="1a", key="k", by=rita, now=town.now),
        lambda: actions.finish(meeting=room, attendance=3, by=rita, now=town.now),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_meeting_needs_an_open_conversation_a_day_and_an_agenda(town: Neighbourhood) -> None:
    with pytest.raises(Invalid) as refused:
        town.plan(starts_at=town.now + timedelta(days=30), place=" ", agenda=["", " "], hub=None)
    assert set(refused.value.errors) == {"starts_at", "place", "agenda"}
    meeting = town.plan()
    talks.close(conversation=town.talk, by=SETUP, now=town.now)
    with pytest.raises(Clash, match="over"):
        actions.begin(meeting=meeting, by=town.person("lena"), now=town.now)


def test_the_phone_in_the_room_without_script(today: Neighbourhood) -> None:
    town = today
    room = town.show(town.open_room(), 1)
    phone = Client()
    assert phone.post("/conversations/join/", {"code": "zzzzzz"}).status_code == 422
    there = phone.post("/conversations/join/", {"code": f" {room.code.upper()} "}, follow=True)
    address = f"/conversations/join/{room.code}/"
    assert there.redirect_chain == [(address, 302)]
    assert b"You are in the room" in there.content
    page = phone.post(address, {"do": "join"}, follow=True)
    assert b"Lights." in page.content
    page = phone.post(address, {"statement": "1", "value": "1"}, follow=True)
    assert b"You agree." in page.content
    assert phone.get(f"{address}now/").json() == {"showing": 1}
    assert phone.post(address, {"statement": "4", "value": "1"}).status_code == 422
    assert phone.post(address, {"statement": "x" * 50, "value": "nine"}).status_code == 422
    actions.finish(meeting=room, attendance=2, by=town.person("lena"), now=town.now)
    closed = phone.get(address)
    assert closed.status_code == 404
    assert b"Your votes are kept" in closed.content
    assert Vote.objects.filter(participant__channel="room").count() == 1


def test_pages_of_those_who_run_it(today: Neighbourhood) -> None:
    town = today
    lena = Client()
    lena.force_login(town.person("lena"))
    soon = (town.now + timedelta(hours=1)).astimezone(LONDON)
    form = {"conversation": town.talk.pk, "hub": town.hub.pk, "place": "Hall"}
    form |= {"day": soon.date().isoformat(), "at": soon.strftime("%H:%M")}
    missing = lena.post("/my/hubs/plan/", form)
    assert missing.status_code == 422
    assert b"Hall" in missing.content
    assert lena.post("/my/hubs/plan/", form | {"agenda": "Tea\nWe vote"}).status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.place, meeting.agenda) == ("Hall", ["Tea", "We vote"])
    own = f"/my/hubs/meetings/{meeting.handle}/"
    assert lena.post(own, {"do": "begin"}).headers["Location"] == f"{own}screen/"
    assert lena.post(f"{own}screen/", {"number": "2"}).status_code == 302
    assert b"Seats." in lena.get(f"{own}screen/").content
    kept = lena.post(f"{own}papers/", {"marks": "1a 2d", "key": "abc"}, follow=True)
    assert b"Sheet 1 is in" in kept.content
    wrong = lena.post(f"{own}papers/", {"marks": "1a 77d", "key": "def"})
    assert wrong.status_code == 422
    assert b"1a 77d" in wrong.content
    assert lena.post(own, {"do": "finish", "attendance": "12"}).status_code == 302
    public = Client().get(meeting.get_absolute_url())
    assert b"12 people were there" in public.content
    assert Meeting.objects.get(pk=meeting.pk).state == "over"
    rita = Client()
    rita.force_login(town.person("rita"))
    for address in (own, f"{own}screen/", f"{own}papers/", f"/my/hubs/{town.hub.slug}/"):
        assert rita.get(address).status_code == 404
