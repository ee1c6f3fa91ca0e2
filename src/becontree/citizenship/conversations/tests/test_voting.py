"""Votes, receipts, changes of mind; who may vote on what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from becontree.citizenship.conversations import actions, identity, queries
from becontree.citizenship.conversations.models import Participant, Served, Statement, Vote
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed


def test_a_vote_is_kept_answered_with_its_receipt_and_the_next_statement_is_there(talk: Talk) -> None:
    ann = talk.joins("ann")
    first = ann.pending
    receipt = talk.votes(ann, 1)

    kept = Vote.objects.get()
    ann.refresh_from_db()
    assert (kept.statement, kept.value, kept.participant) == (first, 1, ann)
    assert receipt.code == identity.vote_receipt(kept.pk, ann.pk, first.pk, 1)
    assert ann.pending not in {None, first}
    assert [cast.code for cast in queries.cast(ann)] == [receipt.code]


def test_the_same_vote_sent_twice_counts_once(talk: Talk) -> None:
    ann = talk.joins("ann")
    number = ann.pending.number
    send = {"conversation": talk.conversation, "participant": ann, "number": number, "value": 1, "now": talk.now}
    one, two = actions.vote(**send), actions.vote(**send)

    assert one.code == two.code
    assert two.again
    assert Vote.objects.count() == 1
    assert Served.objects.count() == 2


def test_of_one_persons_votes_the_last_by_number_counts(talk: Talk) -> None:
    ann = talk.joins("ann")
    number = ann.pending.number
    talk.votes(ann, 1)
    for value in (-1, 0):
        actions.vote(conversation=talk.conversation, participant=ann, number=number, value=value, now=talk.now)

    assert [cast.value for cast in queries.cast(ann)] == [0]
    assert Vote.objects.count() == 3


def test_only_what_was_shown_can_be_voted_on(talk: Talk) -> None:
    ann = talk.joins("ann")
    other = talk.conversation.statements.exclude(pk=ann.pending_id).first()

    with pytest.raises(Clash):
        actions.vote(conversation=talk.conversation, participant=ann, number=other.number, value=1, now=talk.now)
    with pytest.raises(Invalid):
        actions.vote(conversation=talk.conversation, participant=ann, number=ann.pending.number, value=2, now=talk.now)
    assert not Vote.objects.exists()


def test_nobody_votes_after_the_hour_has_struck(talk: Talk) -> None:
    ann = talk.joins("ann")
    last = talk.conversation.closes_at
    talk.now = last - timedelta(microseconds=1)
    talk.votes(ann, 1)
    talk.now = last

    with pytest.raises(Clash):
        talk.votes(ann, 1)


def test_one_key_and_one_account_are_one_participant(talk: Talk) -> None:
    ann = talk.person("ann")
    first, again = talk.joins("k1"), talk.joins("k1")
    phone, desk = talk.joins("k2", ann), talk.joins("k3", ann)

    assert first.pk == again.pk
    assert phone.pk == desk.pk
    assert Participant.objects.count() == 2


def test_a_browser_that_two_people_share_gives_neither_the_others_votes(talk: Talk) -> None:
    ann, ben = talk.person("ann"), talk.person("ben")
    hers = talk.joins("shared", ann)
    talk.votes(hers, 1)
    his = talk.joins("shared", ben)

    assert his.pk != hers.pk
    assert his.person_id == ben.pk
    assert queries.cast(his) == []


def test_a_key_leaves_another_trace_in_each_conversation(talk: Talk) -> None:
    other = Talk().open()
    one, two = talk.joins("ann"), other.joins("ann")

    assert one.key_hash != two.key_hash
    assert "ann" not in {one.key_hash, one.receipt_hash}
    assert identity.receipt_code("ann", talk.conversation.slug) != identity.receipt_code("ann", other.conversation.slug)


def test_a_receipt_code_finds_its_votes_however_it_is_typed(talk: Talk) -> None:
    ann = talk.joins("ann")
    code = identity.receipt_code("ann", talk.conversation.slug)

    for typed in (code, code.upper(), code.replace("-", " "), f"  {code.replace('-', '')}"):
        assert queries.by_receipt(typed) == ann
    assert queries.by_receipt("") is None
    assert queries.by_receipt("hk4f-2rtv-9mwx") is None


@pytest.mark.parametrize("change", ["update", "delete"])
@pytest.mark.parametrize("model", [Vote, Served])
def test_the_database_itself_refuses_to_change_a_vote_or_a_draw(talk: Talk, model: type, change: str) -> None:
    talk.votes(talk.joins("ann"), 1)
    rows = model.objects.all()

    verb = {"delete": rows.delete, "update": lambda: rows.update(at=talk.now + timedelta(days=1))}[change]

    with pytest.raises(DatabaseError), transaction.atomic():
        verb()


def test_the_words_of_a_statement_stand_once_somebody_has_voted_on_it(talk: Talk) -> None:
    ann = talk.joins("ann")
    seen, unseen = ann.pending, talk.conversation.statements.exclude(pk=ann.pending_id).first()
    talk.votes(ann, 1)
    Statement.objects.filter(pk=unseen.pk).update(words="Other words.")

    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.filter(pk=seen.pk).update(words="Other words.")


def test_a_statement_taken_down_while_in_front_of_somebody_is_replaced_by_another(talk: Talk) -> None:
    ann = talk.joins("ann")
    gone = ann.pending
    actions.hold(statement=gone, reason="hate", by=SETUP, now=talk.now)

    told = actions.vote(conversation=talk.conversation, participant=ann, number=gone.number, value=1, now=talk.now)
    ann.refresh_from_db()

    assert told.gone
    assert ann.pending not in {None, gone}
    assert not Vote.objects.exists()
    assert talk.answers(ann, lambda at: 1) == 9


def test_somebody_who_is_banned_is_told_that_they_do_not_count(talk: Talk) -> None:
    ann = talk.joins("ann")
    actions.ban(participant=ann, reason="hate", by=SETUP, now=talk.now)

    with pytest.raises(NotAllowed):
        actions.vote(conversation=talk.conversation, participant=ann, number=1, value=1, now=talk.now)


def test_somebody_who_is_signed_in_votes_on_the_page_and_elsewhere_finds_the_vote_again(
    talk: Talk, client: Client
) -> None:
    ann, base = talk.person("ann"), f"/conversations/{talk.conversation.slug}/"
    client.force_login(ann)
    client.post(base + "start/")
    me = Participant.objects.get(person=ann)
    number = me.pending.number if me.pending else 0
    answer = client.post(base + "vote/", {"statement": number, "value": 1})

    assert answer.status_code == 302
    assert Vote.objects.get().participant == me
    elsewhere = Client()  # another browser, without the first one's key
    elsewhere.force_login(ann)
    again = elsewhere.post(base + "vote/", {"statement": number, "value": -1}, headers={"Accept": "application/json"})
    assert again.status_code == 200
    assert list(Vote.objects.order_by("pk").values_list("participant", "value")) == [(me.pk, 1), (me.pk, -1)]


def test_who_signs_in_on_a_shared_browser_does_not_vote_for_the_other(talk: Talk, client: Client) -> None:
    ann, bea, base = talk.person("ann"), talk.person("bea"), f"/conversations/{talk.conversation.slug}/"
    client.force_login(ann)
    client.post(base + "start/")
    me = Participant.objects.get(person=ann)
    client.force_login(bea)
    client.post(base + "vote/", {"statement": me.pending.number if me.pending else 0, "value": 1})

    assert not Vote.objects.exists()


@pytest.mark.parametrize("way", ["signs out", "session ends", "somebody else signs in"])
def test_a_library_computer_shows_nobody_what_somebody_did_with_their_account(
    talk: Talk, client: Client, way: str
) -> None:
    """Begun without an account, gone on with one: the browser's key opens nothing of it any more."""
    joan, base = talk.person("joan"), f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    key = client.cookies["voice"].value
    client.force_login(joan, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(base + "start/")
    me = Participant.objects.get(person=joan)
    client.post(base + "vote/", {"statement": me.pending.number if me.pending else 0, "value": 1})
    client.post(base + "say/", {"words": "Joan wrote this while signed in."})
    actions.leave_address(participant=me, address="joan@example.org", now=talk.now)
    if way == "signs out":
        client.post("/account/logout/")
        assert client.cookies["voice"].value == ""
    elif way == "session ends":
        client.cookies.pop("becontree")
    else:
        client.force_login(talk.person("bea"), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["voice"] = key  # even where the browser, or a thief, has kept it
    before = (Vote.objects.count(), Statement.objects.count())
    me.refresh_from_db()
    for page in ("mine/", "vote/", "address/", "forget/", "say/"):
        shown = client.get(base + page, follow=True).content.decode()
        assert "Joan wrote" not in shown, page
        assert "joan@example.org" not in shown, page
    number = me.pending.number if me.pending else 0
    client.post(base + "vote/", {"statement": number, "value": -1}, headers={"Accept": "application/json"})
    client.post(base + "say/", {"words": "Not Joan's."})
    client.post(base + "forget/")

    me.refresh_from_db()
    assert me.erased_at is None
    assert (Vote.objects.count(), Statement.objects.count()) == before
    assert client.post(base + "start/").status_code == 302  # and may begin as somebody new
    assert Participant.objects.count() == 2
    assert client.get(base + "mine/").status_code == 200
    assert "Joan wrote" not in client.get(base + "mine/").content.decode()


def test_who_is_signed_in_leaves_no_key_behind(talk: Talk, client: Client) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.force_login(talk.person("ann"), backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(base + "start/")

    assert "voice" not in client.cookies
    assert client.get(base + "mine/").status_code == 200


def test_who_began_without_an_account_and_signs_in_is_one_participant(talk: Talk, client: Client) -> None:
    ann, base = talk.person("ann"), f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    client.force_login(ann, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(base + "start/")

    assert Participant.objects.get().person == ann
