"""What payments tells giving. Every function may be called again with the same news and changes nothing then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from becontree.citizenship.giving import books, following
from becontree.citizenship.giving.actions import collecting, elsewhere, grants, paying_in, pledges
from becontree.citizenship.giving.actions.locking import pledge_locked_by
from becontree.citizenship.giving.models import Campaign, Contribution, Fund, Pledge
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.payments import purposes
from becontree.foundations.payments.models import Payout
from becontree.foundations.people.actors import Actor

OVER = (Campaign.State.FAILED, Campaign.State.CANCELLED)  # no money can be paid on from these


def _handle(purpose: str) -> str:
    return purpose.partition("/")[2]


def _pledge(purpose: str) -> Pledge | None:
    """The pledge that a payment is for, held with its campaign until payments' own transaction ends."""
    return pledge_locked_by(_handle(purpose))


def ready(*, purpose: str, instruction_id: UUID, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None and pledge.campaign.strategy == pledge.campaign.Strategy.LATER:
        pledges.made_firm(pledge=pledge, now=now)


def settled(*, purpose: str, charge_id: UUID, amount: int, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        pledges.paid(pledge=pledge, charge_id=charge_id, now=now)


def failed(*, purpose: str, charge_id: UUID | None, code: str, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        collecting.missed(pledge=pledge, now=now)


def refunded(*, purpose: str, amount: int, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None:
        pledges.went_back(pledge=pledge, amount=amount, now=now)


def disputed(*, purpose: str, amount: int, state: str, now: datetime, **_: Any) -> None:
    pledge = _pledge(purpose)
    if pledge is not None and state == "lost":
        pledges.went_back(pledge=pledge, amount=amount, now=now)


def credit_account(purpose: str) -> str:
    """The account in which a gift's money is held."""
    slug = Pledge.objects.filter(handle=_handle(purpose)).order_by().values_list("campaign__slug", flat=True).first()
    return purposes.SUSPENSE if slug is None else Campaign(slug=slug).held


def title(purpose: str) -> str:
    rows = Pledge.objects.filter(handle=_handle(purpose)).order_by()
    return rows.values_list("campaign__project__title", flat=True).first() or "Your gift"


def titles(references: Sequence[str]) -> dict[str, str]:
    """Pledge's reference -> the project's title, in one query."""
    handles = [_handle(one) for one in references]
    rows = Pledge.objects.filter(handle__in=handles).order_by().values_list("handle", "campaign__project__title")
    return {f"pledge/{handle}": project for handle, project in rows}


def campaign_titles(references: Sequence[str]) -> dict[str, str]:
    rows = Campaign.objects.filter(slug__in=[_handle(one) for one in references]).order_by()
    return {f"campaign/{slug}": project for slug, project in rows.values_list("slug", "project__title")}


def campaign_title(purpose: str) -> str:
    return campaign_titles([purpose]).get(purpose, purpose)


def payout(*, purpose: str, amount: int, state: str, on: date, now: datetime, **_: Any) -> None:
    """A payout to a project's group was found on the statement, or refused."""
    campaign = Campaign.objects.select_related("project").filter(slug=_handle(purpose)).first()
    if campaign is not None and state == "paid":
        grants.payout_paid(campaign=campaign, pence=amount, on=on, now=now)


def fund_line(*, purpose: str, amount: int, on: date, by: Actor, now: datetime) -> str:
    fund = _known(Fund.objects.filter(slug=_handle(purpose)))
    return paying_in.found_in_bank(fund=fund, pence=amount, on=on, by=by, now=now)


def contribution_line(*, purpose: str, amount: int, by: Actor, now: datetime, **_: Any) -> str:
    rows = Contribution.objects.select_related("project")
    contribution = _known(rows.filter(pk__in=_uuids(purpose)))
    return elsewhere.found_in_bank(contribution=contribution, pence=amount, by=by, now=now)


def campaign_line(*, purpose: str, amount: int, on: date, by: Actor, now: datetime) -> str:
    campaign = _known(Campaign.objects.select_related("project").filter(slug=_handle(purpose)))
    return grants.came_back(campaign=campaign, pence=amount, on=on, by=by, now=now)


def fund_offers(amount: int) -> list[tuple[str, str]]:
    rows = Fund.objects.filter(closed_at=None).order_by("name")
    return [(fund.ref, gettext("Money into {fund}").format(fund=fund.name)) for fund in rows]


def contribution_offers(amount: int) -> list[tuple[str, str]]:
    """Promises from elsewhere of this amount, and those that finance wrote down before the statement came."""
    rows = Contribution.objects.filter(pence=amount, state__in=Contribution.COUNTED).select_related("project")
    done = set(books.found_for("contribution/").order_by().values_list("subject", flat=True))
    return [
        (
            f"contribution/{row.pk}",
            gettext("{source} for {project}").format(source=row.source, project=row.project.title),
        )
        for row in rows.order_by("on", "source")
        if f"contribution/{row.pk}" not in done
    ]


def campaign_offers(amount: int) -> list[tuple[str, str]]:
    """Projects that were paid at least so much: some of it has come back."""
    sums = Payout.objects.filter(state=Payout.State.PAID, purpose__startswith="campaign/").order_by()
    rows = sums.values("purpose").annotate(n=Sum("amount")).filter(n__gte=amount).values_list("purpose", flat=True)
    known = campaign_titles(list(rows))
    return [
        (one, gettext("Came back from {project}, which was paid it").format(project=known[one]))
        for one in sorted(known)
    ]


def gift_cautions(references: Sequence[str]) -> dict[str, str]:
    """Gifts whose campaign is over without being funded."""
    rows = Pledge.objects.filter(handle__in=[_handle(one) for one in references], campaign__state__in=OVER)
    found = rows.order_by().values_list("handle", "campaign__project__title")
    said = gettext(
        "The campaign of %(project)s is over and was not funded. Matched with that gift, the money is sent back to "
        "its giver as a refund; left open, it is held in suspense."
    )
    return {f"pledge/{handle}": said % {"project": project} for handle, project in found}


def contribution_cautions(references: Sequence[str]) -> dict[str, str]:
    """Money from elsewhere for a project whose last campaign is over without being funded."""
    ids = [pk for one in references for pk in _uuids(one)]
    if not ids:
        return {}
    rows = Contribution.objects.filter(pk__in=ids).select_related("project", "campaign")
    latest = {
        campaign.project_id: campaign
        for campaign in Campaign.objects.filter(project__contributions__pk__in=ids).order_by("opens_at")
    }
    said = gettext(
        "The campaign of %(project)s is over and was not funded, so nothing can be paid on from it. Send the money "
        "back: choose something else, Refunds owed to givers, and match the line out with the same. Or leave the "
        "line open: the money is held in suspense until you know."
    )
    found = {}
    for row in rows:
        campaign = row.campaign or latest.get(row.project_id)
        if campaign is not None and campaign.state in OVER:
            found[f"contribution/{row.pk}"] = said % {"project": row.project.title}
    return found


def _known(rows: QuerySet[Any]) -> Any:
    found = rows.first()
    if found is None:
        raise Invalid("payments.match-unknown", gettext("There is no such fund or project."), "what")
    return found


def _uuids(purpose: str) -> list[UUID]:
    """The id in a reference; none where it is not one."""
    try:
        return [UUID(_handle(purpose))]
    except ValueError:
        return []


def register() -> None:
    purposes.register(
        "pledge",
        credit_account=credit_account,
        on_ready=ready,
        on_settled=settled,
        on_failed=failed,
        on_refunded=refunded,
        on_disputed=disputed,
        desk_url=following.gift_url,
        about=following.row_of,
        title=title,
        titles=titles,
        cautions=gift_cautions,
    )
    purposes.register(
        "campaign",
        on_payout=payout,
        may_pay_out=grants.may_pay_out,
        bank_line=campaign_line,
        bank_offers=campaign_offers,
        desk_url=following.gifts_url,
        title=campaign_title,
        titles=campaign_titles,
    )
    purposes.register("fund", bank_line=fund_line, bank_offers=fund_offers)
    purposes.register(
        "contribution", bank_line=contribution_line, bank_offers=contribution_offers, cautions=contribution_cautions
    )
