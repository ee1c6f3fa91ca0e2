"""The accounts as anybody may read them: what follows one person's gift is never told alone.

A line of the ledger's own books can be one person's payment: its sum, and the day. The books stay whole for finance and
auditors. Everybody else reads the same pounds put together (docs/decisions/0019):

- The rooms say which entries follow one gift (`register`). On an account's public statement they stand as one row a
  kind and other account, over all time; beside them, no balance is told line by line. All other entries stand as they
  are, an entry's lines between the same two accounts added up.
- Today's balances are whole, whether today is asked for by its day, a later one or none. On a past day, what came in
  and what was promised counts once its campaign had ended (`ended`). The rest counts by fives of a kind between two
  accounts, so that no two days differ by one.
- Such an entry has no public page of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Min, Q, QuerySet, Sum

from becontree.foundations.kit.remembered import remembered
from becontree.foundations.ledger import queries
from becontree.foundations.ledger.models import Account, Journal, Transfer
from becontree.foundations.ledger.records import Statement, StatementLine, TrialBalance
from becontree.methods.suppression import LEAST

POSTED: Final = ("single", "post")
AT_THE_END: Final = ("payment", "settle", "pledge.promised")  # what came in, and what was promised


@dataclass(frozen=True, slots=True)
class Room:
    """Which of a room's entries follow one gift: by kind, by how their key begins; `whole` kinds only with no subject.

    `ended(day)`: the accounts of campaigns that had ended by then. Their payments and promises count from that day.
    """

    kinds: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    ended: Callable[[date], Iterable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """What follows gifts on one account, put together: signed as the account's balance moves; None: 1 to 4 of them."""

    kind: str
    other: str
    amount: int
    number: int | None


_rooms: dict[str, Room] = {}


def register(name: str, room: Room) -> None:
    """From the room's `AppConfig.ready`; the last word counts."""
    _rooms[name] = room


def follows_a_gift(to: str = "") -> Q:
    """The entries that follow one gift; `to` is the way to the journal, such as "journal__"."""
    found = Q(**{f"{to}pk__in": []})
    for step in (to, f"{to}reverses__"):
        for room in _rooms.values():
            found |= Q(**{f"{step}kind__in": room.kinds})
            found |= Q(**{f"{step}kind__in": room.unnamed, f"{step}subject": ""})
            for key in room.keys:
                found |= Q(**{f"{step}key__startswith": key})
    return found


def is_told(journal: Journal) -> bool:
    """Whether an entry has a public page of its own."""
    return not Journal.objects.filter(follows_a_gift(), pk=journal.pk).exists()


def told(journals: Iterable[Any]) -> set[Any]:
    """Of these ids of entries, those that have a public page of their own."""
    found = Journal.objects.filter(pk__in=list(journals)).order_by()
    return set(found.exclude(follows_a_gift()).values_list("pk", flat=True))


def merged(journal: Journal) -> list[Transfer]:
    """An entry's lines as the public page shows them: those of one phase between the same two accounts added up."""
    found: dict[tuple[int, int, str], Transfer] = {}
    for each in sorted(journal.transfers.all(), key=lambda each: each.n):
        kept = found.setdefault((each.debit_id, each.credit_id, each.phase), each)
        if kept is not each:
            kept.amount += each.amount
    return list(found.values())


def _of(account: Account) -> QuerySet[Transfer]:
    rows = Transfer.objects.filter(Q(debit=account) | Q(credit=account), phase__in=POSTED)
    return rows.order_by()


def _state(account: Account) -> tuple[int, str, int, int]:
    """What changes with every entry on the account, and only then: sums that grow and are never made smaller.

    To put together or to skip what follows gifts means reading the account's whole history. It is read once a state,
    not once a reader.
    """
    return account.pk, account.name, account.debit_posted, account.credit_posted


def put_together(account: Account) -> list[Together]:
    """An account's entries that follow gifts, over all time, one row a kind and other account."""
    return remembered(("put together", _state(account)), lambda: _put_together(account), for_good=True)


def _put_together(account: Account) -> list[Together]:
    rows = _of(account).filter(follows_a_gift("journal__"))
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    found = rows.values("journal__kind", "debit_id", "debit__code", "credit__code")
    for row in found.annotate(amount=Sum("amount"), number=Count("pk")):
        into = row["debit_id"] == account.pk
        other = row["credit__code"] if into else row["debit__code"]
        kept = sums[row["journal__kind"], other]
        kept[0] += account.sign * (row["amount"] if into else -row["amount"])
        kept[1] += row["number"]
    return [
        Together(kind, other, amount, number if number >= LEAST else None)
        for (kind, other), (amount, number) in sorted(sums.items())
    ]


def statement(
    account: Account, since: date | None, until: date | None, limit: int, before: str, *, balances: bool
) -> Statement:
    """The newest public lines, oldest first, an entry's lines to one other account as one. Raises Invalid.

    `balances`: False where the account holds what follows gifts; then no balance is told, and all of them are 0.
    """
    asked = (since, until, limit, before, balances)
    return remembered(
        ("statement", _state(account), asked), lambda: _statement(account, *asked[:4], balances=balances), for_good=True
    )


def _statement(
    account: Account, since: date | None, until: date | None, limit: int, before: str, *, balances: bool
) -> Statement:
    at = queries.cursor_of(before) if before else ((until, 2**62) if until else queries.END)
    if before and until and at[0] > until:
        at = (until, 2**62)
    rows = _of(account).exclude(follows_a_gift("journal__"))
    if since:
        rows = rows.filter(occurred_on__gte=since)
    found = (
        rows.values(
            "journal_id", "journal__kind", "journal__subject", "occurred_on", "debit_id", "debit__code", "credit__code"
        )
        .annotate(sum=Sum("amount"), first=Min("pk"))
        .filter(Q(occurred_on__lt=at[0]) | Q(occurred_on=at[0], first__lt=at[1]))
        .order_by("-occurred_on", "-first")[: limit + 1]
    )
    shown = list(found)
    more, shown = len(shown) > limit, shown[:limit]
    closing = after = queries.held_before(account, at) if balances else 0
    lines: list[StatementLine] = []
    for row in shown:
        into = row["debit_id"] == account.pk
        amount = account.sign * (row["sum"] if into else -row["sum"])
        lines.append(
            StatementLine(
                id=row["first"],
                occurred_on=row["occurred_on"],
                kind=row["journal__kind"],
                subject=row["journal__subject"],
                journal=row["journal_id"],
                other=row["credit__code"] if into else row["debit__code"],
                amount=amount,
                balance=after,
            )
        )
        after -= amount if balances else 0
    lines.reverse()
    older = f"{lines[0].occurred_on.isoformat()}.{lines[0].id}" if more else ""
    return Statement(account.code, account.name, account.unit, after, closing, tuple(lines), older)


def trial_balance(on: date | None, *, today: date) -> TrialBalance:
    """Today's (and any later day's, or none's) is whole; a past day's counts what follows gifts in crowds (module)."""
    if on is None or on >= today:
        return queries.trial_balance()
    # Campaigns that had ended by then are the rooms' to say, so this is kept for seconds only; and never past an entry.
    posted = Account.objects.aggregate(Count("pk"), Sum("debit_posted"))
    return remembered(("trial", on, *posted.values()), lambda: _past_trial(on))


def _past_trial(on: date) -> TrialBalance:
    sums: dict[int, list[int]] = {}
    moves = Transfer.objects.filter(phase__in=POSTED, occurred_on__lte=on).order_by()
    gifts = follows_a_gift("journal__")
    _add(sums, moves.exclude(gifts))
    ended = [code for room in _rooms.values() if room.ended for code in room.ended(on)]
    of_campaigns = Q(journal__kind__in=AT_THE_END) & (Q(debit__code__in=ended) | Q(credit__code__in=ended))
    _add(sums, moves.filter(gifts).filter(of_campaigns))
    rest = moves.filter(gifts).exclude(journal__kind__in=AT_THE_END)
    alike = rest.values_list("journal__kind", "debit", "credit").annotate(Count("pk"))
    for kind, debit, credit, number in alike:
        of_them = rest.filter(journal__kind=kind, debit=debit, credit=credit).order_by("occurred_on", "pk")
        _add(sums, Transfer.objects.filter(pk__in=of_them.values("pk")[: number - number % LEAST]).order_by())
    return queries.trial_of(on, {number: (debit, credit) for number, (debit, credit) in sums.items()})


def _add(sums: dict[int, list[int]], moves: QuerySet[Transfer]) -> None:
    for side, name in enumerate(("debit_id", "credit_id")):
        for number, amount in moves.values_list(name).annotate(Sum("amount")):
            sums.setdefault(number, [0, 0])[side] += amount
