"""Reads: balances, statements, trial balances, what is promised, what was reversed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger.models import Account, Audit, Journal, Month, Proposal, Reversal, Transfer
from becontree.foundations.ledger.records import (
    DEBIT_KINDS,
    Balance,
    Outstanding,
    Statement,
    StatementLine,
    TrialBalance,
    TrialRow,
)
from becontree.foundations.people.actors import Actor, party_id

# What a public page may name as a journal's subject: things with a public page. A pledge has none, ever.
PUBLIC_SUBJECTS: Final = ("project/", "campaign/", "fund/", "organisation/", "lottery/", "panel/")
END: Final = (date.max, 2**62)


def account(code: str) -> Account:
    """Raises Invalid where there is none."""
    found = Account.objects.filter(code=code).first()
    if found is None:
        raise Invalid("ledger.account.unknown", f"There is no account {code}.", "code")
    return found


def accounts() -> QuerySet[Account]:
    return Account.objects.all()


def balance(code: str) -> Balance:
    """What the account holds now, in the direction in which its kind grows. One row read, however many transfers."""
    return balance_of(account(code))


def balance_of(found: Account) -> Balance:
    """The same, of an account already read."""
    debit, credit = (found.debit_posted, found.debit_pending), (found.credit_posted, found.credit_pending)
    into, out = (debit, credit) if found.sign > 0 else (credit, debit)
    posted = into[0] - out[0]
    return Balance(posted=posted, pending_out=out[1], pending_in=into[1], available=posted - out[1])


def statement(
    code: str,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    before: str = "",
) -> Statement:
    """The newest `limit` movements from `since` to `until`, oldest first, each with the balance after it.

    `before` is an earlier statement's `older`: the movements before those. Raises Invalid.
    """
    found = account(code)
    cursor_at = cursor_of(before) if before else ((until, 2**62) if until else END)
    if before and until and cursor_at[0] > until:
        cursor_at = (until, 2**62)
    closing = held_before(found, cursor_at)
    rows = _movements(found.pk, cursor_at, since or date.min, limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    lines: list[StatementLine] = []
    after = closing
    for number, occurred_on, debit, amount, kind, subject, journal, other in rows:
        signed = amount * found.sign if debit == found.pk else -amount * found.sign
        lines.append(
            StatementLine(
                id=number,
                occurred_on=_day(occurred_on),
                kind=kind,
                subject=subject,
                journal=journal if isinstance(journal, UUID) else UUID(journal),
                other=other,
                amount=signed,
                balance=after,
            )
        )
        after -= signed
    lines.reverse()
    return Statement(
        code=found.code,
        name=found.name,
        unit=found.unit,
        opening=after,
        closing=closing,
        lines=tuple(lines),
        older=f"{lines[0].occurred_on.isoformat()}.{lines[0].id}" if more else "",
    )


_MOVES: Final = """
SELECT t.id, t.occurred_on, t.debit_id, t.amount, j.kind, j.subject, j.id, other.code FROM (
  SELECT * FROM (
    SELECT id, occurred_on, debit_id, credit_id AS other_id, amount, journal_id FROM ledger_transfer
    WHERE debit_id = %s AND phase IN ('single', 'post') AND occurred_on >= %s AND (occurred_on, id) < (%s, %s)
    ORDER BY occurred_on DESC, id DESC LIMIT %s) AS outgoing
  UNION ALL SELECT * FROM (
    SELECT id, occurred_on, debit_id, debit_id AS other_id, amount, journal_id FROM ledger_transfer
    WHERE credit_id = %s AND phase IN ('single', 'post') AND occurred_on >= %s AND (occurred_on, id) < (%s, %s)
    ORDER BY occurred_on DESC, id DESC LIMIT %s) AS incoming
  ORDER BY 2 DESC, 1 DESC LIMIT %s) AS t
JOIN ledger_journal j ON j.id = t.journal_id JOIN ledger_account other ON other.id = t.other_id
ORDER BY t.occurred_on DESC, t.id DESC
"""


def _movements(number: int, before: tuple[date, int], since: date, limit: int) -> list[Any]:
    one: list[Any] = [number, since.isoformat(), before[0].isoformat(), before[1], limit]
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, [*one, *one, limit])
        return list(cursor.fetchall())


def held_before(found: Account, before: tuple[date, int]) -> int:
    """The posted balance just before a place in the account's movements."""
    if before == END:
        return found.sign * (found.debit_posted - found.credit_posted)
    month = Month.objects.filter(last_day__lt=before[0]).order_by("-last_day").first()
    base = month.closings.filter(account=found).first() if month else None
    held = base.debit - base.credit if base else 0
    after = month.last_day if month else date.min
    with connection.cursor() as cursor:
        for side, sign in (("debit_id", 1), ("credit_id", -1)):
            cursor.execute(
                f"SELECT COALESCE(SUM(amount), 0) FROM ledger_transfer WHERE {side} = %s"  # noqa: S608 - our own names
                " AND phase IN ('single', 'post') AND occurred_on > %s AND (occurred_on, id) < (%s, %s)",
                [found.pk, after.isoformat(), before[0].isoformat(), before[1]],
            )
            held += sign * int(cursor.fetchone()[0])
    return found.sign * held


def trial_balance(on: date | None = None) -> TrialBalance:
    """Every account's net: of everything posted (on=None), or of what had occurred by the end of a day."""
    if on is None:
        return trial_of(None, None)
    return trial_of(on, _sums(on))


def trial_of(on: date | None, sums: Mapping[int, tuple[int, int]] | None) -> TrialBalance:
    """A trial balance of {account: (debited, credited)}; None: of everything posted."""
    found = list(Account.objects.order_by("code"))
    sums = {each.pk: (each.debit_posted, each.credit_posted) for each in found} if sums is None else sums
    rows: list[TrialRow] = []
    for each in found:
        debit, credit = sums.get(each.pk, (0, 0))
        net = debit - credit
        rows.append(TrialRow(each.code, each.name, each.kind, each.unit, max(net, 0), max(-net, 0)))
    return TrialBalance(
        on=on,
        rows=tuple(row for row in rows if row.kind != "memo"),
        memorandum=tuple(row for row in rows if row.kind == "memo"),
    )


def _sums(on: date) -> dict[int, tuple[int, int]]:
    """{account: (debited, credited)} by the end of a day: the last closing before it, and what came after."""
    month = Month.objects.filter(last_day__lte=on).order_by("-last_day").first()
    sums = {row.account_id: [row.debit, row.credit] for row in month.closings.all()} if month else {}
    moves = Transfer.objects.filter(phase__in=("single", "post"), occurred_on__lte=on).order_by()
    if month:
        moves = moves.filter(occurred_on__gt=month.last_day)
    for side, name in enumerate(("debit_id", "credit_id")):
        for number, amount in moves.values_list(name).annotate(Sum("amount")):
            sums.setdefault(number, [0, 0])[side] += amount
    return {number: (debit, credit) for number, (debit, credit) in sums.items()}


def pledges_outstanding(unit: str | None = None) -> list[Outstanding]:
    """What is promised and not yet settled or released, by the two accounts it stands between."""
    return [
        Outstanding(*row)
        for row in pending(unit)
        .order_by("debit__code", "credit__code")
        .values_list("debit__code", "credit__code", "debit__name", "credit__name", "unit")
        .annotate(Count("id"), Sum("amount"))
    ]


def pending(unit: str | None = None) -> QuerySet[Transfer]:
    """The pending transfers that nothing has settled or released."""
    found = Transfer.objects.filter(phase=Transfer.Phase.PENDING, resolved_by__isnull=True)
    return found.filter(unit=unit) if unit else found


def overdue(now: Any) -> QuerySet[Transfer]:
    """Pending transfers whose owner should have settled or released them by now; the owners sweep, not the ledger."""
    return pending().filter(expires_at__lt=now)


def movements_of(refs: Sequence[str]) -> QuerySet[Transfer]:
    """Posted transfers about any of the public things `refs` (a project with its campaigns, a funder), newest first."""
    return (
        Transfer.objects.filter(phase__in=("single", "post"))
        .filter(Q(journal__subject__in=refs) | Q(debit__subject__in=refs) | Q(credit__subject__in=refs))
        .select_related("journal", "debit", "credit")
        .order_by("-occurred_on", "-id")
    )


def accounts_of(refs: Iterable[str]) -> QuerySet[Account]:
    """The accounts kept for any of the public things `refs`."""
    return Account.objects.filter(subject__in=list(refs))


def undone_by_reversals(accounts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Account id -> what its reversals debited (it undid credits) and credited (it undid debits). Two queries."""
    rows = Transfer.objects.filter(journal__reverses__isnull=False, phase__in=("single", "post")).order_by()
    sums: dict[int, list[int]] = {}
    for side, name in enumerate(("debit_id", "credit_id")):
        found = rows.filter(**{f"{name}__in": accounts})
        for number, amount in found.values_list(name).annotate(Sum("amount")):
            sums.setdefault(number, [0, 0])[side] += amount
    return {number: (debit, credit) for number, (debit, credit) in sums.items()}


def reversals() -> QuerySet[Any]:
    """Corrections that were made, newest first, each with what it undid."""
    return (
        Reversal.objects.filter(state=Reversal.State.DONE)
        .select_related("journal", "result")
        .annotate(amount=Sum("journal__transfers__amount", filter=Q(journal__transfers__unit="GBP")))
        .order_by("-decided_at", "id")
    )


def reversals_asked(user: Actor | None = None) -> QuerySet[Reversal]:
    """Corrections that wait for a second person, oldest first; not what `user` asked for."""
    rows = Reversal.objects.filter(state=Reversal.State.ASKED).select_related("journal").order_by("asked_at")
    return rows.exclude(asked_by=party_id(user)) if user else rows


def journal_with_transfers(journal_id: UUID) -> Journal | None:
    return Journal.objects.prefetch_related("transfers__debit", "transfers__credit").filter(pk=journal_id).first()


def public_subject(subject: str) -> str:
    """The subject where it is a public thing, else nothing."""
    return subject if subject.startswith(PUBLIC_SUBJECTS) else ""


def projection(journal: Journal, transfers: Iterable[Transfer] | None = None) -> dict[str, Any]:
    """What anybody may know of a journal: no actor, no key, no private subject. `transfers`: instead of its own."""
    own = sorted(journal.transfers.all(), key=lambda each: each.n) if transfers is None else transfers
    return {
        "journal": str(journal.pk),
        "kind": journal.kind,
        "on": journal.occurred_on.isoformat(),
        "subject": public_subject(journal.subject),
        "reverses": str(journal.reverses_id) if journal.reverses_id else None,
        "transfers": [
            {
                "debit": each.debit.code,
                "credit": each.credit.code,
                "amount": each.amount,
                "unit": each.unit,
                "phase": each.phase,
            }
            for each in own
        ],
    }


def closed_up_to() -> date | None:
    """The last day that is closed."""
    return Month.objects.order_by("-last_day").values_list("last_day", flat=True).first()


def last_month() -> Month | None:
    """The last that was closed."""
    return Month.objects.order_by("-last_day").first()


def proposal() -> Proposal | None:
    """The proposal to close the books that waits for a second person; there is never more than one."""
    return Proposal.objects.filter(state=Proposal.State.WAITS).first()


def closings_to_confirm(user: Actor) -> int:
    """How many proposals to close the books wait for this person: not their own."""
    return Proposal.objects.filter(state=Proposal.State.WAITS).exclude(proposed_by=party_id(user)).count()


def last_declined() -> Proposal | None:
    """The last proposal, where it was declined and none came after."""
    last = Proposal.objects.order_by("-proposed_at", "-pk").first()
    return last if last and last.state == Proposal.State.DECLINED else None


def entries_to_close(month: date) -> int:
    """How many entries would be closed with a month that is not closed yet."""
    found = Journal.objects.filter(occurred_on__lte=month)
    closed = closed_up_to()
    return (found.filter(occurred_on__gt=closed) if closed else found).count()


def month_to_close(today: date) -> date | None:
    """The last day of the next month that can be closed, or None."""
    first = Journal.objects.order_by("occurred_on").values_list("occurred_on", flat=True).first()
    closed = closed_up_to()
    start = closed + timedelta(days=1) if closed else first
    if start is None:
        return None
    next_month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    last_day = next_month - timedelta(days=1)
    return last_day if last_day < today else None


def last_audit() -> Audit | None:
    return Audit.objects.order_by("-at").first()


def all_transfers(since: date | None = None, until: date | None = None) -> QuerySet[Any]:
    """Every transfer with its journal and accounts' codes, in the order of writing, for exports."""
    found = Transfer.objects.select_related("journal").annotate(
        debit_code=F("debit__code"), credit_code=F("credit__code")
    )
    if since:
        found = found.filter(occurred_on__gte=since)
    if until:
        found = found.filter(occurred_on__lte=until)
    return found.order_by("id")


def grows_by_debit(kind: str) -> bool:
    return kind in DEBIT_KINDS


def cursor_of(text: str) -> tuple[date, int]:
    """The place in an account's movements that `Statement.older` says. Raises Invalid."""
    day, _, number = text.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        raise Invalid("ledger.statement.before", "This address was cut short: begin at the account again.") from None


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
