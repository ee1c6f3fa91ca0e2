"""Open only when complete; who may open; close; answer on the record and by letter; forget."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from becontree.citizenship.conversations import actions, jobs, maps, queries, routing, shred
from becontree.citizenship.conversations.actions import hosting
from becontree.citizenship.conversations.models import (
    Contact,
    Conversation,
    MapDocument,
    Ruling,
    Served,
    Statement,
    Vote,
)
from becontree.citizenship.conversations.tests.conftest import NOW, SEEDS, SETUP, Talk, words
from becontree.citizenship.manifesto.models import Agreement, Aspiration
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.actions import deliver
from becontree.foundations.people import actions as people
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Because, Entry, Thing

NEEDED = ["about", "place", "ground_rules", "can_change", "answered_by", "host_name", "closes_at", "answer_due"]


@pytest.mark.django_db
def test_a_form_left_open_in_another_window_puts_nothing_back(client: Client) -> None:
    host = people.register(email="host@example.invalid", name="Host", by=SETUP, now=NOW)
    made = actions.draft(title="Where should the bins go?", by=host, now=timezone.now())
    client.force_login(host, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/my/conversations/{made.slug}/words/"
    mark = client.get(address).context["form"].initial["read"]
    given = {"title": made.title, "results": "close", "verified": "never", "read": mark}
    assert client.post(address, given | {"place": "Old Forge"}).status_code == 302
    told = client.post(address, given | {"answered_by": "Streets"})
    made.refresh_from_db()

    assert told.status_code == 422
    assert "perhaps by you in another window" in told.text
    assert (made.place, made.answered_by) == ("Old Forge", "")
    again = told.context["form"]["read"].value()
    assert client.post(address, given | {"answered_by": "Streets", "read": again}).status_code == 302


@pytest.mark.parametrize("left_out", NEEDED)
@pytest.mark.django_db
def test_it_does_not_open_while_something_is_missing(left_out: str) -> None:
    given = words(NOW)
    given.pop(left_out)
    made = actions.draft(by=SETUP, now=NOW, **given)
    actions.seed_statements(conversation=made, words=SEEDS, by=SETUP, now=NOW)

    with pytest.raises(Invalid) as refused:
        actions.open_(conversation=made, by=SETUP, now=NOW)
    assert list(refused.value.errors) == [left_out]


@pytest.mark.django_db
def test_it_does_not_open_with_few_statements_or_dates_that_cannot_be() -> None:
    made = actions.draft(by=SETUP, now=NOW, **words(NOW))
    actions.seed_statements(conversation=made, words=SEEDS[:4], by=SETUP, now=NOW)
    with pytest.raises(Invalid, match="at least 5"):
        actions.open_(conversation=made, by=SETUP, now=NOW)
    actions.seed_statements(conversation=made, words=SEEDS, by=SETUP, now=NOW)
    for wrong in ({"closes_at": NOW}, {"answer_due": NOW.date()}, {"answer_due": NOW.date() + timedelta(days=900)}):
        actions.edit(conversation=made, by=SETUP, now=NOW, **{**words(NOW), **wrong})
        with pytest.raises(Invalid):
            actions.open_(conversation=made, by=SETUP, now=NOW)


@pytest.mark.django_db
def test_a_residents_own_is_opened_by_an_officer_and_a_checked_group_opens_its_own() -> None:
    talk = Talk()
    rita, olive = talk.person("rita"), talk.person("olive")
    mine = actions.draft(by=rita, now=NOW, **words(NOW))
    actions.seed_statements(conversation=mine, words=SEEDS, by=rita, now=NOW)
    with pytest.raises(NotAllowed):
        actions.open_(conversation=mine, by=rita, now=NOW)
    with pytest.raises(NotAllowed):
        actions.edit(conversation=mine, by=olive, now=NOW, title="Mine now?")
    group = people.add_organisation(name="Friends of the street", kind="faith", by=olive, now=NOW)
    theirs = actions.draft(by=olive, now=NOW, organisation=group, host_kind="hub", **words(NOW))
    actions.seed_statements(conversation=theirs, words=SEEDS, by=olive, now=NOW)
    with pytest.raises(NotAllowed):
        actions.open_(conversation=theirs, by=olive, now=NOW)
    people.verify_organisation(organisation=group, how="seen", by=SETUP, now=NOW)

    assert actions.open_(conversation=theirs, by=olive, now=NOW).state == "open"
    assert actions.open_(conversation=mine, by=talk.officer(), now=NOW).state == "open"


def test_once_open_its_words_stand(talk: Talk) -> None:
    with pytest.raises(Clash):
        actions.edit(conversation=talk.conversation, by=SETUP, now=talk.now, title="Another question?")


def test_it_closes_at_its_hour_and_the_record_says_what_there_was(talk: Talk) -> None:
    talk.camps(20)
    talk.now = talk.conversation.closes_at

    assert jobs.close_due(talk.now) == 1
    assert jobs.close_due(talk.now) == 0
    entry = Entry.objects.get(kind="conversation.closed")
    assert entry.facts["participants"] == 20
    assert entry.facts["votes"] == 200
    assert entry.facts["common_ground"] == ["1", "2"]
    assert entry.facts["seed"] == "test-seed"
    assert [one.slug for one in queries.due(talk.now.date())] == [talk.conversation.slug]


def test_the_answer_enters_the_record_because_of_the_conversation_and_reaches_those_who_asked(talk: Talk) -> None:
    people_there = talk.camps(12)
    actions.leave_address(participant=people_there[0], address="Ann@Example.org ", now=talk.now)
    signed = talk.joins("signed", talk.person("sid"))
    talk.answers(signed, lambda at: 1)
    with pytest.raises(Clash):
        _answers(talk)
    talk.close()
    found = _answers(talk)
    deliver(talk.now)

    assert Conversation.objects.get().state == "answered"
    assert found.about == [1]
    assert Because.objects.get(thing_id=f"conversation/{talk.conversation.slug}/answer/{found.pk}").cause_id == (
        talk.conversation.ref
    )
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ann@example.org", "sid@example.invalid"]
    assert "We light the park" in str(mail.outbox[0].body)
    assert f"/conversations/{talk.conversation.slug}/" in str(mail.outbox[0].body)


def _answers(talk: Talk, **more: object) -> object:
    return actions.answer(
        conversation=talk.conversation, status="decision", title="We light the park", body="Thirty lamps by spring.",
        team="The street team", about=[1, 99], by=SETUP, now=talk.now, **more,
    )  # fmt: skip


def test_an_answer_may_lead_on_to_what_is_in_the_record_only(talk: Talk) -> None:
    talk.close()
    with pytest.raises(Invalid):
        _answers(talk, leads_to="project/nowhere")
    record.thing(ref="project/lamps", kind="project", title="Lamps")
    _answers(talk, leads_to="project/lamps")

    assert Thing.objects.filter(ref__startswith=talk.conversation.ref).count() == 2


def test_who_asks_to_be_forgotten_leaves_the_table_and_the_maths_and_published_counts_stand(talk: Talk) -> None:
    everybody = talk.camps(20)
    ann = talk.joins("ann", talk.person("ann"))
    talk.answers(ann, lambda at: 1)
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="My street is dark.", now=talk.now)
    actions.show(statement=said, by=SETUP, now=talk.now)
    actions.leave_address(participant=ann, address="ann@example.org", now=talk.now)
    before = talk.draw()
    kept = json.dumps(shred.export(talk.person("ann")))
    people.erase(person=talk.person("ann"), by=talk.person("ann"), now=talk.now)
    after = talk.anew()

    assert "My street is dark." in kept
    assert "ann@example.org" in kept
    assert before["participants"] - after["participants"] == 1
    assert before["tallies"]["3"][0] - after["tallies"]["3"][0] == 1
    assert not Vote.objects.filter(participant=ann).exists()
    assert not Served.objects.filter(participant=ann).exists()
    assert not Contact.objects.exists()
    assert Statement.objects.get(pk=said.pk).words == ""
    assert Vote.objects.filter(participant=everybody[0]).count() == 10


def test_after_the_close_a_forgotten_persons_votes_go_and_the_published_map_stands(talk: Talk, client: Client) -> None:
    talk.camps(20)
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    talk.close()
    published = json.dumps(MapDocument.objects.get().document)
    entry = Entry.objects.get(kind="conversation.closed")
    first = Vote.objects.order_by("pk").first()
    assert first is not None
    actions.forget(participant=first.participant, now=talk.now)

    assert Vote.objects.count() == 190
    assert json.dumps(maps.current(talk.conversation, now=talk.now + timedelta(days=1)).document) == published
    assert Entry.objects.get(pk=entry.pk).facts == entry.facts


def test_without_an_account_one_takes_everything_back_by_oneself(talk: Talk, client: Client) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    card = client.get(base + "vote/").context["statement"]
    client.post(base + "vote/", {"statement": card.number, "value": "1"})
    assert Vote.objects.count() == 1
    client.post(base + "forget/")

    assert Vote.objects.count() == 0
    assert client.get(base + "mine/").status_code == 302
    assert client.post(base + "start/").status_code == 302


def test_addresses_go_a_year_after_the_end(talk: Talk) -> None:
    actions.leave_address(participant=talk.joins("ann"), address="ann@example.org", now=talk.now)
    talk.close()

    assert jobs.drop_addresses(talk.now + timedelta(days=364)) == 0
    assert jobs.drop_addresses(talk.now + timedelta(days=366)) == 1


@pytest.mark.django_db
def test_aspirations_are_put_to_people_and_what_each_group_said_goes_back_to_the_manifesto() -> None:
    slugs = {f"Aspiration number {at} for the street.": f"aspiration-{at}" for at in range(6)}
    for sentence, slug in slugs.items():
        Aspiration.objects.create(
            slug=slug, sentence=sentence, state=Aspiration.State.OPEN, opened_at=NOW, written_at=NOW
        )
        record.thing(ref=f"aspiration/{slug}", kind="aspiration", title=sentence)
    talk = Talk()
    made = actions.draft(by=SETUP, now=talk.now, **words(talk.now))
    with pytest.raises(NotAllowed):
        hosting.seed_aspirations(conversation=made, by=talk.person("rita"), now=talk.now)
    assert len(hosting.seed_aspirations(conversation=made, by=SETUP, now=talk.now)) == 6
    assert hosting.seed_aspirations(conversation=made, by=SETUP, now=talk.now) == []
    routing._KEPT.clear()
    talk.conversation = actions.open_(conversation=made, by=SETUP, now=talk.now, seed="asp")
    talk.camps(24)
    talk.close()
    taken = {one.aspiration.slug: one for one in Agreement.objects.select_related("aspiration")}

    assert set(taken) == set(slugs.values())
    assert taken["aspiration-0"].conversation == talk.conversation.ref
    assert [row[1:] for row in taken["aspiration-0"].groups] == [[12, 12, 0, 0], [12, 12, 0, 0]]
    assert sorted(row[1:] for row in taken["aspiration-5"].groups) == [[12, 0, 0, 12], [12, 12, 0, 0]]
    assert Because.objects.filter(thing_id=talk.conversation.ref, cause_id="aspiration/aspiration-0").exists()


PERSONAL = "Ask Mrs Patel at 14 Canal Road, she knows."


def test_what_a_host_puts_down_goes_through_the_screen_and_never_silently(talk: Talk) -> None:
    draft = actions.draft(by=SETUP, now=NOW, **words(NOW))
    down = {"conversation": draft, "words": [*SEEDS[:2], PERSONAL], "by": talk.officer(), "now": NOW}
    with pytest.raises(Invalid) as refused:
        actions.seed_statements(**down)
    assert refused.value.code == "seeds.personal"
    assert draft.statements.count() == 0

    with pytest.raises(Invalid):  # somebody has looked at other words
        actions.seed_statements(looked_at=["Ask Mrs Patel."], **down)
    made = actions.seed_statements(looked_at=[PERSONAL], **down)
    assert [one.words for one in made] == [*SEEDS[:2], PERSONAL]
    assert [(one.statement.words, one.by) for one in Ruling.objects.select_related("statement")] == [
        (PERSONAL, str(talk.officer().pk))
    ]


def test_the_host_sees_what_was_found_and_confirms(talk: Talk, client: Client) -> None:
    rita = talk.person("rita")
    draft = actions.draft(by=rita, now=talk.now, **words(talk.now))
    client.force_login(rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/my/conversations/{draft.slug}/"
    typed = {"do": "seeds", "words": f"{SEEDS[0]}\n{PERSONAL}"}
    warned = client.post(address, typed)
    page = warned.content.decode()

    assert warned.status_code == 422
    assert "<mark" in page
    assert f'name="looked" value="{PERSONAL}"' in page
    assert draft.statements.count() == 0
    assert client.post(address, typed | {"looked": [PERSONAL]}).status_code == 302
    assert draft.statements.count() == 2


def test_the_form_says_what_is_needed_before_it_opens(talk: Talk, client: Client) -> None:
    client.force_login(talk.person("rita"), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/my/conversations/new/").content.decode()

    assert page.count("(needed before it opens)") == len(NEEDED)


@pytest.mark.parametrize(
    ("closes", "due", "field"),
    [(-1, 30, "closes_on"), (10, 5, "answer_due"), (None, -1, "answer_due"), (10, 300, "answer_due")],
)
def test_dates_that_cannot_be_are_said_beside_their_fields_and_nothing_is_lost(
    talk: Talk, client: Client, closes: int | None, due: int, field: str
) -> None:
    client.force_login(talk.person("rita"), backend="allauth.account.auth_backends.AuthenticationBackend")
    today = timezone.now().date()
    typed = {
        "title": "What of the pond?", "results": "close", "verified": "never", "about": "It is muddy.",
        "closes_on": str(today + timedelta(days=closes)) if closes is not None else "",
        "answer_due": str(today + timedelta(days=due)),
    }  # fmt: skip
    answer = client.post("/my/conversations/new/", typed)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "It is muddy." in page
    assert typed["answer_due"] in page
    assert not Conversation.objects.filter(title="What of the pond?").exists()
    good = typed | {"closes_on": str(today + timedelta(days=10)), "answer_due": str(today + timedelta(days=40))}
    assert client.post("/my/conversations/new/", good).status_code == 302
