"""Prize tables: published chances exactly, and the liability of a ticket file against trying every number."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.methods.draw import Prize, PrizeTable, winners
from becontree.methods.draw.liability import liability, simulate
from becontree.methods.draw.prizes import agreement, chances, table_from
from becontree.methods.findings import Unusable

# The table of the lotteries that Gatherwell runs for councils, as published for Swindon in 2018.
COUNCIL = PrizeTable(
    "council", 6, "ends", 100,
    (Prize(6, 25_000_00), Prize(5, 2_000_00), Prize(4, 250_00), Prize(3, 25_00), Prize(2, 0, 3)),
)  # fmt: skip


def test_the_published_chances_of_a_council_lottery():
    found = chances(COUNCIL)

    assert found.of == {
        6: Fraction(1, 10**6), 5: Fraction(18, 10**6), 4: Fraction(180, 10**6),
        3: Fraction(1_800, 10**6), 2: Fraction(17_901, 10**6),
    }  # fmt: skip
    assert found.any_prize == Fraction(19_900, 10**6)  # 1 in 50.25
    assert found.cash_pence == Fraction(151, 10)
    assert round(float(found.with_free_tickets_pence), 1) == 20.5


@pytest.mark.parametrize(
    ("number", "winning", "ends", "positions"),
    [("123456", "123456", 6, 6), ("123456", "123956", 3, 5), ("123456", "923456", 5, 5), ("123456", "654321", 0, 0)],
)
def test_the_two_rules_count_differently(number, winning, ends, positions):
    assert (agreement(number, winning, "ends"), agreement(number, winning, "positions")) == (ends, positions)


small_tables = st.builds(
    PrizeTable,
    st.just("t"),
    st.just(3),
    st.sampled_from(["ends", "positions"]),
    st.just(100),
    st.just((Prize(3, 1000), Prize(2, 50), Prize(1, 0, 2))),
)


@settings(max_examples=25, deadline=None)
@given(small_tables, st.lists(st.integers(0, 999), max_size=12))
def test_the_liability_is_that_of_trying_every_number(table, numbers):
    tickets = [f"{number:03d}" for number in numbers]
    exact = liability(table, tickets)
    tried = [
        sum(w.pence for w in winners(table, [(t, t) for t in tickets], f"{winning:03d}")) for winning in range(1000)
    ]

    assert exact.owed.tolist() == tried
    assert exact.mean == Fraction(sum(tried), 1000) == chances(table).cash_pence * len(tickets)
    assert exact.jackpot == Fraction(len(set(numbers)), 1000)
    assert exact.worst == max(tried)
    assert exact.at["99.9%"] == sorted(tried)[998]
    assert exact.most_copies == max((numbers.count(n) for n in numbers), default=0)


def test_a_million_numbers_are_counted_exactly():
    tickets = [f"{n * 7919 % 10**6:06d}" for n in range(2_000)]
    exact = liability(COUNCIL, tickets)

    assert exact.mean == chances(COUNCIL).cash_pence * 2_000
    assert int(exact.winners[2].sum()) == 17_901 * 2_000
    assert exact.sales == 2_000_00


def test_simulated_draws_agree_with_the_exact_value_and_repeat_themselves():
    exact = liability(COUNCIL, [f"{n * 7919 % 10**6:06d}" for n in range(500)])
    seen = []
    first = simulate(exact, b"plan", 1_500_000, lambda done, total, what: seen.append((done, total)))

    assert first.draws == 1_500_000
    assert abs(first.mean - float(first.exact)) < 5 * first.error
    assert simulate(exact, b"plan", 1_500_000) == first
    assert seen[-1] == (1_500_000, 1_500_000)


def test_winners_are_listed_best_first():
    tickets = [("a", "123450"), ("b", "123456"), ("c", "999999"), ("d", "120000"), ("e", "123459")]
    found = winners(COUNCIL, tickets, "123456")

    assert [(w.ticket, w.match, w.pence, w.free_tickets) for w in found] == [
        ("b", 6, 25_000_00, 0), ("a", 5, 2_000_00, 0), ("e", 5, 2_000_00, 0), ("d", 2, 0, 3),
    ]  # fmt: skip


FACTS = {"name": "t", "digits": 6, "rule": "ends", "ticket_pence": 100, "prizes": [{"match": 6, "pence": 5}]}


def test_a_table_is_data():
    assert table_from(FACTS) == PrizeTable("t", 6, "ends", 100, (Prize(6, 5),))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"digits": 0}, "draw.table.digits"),
        ({"digits": 9}, "draw.table.digits"),
        ({"digits": "6"}, "draw.table.field"),
        ({"rule": "middle"}, "draw.table.rule"),
        ({"rule": None}, "draw.table.field"),
        ({"ticket_pence": 0}, "draw.table.price"),
        ({"prizes": None}, "draw.table.field"),
        ({"prizes": [5]}, "draw.table.field"),
        ({"prizes": [{"match": 7, "pence": 1}]}, "draw.table.match"),
        ({"prizes": [{"match": 6, "pence": 0}]}, "draw.table.prize"),
        ({"prizes": [{"match": 6, "pence": 1}, {"match": 6, "pence": 2}]}, "draw.table.twice"),
        ({"prizes": [{"match": 6, "pence": 1.5}]}, "draw.table.field"),
    ],
)
def test_a_broken_table_is_refused_by_field(change, code):
    with pytest.raises(Unusable) as refused:
        table_from(FACTS | change)

    assert code in [finding.code for finding in refused.value.findings]


@pytest.mark.parametrize("number", ["12345", "1234567", "12345x", "", "１２３４５６"])
def test_a_ticket_that_is_not_six_digits_is_refused(number):
    with pytest.raises(Unusable, match="Ticket 2"):
        liability(COUNCIL, ["000000", number])
