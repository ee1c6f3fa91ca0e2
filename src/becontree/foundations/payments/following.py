"""Following one pound: from a payment to the bank line that it came with, to its entries, and to what it left with.

Everything is found by what was written down at the time: a charge's and a payout's entries by their keys, a bank line
by what it was matched with. Only one step is a rule and no fact: a provider pays in many gifts in one sum and names
none, so a gift is said to have come with the first of its sums that reaches it, in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext

from becontree.foundations.kit.pence import pounds
from becontree.foundations.ledger.models import Account, Journal, Transfer
from becontree.foundations.ledger.origins import Origin
from becontree.foundations.payments import books
from becontree.foundations.payments.models import BankLine, Charge, Dispute, PaymentList, Payout, Refund
from becontree.foundations.payments.purposes import purpose as purpose_of
from becontree.foundations.people.models import Organisation

MOST_PAYOUTS = 50  # of one account, on one page


def charges() -> QuerySet[Charge]:
    """Charges with what their page says of them: `account_name`, and whether they were ever `disputed`. One query."""
    return Charge.objects.select_related("instruction").annotate(
        account_name=Subquery(Account.objects.filter(code=OuterRef("account")).values("name")),
        disputed=Exists(Dispute.objects.filter(charge=OuterRef("pk"))),
    )


def entries_of_charge(charge: Charge, refunds: Iterable[Refund] = ()) -> list[Journal]:
    """What the ledger says of a charge, its fee, its refunds and its disputes, in the order of writing."""
    keys = [books.key_of("charge", charge.pk, step) for step in ("settled", "fee")]
    keys += [books.key_of("refund", row.pk, step) for row in refunds for step in ("owed", "paid")]
    if getattr(charge, "disputed", True):
        disputes = Dispute.objects.filter(charge=charge).values_list("pk", flat=True)
        keys += [books.key_of("dispute", pk, step) for pk in disputes for step in ("opened", "won", "lost")]
    return _entries(keys)


def entries_of_payout(payout: Payout) -> list[Journal]:
    return _entries([books.key_of("payout", payout.pk, step) for step in ("reserved", "refused", "paid")])


def entries_of_line(line: BankLine) -> list[Journal]:
    """What the bank said, and what it was matched with, each time that it was."""
    key = f"bankline:{line.line_hash}"
    again = [f"{key}:matched:{number + 1}" for number in range(1, line.undone.count() + 1)]
    return _entries([key, f"{key}:matched", *again])


def _entries(keys: Sequence[str]) -> list[Journal]:
    return list(Journal.objects.filter(key__in=keys).order_by("recorded_at", "id"))


def charges_of(purpose: str) -> list[Charge]:
    """Every charge for one purpose, oldest first."""
    found = Charge.objects.filter(purpose=purpose).select_related("instruction")
    return list(found.order_by("created_at", "id"))


def payouts_from(account: str) -> list[tuple[Payout, str]]:
    """What left an account, newest first, each with "how much to whom". One query."""
    names = Organisation.objects.filter(pk=OuterRef("payee")).values("name")
    rows = Payout.objects.filter(from_account=account).annotate(payee_name=Subquery(names))
    said = gettext("{amount} to {payee}")
    return [
        (row, said.format(amount=pounds(row.amount), payee=row.payee_name))
        for row in rows.order_by("-proposed_at", "id")[:MOST_PAYOUTS]
    ]


def line_of_charge(charge: Charge) -> BankLine | None:
    """The bank line that a charge came with: its own, or the provider's sum that reaches it. None: not yet."""
    if charge.provider == "bankfile":
        return BankLine.objects.filter(matched="charge", matched_to=str(charge.pk)).first()
    reach = _taken_up_to(charge)
    if reach is None:
        return None
    paid_in = 0
    for line in BankLine.objects.filter(matched="provider", matched_to=charge.provider).order_by("on", "line_number"):
        paid_in += line.amount
        if paid_in >= reach:
            return line
    return None


def _taken_up_to(charge: Charge) -> int | None:
    """What the provider had taken for us and not given back, up to this charge and its fee, in pence."""
    keys = [books.key_of("charge", charge.pk, step) for step in ("settled", "fee")]
    its = Transfer.objects.filter(journal__key__in=keys).order_by("-pk").values("pk")[:1]
    matched = Q(journal__kind="bank-match") | Q(journal__reverses__kind="bank-match")
    moves = Transfer.objects.filter(phase__in=("single", "post"), pk__lte=Subquery(its)).exclude(matched).order_by()
    account = books.clearing(charge.provider)
    sums = moves.aggregate(
        came=Sum("amount", filter=Q(debit__code=account)), went=Sum("amount", filter=Q(credit__code=account))
    )
    return None if sums["came"] is None else int(sums["came"]) - int(sums["went"] or 0)


def line_of_payout(payout: Payout) -> BankLine | None:
    """The bank line that a payout left with: its own, or that of its whole list."""
    own = Q(matched="payout", matched_to=str(payout.pk))
    if payout.listed is None or payout.state != Payout.State.PAID:
        return BankLine.objects.filter(own).first()
    whole = Q(matched="list", matched_to=str(payout.listed.number))
    return BankLine.objects.filter(own | whole).order_by("-matched").first()  # its own before its list's


def matched_with(line: BankLine) -> Origin | None:
    """What a bank line was matched with: the words and page of it. None: nothing, or nothing with a page."""
    to = line.matched_to
    if line.matched == "charge":
        return Origin(gettext("Charge"), reverse("payments:charge", args=[to]))
    if line.matched == "refund":
        row = Refund.objects.filter(pk=to).first()
        return Origin(gettext("Refund"), reverse("payments:charge", args=[row.charge_id])) if row else None
    if line.matched == "payout":
        return Origin(gettext("Payout"), reverse("payments:payout", args=[to]))
    if line.matched == "list":
        return Origin(gettext("List {number}").format(number=to), reverse("payments:list", args=[to]))
    if line.matched == "provider":
        return Origin(gettext("The charges that this provider took"), f"{reverse('payments:charges')}?provider={to}")
    if line.matched == "purpose" and (url := purpose_of(to).desk_url(to)):
        return Origin(gettext("What it was for"), url)
    if line.matched == "other":
        return Origin(gettext("The account that it went to"), reverse("ledger:account", args=[to]))
    return None


def origins(journal: Journal) -> list[Origin]:
    """For `ledger.origins`: the pages of this room that an entry came from, by its key."""
    original = journal.reverses or journal
    what, _colon, rest = original.key.partition(":")
    identity = rest.partition(":")[0]
    if what == "charge":
        return [Origin(gettext("Charge"), reverse("payments:charge", args=[identity]))]
    if what in ("refund", "dispute"):
        rows = (Refund if what == "refund" else Dispute).objects.filter(pk=identity)
        found = rows.values_list("charge_id", flat=True).first()
        return [Origin(gettext("Charge"), reverse("payments:charge", args=[found]))] if found else []
    if what == "payout":
        return [Origin(gettext("Payout"), reverse("payments:payout", args=[identity]))]
    if what == "bankline":
        line = BankLine.objects.filter(line_hash=identity).first()
        said = gettext("A line on the bank's statement")
        return [Origin(said, reverse("payments:match", args=[line.pk]))] if line else []
    return []


def lines_of_list(listed: PaymentList) -> list[BankLine]:
    """The bank lines that say that a list was paid: one for all of it, or one for each payment."""
    own = Q(matched="list", matched_to=str(listed.number))
    payouts = [str(pk) for pk in listed.payouts.values_list("pk", flat=True)]
    refunds = [str(pk) for pk in listed.refunds.values_list("pk", flat=True)]
    each = Q(matched="payout", matched_to__in=payouts) | Q(matched="refund", matched_to__in=refunds)
    return list(BankLine.objects.filter(own | each).order_by("on", "line_number"))
