"""The lists of payments, to look through: by day, how they stand, who did what; a page at a time or whole as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.dates import stamp, within
from becontree.foundations.ledger.exports import money
from becontree.foundations.payments.models import BankLine, Charge, PaymentList, Payout, Refund
from becontree.foundations.payments.port import providers
from becontree.foundations.payments.purposes import titles_of
from becontree.foundations.payments.states import State
from becontree.foundations.people import queries as people
from becontree.foundations.people.models import Organisation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH: Final = 500
STATES: Final[dict[str, StrOrPromise]] = {
    State.CREATED: _("Not sent yet"),
    State.SENT: _("Under way"),
    State.UNKNOWN: _("No answer"),
    State.FAILED: _("Failed"),
    State.SETTLED: _("Settled"),
}
MATCHES: Final[dict[str, StrOrPromise]] = {
    "charge": _("A gift"),
    "refund": _("A refund"),
    "payout": _("A payout"),
    "list": _("A whole list"),
    "purpose": _("Money for a fund or a project"),
    "provider": _("A payment provider"),
    "other": _("Something else"),
}
# Why a payment failed, in our words; what else a provider says is shown as it said it.
FAILURES: Final[dict[str, StrOrPromise]] = {
    "abandoned": _("the giver turned back"),
    "card_declined": _("the card was declined"),
    "failed": _("the provider did not say why"),
    "never_arrived": _("it never reached the provider"),
    "provider_silent": _("the provider did not answer"),
    "turned_back": _("the giver turned back"),
}
REFUND_STATES: Final[dict[str, StrOrPromise]] = {"proposed": _("Waits for a second person"), **STATES}


class ChargeRow(NamedTuple):
    """A charge in words; names of columns are those of the CSV. Amounts are plain numbers there, to be added up."""

    asked: str
    purpose: str
    about: str
    amount_in_pounds: str
    state: str
    provider: str
    reference: str
    given_back_in_pounds: str


class LineRow(NamedTuple):
    day: str
    words_of_the_bank: str
    amount_in_pounds: str
    matched_with: str
    matched_id: str
    matched: str
    matched_by: str
    note: str


class RefundRow(NamedTuple):
    asked: str
    purpose: str
    about: str
    amount_in_pounds: str
    why: str
    state: str
    asked_by: str
    agreed_by: str
    list: str


class PayoutRow(NamedTuple):
    proposed: str
    purpose: str
    about: str
    to: str
    amount_in_pounds: str
    reference: str
    state: str
    proposed_by: str
    agreed_by: str
    list: str
    paid_on: str


class ListRow(NamedTuple):
    number: int
    made: str
    made_by: str
    total_in_pounds: str
    state: str
    released: str
    released_by: str
    withdrawn_by: str
    paid_on: str


def charges(
    *, since: date | None = None, until: date | None = None, state: str = "", provider: str = "", words: str = ""
) -> QuerySet[Charge]:
    """Charges, newest first. `words`: the beginning of the payment's reference."""
    found = Charge.objects.filter(**within("created_at", since, until), **_given(state=state, provider=provider))
    if words:
        found = found.filter(instruction__reference__istartswith=words.strip())
    return found.select_related("instruction").order_by("-created_at", "id")


def lines(
    *, since: date | None = None, until: date | None = None, show: str = "", words: str = "", who: str = ""
) -> QuerySet[BankLine]:
    """The bank's lines, newest first. `show`: what they are matched with, "all", or nothing for those not matched."""
    found = BankLine.objects.filter(**_given(on__gte=since, on__lte=until, description__icontains=words))
    if show != "all" and not (who and not show):
        found = found.filter(matched=show)
    return people.done_by(found, "matched_by", who=who).order_by("-on", "-amount", "id")


def refunds(
    *, since: date | None = None, until: date | None = None, state: str = "", who: str = "", role: str = ""
) -> QuerySet[Refund]:
    """Refunds, newest first. `who` asked for them or agreed."""
    found = Refund.objects.filter(**within("proposed_at", since, until), **_given(state=state))
    found = people.done_by(found, "proposed_by", "approved_by", who=who, role=role)
    return found.select_related("charge", "charge__instruction", "listed").order_by("-proposed_at", "id")


def payouts(
    *, since: date | None = None, until: date | None = None, state: str = "", who: str = "", role: str = ""
) -> QuerySet[Payout]:
    """Payouts, newest first. `who` proposed them, agreed or refused."""
    found = Payout.objects.filter(**within("proposed_at", since, until), **_given(state=state))
    found = people.done_by(found, "proposed_by", "approved_by", "refused_by", who=who, role=role)
    return found.select_related("listed").order_by("-proposed_at", "id")


def lists(
    *, since: date | None = None, until: date | None = None, state: str = "", who: str = "", role: str = ""
) -> QuerySet[PaymentList]:
    """Lists for the bank, newest first. `who` made them, released or withdrew them."""
    found = PaymentList.objects.filter(**within("made_at", since, until), **_given(state=state))
    return people.done_by(found, "made_by", "released_by", "withdrawn_by", who=who, role=role).order_by("-number")


def charge_rows(rows: Iterable[Charge]) -> Iterator[ChargeRow]:
    known = providers()
    for batch in _batches(rows):
        titles = titles_of(row.purpose for row in batch)
        for row in batch:
            trouble = [word for word in (failure(row.failure), row.contradiction) if word]
            yield ChargeRow(
                stamp(row.created_at),
                row.purpose,
                titles[row.purpose],
                money(row.amount),
                ": ".join([str(STATES.get(row.state, row.state)), *trouble]),
                known[row.provider].title if row.provider in known else row.provider,
                row.instruction.reference,
                money(row.refunding) if row.refunding else "",
            )


def line_rows(rows: Iterable[BankLine]) -> Iterator[LineRow]:
    for batch in _batches(rows):
        names = people.names({row.matched_by for row in batch if row.matched_by})
        for row in batch:
            yield LineRow(
                row.on.isoformat(),
                row.description,
                money(row.amount),
                str(MATCHES[row.matched]) if row.matched else "",
                row.matched_to,
                stamp(row.matched_at),
                names.get(row.matched_by, ""),
                row.note,
            )


def refund_rows(rows: Iterable[Refund]) -> Iterator[RefundRow]:
    for batch in _batches(rows):
        titles = titles_of(row.charge.purpose for row in batch)
        names = _names(batch, "proposed_by", "approved_by")
        for row in batch:
            state = str(REFUND_STATES.get(row.state, row.state))
            yield RefundRow(
                stamp(row.proposed_at),
                row.charge.purpose,
                titles[row.charge.purpose],
                money(row.amount),
                row.reason,
                f"{state}: {failure(row.failure)}" if row.failure else state,
                names.get(row.proposed_by, ""),
                names.get(row.approved_by, ""),
                str(row.listed.number) if row.listed else "",
            )


def payout_rows(rows: Iterable[Payout]) -> Iterator[PayoutRow]:
    for batch in _batches(rows):
        titles = titles_of(row.purpose for row in batch)
        payees = dict(Organisation.objects.filter(pk__in={row.payee for row in batch}).values_list("pk", "name"))
        names = _names(batch, "proposed_by", "approved_by", "refused_by")
        for row in batch:
            yield PayoutRow(
                stamp(row.proposed_at),
                row.purpose,
                titles[row.purpose],
                payees.get(row.payee, ""),
                money(row.amount),
                row.reference,
                f"{row.get_state_display()}: {row.refused_reason}" if row.refused_reason else row.get_state_display(),
                names.get(row.proposed_by, ""),
                names.get(row.approved_by or row.refused_by, ""),
                str(row.listed.number) if row.listed else "",
                row.paid_on.isoformat() if row.paid_on else "",
            )


def list_rows(rows: Iterable[PaymentList]) -> Iterator[ListRow]:
    for batch in _batches(rows):
        names = _names(batch, "made_by", "released_by", "withdrawn_by")
        for row in batch:
            yield ListRow(
                row.number,
                stamp(row.made_at),
                names.get(row.made_by, ""),
                money(row.total),
                row.get_state_display(),
                stamp(row.released_at),
                names.get(row.released_by, ""),
                names.get(row.withdrawn_by, ""),
                row.paid_on.isoformat() if row.paid_on else "",
            )


def failure(code: str) -> str:
    """Why a payment failed, in plain words; "" where it did not."""
    return str(FAILURES.get(code, code.replace("_", " ")))


def columns(row: type[Any]) -> list[str]:
    """The names over a CSV's columns."""
    return [field.replace("_", " ") for field in row._fields]


def _given(**lookups: Any) -> dict[str, Any]:
    return {lookup: value for lookup, value in lookups.items() if value}


def _names(rows: Sequence[Any], *fields: str) -> dict[str, str]:
    return people.names({getattr(row, field) for row in rows for field in fields} - {""})


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """A few rows at a time, so that names and titles cost a query or two for each batch."""
    whole = iter(rows.iterator(chunk_size=BATCH) if isinstance(rows, QuerySet) else rows)
    while batch := list(islice(whole, BATCH)):
        yield batch
