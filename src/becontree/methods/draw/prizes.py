"""Prize tables as data, their exact chances, and who has won.

A ticket is a number of a few digits, and so is the winning number. Two rules that British lotteries use:
"ends": the longest run that agrees from the first digit on, or from the last digit back, whichever is longer;
"positions": how many digits agree in the same place.

Computes: chances by counting every pattern of agreeing and differing digits (2**digits of them), each standing for
9**(differing digits) winning numbers: exact, no simulation.
Source: published rules of lotteries run for councils by Gatherwell (ends) and of the Unity lottery (positions).
Rejected: adding up "1 in 100 from the front plus 1 in 100 from the back" (a number can match at both ends: 17,901 in a
million, not 18,000, at two digits).

This module is for checking and planning. It is not a gaming engine: see docs/rooms/draw.md on licences.

Why data: the table is published before the draw and goes into its record. Cost: 512 patterns for nine digits, the most
there may be; one pass over the tickets for winners.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Final, Literal

from becontree.methods.findings import Finding, Unusable

Rule = Literal["ends", "positions"]
MOST_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Prize:
    """For `match` agreeing digits: `pence` in cash, or `free_tickets` for a later draw."""

    match: int
    pence: int = 0
    free_tickets: int = 0


@dataclass(frozen=True, slots=True)
class PrizeTable:
    """The prizes of one game. `ticket_pence` is the price of a ticket. Only the best prize of a ticket is paid."""

    name: str
    digits: int
    rule: Rule
    ticket_pence: int
    prizes: tuple[Prize, ...]

    def __post_init__(self) -> None:
        found = []
        if not 1 <= self.digits <= MOST_DIGITS:
            found.append(Finding("draw.table.digits", f"Digits are from 1 to {MOST_DIGITS}.", field="digits"))
        if self.rule not in ("ends", "positions"):
            found.append(Finding("draw.table.rule", "The rule is 'ends' or 'positions'.", field="rule"))
        if self.ticket_pence <= 0:
            found.append(Finding("draw.table.price", "A ticket costs more than nothing.", field="ticket_pence"))
        levels = [prize.match for prize in self.prizes]
        if len(set(levels)) != len(levels):
            found.append(Finding("draw.table.twice", "Two prizes are for the same number of digits.", field="prizes"))
        for prize in self.prizes:
            if not 1 <= prize.match <= self.digits:
                text = f"A prize for {prize.match} digits cannot be won with {self.digits}."
                found.append(Finding("draw.table.match", text, field="prizes"))
            if prize.pence < 0 or prize.free_tickets < 0 or not (prize.pence or prize.free_tickets):
                found.append(Finding("draw.table.prize", "A prize is worth more than nothing.", field="prizes"))
        if found:
            raise Unusable(found)

    def by_match(self) -> dict[int, Prize]:
        return {prize.match: prize for prize in self.prizes}


@dataclass(frozen=True, slots=True)
class Winner:
    """A ticket that won: how many digits agree and what it is due."""

    ticket: str
    number: str
    match: int
    pence: int
    free_tickets: int


@dataclass(frozen=True, slots=True)
class Chances:
    """Exact chances of one ticket: `of` {digits that agree: chance}, and what it is worth on average, in pence."""

    of: dict[int, Fraction]
    any_prize: Fraction
    cash_pence: Fraction
    with_free_tickets_pence: Fraction


def agreement(number: str, winning: str, rule: Rule) -> int:
    """How many digits of a ticket count under the rule.

    >>> agreement("123456", "123956", "ends"), agreement("123456", "123956", "positions")
    (3, 5)
    """
    same = [a == b for a, b in zip(number, winning)]
    return _best(same, rule)


def chances(table: PrizeTable) -> Chances:
    """The exact chance of each prize and the average worth of a ticket."""
    ways = dict.fromkeys(range(table.digits + 1), 0)
    for same in product((True, False), repeat=table.digits):
        ways[_best(list(same), table.rule)] += 9 ** same.count(False)
    prizes, whole = table.by_match(), 10**table.digits
    of = {match: Fraction(ways[match], whole) for match in sorted(prizes, reverse=True)}
    cash = sum((chance * prizes[match].pence for match, chance in of.items()), Fraction(0))
    free = sum((chance * prizes[match].free_tickets * table.ticket_pence for match, chance in of.items()), Fraction(0))
    return Chances(of, sum(of.values(), Fraction(0)), cash, cash + free)


def winners(table: PrizeTable, tickets: Iterable[tuple[str, str]], winning: str) -> list[Winner]:
    """The winning tickets, best prize first, then in order of ticket. tickets: (ticket id, number) pairs."""
    prizes, found = table.by_match(), []
    for ticket, number in tickets:
        prize = prizes.get(agreement(number, winning, table.rule))
        if prize is not None:
            found.append(Winner(ticket, number, prize.match, prize.pence, prize.free_tickets))
    return sorted(found, key=lambda winner: (-winner.match, winner.ticket))


def table_from(facts: Mapping[str, Any], *, file: str = "") -> PrizeTable:
    """A prize table from plain data (a TOML or JSON file): name, digits, rule, ticket_pence, prizes.

    Raises `Unusable` naming each field that is missing or of the wrong kind.
    """
    found: list[Finding] = []

    def take(source: Mapping[str, Any], field: str, kind: type, default: Any = None) -> Any:
        value = source.get(field, default)
        if not isinstance(value, kind) or isinstance(value, bool):
            noun = {int: "a whole number", str: "text", list: "a list"}[kind]
            found.append(Finding("draw.table.field", f"This is missing or not {noun}.", "error", file, None, field))
            return kind()
        return value

    listed = take(facts, "prizes", list)
    prizes = []
    for item in listed:
        if not isinstance(item, Mapping):
            found.append(Finding("draw.table.field", "A prize is not a table.", "error", file, None, "prizes"))
            continue
        prizes.append(Prize(take(item, "match", int), take(item, "pence", int, 0), take(item, "free_tickets", int, 0)))
    name, rule = take(facts, "name", str, ""), take(facts, "rule", str)
    digits, price = take(facts, "digits", int), take(facts, "ticket_pence", int)
    if found:
        raise Unusable(found)
    return PrizeTable(name, digits, rule, price, tuple(prizes))


def _best(same: list[bool], rule: Rule) -> int:
    if rule == "positions":
        return sum(same)
    return max(_run(same), _run(same[::-1]))


def _run(same: Iterable[bool]) -> int:
    count = 0
    for agrees in same:
        if not agrees:
            break
        count += 1
    return count
