"""The bank's own lines: brought in once each, and matched with what they are for.

Every line is posted when it comes, against suspense; matching moves it on. So the bank account in the ledger always
equals the bank's statement, and what nobody has explained yet stands in suspense with its age.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from becontree.foundations.payments import books, permissions, queries
from becontree.foundations.payments.actions.learn import learn_charge
from becontree.foundations.payments.actions.lists import list_found, payout_found, refund_found
from becontree.foundations.payments.models import (
    BankLine,
    BankStatement,
    Charge,
    PaymentList,
    Payout,
    Refund,
    UndoneMatch,
)
from becontree.foundations.payments.port import News, providers
from becontree.foundations.payments.purposes import SUSPENSE
from becontree.foundations.payments.purposes import purpose as purpose_of
from becontree.foundations.payments.reference import find
from becontree.foundations.payments.statement import Columns, Line, read_statement
from becontree.foundations.payments.states import IN_FLIGHT, State
from becontree.foundations.people.actors import Actor, System, party_id

Kind = Literal["charge", "refund", "payout", "list", "purpose", "provider", "other"]
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


def empty_line(*, line: BankLine) -> None:
    """The words and the note of a line go, its sum and what it was for stay. `forgetting` asks for it, of old lines."""
    BankLine.objects.filter(pk=line.pk).update(description="", note="")


@transaction.atomic
def match_line(*, line: BankLine, kind: Kind, to: str, by: Actor, now: datetime, note: str = "") -> BankLine:
    """Say what a bank line is for.

    `to` is the id of a charge, refund or payout; for "list" its number; for "purpose" what a room registered, such as
    "fund/make-it-happen"; for "provider" its name; for "other" a ledger account, with a note.
    Raises NotAllowed, Invalid, Clash (somebody has matched it meanwhile).
    """
    permissions.finance_only(by)
    row = BankLine.objects.select_for_update().get(pk=line.pk)
    if row.matched:
        raise Clash("payments.line-matched", gettext("This line has been matched already."))
    _MATCHES[kind](Matching(row, to, note.strip(), by, now))
    row.matched, row.matched_to, row.note = kind, to[:120], note.strip()[:300]
    row.matched_by, row.matched_at = party_id(by), now
    if kind in ("charge", "refund", "payout", "list") and BankLine.objects.filter(matched=kind, matched_to=to).exists():
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
        if charge.state == State.SETTLED and str(charge.pk) not in queries.loose("charge"):
            _note(row, f"{charge.instruction.reference} has been paid before: this may be a second transfer.")
        elif charge.amount != row.amount:
            _note(row, f"{charge.instruction.reference} is for {pounds(charge.amount)}, not {pounds(row.amount)}.")
        else:
            match_line(line=row, kind="charge", to=str(charge.pk), by=MATCHER, now=now)
        return
    released = {"listed__state": PaymentList.State.RELEASED, "amount": -row.amount}
    payout = Payout.objects.filter(reference__in=references, state=Payout.State.LISTED, **released).first()
    if payout is not None:
        match_line(line=row, kind="payout", to=str(payout.pk), by=MATCHER, now=now)
        return
    back = (
        Refund.objects.filter(
            charge__instruction__reference__in=references,
            charge__provider="bankfile",
            state=State.SENT,
            **released,
        )
        .order_by("proposed_at", "id")
        .first()
    )
    if back is not None:
        match_line(line=row, kind="refund", to=str(back.pk), by=MATCHER, now=now)


def _note(row: BankLine, text: str) -> None:
    BankLine.objects.filter(pk=row.pk).update(note=text[:300])


@dataclass(frozen=True, slots=True)
class Matching:
    """One line being matched: to what, with which note, by whom, when."""

    row: BankLine
    to: str
    note: str
    by: Actor
    now: datetime

    def move(self, account: str, subject: str = "") -> None:
        """From suspense to where it belongs, or the other way for money out."""
        row = self.row
        undone = row.undone.count()
        books.write(
            key=f"bankline:{row.line_hash}:matched" + (f":{undone + 1}" if undone else ""),
            kind="bank-match",
            lines=[(SUSPENSE, account, row.amount) if row.amount > 0 else (account, SUSPENSE, -row.amount)],
            subject=subject,
            by=MATCHER,
            now=self.now,
        )


def _to_charge(it: Matching) -> None:
    charge = _found(Charge.objects.filter(provider="bankfile"), it.to, "payment")
    if it.row.amount != charge.amount:
        raise Invalid(
            "payments.amount-differs",
            gettext("The gift is for %(amount)s, not %(amount_)s.")
            % {"amount": pounds(charge.amount), "amount_": pounds(it.row.amount)},
            "what",
        )
    if str(charge.pk) in queries.loose("charge"):  # it is settled: only its line was the wrong one
        it.move(CLEARING)
        return
    if charge.state not in (*IN_FLIGHT, State.FAILED):
        raise Invalid("payments.paid-before", gettext("That gift has been paid already."), "what")
    learn_charge(charge.pk, News("settled", amount=it.row.amount), now=it.now)
    it.move(CLEARING)


def _to_refund(it: Matching) -> None:
    back = _found(Refund.objects.filter(charge__provider="bankfile"), it.to, "refund")
    if -it.row.amount != back.amount:
        raise Invalid("payments.refund-differs", gettext("That refund is for another amount."), "what")
    if str(back.pk) not in queries.loose("refund"):
        refund_found(back, on=it.row.on, now=it.now)
    it.move(CLEARING)


def _to_payout(it: Matching) -> None:
    out = _found(Payout.objects.all(), it.to, "payout")
    if -it.row.amount != out.amount:
        raise Invalid("payments.payout-differs", gettext("That payout is for another amount."), "what")
    if str(out.pk) not in queries.loose("payout"):
        payout_found(out, on=it.row.on, by=it.by, now=it.now)
    it.move(CLEARING)


def _to_list(it: Matching) -> None:
    """One line of the bank's for everything on a list that was not found before, as bulk payments show."""
    if not it.to.isascii() or not it.to.isdecimal() or len(it.to) > 9:
        raise Invalid("payments.match-unknown", gettext("There is no such list."), "what")
    if it.to in queries.loose("list"):
        if not UndoneMatch.objects.filter(matched="list", matched_to=it.to, line__amount=it.row.amount).exists():
            raise Invalid("payments.list-differs", gettext("That list was of another amount."), "what")
        it.move(CLEARING)
        return
    listed = PaymentList.objects.select_for_update().filter(number=int(it.to)).first()
    if listed is None or listed.state != PaymentList.State.RELEASED:
        raise Invalid("payments.not-sent", gettext("There is no such list that was released for the bank."), "what")
    left = queries.left_of(listed)
    if -it.row.amount != left:
        raise Invalid(
            "payments.list-differs", gettext("%(left)s of that list is not paid yet.") % {"left": pounds(left)}, "what"
        )
    list_found(listed, on=it.row.on, by=it.by, now=it.now)
    it.move(CLEARING)


def _to_purpose(it: Matching) -> None:
    """Money that came straight to the bank for something of a room's: the room notes it and names the account."""
    account = purpose_of(it.to).bank_line(purpose=it.to, amount=it.row.amount, on=it.row.on, by=it.by, now=it.now)
    it.move(account, subject=it.to)


def _to_provider(it: Matching) -> None:
    if it.to not in providers() or it.to == "bankfile":
        raise Invalid("payments.provider", gettext("Choose the provider that paid this out."), "what")
    books.open_accounts(it.to)
    it.move(books.clearing(it.to))


def _to_other(it: Matching) -> None:
    if not it.note:
        raise Invalid("payments.note", gettext("Say in a few words what this is."), "note")
    books.open_accounts("bankfile")
    if it.to in (SUSPENSE, books.BANK) or not Account.objects.filter(code=it.to, unit="GBP").exists():
        raise Invalid("payments.account", gettext("There is no such account to put this into."), "account")
    if it.to.startswith(books.OF_ROOMS):
        raise Invalid(
            "payments.account-room",
            gettext("Choose the fund or the project itself above: then its own page and the record say so too."),
            "account",
        )
    it.move(it.to)


def _found(rows: QuerySet[Any], to: str, what: str) -> Any:
    try:
        found = rows.filter(pk=to).first()
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Invalid("payments.match-unknown", gettext("There is no such %(what)s.") % {"what": what}, "what")
    return found


_MATCHES: Final[dict[Kind, Callable[[Matching], None]]] = {
    "charge": _to_charge,
    "refund": _to_refund,
    "payout": _to_payout,
    "list": _to_list,
    "purpose": _to_purpose,
    "provider": _to_provider,
    "other": _to_other,
}
