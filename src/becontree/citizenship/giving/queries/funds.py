"""What a fund says of itself, its money and its awards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from becontree.citizenship.giving.models import Award, Fund
from becontree.foundations.kit.dates import day
from becontree.foundations.kit.pence import pounds
from becontree.foundations.ledger import queries as ledger
from becontree.foundations.ledger.models import Account

ON_A_LIST = ("pence", "granted_at", "fund", "campaign__project__title", "campaign__project__slug")


def describe(fund: Fund) -> list[str]:
    """A fund's rule in plain sentences, each a limit of its own."""
    ratio = {"match": pounds(fund.ratio_of * 100, short=True), "crowd": pounds(fund.ratio_to * 100, short=True)}
    said = [gettext("%(match)s for every %(crowd)s people give.") % ratio]
    if fund.decides != Fund.Decides.RULE:
        by_panel = fund.decides == Fund.Decides.PANEL
        said = [
            gettext("A panel says how much, and why.") if by_panel else gettext("An officer says how much, and why.")
        ]
    if fund.share_percent is not None:
        said.append(gettext("At most %(share)s%% of what the project needs.") % {"share": fund.share_percent})
    if fund.per_project is not None:
        said.append(gettext("At most %(most)s to one project.") % {"most": pounds(fund.per_project, short=True)})
    if fund.per_giver is not None:
        said.append(
            gettext("Of one person's gifts to a project, the first %(most)s count.")
            % {"most": pounds(fund.per_giver, short=True)}
        )
    if fund.min_backers:
        said.append(gettext("Only once %(least)s people have given.") % {"least": fund.min_backers})
    if fund.crowd_first_percent:
        said.append(
            gettext("Only once people have given %(share)s%% of what is needed.") % {"share": fund.crowd_first_percent}
        )
    wards = [ward.name for ward in fund.wards.all()]
    said.append(
        gettext("For projects in %(wards)s.") % {"wards": ", ".join(wards)}
        if wards
        else gettext("For projects anywhere in the borough.")
    )
    if fund.closes_on is not None:
        said.append(gettext("Until %(day)s.") % {"day": day(fund.closes_on)})
    return said


@dataclass(frozen=True, slots=True)
class FundLine:
    """A fund with its money in pence: `paid_in` = `granted` + `promised` + `left`."""

    fund: Fund
    paid_in: int
    granted: int
    promised: int
    left: int


def fund_lines(funds: Iterable[Fund] | None = None) -> list[FundLine]:
    """Every fund with its money, in a few queries. What is left is the ledger's own figure.

    A reversal undoes what it reverses: money in that was reversed was never paid in, and is no grant.
    """
    funds = list(Fund.objects.select_related("funder").prefetch_related("wards")) if funds is None else list(funds)
    accounts = Account.objects.in_bulk([fund.account for fund in funds], field_name="code")
    undone = ledger.undone_by_reversals([account.pk for account in accounts.values()])
    found = []
    for fund in funds:
        account = accounts[fund.account]
        came, went = undone.get(account.pk, (0, 0))
        paid_in, granted = account.credit_posted - came - went, account.debit_posted - came - went
        promised = account.debit_pending
        found.append(FundLine(fund, paid_in, granted, promised, paid_in - granted - promised))
    return found


def fund_names() -> QuerySet[Fund]:
    """Every fund with its name and nothing else, for `fund_lines`."""
    return Fund.objects.only("slug", "name")


def on_time(fund: Fund, on: date) -> bool:
    return fund.closed_at is None and fund.opens_on <= on and (fund.closes_on is None or on <= fund.closes_on)


def awards_of(fund: Fund) -> QuerySet[Award]:
    return (
        fund.awards.exclude(pence=0)
        .select_related("campaign__project")
        .only(*ON_A_LIST, "state", "authority", "reasons")
        .order_by("-granted_at", "-decided_at")
    )


def granted_awards() -> QuerySet[Award]:
    """Every grant ever made, oldest first: what is published as 360Giving."""
    return (
        Award.objects.filter(state=Award.State.GRANTED)
        .select_related("fund__funder", "campaign__project__organisation", "campaign__project__ward")
        .defer("campaign__project__ward__geometry")
        .order_by("granted_at", "fund__slug", "number")
    )


def newest_grants() -> QuerySet[Any]:
    """Every grant ever made, newest first: {"pence", "granted_at", "from_fund", "slug", "title"} (of its project)."""
    rows = Award.objects.filter(state=Award.State.GRANTED).order_by("-granted_at", "-pk")
    project = {"slug": F("campaign__project__slug"), "title": F("campaign__project__title")}
    return rows.values("pence", "granted_at", from_fund=F("fund__name"), **project)
