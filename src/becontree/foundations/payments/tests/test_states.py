"""The table of a payment's states, cell by cell."""

from __future__ import annotations

from itertools import product

import pytest

from becontree.foundations.payments.actions.learn import learn_charge
from becontree.foundations.payments.models import Charge, Refund
from becontree.foundations.payments.port import News
from becontree.foundations.payments.states import (
    CHARGE,
    INSTRUCTION,
    REFUND,
    Heard,
    InstructionState,
    State,
    Then,
    table,
)
from becontree.foundations.payments.tests.conftest import HELD, NOON, begin, posted

ORDER = {State.CREATED: 0, State.SENT: 1, State.UNKNOWN: 1, State.FAILED: 2, State.SETTLED: 3}


def test_every_cell_is_stated():
    assert set(CHARGE) == set(REFUND) == set(product(State, Heard))
    assert set(INSTRUCTION) == set(product(InstructionState, ("waiting", "ready", "failed", "cancelled")))


@pytest.mark.parametrize("moves", [CHARGE, REFUND], ids=["charge", "refund"])
def test_nothing_ever_moves_back(moves):
    assert all(ORDER[after] >= ORDER[before] for (before, _), (after, _) in moves.items())


@pytest.mark.parametrize("moves", [CHARGE, REFUND], ids=["charge", "refund"])
def test_hearing_it_twice_changes_nothing_the_second_time(moves):
    for (_, heard), (after, _) in moves.items():
        again, then = moves[after, heard]

        assert again == after
        assert then in (Then.NOTHING, Then.ALARM)


def test_money_is_credited_by_exactly_the_moves_into_settled():
    into = {cell for cell, (after, _) in CHARGE.items() if after == State.SETTLED and cell[0] != State.SETTLED}

    assert into == {cell for cell, (_, then) in CHARGE.items() if then in (Then.CREDIT, Then.LATE)}


def test_the_printed_table_has_a_row_a_state():
    assert len(table()) == 2 + len(State)


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "news"), list(product(State, Heard)), ids=str)
def test_each_cell_does_what_the_table_says(heard, before, news):
    """The row is brought to `before`, hears `news`, and money and messages follow the table's word."""
    charge = Charge.objects.get(instruction=begin(take="now"))
    path = {
        State.CREATED: (),
        State.SENT: ("accepted",),
        State.UNKNOWN: ("lost",),
        State.FAILED: ("failed",),
        State.SETTLED: ("settled",),
    }[before]
    for kind in path:
        learn_charge(charge.pk, News(kind), now=NOON)
    charge.refresh_from_db()
    assert charge.state == before
    told, held, suspense = heard.copy(), posted(HELD), posted("liability:suspense") if before == State.SETTLED else 0
    learn_charge(charge.pk, News(news.value), now=NOON)
    charge.refresh_from_db()
    after, then = CHARGE[before, news]
    new = heard - told

    assert charge.state == after
    assert new["settled", charge.pk] == (then == Then.CREDIT)
    assert new["failed", charge.pk] == (then == Then.FAIL)
    assert posted(HELD) - held == (2500 if then == Then.CREDIT else 0)
    assert Refund.objects.filter(charge=charge, reason__startswith="Came after").count() == (then == Then.LATE)
    assert bool(charge.contradiction) == (then == Then.ALARM)
    assert suspense == 0
