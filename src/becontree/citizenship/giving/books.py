"""How giving writes in the ledger: the one file of this room that knows account codes and keys.

Money that is only promised is a pending transfer: between the two memorandum accounts for the crowd (it is nobody's
money yet), and from a fund to what is held for a project for match money (it is set aside). Collected money is
posted by `payments` into what is held. Hours and things run through accounts of their own unit and never meet pounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from becontree.citizenship.giving.models import Award, Campaign, Contribution, Fund, Payout, Pledge, Slice
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger import queries as ledger_queries
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Transfer
from becontree.foundations.people.actors import Actor

BANK = "asset:bank:main"
PLEDGED = {"GBP": "memo:pledges", "hour": "memo:hours", "item": "memo:items"}


def _memo(campaign: Campaign, unit: str) -> str:
    return {"GBP": f"memo:campaign:{campaign.slug}", "hour": f"memo:hours:{campaign.slug}"}.get(
        unit, f"memo:items:{campaign.slug}"
    )


def _pending(key: str) -> list[Transfer]:
    return list(Transfer.objects.filter(journal__key=key, phase="pending"))


def open_fund(fund: Fund) -> None:
    ledger.open_account(code=BANK, name="The bank", kind="asset", unit="GBP")
    ledger.open_account(code=fund.account, name=fund.name, kind="fund", unit="GBP", floor=True, subject=fund.ref)


def open_campaign(campaign: Campaign, title: str) -> None:
    ledger.open_account(code=BANK, name="The bank", kind="asset", unit="GBP")
    ledger.open_account(
        code=campaign.held, name=f"Held for {title}", kind="liability", unit="GBP", floor=True, subject=campaign.ref
    )
    for unit, code in PLEDGED.items():
        ledger.open_account(code=code, name=f"Promised by the crowd ({unit})", kind="memo", unit=unit)
        ledger.open_account(
            code=_memo(campaign, unit),
            name=f"Promised to {title} ({unit})",
            kind="memo",
            unit=unit,
            subject=campaign.ref,
        )


def available(fund: Fund) -> int:
    """What a fund has left in pence: paid in, less granted, less promised. From the row that is locked to spend it."""
    return ledger_queries.balance(fund.account).available


def pay_in(fund: Fund, pence: int, key: str, on: date, by: Actor, now: datetime) -> None:
    ledger.post(
        key=key,
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
        key=f"pledge:{pledge.handle}:kept", pending=_pending(f"pledge:{pledge.handle}:promise"), by=by, now=now
    )


def let_go(pledge: Pledge, by: Actor, now: datetime) -> None:
    ledger.release(
        key=f"pledge:{pledge.handle}:let-go", pending=_pending(f"pledge:{pledge.handle}:promise"), by=by, now=now
    )


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
    ledger.release(key=f"{part.key}:let-go", pending=_pending(part.key), by=by, now=now)


def grant(parts: Iterable[Slice], by: Actor, now: datetime) -> None:
    for part in parts:
        ledger.settle(key=f"{part.key}:granted", pending=_pending(part.key), by=by, now=now)


def receive(contribution: Contribution, campaign: Campaign, by: Actor, now: datetime) -> None:
    ledger.post(
        key=f"contribution:{contribution.pk}:received",
        kind="contribution.received",
        occurred_on=contribution.on,
        lines=[Line(BANK, campaign.held, contribution.pence)],
        subject=campaign.ref,
        by=by,
        now=now,
    )


def held(campaign: Campaign) -> int:
    """What is held for a campaign and not promised away, in pence."""
    return ledger_queries.balance(campaign.held).available


def pay_out(payout: Payout, on: date, by: Actor, now: datetime) -> None:
    ledger.post(
        key=f"payout:{payout.pk}",
        kind="project.paid",
        occurred_on=on,
        lines=[Line(payout.campaign.held, BANK, payout.pence)],
        subject=payout.campaign.ref,
        by=by,
        now=now,
    )


def granted_by(award: Award) -> int:
    """What the ledger says a fund has granted a campaign, in pence (for the audit)."""
    return sum(part.pence for part in award.slices.filter(released=False))
