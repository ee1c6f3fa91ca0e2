"""What kinds of entries and transfers are called on pages; programs read the plain codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.pence import pounds
from becontree.foundations.ledger import queries
from becontree.foundations.ledger.models import Account, Journal, Transfer
from becontree.foundations.record.models import Thing

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KINDS: Final[dict[str, StrOrPromise]] = {
    "bank-line": _("A line on the bank's statement"),
    "bank-match": _("A bank line matched with what it is for"),
    "campaign.fees": _("Payment charges taken off a project's money"),
    "contribution.received": _("Money from elsewhere received"),
    "dispute": _("A payment in dispute"),
    "fund.paid-in": _("Money paid into a fund"),
    "match.promised": _("Match money set aside"),
    "payment": _("A payment received"),
    "payment-fee": _("A payment provider's charge"),
    "payout": _("A payment to a project's group"),
    "pledge.promised": _("A gift promised"),
    "refund": _("A refund paid"),
    "refund-owed": _("A refund owed"),
    "release": _("A promise let go"),
    "reversal": _("A reversal"),
    "settle": _("A promise kept"),
}


ACCOUNT_KINDS: Final[dict[str, StrOrPromise]] = {
    "asset": _("What we have"),
    "liability": _("What we hold or owe"),
    "fund": _("A fund"),
    "income": _("What came in"),
    "expense": _("What it cost"),
    "memo": _("Promises"),
}


UNITS: Final[dict[str, StrOrPromise]] = {"GBP": _("pounds"), "hour": _("hours"), "item": _("things")}


def kind(code: str) -> str:
    return str(KINDS.get(code, code))


class Moved(NamedTuple):
    """A transfer in words: which account rises, which falls; neither where money is only set aside or let go."""

    transfer: Transfer
    how: str
    debit: str
    credit: str


def moved(transfer: Transfer) -> Moved:
    how = str(Transfer.Phase(transfer.phase).label)
    if transfer.phase in (Transfer.Phase.PENDING, Transfer.Phase.VOID):
        return Moved(transfer, how, "", "")
    return Moved(transfer, how, _rises(transfer.debit.by_debit), _rises(not transfer.credit.by_debit))


def _rises(rises: bool) -> str:
    return str(_("goes up") if rises else _("goes down"))


def amount(number: int, unit: str) -> str:
    """An amount in its unit: "£25.00", "3 hours"."""
    return pounds(number) if unit == "GBP" else f"{number:,} {UNITS.get(unit, unit)}"


MOST_LINES: Final = 3


def what_moved(journal: Journal) -> str:
    """How much moved between which accounts, for a sentence: "£25.00 between The bank and The pot".

    Of a long entry the first few lines and how many more there are. One query.
    """
    lines = list(journal.transfers.select_related("debit", "credit").order_by("n"))
    said = [
        gettext("%(amount)s between %(one)s and %(other)s")
        % {"amount": amount(each.amount, each.unit), "one": each.debit.name, "other": each.credit.name}
        for each in lines[:MOST_LINES]
    ]
    if more := len(lines) - MOST_LINES if len(lines) > MOST_LINES else 0:
        said.append(ngettext("%(n)s line more", "%(n)s lines more", more) % {"n": more})
    return "; ".join(said)


def account_name(code: str) -> str:
    """What an account is called; its code where there is none of that code."""
    return Account.objects.filter(code=code).values_list("name", flat=True).first() or code


def account_names(codes: Iterable[str]) -> dict[str, str]:
    """Each code with what the account is called, in one query."""
    return dict(Account.objects.filter(code__in=set(codes)).values_list("code", "name"))


def things(subjects: Iterable[str]) -> dict[str, Thing]:
    """What entries are about, by reference, in one query: only public things, as the record knows them."""
    wanted = {queries.public_subject(each) for each in subjects} - {""}
    return {thing.ref: thing for thing in Thing.objects.filter(ref__in=wanted)} if wanted else {}
