"""The bank's own lines: brought in once each, and matched with what they are for.

Every line is posted when it comes, against suspense; matching moves it on. So the bank account in the ledger always
equals the bank's statement, and what nobody has explained yet stands in suspense with its age.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.pence import pounds
from becontree.foundations.ledger.models import Account
from becontree.foundations.payments import books, permissions
from becontree.foundations.payments.actions.learn import learn_charge
from becontree.foundations.payments.models import BankLine, BankStatement, Charge, Payout, Refund
from becontree.foundations.payments.port import News, providers
from becontree.foundations.payments.purposes import SUSPENSE
from becontree.foundations.payments.reference import find
from becontree.foundations.payments.statement import Columns, Line, read_statement
from becontree.foundations.payments.states import IN_FLIGHT, State
from becontree.foundations.people.actors import Actor, System, party_id

Kind = Literal["charge", "refund", "payout", "provider", "other"]
MATCHER: Final = System("payments.matching")
CLEARING: Final = books.clearing("bankfile")


@transaction.atomic
def import_statement(
    *, raw: bytes, file_name: str, account: str = "main", columns: Columns | None = None, by: Actor, now: datetime
) -> BankStatement:
    """Bring in a statement file: new lines are posted and, where they can be, matched. Known lines change nothing.

    Raises NotAllowed; methods' Unusable with the number of every wrong line, and then nothing is brought in.
    """
    permissions.finance_only(by)
    today = now.astimezone(books.LONDON).date()
    lines, _ = read_statement(raw, account=account, today=today, file=file_name, columns=columns)
    books.open_accounts("bankfile")
    statement = BankStatement.objects.create(
        account=account,
        file_name=file_name[:200],
        sha256=sha256(raw).hexdigest(),
        imported_by=party_id(by),
        imported_at=now,
        lines_read=len(lines),
        lines_new=0,
        first_day=min(line.on for line in lines),
        last_day=max(line.on for line in lines),
    )
    known = set(
        BankLine.objects.filter(on__gte=statement.first_day, account=account).values_list("line_hash", flat=True)
    )
    new = 0
    for line in lines:
        if line.line_hash in known:
            continue
        row, made = _keep(line, statement, by, now)
        if made:
            new += 1
            _match_by_itself(row, now)
    statement.lines_new = new
    statement.save(update_fields=["lines_new"])
    return statement


@transaction.atomic
def match_line(*, line: BankLine, kind: Kind, to: str, by: Actor, now: datetime, note: str = "") -> BankLine:
    """Say what a bank line is for.

    `to` is the id of a charge, refund or payout; for "provider" its name; for "other" a ledger account, with a note.
    Raises NotAllowed, Invalid, Clash (somebody has matched it meanwhile).
    """
    permissions.finance_only(by)
    row = BankLine.objects.select_for_update().get(pk=line.pk)
    if row.matched:
        raise Clash("payments.line-matched", gettext("This line has been matched already."))
    _MATCHES[kind](row, to, note, now)
    row.matched, row.matched_to, row.note = kind, to[:120], note.strip()[:300]
    row.matched_by, row.matched_at = party_id(by), now
    if kind in ("charge", "refund", "payout") and BankLine.objects.filter(matched=kind, matched_to=to).exists():
        raise Clash("payments.matched-before", gettext("Another line has been matched with that already."))
    row.save()
    return row


def _keep(line: Line, statement: BankStatement, by: Actor, now: datetime) -> tuple[BankLine, bool]:
    row, made = BankLine.objects.get_or_create(
        line_hash=line.line_hash,
        defaults={
            "statement": statement,
            "account": statement.account,
            "line_number": line.number,
            "on": line.on,
            "description": line.words,
            "amount": line.amount,
        },
    )
    if made:
        into = line.amount > 0
        books.write(
            key=f"bankline:{line.line_hash}",
            kind="bank-line",
            lines=[(books.BANK, SUSPENSE, line.amount) if into else (SUSPENSE, books.BANK, -line.amount)],
            subject="",
            by=by,
            now=now,
            on=line.on,
        )
    return row, made


def _match_by_itself(row: BankLine, now: datetime) -> None:
    """Reference and amount together say what a line is for; anything less waits for a person, with a note."""
    references = find(row.description)
    if not references:
        return
    if row.amount > 0:
        charge = (
            Charge.objects.filter(instruction__reference__in=references, provider="bankfile")
            .select_related("instruction")
            .order_by("created_at")
            .first()
        )
        if charge is None:
            return
        if charge.state == State.SETTLED:
            _note(row, f"{charge.instruction.reference} has been paid before: this may be a second transfer.")
        elif charge.amount != row.amount:
            _note(row, f"{charge.instruction.reference} is for {pounds(charge.amount)}, not {pounds(row.amount)}.")
        else:
            match_line(line=row, kind="charge", to=str(charge.pk), by=MATCHER, now=now)
        return
    payout = Payout.objects.filter(reference__in=references, state="paid", amount=-row.amount).first()
    if payout is not None and not BankLine.objects.filter(matched="payout", matched_to=str(payout.pk)).exists():
        match_line(line=row, kind="payout", to=str(payout.pk), by=MATCHER, now=now)
        return
    back = (
        Refund.objects.filter(
            charge__instruction__reference__in=references,
            charge__provider="bankfile",
            state=State.SETTLED,
            amount=-row.amount,
        )
        .exclude(pk__in=list(BankLine.objects.filter(matched="refund").values_list("matched_to", flat=True)))
        .first()
    )
    if back is not None:
        match_line(line=row, kind="refund", to=str(back.pk), by=MATCHER, now=now)


def _note(row: BankLine, text: str) -> None:
    BankLine.objects.filter(pk=row.pk).update(note=text[:300])


def _move(row: BankLine, account: str, now: datetime) -> None:
    """From suspense to where it belongs, or the other way for money out."""
    books.write(
        key=f"bankline:{row.line_hash}:matched",
        kind="bank-match",
        lines=[(SUSPENSE, account, row.amount) if row.amount > 0 else (account, SUSPENSE, -row.amount)],
        subject="",
        by=MATCHER,
        now=now,
    )


def _to_charge(row: BankLine, to: str, note: str, now: datetime) -> None:
    charge = _found(Charge.objects.filter(provider="bankfile"), to, "payment")
    if row.amount != charge.amount:
        raise Invalid(
            "payments.amount-differs",
            gettext("The gift is for %(amount)s, not %(amount2)s.")
            % {"amount": pounds(charge.amount), "amount2": pounds(row.amount)},
            "to",
        )
    if charge.state not in (*IN_FLIGHT, State.FAILED):
        raise Invalid("payments.paid-before", gettext("That gift has been paid already."), "to")
    learn_charge(charge.pk, News("settled", amount=row.amount), now=now)
    _move(row, CLEARING, now)


def _to_refund(row: BankLine, to: str, note: str, now: datetime) -> None:
    back = _found(Refund.objects.filter(charge__provider="bankfile"), to, "refund")
    if back.state != State.SETTLED or -row.amount != back.amount:
        raise Invalid(
            "payments.refund-differs", gettext("That refund is not marked as paid, or is for another amount."), "to"
        )
    _move(row, CLEARING, now)


def _to_payout(row: BankLine, to: str, note: str, now: datetime) -> None:
    out = _found(Payout.objects.all(), to, "payout")
    if out.state != "paid" or -row.amount != out.amount:
        raise Invalid(
            "payments.payout-differs", gettext("That payout is not marked as paid, or is for another amount."), "to"
        )
    _move(row, CLEARING, now)


def _to_provider(row: BankLine, to: str, note: str, now: datetime) -> None:
    if to not in providers() or to == "bankfile":
        raise Invalid("payments.provider", gettext("Choose the provider that paid this out."), "to")
    books.open_accounts(to)
    _move(row, books.clearing(to), now)


def _to_other(row: BankLine, to: str, note: str, now: datetime) -> None:
    if not note.strip():
        raise Invalid("payments.note", gettext("Say in a few words what this is."), "note")
    if to in (SUSPENSE, books.BANK) or not Account.objects.filter(code=to, unit="GBP").exists():
        raise Invalid("payments.account", gettext("There is no such account to put this into."), "to")
    if to.startswith(("fund:", "liability:held:")):
        raise Invalid(
            "payments.account-desk",
            gettext(
                "Money of a fund or a project is written down at its own desk, with two people. Match this line to "
                "asset:clearing:desk, where that waits for the bank."
            ),
            "to",
        )
    _move(row, to, now)


def _found(rows: QuerySet[Any], to: str, what: str) -> Any:
    try:
        found = rows.filter(pk=to).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Invalid("payments.match-unknown", gettext("There is no such %(what)s.") % {"what": what}, "to")
    return found


_MATCHES: Final[dict[Kind, Callable[[BankLine, str, str, datetime], None]]] = {
    "charge": _to_charge,
    "refund": _to_refund,
    "payout": _to_payout,
    "provider": _to_provider,
    "other": _to_other,
}
