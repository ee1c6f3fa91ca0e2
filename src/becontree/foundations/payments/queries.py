"""What pages and checks ask about payments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext

from becontree.foundations.kit.pence import pounds
from becontree.foundations.ledger.models import Account
from becontree.foundations.payments import books
from becontree.foundations.payments.models import (
    BankLine,
    Charge,
    Comparison,
    Instruction,
    PaymentList,
    Payout,
    Refund,
    UndoneMatch,
)
from becontree.foundations.payments.payees import cooling_hours, why_not
from becontree.foundations.payments.port import providers
from becontree.foundations.payments.purposes import SUSPENSE, bank_offers, cautions_of, titles_of
from becontree.foundations.payments.states import IN_FLIGHT, State
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Organisation, Person

MOST_OFFERS: Final = 20  # of each kind beside one bank line


@dataclass(frozen=True, slots=True)
class Held:
    """What a provider holds for us: by the ledger now, and at the last comparison by both."""

    provider: str
    title: str
    real: bool
    ledger: int
    compared: Comparison | None

    @property
    def account(self) -> str:
        """Where our book keeps what the provider holds."""
        return books.clearing(self.provider)


@dataclass(frozen=True, slots=True)
class PayLine:
    """One payment on a list: to whom, with which words, how much."""

    kind: str
    payee: str
    reference: str
    amount: int
    about: str
    paid: bool = False
    url: str = ""


def is_settled(instruction: Instruction) -> bool:
    return instruction.charges.filter(state=State.SETTLED).exists()


def in_flight(purpose: str) -> bool:
    """Whether a charge for this purpose may still turn out either way."""
    return Charge.objects.filter(purpose=purpose, state__in=IN_FLIGHT).exists()


def held() -> tuple[Sequence[Held], int, int]:
    """Each provider's clearing account, then the bank's and suspense, in pence. Two queries."""
    known = providers()
    codes = [books.clearing(name) for name in known]
    found = {account.code: account for account in Account.objects.filter(code__in=[*codes, books.BANK, SUSPENSE])}

    def posted(code: str, sign: int = 1) -> int:
        account = found.get(code)
        return sign * (account.debit_posted - account.credit_posted) if account else 0

    last = Comparison.objects.filter(provider=OuterRef("provider")).order_by("-at", "-pk").values("pk")[:1]
    compared = {one.provider: one for one in Comparison.objects.filter(provider__in=known, pk=Subquery(last))}
    rows = [
        Held(
            name,
            each.title,
            each.capabilities.real_money,
            posted(books.clearing(name)),
            compared.get(name),
        )
        for name, each in known.items()
    ]
    return rows, posted(books.BANK), posted(SUSPENSE, -1)


def unexplained() -> QuerySet[BankLine]:
    """The bank's lines that nobody has matched yet."""
    return BankLine.objects.filter(matched="")


def loose(kind: str) -> set[str]:
    """What a bank line was matched with until that was reversed, and no line is matched with now: ids as text."""
    undone = set(UndoneMatch.objects.filter(matched=kind).order_by().values_list("matched_to", flat=True))
    if not undone:
        return undone
    found = BankLine.objects.filter(matched=kind, matched_to__in=undone).order_by()
    return undone - set(found.values_list("matched_to", flat=True))


def candidates(line: BankLine) -> QuerySet[Charge]:
    """Gifts by bank that this line could be: the same pence, and no line found for them; the newest first."""
    open_still = Q(state__in=[*IN_FLIGHT, State.FAILED]) | Q(pk__in=loose("charge"))
    return (
        Charge.objects.filter(open_still, provider="bankfile", amount=line.amount)
        .select_related("instruction")
        .order_by("-created_at")
    )


Choices = list[tuple[str, str]]


def offers(line: BankLine) -> list[tuple[str, Choices]]:
    """(heading, [(kind:to, label)]) of what a bank line of this amount could be; only what its amount allows."""
    found = _offers_in(line) if line.amount > 0 else _offers_out(line)
    found += [
        (
            gettext("A payment provider"),
            [
                (
                    f"provider:{name}",
                    gettext("{provider} moved this between its account and ours").format(provider=one.title),
                )
                for name, one in providers().items()
                if name != "bankfile"
            ],
        )
    ]
    return [(heading, rows) for heading, rows in found if rows]


def cautions(found: Sequence[tuple[str, Choices]]) -> list[str]:
    """What finance should know of these offers for a line, such as a project whose campaign is over."""
    values = [value.partition(":") for _heading, rows in found for value, _label in rows]
    gifts = [to for kind, _colon, to in values if kind == "charge"]
    refs = [to for kind, _colon, to in values if kind == "purpose"]
    if gifts:
        refs += Charge.objects.filter(pk__in=gifts).order_by().values_list("purpose", flat=True)
    return cautions_of(refs)


def other_accounts() -> Choices:
    """(code, name) of the accounts that "something else" may go to: not a room's own, the bank's or suspense."""
    rows = Account.objects.filter(unit="GBP").exclude(code__in=(SUSPENSE, books.BANK)).exclude(kind="memo")
    for room in books.OF_ROOMS:
        rows = rows.exclude(code__startswith=room)
    return [(code, name) for code, name in rows.order_by("name", "code").values_list("code", "name")]


def _offers_in(line: BankLine) -> list[tuple[str, Choices]]:
    found = list(candidates(line)[:MOST_OFFERS])
    titles = titles_of(charge.purpose for charge in found)
    gifts = [
        (
            f"charge:{charge.pk}",
            f"{charge.instruction.reference}, {_day(charge.created_at)}: {titles[charge.purpose]}",
        )
        for charge in found
    ]
    return [
        (gettext("A gift by bank transfer of this amount"), gifts),
        (
            gettext("Money for a fund or a project"),
            [(f"purpose:{ref}", label) for ref, label in bank_offers(line.amount)],
        ),
    ]


def _offers_out(line: BankLine) -> list[tuple[str, Choices]]:
    released = {"amount": -line.amount, "listed__state": PaymentList.State.RELEASED}
    amount = Q(amount=-line.amount)
    rows = Payout.objects.filter(Q(state=Payout.State.LISTED, **released) | Q(amount, pk__in=loose("payout"))).order_by(
        "proposed_at"
    )
    out = list(rows[:MOST_OFFERS])
    titles = titles_of(row.purpose for row in out)
    backs = Refund.objects.filter(
        Q(state=State.SENT, **released) | Q(amount, pk__in=loose("refund")), charge__provider="bankfile"
    )
    lists = PaymentList.objects.filter(state=PaymentList.State.RELEASED).order_by("number")[:MOST_OFFERS]
    undone = UndoneMatch.objects.filter(matched="list", matched_to__in=loose("list"), line__amount=line.amount)
    return [
        (
            gettext("A payout of this amount, on a released list"),
            [(f"payout:{row.pk}", f"{row.reference}: {titles[row.purpose]}") for row in out],
        ),
        (
            gettext("A refund of this amount, on a released list"),
            [
                (f"refund:{row.pk}", f"{row.charge.instruction.reference}: {row.reason}")
                for row in backs.select_related("charge__instruction").order_by("proposed_at")[:MOST_OFFERS]
            ],
        ),
        (
            gettext("A whole list in one line"),
            [
                (f"list:{row.number}", gettext("List {number}, what is left of it").format(number=row.number))
                for row in lists
                if left_of(row) == -line.amount
            ]
            + [
                (f"list:{number}", gettext("List {number}, whose match was reversed").format(number=number))
                for number in sorted(set(undone.order_by().values_list("matched_to", flat=True)))
            ],
        ),
    ]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(books.LONDON):%-d %b %Y}"


def left_of(listed: PaymentList) -> int:
    """What of a list the statement has not shown yet, in pence."""
    out = listed.payouts.filter(state=Payout.State.LISTED).aggregate(n=Sum("amount"))["n"] or 0
    back = listed.refunds.filter(state=State.SENT).aggregate(n=Sum("amount"))["n"] or 0
    return int(out + back)


def fees_of(purposes: Sequence[str]) -> dict[str, int]:
    """Provider -> what it charged for the settled payments of these purposes, in pence."""
    found: dict[str, int] = {}
    for start in range(0, len(purposes), 500):  # under SQLite's limit of parameters
        rows = Charge.objects.filter(purpose__in=purposes[start : start + 500], state=State.SETTLED).order_by()
        for provider, fee in rows.values_list("provider").annotate(n=Sum("fee")):
            found[provider] = found.get(provider, 0) + fee
    return found


def payouts_waiting(user: Person | None = None) -> QuerySet[Payout]:
    """Payouts that one person has proposed and a second must decide on, oldest first; not what `user` proposed."""
    rows = Payout.objects.filter(state=Payout.State.PROPOSED).order_by("proposed_at", "id")
    return rows.exclude(proposed_by=party_id(user)) if user else rows


def refunds_waiting(user: Person) -> QuerySet[Refund]:
    """Refunds that somebody else asked for and that wait for a second person."""
    return Refund.objects.filter(state="proposed").exclude(proposed_by=party_id(user))


def lists_waiting(user: Person) -> QuerySet[PaymentList]:
    """Lists for the bank that somebody else made and that wait for a second person."""
    return PaymentList.objects.filter(state=PaymentList.State.MADE).exclude(made_by=party_id(user))


def payouts_of(purpose: str) -> QuerySet[Payout]:
    """Every payout for one purpose, newest first."""
    return Payout.objects.filter(purpose=purpose).order_by("-proposed_at", "id")


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout as finance sees it: for what, to whom, and why it waits (empty where it does not)."""

    payout: Payout
    title: str
    payee: str
    waits: str
    organisation: Organisation


def payout_lines(rows: Iterable[Payout], now: datetime) -> list[PayoutLine]:
    """The same payouts with the names that belong to them. A few queries, however many there are."""
    rows = list(rows)
    payees = Organisation.objects.in_bulk({row.payee for row in rows})
    titles = titles_of(row.purpose for row in rows)
    hours = cooling_hours(now)
    found = []
    for row in rows:
        waits = ""
        if row.state in (Payout.State.PROPOSED, Payout.State.APPROVED):
            waits = why_not(row, payees[row.payee], now, hours)
        found.append(PayoutLine(row, titles[row.purpose], payees[row.payee].name, waits, payees[row.payee]))
    return found


def pay_lines(listed: PaymentList) -> list[PayLine]:
    """The payments of a list, as they are entered at the bank. A refund goes to the account that the gift came from."""
    back = list(listed.refunds.select_related("charge__instruction").order_by("proposed_at", "id"))
    came = {
        line.matched_to: line
        for line in BankLine.objects.filter(matched="charge", matched_to__in=[str(row.charge_id) for row in back])
    }
    out = list(listed.payouts.order_by("proposed_at", "id"))
    names = dict(Organisation.objects.filter(pk__in=[row.payee for row in out]).values_list("pk", "name"))
    titles = titles_of(row.purpose for row in out)
    lines = []
    for row in back:
        line = came.get(str(row.charge_id))
        source = f"The sender of {pounds(line.amount)} on {line.on:%-d %b %Y}: {line.description}" if line else ""
        reference = row.charge.instruction.reference
        lines.append(PayLine("refund", source, reference, row.amount, row.reason, paid=row.state == State.SETTLED,
                             url=reverse("payments:charge", args=[row.charge_id])))  # fmt: skip
    lines += [
        PayLine(
            "payout",
            names.get(row.payee, ""),
            row.reference,
            row.amount,
            titles[row.purpose],
            paid=row.state == Payout.State.PAID,
            url=reverse("payments:payout", args=[row.pk]),
        )
        for row in out
    ]
    return lines
