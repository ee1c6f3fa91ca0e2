"""Somebody reads everything before and after one person leaves or comes back, and learns nothing of how they voted.

The attacker knows who it was, when, and that they voted on everything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from becontree.citizenship.conversations import actions, maps
from becontree.citizenship.conversations.models import MapDocument, Participant, Vote
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.foundations.record.models import Entry
from tests.spec.cells import table

Row = tuple[str, str, str]


def ban(talk: Talk, who: Participant) -> None:
    actions.ban(participant=who, reason="hate", by=SETUP, now=talk.now)


def forget(talk: Talk, who: Participant) -> None:
    actions.forget(participant=who, now=talk.now)


def let_back(talk: Talk, who: Participant) -> None:
    actions.lift_ban(participant=who, by=SETUP, now=talk.now)


WAYS = {"ban": ban, "forget": forget, "let back": let_back}


def told(talk: Talk) -> tuple[dict[str, Row], dict[str, Any]]:
    """How the votes stand, as everybody may read it now; and the map itself."""
    talk.now += timedelta(minutes=10)
    cache.clear()
    maps.current(talk.conversation, now=talk.now)
    rows = table(Client(), f"/conversations/{talk.conversation.slug}/statements.csv")
    return {
        row["number"]: (row["agree"], row["disagree"], row["votes"]) for row in rows
    }, MapDocument.objects.get().document


def possible(before: Row, after: Row, sign: int) -> set[int]:
    """The votes on one statement that the person may have cast, by what stood there before and after.

    sign: -1, they left; 1, they came back. Others may have voted since, each once, agreeing, disagreeing or passing;
    the attacker knows of none of them how.
    """
    if "" in (*before, *after) or before == after:
        return {-1, 0, 1}
    agree, disagree, seen = (int(b) - int(a) for a, b in zip(before, after, strict=True))
    found = set()
    for mine in (-1, 0, 1):
        a, d, s = agree - sign * (mine == 1), disagree - sign * (mine == -1), seen - sign
        if min(a, d, s - a - d) >= 0:
            found.add(mine)
    return found


@pytest.fixture(params=WAYS)
def moved(request: pytest.FixtureRequest, talk: Talk) -> tuple[Talk, Callable[[], None], int]:
    people = talk.camps(24)
    who = people[0]
    if request.param == "let back":
        ban(talk, who)
        talk.anew()
    talk.draw()
    return talk, lambda: WAYS[request.param](talk, who), 1 if request.param == "let back" else -1


def test_the_picture_stands_until_five_others_have_voted(moved: tuple[Talk, Callable[[], None], int]) -> None:
    talk, move, sign = moved
    before = told(talk)
    move()
    assert told(talk) == before
    talk.more_vote(4)
    assert told(talk) == before

    talk.more_vote(1, begin=4)
    rows, document = told(talk)
    assert document["participants"] - before[1]["participants"] == 5 + sign
    assert rows["3"] != before[0]["3"]
    assert [number for number in rows if possible(before[0][number], rows[number], sign) != {-1, 0, 1}] == []
    assert MapDocument.objects.get().standing == {}


def test_a_statement_on_which_fewer_others_have_voted_stands_longer(
    moved: tuple[Talk, Callable[[], None], int],
) -> None:
    """Five others have voted, but each on three statements only: the row of another would tell of the person."""
    talk, move, sign = moved
    before, _ = told(talk)
    move()
    talk.more_vote(5, most=3)
    rows, document = told(talk)
    assert any(rows[number] == before[number] for number in rows)
    assert [number for number in rows if possible(before[number], rows[number], sign) != {-1, 0, 1}] == []
    assert all(shares is None for number in MapDocument.objects.get().standing
               for shares in document["tallies"].get(str(_number(number)), [None, None])[3:])  # fmt: skip

    talk.more_vote(5)
    rows, _ = told(talk)
    assert MapDocument.objects.get().standing == {}
    assert all(rows[number] != before[number] for number in rows)


def _number(statement: str) -> int:
    return int(Vote.objects.filter(statement=int(statement)).values_list("statement__number", flat=True)[0])


def test_when_voting_ends_before_that_the_last_picture_stands(moved: tuple[Talk, Callable[[], None], int]) -> None:
    talk, move, _ = moved
    before = told(talk)
    move()
    talk.more_vote(2)
    talk.close()

    assert told(talk) == before
    assert Entry.objects.get(kind="conversation.closed").facts["participants"] == before[1]["participants"]


def test_out_and_in_again_is_nothing_and_who_never_voted_moves_nothing(talk: Talk) -> None:
    people = talk.camps(24)
    silent = talk.joins("silent")
    talk.draw()
    ban(talk, people[0])
    let_back(talk, people[0])
    ban(talk, silent)

    assert MapDocument.objects.get().moved == []


def test_of_who_is_forgotten_only_that_somebody_went_is_kept(talk: Talk) -> None:
    people = talk.camps(24)
    talk.draw()
    ban(talk, people[0])
    assert MapDocument.objects.get().moved == [people[0].pk]
    forget(talk, people[0])
    kept = MapDocument.objects.get()

    assert not Vote.objects.filter(participant=people[0]).exists()
    assert kept.moved == [0]
    assert {(tuple(row["who"]), row["gone"]) for row in kept.standing.values()} == {((), 1)}


def test_votes_of_who_is_banned_are_none_of_the_five(talk: Talk) -> None:
    talk.camps(24)
    before = told(talk)
    talk.more_vote(5)
    for who in Participant.objects.order_by("-pk")[:4]:
        ban(talk, who)

    assert told(talk) == before  # else one person's votes would arrive alone


def test_a_statement_that_comes_or_goes_brings_no_single_vote_with_it(talk: Talk) -> None:
    talk.camps(24)
    before, _ = told(talk)
    talk.more_vote(1)
    actions.seed_statements(conversation=talk.conversation, words=["One more."], by=SETUP, now=talk.now)
    with_one_more, _ = told(talk)
    actions.hold(statement=talk.statement(4), reason="hate", by=SETUP, now=talk.now)
    without_four, document = told(talk)

    assert {number: row for number, row in with_one_more.items() if number != "11"} == before
    assert {number: row for number, row in without_four.items() if number != "11"} == {
        number: row for number, row in before.items() if number != "4"
    }
    assert "4" not in document["tallies"]


def test_the_attacker_is_no_fool() -> None:
    """Without others a difference tells; among others it may still, where all of it goes one way."""
    assert possible(("12", "12", "24"), ("11", "12", "23"), -1) == {1}
    assert possible(("12", "12", "24"), ("12", "12", "23"), -1) == {0}
    for agree, disagree in product(range(4), range(4)):
        assert possible(("", "", "24"), (str(agree), str(disagree), "23"), -1) == {-1, 0, 1}
