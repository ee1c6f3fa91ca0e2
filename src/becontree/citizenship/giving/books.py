"""How giving writes in the ledger: the one file of this room that knows account codes and keys.

Money that is only promised is a pending transfer: between the two memorandum accounts for the crowd (it is nobody's
money yet), and from a fund to what is held for a project for match money (it is set aside). Collected money is
posted by `payments` into what is held. Hours and things run through accounts of their own unit and never meet pounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from django.db.models import QuerySet, Sum

from becontree.citizenship.giving.models import Award, Campaign, Contribution, Fund, Pledge, Slice
from becontree.foundations.kit.dates import LONDON, within
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger import queries as ledger_queries
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Account, Journal, Transfer
from becontree.foundations.payments.purposes import SUSPENSE
from becontree.foundations.people.actors import Actor

# What a person writes down by hand (a fund paid in) waits here until it is found on the bank's own statement: written
# straight to the bank's account it would be there twice once the statement is read.
BANK = "asset:clearing:desk"
PAID_FROM = "asset:clearing:bankfile"
PLEDGED = {"GBP": "memo:pledges", "hour": "memo:hours", "item": "memo:items"}


def _memo(campaign: Campaign, unit: str) -> str:
    return {"GBP": f"memo:campaign:{campaign.slug}", "hour": f"memo:hours:{campaign.slug}"}.get(
        unit, f"memo:items:{campaign.slug}"
    )


def _pending(keys: Iterable[str]) -> list[Transfer]:
    """What was set aside under these keys. Nothing is looked up twice: the ledger reads the rows itself."""
    wanted = list(keys)
    found: list[Transfer] = []
    for start in range(0, len(wanted), 500):  # under SQLite's limit of parameters
        rows = Transfer.objects.filter(journal__key__in=wanted[start : start + 500], phase="pending")
        found += [Transfer(pk=number) for number in rows.order_by().values_list("pk", flat=True)]
    return found


def open_fund(fund: Fund) -> None:
    ledger.open_account(code="asset:bank:main", name="The bank", kind="asset", unit="GBP")
    ledger.open_account(code=BANK, name="Written down, not yet on a bank statement", kind="asset", unit="GBP")
    ledger.open_account(code=fund.account, name=fund.name, kind="fund", unit="GBP", floor=True, subject=fund.ref)


def open_campaign(campaign: Campaign, title: str) -> None:
    ledger.open_account(code="asset:bank:main", name="The bank", kind="asset", unit="GBP")
    ledger.open_account(code=BANK, name="Written down, not yet on a bank statement", kind="asset", unit="GBP")
    ledger.open_account(
        code=campaign.held, name=f"Held for {title}", kind="liability", unit="GBP", floor=True, subject=campaign.ref
    )
    for unit, code in PLEDGED.items():
        ledger.open_account(code=code, name=f"Promised or given by the crowd ({unit})", kind="memo", unit=unit)
        ledger.open_account(
            code=_memo(campaign, unit),
            name=f"Promised or given to {title} ({unit})",
            kind="memo",
            unit=unit,
            subject=campaign.ref,
        )


def accounts_of_ended(on: date) -> list[str]:
    """The accounts of campaigns that had ended by a day: where what their givers paid and promised is counted."""
    ended = Campaign.objects.filter(settled_at__isnull=False, **within("settled_at", until=on))
    return [
        code
        for campaign in ended.only("slug")
        for code in (campaign.held, *(_memo(campaign, unit) for unit in PLEDGED))
    ]


def available(fund: Fund) -> int:
    """What a fund has left in pence: paid in, less granted, less promised. From the row that is locked to spend it."""
    return ledger_queries.balance(fund.account).available


def available_of(funds: Iterable[Fund]) -> dict[Any, int]:
    """Fund id -> what it has left in pence, in one query. Call it with the funds' rows locked to spend from them."""
    funds = list(funds)
    accounts = Account.objects.in_bulk([fund.account for fund in funds], field_name="code")
    return {fund.pk: ledger_queries.balance_of(accounts[fund.account]).available for fund in funds}


def _unused(key: str) -> str:
    """The key for writing a fact down: what was reversed is written anew under its key with a number."""
    found, again = key, 1
    while Journal.objects.filter(key=found, reversed_by__isnull=False).exists():
        again += 1
        found = f"{key}:{again}"
    return found


def plain(reference: str) -> str:
    """A bank's reference without what people write differently: capitals, spaces, and letters of another width."""
    return "".join(normalize("NFKC", reference).casefold().split())


def is_paid_in(fund: Fund, reference: str) -> bool:
    """Whether money under this reference stands in the ledger. Older keys hold it as it was typed."""
    start, wanted = f"fund:{fund.slug}:in:", plain(reference)
    rows = Journal.objects.filter(kind="fund.paid-in", subject=fund.ref, key__startswith=start)
    for key in rows.filter(reversed_by__isnull=True).values_list("key", flat=True):
        typed = key.removeprefix(start)
        stem, _, number = typed.rpartition(":")
        again = number.isdecimal() and rows.filter(key=start + stem, reversed_by__isnull=False).exists()
        if plain(stem if again else typed) == wanted:
            return True
    return False


def is_matched(fund: Fund, pence: int) -> bool:
    """Whether a line of the bank's statement of this amount stands for the fund."""
    lines = found_for(fund.ref).filter(subject=fund.ref)
    return lines.filter(transfers__credit__code=fund.account, transfers__amount=pence).exists()


def pay_in_key(fund: Fund, reference: str) -> str:
    """The key of money that was written down; `reference` as `plain` has it."""
    return f"fund:{fund.slug}:in:{reference}"[:120]


def pay_in(fund: Fund, pence: int, key: str, on: date, by: Actor, now: datetime) -> None:
    ledger.post(
        key=_unused(key),
        kind="fund.paid-in",
        occurred_on=on,
        lines=[Line(BANK, fund.account, pence)],
        subject=fund.ref,
        by=by,
        now=now,
    )


def promise(pledge: Pledge, on: date, by: Actor, now: datetime) -> None:
    amount = pledge.pence if pledge.kind == "money" else pledge.quantity
    ledger.post(
        key=f"pledge:{pledge.handle}:promise",
        kind="pledge.promised",
        occurred_on=on,
        lines=[Line(PLEDGED[pledge.unit], _memo(pledge.campaign, pledge.unit), amount, unit=pledge.unit, pending=True)],
        subject=pledge.campaign.ref,
        by=by,
        now=now,
    )


def keep_promise(pledge: Pledge, by: Actor, now: datetime) -> None:
    ledger.settle(
        key=f"pledge:{pledge.handle}:kept", pending=_pending([f"pledge:{pledge.handle}:promise"]), by=by, now=now
    )


def let_go(pledge: Pledge, by: Actor, now: datetime) -> None:
    ledger.release(
        key=f"pledge:{pledge.handle}:let-go", pending=_pending([f"pledge:{pledge.handle}:promise"]), by=by, now=now
    )


def let_all_go(campaign: Campaign, pledges: Iterable[Pledge], why: str, by: Actor, now: datetime) -> None:
    """Many promises of one campaign in one journal a unit of count; `why` ("closed", "failed") makes its key."""
    by_unit: dict[str, list[str]] = {}
    for pledge in pledges:
        by_unit.setdefault(pledge.unit, []).append(f"pledge:{pledge.handle}:promise")
    for unit, keys in sorted(by_unit.items()):
        ledger.release(key=f"{campaign.ref}:{why}:{unit}", pending=_pending(keys), by=by, now=now)


def reserve(part: Slice, on: date, by: Actor, now: datetime) -> None:
    award = part.award
    ledger.post(
        key=part.key,
        kind="match.promised",
        occurred_on=on,
        lines=[Line(award.fund.account, award.campaign.held, part.pence, pending=True)],
        subject=award.campaign.ref,
        by=by,
        now=now,
    )


def unreserve(part: Slice, by: Actor, now: datetime) -> None:
    ledger.release(key=f"{part.key}:let-go", pending=_pending([part.key]), by=by, now=now)


def unreserve_all(campaign: Campaign, parts: Iterable[Slice], by: Actor, now: datetime) -> None:
    """Every fund has back what it promised a campaign, in one journal."""
    found = list(parts)
    if found:
        ledger.release(key=f"{campaign.ref}:match-let-go", pending=_pending(part.key for part in found), by=by, now=now)


def grant(award: Award, parts: Iterable[Slice], by: Actor, now: datetime) -> None:
    """What a fund promised a campaign becomes its money, in one journal."""
    ledger.settle(key=f"award:{award.pk}:granted", pending=_pending(part.key for part in parts), by=by, now=now)


def receive(contribution: Contribution, campaign: Campaign, by: Actor, now: datetime) -> None:
    """Money from elsewhere has come: held from the day that finance says so, not from the day of its letter.

    The letter can be weeks older, in a month that is closed.
    """
    ledger.post(
        key=_unused(f"contribution:{contribution.pk}:received"),
        kind="contribution.received",
        occurred_on=now.astimezone(LONDON).date(),
        lines=[Line(BANK, campaign.held, contribution.pence)],
        subject=campaign.ref,
        by=by,
        now=now,
    )


def held(campaign: Campaign) -> int:
    """What is held for a campaign and not promised away, in pence."""
    return ledger_queries.balance(campaign.held).available


def waits_for_bank(account: str, amount: int, subject: str) -> bool:
    """Whether money of this amount was written down by hand for an account, and no bank line has been found for it.

    Such a line then belongs to what was written down, so that the same pounds are never counted twice.
    """
    written = Transfer.objects.filter(debit__code=BANK, credit__code=account, amount=amount, phase="single")
    undone = Transfer.objects.filter(debit__code=account, credit__code=BANK, amount=amount, phase="single")
    found = Transfer.objects.filter(
        debit__code=SUSPENSE, credit__code=BANK, amount=amount, journal__subject=subject, phase="single"
    )
    lost = Transfer.objects.filter(
        debit__code=BANK, credit__code=SUSPENSE, amount=amount, journal__subject=subject, phase="single"
    )
    return written.count() - undone.count() > found.count() - lost.count()


def is_found(contribution: Contribution) -> bool:
    """Whether the bank's statement has shown a contribution already."""
    return found_for(f"contribution/{contribution.pk}").exists()


def found_for(subject: str) -> QuerySet[Journal]:
    """The bank's lines that are matched with something, or with all whose reference begins so."""
    return Journal.objects.filter(kind="bank-match", subject__startswith=subject, reversed_by__isnull=True)


def paid_out(campaign: Campaign) -> int:
    """What went to a project's group and did not come back, in pence."""
    out = Transfer.objects.filter(
        debit__code=campaign.held, credit__code=PAID_FROM, phase="post", journal__subject=campaign.ref
    )
    back = Transfer.objects.filter(
        debit__code=SUSPENSE, credit__code=campaign.held, journal__kind="bank-match", journal__subject=campaign.ref,
        journal__reversed_by__isnull=True,
    )  # fmt: skip
    return int(out.aggregate(n=Sum("amount"))["n"] or 0) - int(back.aggregate(n=Sum("amount"))["n"] or 0)


def bear_fees(campaign: Campaign, fees: dict[str, int], on: date, by: Actor, now: datetime) -> None:
    """What providers charged for a campaign's gifts comes off what is held for it: `fees` is provider -> pence."""
    lines = [Line(campaign.held, f"expense:fees:{name}", pence) for name, pence in sorted(fees.items()) if pence]
    if lines:
        ledger.post(
            key=f"{campaign.ref}:fees",
            kind="campaign.fees",
            occurred_on=on,
            lines=lines,
            subject=campaign.ref,
            by=by,
            now=now,
        )
