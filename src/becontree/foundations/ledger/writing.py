"""The SQL behind every posting: one function on PostgreSQL, a few statements on SQLite.

Why SQL and not the ORM: measured, the ORM gains nothing over django-hordak, and this is several times faster
(docs/benchmarks/ledger.md). One statement with common table expressions was tried and rejected on PostgreSQL: it is
planned anew at each call, which costs more than all of its work; a function's plans are kept, and it is one round trip.
The function is put in place after each `migrate`. What both must keep, and the tests hold them to it:

- the key first: two writers of one fact meet there, and the second writes nothing;
- accounts locked in the order of their codes, so that two postings never wait for each other in a ring;
- transfers and the accounts' sums in one transaction, under the CHECKs, and nothing at all where one fails.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from weakref import WeakSet

from django.db import IntegrityError, connections, transaction
from django.db.backends.utils import CursorWrapper

from becontree.foundations.ledger.models import Journal

POSTED: Final = frozenset({"single", "post"})
_prepared_on: Final[WeakSet[Any]] = WeakSet()  # connections to PostgreSQL that know the call


class Row(NamedTuple):
    """A transfer about to be written. A plain tuple: one is made for each line of each posting."""

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


class Refusal(Exception):
    """The database refused; the text names the constraint or guard. Nothing was written."""


def write(journal: Journal, rows: Sequence[Row], using: str) -> bool:
    """Write the journal, its transfers and the accounts' new sums; a transaction that is open goes on either way.

    Returns whether it was written; False where the key was used before and nothing was done. Raises Refusal.
    """
    if connections[using].vendor == "postgresql":
        return _postgresql(journal, rows, using)
    try:
        with transaction.atomic(using=using):
            return _sqlite(journal, rows, using)
    except IntegrityError as error:
        raise Refusal(str(error)) from error


UNKNOWN: Final = "ledger_account_unknown"  # or it is of another unit

# Few and simple statements, whose plans PostgreSQL keeps: the key; the accounts, in the order of their codes, which
# locks them; the transfers. A failed constraint undoes them all and comes back as its text, so that no savepoint is
# needed outside. `accounts` is [[code, unit, four sums]...]; a row names its accounts by their place there, from 1.
FUNCTION: Final = """
CREATE OR REPLACE FUNCTION ledger_post(doc jsonb) RETURNS text LANGUAGE plpgsql AS $post$
DECLARE
  journal uuid := doc->>'id';
  day date := doc->>'on';
  item jsonb;
  number bigint;
  held bigint[] := '{}';
  n integer := 0;
  refusal text;
BEGIN
  INSERT INTO ledger_journal (id, key, kind, occurred_on, recorded_at, actor, subject, reverses_id, lines, content)
  VALUES (journal, doc->>'key', doc->>'kind', day, (doc->>'at')::timestamptz, doc->>'actor', doc->>'subject',
    (doc->>'reverses')::uuid, jsonb_array_length(doc->'rows'), doc->>'content')
  ON CONFLICT (key) DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'known';
  END IF;
  FOR item IN SELECT jsonb_array_elements(doc->'accounts') LOOP
    UPDATE ledger_account
    SET debit_posted = debit_posted + (item->>2)::bigint, credit_posted = credit_posted + (item->>3)::bigint,
      debit_pending = debit_pending + (item->>4)::bigint, credit_pending = credit_pending + (item->>5)::bigint
    WHERE code = item->>0 AND unit = item->>1 RETURNING id INTO number;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'ledger_account_unknown' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    held := held || number;
  END LOOP;
  FOR item IN SELECT jsonb_array_elements(doc->'rows') LOOP
    INSERT INTO ledger_transfer
      (journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on)
    VALUES (journal, n, held[(item->>0)::integer], held[(item->>1)::integer], (item->>2)::bigint, item->>3, item->>4,
      (item->>5)::bigint, (item->>6)::timestamptz, day);
    n := n + 1;
  END LOOP;
  RETURN 'written';
EXCEPTION WHEN integrity_constraint_violation OR check_violation OR unique_violation OR foreign_key_violation
  OR restrict_violation OR not_null_violation THEN
  GET STACKED DIAGNOSTICS refusal = MESSAGE_TEXT;
  RETURN refusal;
END $post$
"""


# The same for one transfer, which nearly every posting is: no list to walk, and fewer expressions to prepare. The
# types of what is passed are the function's own, so the call needs no casts.
FUNCTION_ONE: Final = """
CREATE OR REPLACE FUNCTION ledger_post_one(
  p_id uuid, p_key text, p_kind text, p_on date, p_at timestamptz, p_actor text, p_subject text, p_content text,
  p_debit text, p_credit text, p_amount bigint, p_unit text, p_phase text,
  p_reverses uuid DEFAULT NULL, p_pending bigint DEFAULT NULL, p_expires timestamptz DEFAULT NULL
) RETURNS text LANGUAGE plpgsql AS $post$
DECLARE
  p_posted bigint := CASE WHEN p_phase = 'single' OR p_phase = 'post' THEN p_amount ELSE 0 END;
  p_reserved bigint := CASE WHEN p_phase = 'pending' THEN p_amount WHEN p_phase = 'single' THEN 0 ELSE -p_amount END;
  p_debit_first boolean := p_debit < p_credit COLLATE "C";  -- the order of Python's `sorted`, as above
  d bigint;
  c bigint;
  refusal text;
BEGIN
  INSERT INTO ledger_journal (id, key, kind, occurred_on, recorded_at, actor, subject, reverses_id, lines, content)
  VALUES (p_id, p_key, p_kind, p_on, p_at, p_actor, p_subject, p_reverses, 1, p_content) ON CONFLICT (key) DO NOTHING;
  IF NOT FOUND THEN
    RETURN 'known';
  END IF;
  IF p_debit_first THEN
    UPDATE ledger_account SET debit_posted = debit_posted + p_posted, debit_pending = debit_pending + p_reserved
    WHERE code = p_debit AND unit = p_unit RETURNING id INTO d;
  END IF;
  UPDATE ledger_account SET credit_posted = credit_posted + p_posted, credit_pending = credit_pending + p_reserved
  WHERE code = p_credit AND unit = p_unit RETURNING id INTO c;
  IF NOT p_debit_first THEN
    UPDATE ledger_account SET debit_posted = debit_posted + p_posted, debit_pending = debit_pending + p_reserved
    WHERE code = p_debit AND unit = p_unit RETURNING id INTO d;
  END IF;
  IF d IS NULL OR c IS NULL THEN
    RAISE EXCEPTION 'ledger_account_unknown' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  INSERT INTO ledger_transfer
    (journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on)
  VALUES (p_id, 0, d, c, p_amount, p_unit, p_phase, p_pending, p_expires, p_on);
  RETURN 'written';
EXCEPTION WHEN integrity_constraint_violation OR check_violation OR unique_violation OR foreign_key_violation
  OR restrict_violation OR not_null_violation THEN
  GET STACKED DIAGNOSTICS refusal = MESSAGE_TEXT;
  RETURN refusal;
END $post$
"""
_CALL_ONE: Final = f"SELECT ledger_post_one({', '.join(['%s'] * 16)})"
_CALL_ONE_PREPARED: Final = f"SELECT ledger_post_one({', '.join(f'${n}' for n in range(1, 17))})".encode()


def install_function(using: str) -> None:
    """Put the functions in place, as it stands here (PostgreSQL; nothing to do elsewhere)."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(FUNCTION)
            cursor.execute(FUNCTION_ONE)


def _postgresql(journal: Journal, rows: Sequence[Row], using: str) -> bool:
    """One call, atomic in itself, so that it needs neither BEGIN nor a savepoint around it."""
    if len(rows) == 1:
        return _postgresql_one(journal, rows[0], using)
    units = {code: row.unit for row in rows for code in (row.debit, row.credit)}
    if any(units[row.debit] != row.unit or units[row.credit] != row.unit for row in rows):
        raise Refusal(UNKNOWN)  # one account in two units: one of them is wrong
    sums = sorted(_sums(rows).items())
    places = {code: place for place, (code, _) in enumerate(sums, 1)}
    doc = {
        "id": str(journal.id),
        "key": journal.key,
        "kind": journal.kind,
        "on": journal.occurred_on.isoformat(),
        "at": journal.recorded_at.isoformat(),
        "actor": journal.actor,
        "subject": journal.subject,
        "reverses": str(journal.reverses_id) if journal.reverses_id else None,
        "content": journal.content,
        "accounts": [[code, units[code], *four] for code, four in sums],
        "rows": [
            [
                places[row.debit],
                places[row.credit],
                row.amount,
                row.unit,
                row.phase,
                row.pending,
                row.expires_at.isoformat() if row.expires_at else None,
            ]
            for row in rows
        ],
    }
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT ledger_post(%s::jsonb)", [json.dumps(doc, ensure_ascii=False, separators=(",", ":"))])
        said = str(cursor.fetchone()[0])
    return _written(said)


def _postgresql_one(journal: Journal, row: Row, using: str) -> bool:
    values: list[str | int | None] = [
        str(journal.id),
        journal.key,
        journal.kind,
        journal.occurred_on.isoformat(),
        journal.recorded_at.isoformat(),
        journal.actor,
        journal.subject,
        journal.content,
        row.debit,
        row.credit,
        row.amount,
        row.unit,
        row.phase,
        str(journal.reverses_id) if journal.reverses_id else None,
        row.pending,
        row.expires_at.isoformat() if row.expires_at else None,
    ]
    with _preparing_cursor(using) as cursor:
        cursor.execute(_CALL_ONE, values)
        return _written(str(cursor.fetchone()[0]))


def _preparing_cursor(using: str) -> CursorWrapper:
    """A cursor for the one call that is made again and again, so that the server keeps it prepared.

    Django's own cursor puts values into the text of the statement, which PostgreSQL must then read anew each time.
    Where queries are logged, where the transaction is yet to begin, and where nothing may be prepared (behind
    pgbouncer, whose connections have no `prepare_threshold`) psycopg's cursor does it, which knows all of that.
    """
    from psycopg import Cursor
    from psycopg.pq import TransactionStatus

    connection = connections[using]
    connection.ensure_connection()
    inner = connection.connection
    begun = inner.autocommit or inner.pgconn.transaction_status == TransactionStatus.INTRANS
    direct = begun and inner.prepare_threshold is not None and not connection.queries_logged
    cursor: Any = _Prepared(inner) if direct else Cursor(inner)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


class _Prepared:
    """As much of a cursor as Django's wrapper asks for, which makes that one call through libpq itself.

    Measured, psycopg's cursor costs a fifth of the client's whole share. Signals wait until the call is through.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, _statement: str, values: Sequence[str | int | None]) -> None:
        from psycopg import DataError
        from psycopg.errors import error_from_result
        from psycopg.pq import ExecStatus

        sent = [None if value is None else str(value).encode() for value in values]
        if any(value and b"\0" in value for value in sent):  # libpq would cut the text short there
            raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        with self.connection.lock:
            pgconn = self.connection.pgconn
            if self.connection not in _prepared_on:
                made = pgconn.prepare(b"ledger_post_one", _CALL_ONE_PREPARED)
                if made.status != ExecStatus.COMMAND_OK:
                    raise error_from_result(made)
                _prepared_on.add(self.connection)
            self.result = pgconn.exec_prepared(b"ledger_post_one", sent)
        if self.result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(self.result)

    def fetchone(self) -> tuple[str]:
        return (self.result.get_value(0, 0).decode(),)

    def close(self) -> None:
        """Nothing is held."""


def _written(said: str) -> bool:
    if said not in ("written", "known"):
        raise Refusal(said)
    return said == "written"


def _sums(rows: Sequence[Row]) -> dict[str, list[int]]:
    """{account code: what it gains in debit posted, credit posted, debit pending, credit pending}."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        debit, credit = sums[row.debit], sums[row.credit]
        debit[0] += row.posted
        debit[2] += row.reserved
        credit[1] += row.posted
        credit[3] += row.reserved
    return dict(sums)


def _sqlite(journal: Journal, rows: Sequence[Row], using: str) -> bool:
    """BEGIN IMMEDIATE has given us the only writer's place: look, then write."""
    connection = connections[using]
    stamp = connection.ops.adapt_datetimefield_value
    sums = _sums(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_journal WHERE key = %s", [journal.key])
        if cursor.fetchone():
            return False
        codes = sorted(sums)
        accounts: dict[str, tuple[str, int]] = {}
        for start in range(0, len(codes), 500):  # under SQLite's limit of parameters
            some = codes[start : start + 500]
            cursor.execute(
                f"SELECT code, unit, id FROM ledger_account WHERE code IN ({', '.join(['%s'] * len(some))})",  # noqa: S608
                some,
            )
            accounts |= {code: (unit, number) for code, unit, number in cursor.fetchall()}
        for row in rows:
            if any(accounts.get(code, ("", 0))[0] != row.unit for code in (row.debit, row.credit)):
                raise Refusal(UNKNOWN)
        day = journal.occurred_on.isoformat()
        cursor.execute(
            "INSERT INTO ledger_journal"
            " (id, key, kind, occurred_on, recorded_at, actor, subject, reverses_id, lines, content)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                journal.id.hex,
                journal.key,
                journal.kind,
                day,
                stamp(journal.recorded_at),
                journal.actor,
                journal.subject,
                journal.reverses_id.hex if journal.reverses_id else None,
                len(rows),
                journal.content,
            ],
        )
        cursor.executemany(
            "INSERT INTO ledger_transfer"
            " (journal_id, n, debit_id, credit_id, amount, unit, phase, pending_id, expires_at, occurred_on)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                [
                    journal.id.hex,
                    n,
                    accounts[row.debit][1],
                    accounts[row.credit][1],
                    row.amount,
                    row.unit,
                    row.phase,
                    row.pending,
                    stamp(row.expires_at),
                    day,
                ]
                for n, row in enumerate(rows)
            ],
        )
        cursor.executemany(
            "UPDATE ledger_account SET debit_posted = debit_posted + %s, credit_posted = credit_posted + %s,"
            " debit_pending = debit_pending + %s, credit_pending = credit_pending + %s WHERE id = %s",
            [[*four, number] for number, four in sorted((accounts[code][1], four) for code, four in sums.items())],
        )
    return True
