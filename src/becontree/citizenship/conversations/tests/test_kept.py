"""A map kept up to date in a process is the map drawn from all votes; where it might not be, it is drawn anew."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from becontree.citizenship.conversations import actions, kept, maps
from becontree.citizenship.conversations.models import Conversation, MapDocument, Participant, Vote
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.methods import opinion


@pytest.fixture
def hall(talk: Talk, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Iterator[Talk]:
    """A conversation with votes, whose map this process keeps however small it is."""
    monkeypatch.setattr(kept, "LEAST", 1)
    monkeypatch.setattr(transaction, "on_commit", lambda call: call())
    kept.forget_all()
    talk.camps(30)
    yield talk
    kept.forget_all()


def told(talk: Talk, *, cold: bool = False) -> str:
    """The document of a new drawing, turned to the one that is there; what was there is put back."""
    document = MapDocument.objects.filter(conversation=talk.conversation).values().first()
    MapDocument.objects.filter(conversation=talk.conversation).update(through=-1)
    found = maps.redraw(Conversation.objects.get(pk=talk.conversation.pk), now=talk.now, cold=cold)
    said = json.dumps([found.document, found.inside], sort_keys=True)
    if document is not None and cold:
        MapDocument.objects.filter(conversation=talk.conversation).update(**document)
    return said


def same(talk: Talk) -> bool:
    """Whether a drawing from all votes and one from what is kept say the same, byte for byte."""
    from_all = told(talk, cold=True)
    return told(talk) == from_all


def drawn_from_scratch(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    right = opinion.draw_map
    monkeypatch.setattr(opinion, "draw_map", lambda *a, **k: calls.append(1) or right(*a, **k))
    return calls


def test_votes_changes_newcomers_and_new_statements_are_read_alone_and_give_the_same_map(
    hall: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(hall)
    dice = random.Random(7)
    for round_ in range(4):
        for at in range(6):
            who = hall.joins(f"new-{round_}-{at}")
            hall.answers(who, lambda number: dice.choice((1, -1, 0)), most=dice.randint(1, 10))
        for who in Participant.objects.order_by("pk")[:8]:
            actions.vote(
                conversation=hall.conversation, participant=who, number=3, value=dice.choice((1, -1, 0)), now=hall.now
            )
        if round_ == 1:
            actions.seed_statements(conversation=hall.conversation, words=["One more."], by=SETUP, now=hall.now)
        if round_ == 2:
            actions.hold(statement=hall.statement(5), reason="hate", by=SETUP, now=hall.now)

        assert same(hall), round_
    calls = drawn_from_scratch(monkeypatch)
    hall.answers(hall.joins("the last"), lambda number: 1)
    told(hall)
    assert calls == []


def test_a_ban_its_end_and_who_is_forgotten_are_never_missed(hall: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    told(hall)
    calls = drawn_from_scratch(monkeypatch)
    who, other = Participant.objects.order_by("pk")[:2]
    for act in (
        lambda: actions.ban(participant=who, reason="hate", by=SETUP, now=hall.now),
        lambda: actions.lift_ban(participant=who, by=SETUP, now=hall.now),
        lambda: actions.forget(participant=other, now=hall.now),
    ):
        act()
        before = len(calls)
        said = told(hall)

        assert len(calls) > before
        assert said == told(hall, cold=True)


def test_a_vote_that_was_written_late_under_an_early_number_is_not_missed(hall: Talk) -> None:
    told(hall)
    last = Vote.objects.order_by("-pk").first()
    assert last is not None
    who = hall.joins("late")
    Vote.objects.create(
        pk=last.pk + 5, conversation=hall.conversation, participant=who, statement=hall.statement(1), value=1,
        at=hall.now,
    )  # fmt: skip
    before = told(hall)
    Vote.objects.create(  # its number was given out before the other's, its transaction ended after
        pk=last.pk + 4, conversation=hall.conversation, participant=who, statement=hall.statement(2), value=-1,
        at=hall.now,
    )  # fmt: skip

    assert same(hall)
    assert told(hall) != before


def test_what_was_not_committed_is_not_kept(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST", 1)
    kept.forget_all()
    talk.camps(12)
    told(talk)

    assert kept._KEPT == {}


def test_dots_and_letters_stay_where_people_saw_them(hall: Talk) -> None:
    hall.draw()
    people = list(Participant.objects.order_by("pk"))
    before = MapDocument.objects.get()
    stood = {who.pk: maps.place(before, maps.mine(who)) for who in people}
    sizes = [group["size"] for group in before.document["groups"]]
    assert len(sizes) == 2
    smaller = 1 if sizes[0] >= sizes[1] else 0
    name = before.document["groups"][smaller]["id"]
    one = next(who for who in people if (stood[who.pk] or {})["group"] == name)
    opinion_of_one = dict(one.votes.values_list("statement__number", "value"))
    for at in range(12):  # the smaller group becomes the larger
        hall.answers(hall.joins(f"more-{at}"), lambda number: opinion_of_one[number])
    hall.draw()
    after = MapDocument.objects.get()

    assert {group["id"] for group in after.document["groups"]} == {"A", "B"}
    for who in people:
        stands, then = maps.place(after, maps.mine(who)), stood[who.pk]
        assert stands is not None
        assert then is not None
        assert stands["group"] == then["group"]
        assert abs(stands["x"] - then["x"]) + abs(stands["y"] - then["y"]) < 0.5
    hall.close()
    closed = MapDocument.objects.get()
    published = json.dumps([closed.document, closed.inside], sort_keys=True)

    assert [group["size"] for group in closed.document["groups"]] == sorted(
        (group["size"] for group in closed.document["groups"]), reverse=True
    )
    assert closed.firm["letters"] == {"A": name, "B": ({"A", "B"} - {name}).pop()} or name == "A"
    MapDocument.objects.all().delete()
    anew = maps.redraw(hall.conversation, now=hall.now)
    assert json.dumps([anew.document, anew.inside], sort_keys=True) == published
