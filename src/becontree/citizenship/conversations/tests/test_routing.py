"""What is served: the distribution itself, not the formula. And every draw can be drawn again."""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction

from becontree.citizenship.conversations import actions, maps, routing
from becontree.citizenship.conversations.models import RoutingTable, Served, Statement
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk


def test_every_draw_comes_out_alike_when_it_is_drawn_again(talk: Talk) -> None:
    talk.camps(12)
    talk.draw()
    late = talk.joins("late")
    talk.votes(late, 1)
    actions.hold(statement=talk.statement(9), reason="hate", by=SETUP, now=talk.now)
    talk.answers(late, lambda number: 0)
    found = list(routing.audit(talk.conversation))

    assert len(found) == Served.objects.count() > 100
    assert [one for one in found if not one.same] == []
    assert RoutingTable.objects.count() > 2


def test_an_auditor_finds_a_draw_that_was_tampered_with(talk: Talk) -> None:
    ann = talk.joins("ann")
    talk.votes(ann, 1)
    last = Served.objects.order_by("-pk").first()
    assert last is not None
    from becontree.foundations.kit import triggers

    other = Statement.objects.exclude(pk__in=Served.objects.values("statement")).first()
    triggers.remove()
    Served.objects.filter(pk=last.pk).update(statement=other)

    assert [one.number for one in routing.audit(talk.conversation) if not one.same] == [last.number]


def test_what_is_served_follows_the_chances_and_is_not_uniform(talk: Talk) -> None:
    """Of 1,500 first draws from one table, each statement comes as often as its chance says (four standard errors).

    Chances differ widely here, so that a silent fall back to "all alike", as Polis had for a year, would fail.
    """
    table = _uneven(talk)
    known = routing.as_table(1, table)
    served: Counter[int] = Counter()
    expected = np.zeros(len(table))
    draws = 1500
    for person in range(draws):
        drawn = routing.draw(known, answered=set(), recent=[], seed="spec", person=person, number=1)
        assert drawn is not None
        served[drawn.statement] += 1
    weights = np.array([row[1] for row in table], dtype=float)
    below = np.array([row[2] for row in table]) < np.median([row[2] for row in table])
    expected = draws * (0.5 * weights / weights.sum() + 0.5 * np.where(below, weights, 0) / weights[below].sum())
    seen = np.array([served[at] for at in range(len(table))])

    assert (np.abs(seen - expected) < 4 * np.sqrt(expected) + 1).all()
    assert seen.max() > 4 * max(1, seen.min())
    assert np.abs(seen - draws / len(table)).max() > 100  # far from uniform


def test_late_statements_do_not_starve(talk: Talk) -> None:
    """A third of the people come before the last three statements are there; in the end the late ones have votes too.

    Drawn by chance each time. In 25 runs the late ones had 0.93 to 1.08 of the votes of the others, and 13 at least.
    """
    for number in range(14):
        talk.answers(talk.joins(f"early-{number}"), lambda at: 1, most=5)
    talk.draw()
    actions.seed_statements(
        conversation=talk.conversation,
        words=["Late one.", "Late two.", "Late three."],
        by=SETUP,
        now=talk.now,
    )
    for number in range(28):
        talk.answers(talk.joins(f"late-{number}"), lambda at: 1, most=5)
        talk.draw()
    votes = Counter(talk.conversation.votes.values_list("statement__number", flat=True))
    late, early = [votes[number] for number in (11, 12, 13)], [votes[number] for number in range(1, 11)]

    assert sum(late) / 3 >= np.median(early) / 2
    assert min(late) >= 6


def test_questions_about_the_person_wait_for_the_seventh_vote_and_come_at_most_once_in_three(db: None) -> None:
    talk = Talk(seeds=[f"Statement number {number} of many." for number in range(40)]).open()
    actions.seed_statements(
        conversation=talk.conversation,
        words=[f"I am of kind {number}." for number in range(10)],
        about_you=True,
        by=SETUP,
        now=talk.now,
    )
    asked = 0
    for number in range(6):
        who = talk.joins(f"key-{number}")
        talk.answers(who, lambda at: 1, most=30)
        shown = list(who.served.order_by("number").values_list("statement__about_you", flat=True))[:30]
        asked += sum(shown)

        assert not any(shown[:7])
        assert all(sum(shown[at : at + 3]) <= 1 for at in range(28))
    assert asked > 10


def test_a_new_statement_is_in_the_next_table_at_once(talk: Talk) -> None:
    ann, ben = talk.joins("ann"), talk.joins("ben")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="Bring back the fair.", now=talk.now)
    before = RoutingTable.objects.order_by("-version").first()
    actions.show(statement=said, by=SETUP, now=talk.now)
    talk.conversation.refresh_from_db()
    table = routing.table(talk.conversation.pk, talk.conversation.routing_version, talk.conversation.seed)

    assert before is not None
    assert said.pk not in {row[0] for row in before.rows}
    assert said.pk in table.ids
    assert talk.answers(ben, lambda at: 1) == 11


@pytest.mark.parametrize("about", [False, True])
def test_a_table_that_did_not_change_is_not_written_again(talk: Talk, about: bool) -> None:
    maps.reroute(talk.conversation, now=talk.now + timedelta(seconds=1))

    assert RoutingTable.objects.count() == 1


def _uneven(talk: Talk) -> list[list[int]]:
    ids = list(talk.conversation.statements.values_list("pk", flat=True))
    tallies = {pk: (at * 3, 2, 4 + at * 4) for at, pk in enumerate(ids)}
    reach = {pk: float(at % 3) for at, pk in enumerate(ids)}
    version = routing.rebuild(talk.conversation, tallies=tallies, reach=reach, now=talk.now)
    return list(RoutingTable.objects.get(conversation=talk.conversation, version=version).rows)


@pytest.mark.django_db(transaction=True)
def test_a_table_that_was_rolled_back_is_not_remembered() -> None:
    """Its number is given again, to another table: nobody may be served from the one that never was."""
    talk = Talk().open()
    version = talk.conversation.routing_version

    class Stop(Exception):
        pass

    for words in (["Never said.", "Nor this."], ["Said after all."]):
        with contextlib.suppress(Stop), transaction.atomic():
            made = actions.seed_statements(conversation=talk.conversation, words=words, by=SETUP, now=talk.now)
            drawn = routing.table(talk.conversation.pk, version + 1, talk.conversation.seed)
            assert {one.pk for one in made} < set(drawn.ids)
            if len(words) == 2:
                raise Stop
    live = set(Statement.objects.filter(conversation=talk.conversation).values_list("pk", flat=True))
    assert set(routing.table(talk.conversation.pk, version + 1, talk.conversation.seed).ids) == live
    assert (talk.conversation.pk, version + 1, talk.conversation.seed) in routing._KEPT
