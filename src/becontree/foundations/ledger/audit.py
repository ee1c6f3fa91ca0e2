"""The audit: recompute every balance from the transfers, and check what must always hold.

It trusts no materialised sum and no trigger. Cost: five passes of SQL over the transfers; `deep` also recomputes each
journal's content hash in Python (about 30 microseconds a journal), which finds a row rewritten by somebody who took
the guards away and did not know of it. Whoever rewrites the hash as well is found by the published record.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q

from becontree.foundations.ledger.actions import content_digest
from becontree.foundations.ledger.guards import triggers_missing
from becontree.foundations.ledger.models import Audit, Closing, Journal, Month, Transfer
from becontree.foundations.ledger.records import Fault
from becontree.foundations.ledger.writing import Row

MOST: Final = 100  # faults reported of one kind
# Two requests race: the one that began first may wait for the other's lock, and then resolve what that one promised.
RACE: Final = timedelta(hours=1)

_SUMS: Final = """
SELECT account.code, account.debit_posted, account.credit_posted, account.debit_pending, account.credit_pending,
  COALESCE(s.dp, 0), COALESCE(s.cp, 0), COALESCE(s.dr, 0), COALESCE(s.cr, 0)
FROM ledger_account account LEFT JOIN (
  SELECT id, SUM(dp) AS dp, SUM(cp) AS cp, SUM(dr) AS dr, SUM(cr) AS cr FROM (
    SELECT debit_id AS id, SUM(CASE WHEN phase IN ('single', 'post') THEN amount ELSE 0 END) AS dp, 0 AS cp,
      SUM(CASE phase WHEN 'pending' THEN amount WHEN 'single' THEN 0 ELSE -amount END) AS dr, 0 AS cr
    FROM ledger_transfer GROUP BY debit_id
    UNION ALL
    SELECT credit_id, 0, SUM(CASE WHEN phase IN ('single', 'post') THEN amount ELSE 0 END), 0,
      SUM(CASE phase WHEN 'pending' THEN amount WHEN 'single' THEN 0 ELSE -amount END)
    FROM ledger_transfer GROUP BY credit_id
  ) AS sides GROUP BY id
) AS s ON s.id = account.id
WHERE account.debit_posted <> COALESCE(s.dp, 0) OR account.credit_posted <> COALESCE(s.cp, 0)
  OR account.debit_pending <> COALESCE(s.dr, 0) OR account.credit_pending <> COALESCE(s.cr, 0)
ORDER BY account.code
"""
_RULES: Final = (
    (
        "ledger.audit.lines",
        "The journal {0} was written with {1} transfers and has {2}.",
        "SELECT j.id, j.lines, COALESCE(c.n, 0) FROM ledger_journal j LEFT JOIN"
        " (SELECT journal_id, COUNT(*) AS n FROM ledger_transfer GROUP BY journal_id) AS c ON c.journal_id = j.id"
        " WHERE j.lines <> COALESCE(c.n, 0)",
    ),
    (
        "ledger.audit.unit",
        "The transfer {0} is in {1}, and one of its accounts is not.",
        "SELECT t.id, t.unit FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id"
        " JOIN ledger_account c ON c.id = t.credit_id WHERE d.unit <> t.unit OR c.unit <> t.unit",
    ),
    (
        "ledger.audit.memo",
        "The transfer {0} mixes money and a memorandum account.",
        "SELECT t.id FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id"
        " JOIN ledger_account c ON c.id = t.credit_id WHERE (d.kind = 'memo') <> (c.kind = 'memo')",
    ),
    (
        "ledger.audit.resolves",
        "The transfer {0} does not match the pending transfer {1}.",
        "SELECT t.id, t.pending_id FROM ledger_transfer t LEFT JOIN ledger_transfer p ON p.id = t.pending_id"
        " WHERE t.pending_id IS NOT NULL AND (p.id IS NULL OR p.phase <> 'pending' OR p.debit_id <> t.debit_id"
        " OR p.credit_id <> t.credit_id OR p.amount <> t.amount OR p.unit <> t.unit)",
    ),
    (
        "ledger.audit.date",
        "The transfer {0} and its journal have different dates.",
        "SELECT t.id FROM ledger_transfer t JOIN ledger_journal j ON j.id = t.journal_id"
        " WHERE t.occurred_on <> j.occurred_on",
    ),
    (
        "ledger.audit.floor",
        "The account {0} is below zero.",
        "SELECT code FROM ledger_account WHERE floor AND CASE WHEN kind IN ('asset', 'expense')"
        " THEN debit_posted < credit_posted + credit_pending ELSE credit_posted < debit_posted + debit_pending END",
    ),
)


def find_faults(*, deep: bool = False) -> list[Fault]:
    """Everything that must not be and is; an empty list is good. Read in one transaction, so of one moment."""
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.needs_rollback and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _find(deep)


@transaction.atomic
def record_audit(*, now: datetime, deep: bool = True) -> Audit:
    """Run the audit and keep what it found, for the public page."""
    faults = find_faults(deep=deep)
    return Audit.objects.create(
        at=now, transfers=Transfer.objects.count(), faults=[[fault.code, fault.message] for fault in faults]
    )


def _find(deep: bool) -> list[Fault]:
    faults = [Fault("ledger.audit.guard", f"The guard {name} is missing.") for name in triggers_missing()]
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        for code, *sums in cursor.fetchall()[:MOST]:
            kept, found = sums[:4], sums[4:]
            faults.append(
                Fault("ledger.audit.balance", f"{code} says {_four(kept)}; its transfers make {_four(found)}.")
            )
        for name, message, rule in _RULES:
            cursor.execute(rule)
            faults += [Fault(name, message.format(*row)) for row in cursor.fetchmany(MOST)]
    faults += _before_promised()
    faults += _closings()
    return faults + (_contents() if deep else [])


def _before_promised() -> list[Fault]:
    """Nothing is settled or released before it was promised: neither written down so, nor dated so."""
    promised_at = F("pending__journal__recorded_at")
    written_before = Q(journal__recorded_at__lt=promised_at - RACE)
    dated_before = Q(occurred_on__lt=F("pending__occurred_on"), journal__recorded_at__gte=promised_at)
    found = Transfer.objects.filter(written_before | dated_before, pending__isnull=False).order_by("id")
    return [
        Fault(
            "ledger.audit.order",
            f"The transfer {number} {'settled' if phase == Transfer.Phase.POST else 'released'} the pending transfer"
            f" {pending} before it was promised.",
        )
        for number, phase, pending in found.values_list("id", "phase", "pending_id")[:MOST]
    ]


def _closings() -> list[Fault]:
    """Each closing says what the transfers to the end of its month make."""
    faults: list[Fault] = []
    for month in Month.objects.order_by("last_day"):
        sums: dict[int, list[int]] = {}
        with connection.cursor() as cursor:
            for side, name in enumerate(("debit_id", "credit_id")):
                cursor.execute(
                    f"SELECT {name}, SUM(amount) FROM ledger_transfer WHERE phase IN ('single', 'post')"  # noqa: S608
                    f" AND occurred_on <= %s GROUP BY {name}",
                    [month.last_day.isoformat()],
                )
                for number, amount in cursor.fetchall():
                    sums.setdefault(number, [0, 0])[side] = int(amount)
        kept = {row.account_id: [row.debit, row.credit] for row in Closing.objects.filter(month=month)}
        if kept != sums:
            faults.append(Fault("ledger.audit.closing", f"The closing of {month.last_day} is not what was posted."))
    return faults


def _contents() -> list[Fault]:
    """Each journal's content hash is that of its rows."""
    faults: list[Fault] = []
    transfers = (
        Transfer.objects.order_by("journal_id", "n")
        .values_list("journal_id", "debit__code", "credit__code", "amount", "unit", "phase", "pending_id", "expires_at")
        .iterator(chunk_size=5000)
    )
    rows: list[Row] = []
    held = next(transfers, None)
    journals = Journal.objects.order_by("id").values_list(
        "id", "kind", "occurred_on", "subject", "reverses_id", "content"
    )
    for number, kind, on, subject, reverses, content in journals.iterator(chunk_size=5000):
        rows = []
        while held is not None and held[0] == number:
            rows.append(Row(*held[1:]))
            held = next(transfers, None)
        dates: tuple[date | None, ...] = (on, None)  # None: no date was asked for when it was written
        if all(content_digest(kind, day, subject, reverses, rows) != content for day in dates):
            faults.append(Fault("ledger.audit.content", f"The journal {number} is not what was written."))
            if len(faults) >= MOST:
                break
    return faults


def _four(sums: list[int]) -> str:
    return f"debit {sums[0]}, credit {sums[1]}, pending debit {sums[2]}, pending credit {sums[3]}"
