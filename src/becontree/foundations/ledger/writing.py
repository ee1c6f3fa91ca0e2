"""The SQL behind every posting: one statement on PostgreSQL, a few prepared ones on SQLite.

Why SQL and not the ORM: measured, the ORM gains nothing over django-hordak, and this is several times faster
(docs/benchmarks/ledger.md). What it must keep, and the tests hold it to:

- the key first: two writers of one fact meet there, and the second writes nothing;
- accounts locked in the order of their ids, so that two postings never wait for each other in a ring;
- transfers and the accounts' sums in one transaction, under the CHECKs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections

POSTED: Final = frozenset({"single", "post"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A journal about to be written."""

    id: UUID
    key: str
    kind: str
    occurred_on: date
    recorded_at: datetime
    actor: str
    subject: str
    reverses: UUID | None
    content: str


@dataclass(frozen=True, slots=True)
class Row:
    """A transfer about to be written."""

    debit: str
    credit: str
    amount: int
    unit: str
    phase: str
    pending: int | None
    expires_at: datetime | None

    @property
    def posted(self) -> int:
        return self.amount if self.phase in POSTED else 0

    @property
    def reserved(self) -> int:
        return self.amount if self.phase == "pending" else 0 if self.pending is None else -self.amount


def write(draft: Draft, rows: Sequence[Row], using: str) -> int | None:
    """Write the journal, its transfers and the accounts' new sums; the caller holds a transaction.

    Returns how many transfers were written (fewer than asked: an account is unknown or of another unit, and the
    caller must roll back), or None where the key was used before and nothing was done.
    """
    return (_postgresql if connections[using].vendor == "postgresql" else _sqlite)(draft, rows, using)


_POST: Final = """
WITH head AS (
  INSERT INTO ledger_journal (id, key, kind, occurred_on, recorded_at, actor, subject, reverses_id, lines, content)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id, occurred_on
), held AS MATERIALIZED (
  SELECT id, code, unit FROM ledger_account
  WHERE code = ANY (%s::text[]) AND EXISTS (SELECT FROM head) ORDER BY id FOR NO KEY UPDATE
), body AS (
  INSERT INTO ledger_transfer
    (journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on)
  SELECT head.id, row.n - 1, d.id, c.id, row.amount, row.unit, row.phase, row.pending, row.expires_at, head.occurred_on
  FROM head, unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])
    WITH ORDINALITY AS row (debit, credit, amount, unit, phase, pending, expires_at, n)
  JOIN held d ON d.code = row.debit AND d.unit = row.unit
  JOIN held c ON c.code = row.credit AND c.unit = row.unit
  ORDER BY row.n
  RETURNING debit_id, credit_id,
    CASE WHEN phase IN ('single', 'post') THEN amount ELSE 0 END AS posted,
    CASE phase WHEN 'pending' THEN amount WHEN 'single' THEN 0 ELSE -amount END AS reserved
), moved AS (
  SELECT id, sum(dp) AS dp, sum(cp) AS cp, sum(dr) AS dr, sum(cr) AS cr FROM (
    SELECT debit_id AS id, posted AS dp, 0 AS cp, reserved AS dr, 0 AS cr FROM body
    UNION ALL SELECT credit_id, 0, posted, 0, reserved FROM body
  ) AS each GROUP BY id
), kept AS (
  UPDATE ledger_account AS a
  SET debit_posted = a.debit_posted + m.dp, credit_posted = a.credit_posted + m.cp,
      debit_pending = a.debit_pending + m.dr, credit_pending = a.credit_pending + m.cr
  FROM moved m WHERE a.id = m.id
)
SELECT (SELECT count(*) FROM head), (SELECT count(*) FROM body)
"""


def _postgresql(draft: Draft, rows: Sequence[Row], using: str) -> int | None:
    columns: list[list[Any]] = [
        [row.debit for row in rows],
        [row.credit for row in rows],
        [row.amount for row in rows],
        [row.unit for row in rows],
        [row.phase for row in rows],
        [row.pending for row in rows],
        [row.expires_at for row in rows],
    ]
    with connections[using].cursor() as cursor:
        cursor.execute(_POST, [*_head(draft, rows), sorted({*columns[0], *columns[1]}), *columns])
        heads, written = cursor.fetchone()
    return int(written) if heads else None


def _sqlite(draft: Draft, rows: Sequence[Row], using: str) -> int | None:
    """BEGIN IMMEDIATE has given us the only writer's place: look, then write."""
    connection = connections[using]
    stamp = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_journal WHERE key = %s", [draft.key])
        if cursor.fetchone():
            return None
        codes = sorted({code for row in rows for code in (row.debit, row.credit)})
        accounts: dict[tuple[str, str], int] = {}
        for start in range(0, len(codes), 500):  # under SQLite's limit of parameters
            some = codes[start : start + 500]
            cursor.execute(
                f"SELECT code, unit, id FROM ledger_account WHERE code IN ({', '.join(['%s'] * len(some))})",  # noqa: S608
                some,
            )
            accounts |= {(code, unit): number for code, unit, number in cursor.fetchall()}
        known = [row for row in rows if (row.debit, row.unit) in accounts and (row.credit, row.unit) in accounts]
        if len(known) < len(rows):
            return len(known)
        head = _head(draft, rows)
        head[0], head[4] = draft.id.hex, stamp(draft.recorded_at)
        head[7] = draft.reverses.hex if draft.reverses else None
        cursor.execute(
            "INSERT INTO ledger_journal"
            " (id, key, kind, occurred_on, recorded_at, actor, subject, reverses_id, lines, content)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            head,
        )
        moved: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        body: list[list[Any]] = []
        for n, row in enumerate(rows):
            debit, credit = accounts[row.debit, row.unit], accounts[row.credit, row.unit]
            sums = moved[debit]
            sums[0] += row.posted
            sums[2] += row.reserved
            sums = moved[credit]
            sums[1] += row.posted
            sums[3] += row.reserved
            body.append(
                [
                    head[0],
                    n,
                    debit,
                    credit,
                    row.amount,
                    row.unit,
                    row.phase,
                    row.pending,
                    stamp(row.expires_at),
                    head[3],
                ]
            )
        cursor.executemany(
            "INSERT INTO ledger_transfer"
            " (journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            body,
        )
        cursor.executemany(
            "UPDATE ledger_account SET debit_posted = debit_posted + %s, credit_posted = credit_posted + %s,"
            " debit_pending = debit_pending + %s, credit_pending = credit_pending + %s WHERE id = %s",
            [[*sums, number] for number, sums in sorted(moved.items())],
        )
    return len(rows)


def _head(draft: Draft, rows: Sequence[Row]) -> list[Any]:
    return [
        draft.id,
        draft.key,
        draft.kind,
        draft.occurred_on.isoformat(),
        draft.recorded_at,
        draft.actor,
        draft.subject,
        draft.reverses,
        len(rows),
        draft.content,
    ]
