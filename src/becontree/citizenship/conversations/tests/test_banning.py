"""Who is taken out leaves the maths, is told, asks again with a clock, and comes back with every vote."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.models import BanAppeal, MapDocument, Participant, Vote
from becontree.citizenship.conversations.tests.conftest import Talk
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.actions import deliver
from becontree.foundations.record.models import Entry


def test_a_ban_takes_every_vote_out_of_the_map_and_lifting_it_gives_the_same_map_back(talk: Talk) -> None:
    people = talk.camps(12)
    before = _drawn(talk)
    actions.ban(participant=people[0], reason="hate", by=talk.officer("oona"), now=talk.now)
    without = _drawn(talk)
    actions.lift_ban(participant=people[0], by=talk.officer("omar"), now=talk.now)

    assert before[0]["participants"] - without[0]["participants"] == 1
    assert before[0]["votes"] - without[0]["votes"] == 10
    assert [a - b for a, b in zip(before[0]["tallies"]["3"][:3], without[0]["tallies"]["3"][:3], strict=True)] == [
        0, 1, 1,
    ]  # fmt: skip
    assert _same(_drawn(talk), before)
    assert Vote.objects.filter(participant=people[0]).count() == 10


def _drawn(talk: Talk) -> tuple[dict[str, Any], dict[str, Any]]:
    talk.anew()
    found = MapDocument.objects.get()
    return found.document, found.inside


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_the_person_is_told_asks_again_by_a_form_and_another_officer_answers(talk: Talk, client: Client) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    me = Participant.objects.get()
    talk.answers(me, lambda at: 1)
    actions.leave_address(participant=me, address="ann@example.org", now=talk.now)
    one, two = talk.officer("oona"), talk.officer("omar")
    actions.ban(participant=me, reason="hate", by=one, now=talk.now)
    page = client.get(base + "mine/").content.decode()
    assert f"{base}ask-again/" in page
    assert client.post(base + "ask-again/", {"words": " "}).status_code == 422
    assert client.post(base + "ask-again/", {"words": "That was a quotation."}).status_code == 302
    appeal = BanAppeal.objects.get()

    assert appeal.words == "That was a quotation."
    assert (appeal.due_on - talk.now.date()).days >= 10
    assert "Another person is looking at it again" in client.get(base + "mine/").content.decode()
    with pytest.raises(Clash):
        actions.appeal_ban(participant=me, words="Again.", now=talk.now)
    with pytest.raises(NotAllowed):
        actions.decide_ban_appeal(appeal=appeal, upheld=True, answer="Fine.", by=one, now=talk.now)
    with pytest.raises(Clash):
        actions.lift_ban(participant=me, by=two, now=talk.now)

    desk = _desk(client, two)
    assert "They ask to count again" in desk.get("/desk/conversations/").content.decode()
    address = f"/desk/conversations/{talk.conversation.slug}/bans/{me.pk}/"
    assert "That was a quotation." in desk.get(address).content.decode()
    assert desk.post(address, {"upheld": "yes", "answer": "It was a quotation."}).status_code == 302
    me.refresh_from_db()
    deliver(talk.now + timedelta(minutes=5))

    assert me.counts
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"]] * 2
    assert "Your votes count again" in str(mail.outbox[1].body)
    assert "It was a quotation." in client.get(base + "mine/").content.decode()


def test_asked_in_vain_they_stay_out_and_read_why(talk: Talk) -> None:
    me = talk.joins("ann")
    actions.ban(participant=me, reason="hate", by=talk.officer("oona"), now=talk.now)
    asked = actions.appeal_ban(participant=me, words="No.", now=talk.now)
    with pytest.raises(Invalid):
        actions.decide_ban_appeal(appeal=asked, upheld=False, answer="", by=talk.officer("omar"), now=talk.now)
    actions.decide_ban_appeal(appeal=asked, upheld=False, answer="It was hate.", by=talk.officer("omar"), now=talk.now)
    me.refresh_from_db()

    assert not me.counts
    assert not queries.open_ban_appeals(talk.officer("omar")).exists()


def test_unasked_another_officer_lets_somebody_count_again(talk: Talk, client: Client) -> None:
    me = talk.joins("ann")
    one, two = talk.officer("oona"), talk.officer("omar")
    actions.ban(participant=me, reason="hate", by=one, now=talk.now)
    base = f"/desk/conversations/{talk.conversation.slug}/bans/"

    assert f"{base}{me.pk}/" in _desk(client, one).get(base).content.decode()
    assert client.post(f"{base}{me.pk}/").status_code == 422
    assert _desk(Client(), two).post(f"{base}{me.pk}/").status_code == 302
    me.refresh_from_db()
    assert me.counts
    actions.start(conversation=talk.conversation, key="ann", now=talk.now)
    assert talk.answers(me, lambda at: 1) == 10


def test_after_the_close_nobody_is_taken_out_and_the_count_stands_with_an_appeal_that_is_right(talk: Talk) -> None:
    people = talk.camps(14)
    one, two = talk.officer("oona"), talk.officer("omar")
    actions.ban(participant=people[0], reason="hate", by=one, now=talk.now)
    asked = actions.appeal_ban(participant=people[0], words="No.", now=talk.now)
    talk.close()
    published = MapDocument.objects.get().document
    with pytest.raises(Clash):
        actions.ban(participant=people[1], reason="hate", by=one, now=talk.now)
    actions.decide_ban_appeal(appeal=asked, upheld=True, answer="Right.", by=two, now=talk.now)
    again = MapDocument.objects.get().document

    assert published["participants"] == 13
    assert again == published  # one more would tell how they voted
    assert Entry.objects.get(kind="conversation.let-back").facts == {}


def test_after_the_close_many_who_are_let_back_are_counted_in_the_open(talk: Talk) -> None:
    people = talk.camps(20)
    one, two = talk.officer("oona"), talk.officer("omar")
    for who in people[:6]:
        actions.ban(participant=who, reason="hate", by=one, now=talk.now)
    talk.close()
    published = MapDocument.objects.get().document
    for who in people[:6]:
        actions.lift_ban(participant=who, by=two, now=talk.now)
    again = MapDocument.objects.get().document

    assert (published["participants"], again["participants"]) == (14, 20)
    assert Entry.objects.filter(kind="conversation.let-back").count() == 5
    assert Entry.objects.get(kind="conversation.recounted").facts == {"participants": 20, "votes": 200}


def test_who_is_forgotten_leaves_no_words_of_an_appeal(talk: Talk) -> None:
    me = talk.joins("ann")
    actions.ban(participant=me, reason="hate", by=talk.officer("oona"), now=talk.now)
    actions.appeal_ban(participant=me, words="My name is Ann.", now=talk.now)
    actions.forget(participant=me, now=talk.now)

    assert BanAppeal.objects.get().words == ""
    assert not queries.banned(talk.officer("omar"), talk.conversation).exists()


def test_a_resident_sees_no_page_of_those_who_were_taken_out(talk: Talk, client: Client) -> None:
    me = talk.joins("ann")
    actions.ban(participant=me, reason="hate", by=talk.officer("oona"), now=talk.now)
    client.force_login(talk.person("rita"), backend="allauth.account.auth_backends.AuthenticationBackend")

    for page in ("", f"{me.pk}/"):
        assert client.get(f"/desk/conversations/{talk.conversation.slug}/bans/{page}").status_code == 403
    assert client.get(f"/conversations/{talk.conversation.slug}/ask-again/").status_code == 302


@pytest.mark.parametrize("asked", [True, False])
def test_who_was_let_back_is_taken_out_again_only_by_somebody_new_who_says_why(talk: Talk, asked: bool) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client = Client()
    client.post(base + "start/")
    me = Participant.objects.get()
    actions.leave_address(participant=me, address="ann@example.org", now=talk.now)
    said = actions.suggest(conversation=talk.conversation, participant=me, words="Lamps until ten.", now=talk.now)
    one, two, three = talk.officer("oona"), talk.officer("omar"), talk.officer("olga")
    actions.ban(participant=me, reason="hate", by=one, now=talk.now)
    if asked:
        appeal = actions.appeal_ban(participant=me, words="That was a quotation.", now=talk.now)
        actions.decide_ban_appeal(appeal=appeal, upheld=True, answer="It was.", by=two, now=talk.now)
    else:
        actions.lift_ban(participant=me, by=two, now=talk.now)
    address = f"/desk/conversations/{talk.conversation.slug}/statements/{said.number}/"
    ban = {"do": "ban", "ban-reason": "hate"}

    for officer in (one, two):
        page = _desk(Client(), officer).post(address, ban | {"ban-note": "I still say no"})
        assert page.status_code == 422
        assert "who has not decided about it yet" in page.content.decode()
    assert _desk(Client(), three).post(address, ban).status_code == 422  # no reason given
    me.refresh_from_db()
    assert me.counts
    assert _desk(Client(), three).post(address, ban | {"ban-note": "A threat, on Monday."}).status_code == 302
    deliver(talk.now + timedelta(minutes=5))
    me.refresh_from_db()
    assert not me.counts
    assert "A threat, on Monday." in str(mail.outbox[-1].body)
    assert "A threat, on Monday." in client.get(base + "mine/").content.decode()
    for officer in (one, two, three):
        with pytest.raises(NotAllowed):
            actions.lift_ban(participant=me, by=officer, now=talk.now)
    actions.forget(participant=me, now=talk.now)
    assert Participant.objects.get(pk=me.pk).banned_note == ""


def _desk(client: Client, officer: Any) -> Client:
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client
