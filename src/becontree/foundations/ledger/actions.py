"""Verbs: open an account, post, settle, release, reverse, close a month. The only writers of the ledger.

The rooms that call `post`, `settle` and `release` have asked "may I?" themselves: the ledger keeps the sums, not the
rules of giving. Keys are made from the business fact (`pledge:{id}:reserve`), never random, and are kept for ever.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connections, transaction
from django.db.models import F, Sum

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import new_id
from becontree.foundations.ledger.errors import AlreadyResolved, KeyClash, MonthClosed, Overdrawn
from becontree.foundations.ledger.models import Account, Closing, Journal, Month, Reversal, Transfer
from becontree.foundations.ledger.records import DEBIT_KINDS, KINDS, MOST_AMOUNT, UNITS, Line
from becontree.foundations.ledger.writing import UNKNOWN, Draft, Refusal, Row, write
from becontree.foundations.people.actors import Actor, System, party_id

__all__ = [
    "AlreadyResolved",
    "KeyClash",
    "Line",
    "MonthClosed",
    "Overdrawn",
    "approve_reversal",
    "ask_reversal",
    "close_month",
    "decline_reversal",
    "open_account",
    "post",
    "release",
    "reverse",
    "settle",
]

LONDON: Final = ZoneInfo("Europe/London")
USING: Final = "default"
MOST_LINES: Final = 50_000
_CODE: Final = re.compile(r"^[a-z]+(?::[a-z0-9][a-z0-9._-]*)+$")


@transaction.atomic
def open_account(
    *, code: str, name: str, kind: str, unit: str = "GBP", floor: bool = False, subject: str = ""
) -> Account:
    """The account of this code, opened where it is not there yet.

    Raises Invalid, or Clash where an account of the code is there with another kind, unit or floor.
    """
    if not _CODE.match(code) or len(code) > 100:
        raise Invalid("ledger.account.code", f"{code!r} is not an account code (like fund:parks).", "code")
    if kind not in KINDS or unit not in UNITS or not name or (unit != "GBP" and kind != "memo"):
        raise Invalid("ledger.account.kind", f"An account is {', '.join(KINDS)}; hours and items are memo.", "kind")
    if code.partition(":")[0] != kind:
        raise Invalid("ledger.account.code", f"The code of an account of this kind begins with {kind}:.", "code")
    account = Account.objects.filter(code=code).first()
    if account is None:
        try:
            with transaction.atomic():
                account = Account.objects.create(
                    code=code,
                    name=name[:200],
                    kind=kind,
                    by_debit=kind in DEBIT_KINDS,
                    unit=unit,
                    floor=floor,
                    subject=subject,
                )
        except IntegrityError:  # somebody opened it meanwhile
            account = Account.objects.get(code=code)
    if (account.kind, account.unit, account.floor) != (kind, unit, floor):
        raise Clash("ledger.account.differs", f"The account {code} is there already, as something else.")
    return account


def post(
    *,
    key: str,
    kind: str,
    occurred_on: date,
    lines: Sequence[Line],
    subject: str = "",
    by: Actor,
    now: datetime,
) -> Journal:
    """Write one business fact, or return what was written before under the same key.

    Raises Invalid, KeyClash, Overdrawn, MonthClosed; then nothing was written and the caller's transaction goes on.
    """
    rows = [
        Row(
            line.debit,
            line.credit,
            line.amount,
            line.unit,
            "pending" if line.pending else "single",
            None,
            line.expires_at,
        )
        for line in lines
    ]
    return _write(key=key, kind=kind, on=occurred_on, rows=rows, subject=subject, by=by, now=now)


def settle(
    *,
    key: str,
    pending: Iterable[Transfer],
    by: Actor,
    now: datetime,
    occurred_on: date | None = None,
    kind: str = "settle",
    subject: str | None = None,
) -> Journal:
    """Post what was pending, all of it. Raises AlreadyResolved where one was settled or released before."""
    return _resolve(phase="post", key=key, pending=pending, by=by, now=now, on=occurred_on, kind=kind, subject=subject)


def release(
    *,
    key: str,
    pending: Iterable[Transfer],
    by: Actor,
    now: datetime,
    occurred_on: date | None = None,
    kind: str = "release",
    subject: str | None = None,
) -> Journal:
    """Let go of what was pending, all of it. Raises AlreadyResolved where one was settled or released before."""
    return _resolve(phase="void", key=key, pending=pending, by=by, now=now, on=occurred_on, kind=kind, subject=subject)


@transaction.atomic
def reverse(*, journal: Journal, reason: str, by: Actor, now: datetime, occurred_on: date | None = None) -> Journal:
    """Undo a journal with its mirror image, which names it: for the software itself (a charge that bounced).

    People ask and approve (`ask_reversal`, `approve_reversal`). Raises NotAllowed, Invalid, Clash, Overdrawn.
    """
    if not isinstance(by, System):
        raise NotAllowed("ledger.reverse", "A person asks for a reversal, and a second person approves it.")
    done = Reversal.objects.filter(journal=journal, state=Reversal.State.DONE).select_related("result").first()
    if done is not None and done.result is not None:
        return done.result
    result = _mirror(journal, by=by, now=now, occurred_on=occurred_on)
    Reversal.objects.create(
        journal=journal,
        reason=_reason(reason),
        state=Reversal.State.DONE,
        asked_by=party_id(by),
        asked_at=now,
        decided_by=party_id(by),
        decided_at=now,
        result=result,
    )
    return result


@transaction.atomic
def ask_reversal(*, journal: Journal, reason: str, by: Actor, now: datetime) -> Reversal:
    """One person of finance asks that a journal be reversed. Raises NotAllowed, Invalid, Clash."""
    _finance(by)
    if Reversal.objects.filter(journal=journal).exclude(state=Reversal.State.DECLINED).exists():
        raise Clash("ledger.reversal.twice", "A reversal of this was asked for already.")
    if journal.reverses_id is not None:
        raise Invalid("ledger.reversal.of-reversal", "This is a reversal itself: post it anew instead.", "journal")
    return Reversal.objects.create(journal=journal, reason=_reason(reason), asked_by=party_id(by), asked_at=now)


@transaction.atomic
def approve_reversal(*, reversal: Reversal, by: Actor, now: datetime, occurred_on: date | None = None) -> Reversal:
    """A second person of finance approves, and the mirror image is posted. Raises NotAllowed, Clash, Overdrawn."""
    asked = _second_person(reversal, by)
    asked.result = _mirror(asked.journal, by=by, now=now, occurred_on=occurred_on)
    asked.state, asked.decided_by, asked.decided_at = Reversal.State.DONE, party_id(by), now
    asked.save(update_fields=["result", "state", "decided_by", "decided_at"])
    return asked


@transaction.atomic
def decline_reversal(*, reversal: Reversal, by: Actor, now: datetime) -> Reversal:
    """A second person of finance declines."""
    asked = _second_person(reversal, by)
    asked.state, asked.decided_by, asked.decided_at = Reversal.State.DECLINED, party_id(by), now
    asked.save(update_fields=["state", "decided_by", "decided_at"])
    return asked


@transaction.atomic
def close_month(*, month: date, by: Actor, now: datetime) -> Month:
    """Close the books up to the end of the month that `month` lies in: nothing more is dated there, ever.

    Raises NotAllowed, Invalid (the month is not over, or a later one is closed already).
    """
    _finance(by)
    last_day = date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
    if last_day >= now.astimezone(LONDON).date():
        raise Invalid("ledger.month.running", "This month is not over yet.", "month")
    connection = connections[USING]
    if connection.vendor == "postgresql":  # wait for those who are writing, and let nobody begin
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_journal IN SHARE ROW EXCLUSIVE MODE")
    before = Month.objects.order_by("-last_day").first()
    if before is not None and before.last_day >= last_day:
        raise Invalid("ledger.month.closed", f"The books are closed up to {before.last_day} already.", "month")
    closed = Month.objects.create(last_day=last_day, actor=party_id(by), closed_at=now)
    totals = {row.account_id: [row.debit, row.credit] for row in before.closings.all()} if before else {}
    moves = Transfer.objects.filter(phase__in=("single", "post"), occurred_on__lte=last_day)
    if before is not None:
        moves = moves.filter(occurred_on__gt=before.last_day)
    for side, name in enumerate(("debit_id", "credit_id")):
        for number, amount in moves.order_by().values_list(name).annotate(Sum("amount")):
            totals.setdefault(number, [0, 0])[side] += amount
    Closing.objects.bulk_create(
        [
            Closing(month=closed, account_id=number, debit=debit, credit=credit)
            for number, (debit, credit) in sorted(totals.items())
        ],
        batch_size=500,
    )
    return closed


def _resolve(
    *,
    phase: str,
    key: str,
    pending: Iterable[Transfer],
    by: Actor,
    now: datetime,
    on: date | None,
    kind: str,
    subject: str | None,
) -> Journal:
    ids = sorted({transfer.pk for transfer in pending})
    found = list(
        Transfer.objects.filter(pk__in=ids, phase=Transfer.Phase.PENDING)
        .annotate(debit_code=F("debit__code"), credit_code=F("credit__code"), about=F("journal__subject"))
        .order_by("id")
    )
    if not ids or len(found) != len(ids):
        raise Invalid("ledger.pending", "Only what is pending can be settled or released.", "pending")
    rows = [Row(each.debit_code, each.credit_code, each.amount, each.unit, phase, each.pk, None) for each in found]
    about = found[0].about if subject is None else subject
    return _write(key=key, kind=kind, on=on, rows=rows, subject=about, by=by, now=now)


def _mirror(journal: Journal, *, by: Actor, now: datetime, occurred_on: date | None) -> Journal:
    rows: list[Row] = []
    transfers = journal.transfers.select_related("debit", "credit").order_by("n")
    resolved = set(Transfer.objects.filter(pending__journal=journal).values_list("pending_id", flat=True))
    for each in transfers:
        if each.phase == Transfer.Phase.VOID:
            raise Invalid("ledger.reversal.void", "What only released a promise has nothing to reverse.", "journal")
        if each.phase == Transfer.Phase.PENDING:
            if each.pk in resolved:
                raise Invalid(
                    "ledger.reversal.resolved",
                    "This promise was settled or released since: reverse what settled it.",
                    "journal",
                )
            rows.append(Row(each.debit.code, each.credit.code, each.amount, each.unit, "void", each.pk, None))
        else:
            rows.append(Row(each.credit.code, each.debit.code, each.amount, each.unit, "single", None, None))
    return _write(
        key=f"reverse:{journal.pk}",
        kind="reversal",
        on=occurred_on,
        rows=rows,
        subject=journal.subject,
        by=by,
        now=now,
        reverses=journal,
    )


def _write(
    *,
    key: str,
    kind: str,
    on: date | None,
    rows: Sequence[Row],
    subject: str,
    by: Actor,
    now: datetime,
    reverses: Journal | None = None,
) -> Journal:
    occurred_on = on or now.astimezone(LONDON).date()
    _check(key=key, kind=kind, occurred_on=occurred_on, rows=rows, subject=subject, now=now)
    draft = Draft(
        id=new_id(),
        key=key,
        kind=kind,
        occurred_on=occurred_on,
        recorded_at=now,
        actor=party_id(by),
        subject=subject,
        reverses=reverses.pk if reverses else None,
        # Where no date was asked for, tomorrow's retry must mean the same as today's first try.
        content=content_digest(kind, on, subject, reverses.pk if reverses else None, rows),
    )
    try:
        written = write(draft, rows, USING)
    except Refusal as refusal:
        raise _why(str(refusal), draft, rows) from refusal
    if not written:
        first = Journal.objects.get(key=key)
        if first.content != draft.content:
            raise KeyClash(key)
        return first
    journal = Journal(
        id=draft.id,
        key=key,
        kind=kind,
        occurred_on=occurred_on,
        recorded_at=now,
        actor=draft.actor,
        subject=subject,
        reverses_id=draft.reverses,
        lines=len(rows),
        content=draft.content,
    )
    journal._state.adding, journal._state.db = False, USING
    return journal


def content_digest(kind: str, on: date | None, subject: str, reverses: Any, rows: Iterable[Row]) -> str:
    """SHA-256 of what a journal says: what "the same content" means."""
    said = [
        kind,
        on.isoformat() if on else None,
        subject,
        str(reverses) if reverses else None,
        *(
            [
                row.debit,
                row.credit,
                row.amount,
                row.unit,
                row.phase,
                row.pending,
                row.expires_at.astimezone(UTC).isoformat() if row.expires_at else None,
            ]
            for row in rows
        ),
    ]
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _check(*, key: str, kind: str, occurred_on: date, rows: Sequence[Row], subject: str, now: datetime) -> None:
    if not key or len(key) > 200:
        raise Invalid("ledger.key.form", "A key has 1 to 200 letters.", "key")
    if not kind or len(kind) > 60 or len(subject) > 200:
        raise Invalid("ledger.kind.form", "A kind has 1 to 60 letters; a subject at most 200.", "kind")
    if now.tzinfo is None:
        raise Invalid("ledger.now", "The clock must know its zone.", "now")
    if occurred_on > now.date() + timedelta(days=366):
        raise Invalid("ledger.date.future", f"{occurred_on} lies more than a year ahead.", "occurred_on")
    if not 1 <= len(rows) <= MOST_LINES:
        raise Invalid("ledger.lines", f"A journal has 1 to {MOST_LINES} lines.", "lines")
    for row in rows:
        if type(row.amount) is not int or not 0 < row.amount <= MOST_AMOUNT:
            raise Invalid("ledger.amount", f"{row.amount!r} is not a whole amount above zero.", "amount")
        if row.debit == row.credit:
            raise Invalid("ledger.same-account", f"{row.debit} cannot pay itself.", "lines")
        if row.debit.startswith("memo:") != row.credit.startswith("memo:"):  # else the trial balance would not balance
            raise Invalid("ledger.memo", "Memorandum accounts and money never mix in one transfer.", "lines")


def _unknown(rows: Sequence[Row]) -> Invalid:
    units = dict(
        Account.objects.filter(code__in={code for row in rows for code in (row.debit, row.credit)}).values_list(
            "code", "unit"
        )
    )
    for row in rows:
        for code in (row.debit, row.credit):
            if code not in units:
                return Invalid("ledger.account.unknown", f"There is no account {code}.", "lines")
            if units[code] != row.unit:
                return Invalid("ledger.unit", f"The account {code} holds {units[code]}, not {row.unit}.", "lines")
    return Invalid("ledger.account.unknown", "An account is missing.", "lines")


def _why(text: str, draft: Draft, rows: Sequence[Row]) -> Exception:
    """What a constraint's or guard's refusal means, in the ledger's words."""
    if UNKNOWN in text:
        return _unknown(rows)
    if "ledger_account_floor" in text:
        return Overdrawn(_overdrawn(rows))
    if "ledger_month_open" in text:
        return MonthClosed(draft.occurred_on)
    if (
        "reversed_once" in text
        or "reverses_id" in text
        or (draft.reverses and "ledger_journal: a row here is never replaced" in text)
    ):
        return Clash("ledger.reversal.twice", "This was reversed before.")
    # Sums below zero: only a second settling or releasing can take more out of what is pending than went in.
    if (
        "resolved_once" in text
        or "ledger_account_sums" in text
        or "pending_id" in text
        or "ledger_transfer: a row here is never replaced" in text
    ):
        return AlreadyResolved()
    return IntegrityError(text)


def _overdrawn(rows: Sequence[Row]) -> str:
    """The first account (by code) that these rows would take below zero."""
    need: dict[str, list[int]] = {}
    for row in rows:
        out, into = need.setdefault(row.debit, [0, 0]), need.setdefault(row.credit, [0, 0])
        out[0] += row.posted + row.reserved
        out[1] += row.posted
        into[0] -= row.posted
        into[1] -= row.posted + row.reserved
    floored = Account.objects.filter(code__in=need, floor=True).order_by("code")
    for account in floored:
        if account.sign < 0:
            left = account.credit_posted - account.debit_posted - account.debit_pending - need[account.code][0]
        else:
            left = account.debit_posted - account.credit_posted - account.credit_pending + need[account.code][1]
        if left < 0:
            return account.code
    return floored[0].code if floored else rows[0].debit


def _finance(by: Actor) -> None:
    if not isinstance(by, System) and not by.has_role("finance"):
        raise NotAllowed("ledger.finance", "Only finance may do this.")


def _second_person(reversal: Reversal, by: Actor) -> Reversal:
    _finance(by)
    asked = Reversal.objects.select_for_update().select_related("journal").get(pk=reversal.pk)
    if asked.state != Reversal.State.ASKED:
        raise Clash("ledger.reversal.decided", "Somebody decided this already.")
    if asked.asked_by == party_id(by):
        raise NotAllowed("ledger.two-people", "You asked for this yourself: a second person must decide.")
    return asked


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < 5 or len(reason) > 300:
        raise Invalid("ledger.reason", "Say why, in 5 to 300 letters. It is public, so name nobody.", "reason")
    return reason
