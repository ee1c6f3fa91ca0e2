"""What pages and exports read of giving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext, ngettext

from becontree.citizenship.giving import books, figures
from becontree.citizenship.giving.actions.grants import source_rows, sources
from becontree.citizenship.giving.models import Award, Campaign, Contribution, Fund, NameRuling, PayIn, Pledge, Slice
from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.as_read import mark
from becontree.foundations.kit.dates import LONDON, day
from becontree.foundations.kit.pence import pounds
from becontree.foundations.ledger import queries as ledger
from becontree.foundations.ledger.models import Account
from becontree.foundations.payments import queries as payments
from becontree.foundations.payments.models import Payout
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person

OPEN = (Campaign.State.LIVE, Campaign.State.COLLECTING)
DONE = (Campaign.State.FUNDED, Campaign.State.PART)
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


def pay_ins() -> QuerySet[PayIn]:
    """All money into funds that somebody wrote down by hand, newest first."""
    return PayIn.objects.select_related("fund")


def pay_ins_waiting(user: Person) -> QuerySet[PayIn]:
    """What somebody else wrote down and a second person must look at."""
    return pay_ins().filter(state=PayIn.State.WAITS).exclude(written_by=party_id(user))


def as_read(written: PayIn) -> str:
    """A mark of all that the second person reads before deciding; it goes with the form and must still be the same."""
    fund = written.fund
    return mark(
        written.pk, fund.slug, fund.name, written.pence, written.reference, written.on.isoformat(), written.written_by
    )


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


def latest_campaign(project: Project) -> Campaign | None:
    found = project.campaigns.order_by("-opens_at").first()
    if found is not None:
        found.project = project
    return found


def campaigns_of(projects: Sequence[Project]) -> dict[Any, Campaign]:
    """Project id -> its latest campaign, in one query."""
    found: dict[Any, Campaign] = {}
    for campaign in Campaign.objects.filter(project__in=projects).order_by("opens_at"):
        found[campaign.project_id] = campaign
    return found


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One need with what is promised and given, in its own unit."""

    need: Any
    promised: int
    delivered: int

    @property
    def left(self) -> int:
        return max(0, int(self.need.quantity) - self.promised - self.delivered)


def needs_of(project: Project) -> list[NeedLine]:
    """Hours, skills and things that a project needs, each with what is promised. One query."""
    rows = project.needs.annotate(
        promised=Sum("pledges__quantity", filter=Q(pledges__state=Pledge.State.FIRM)),
        delivered=Sum("pledges__quantity", filter=Q(pledges__state=Pledge.State.DELIVERED)),
    )
    return [NeedLine(row, row.promised or 0, row.delivered or 0) for row in rows]


def public_names(campaign: Campaign, most: int = 60) -> list[str]:
    """The names that givers chose to show, by name; of one giver each name once.

    Never by when they gave: beside the sum of a day before and after, that would tell who gave how much.
    """
    rows = campaign.pledges.filter(
        state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED], name_state=Pledge.NameState.SHOWN
    ).exclude(public_name="")
    found = rows.order_by().values_list("public_name", "giver").distinct()
    return sorted((name for name, _giver in found), key=lambda name: (name.casefold(), name))[:most]


def names_of(campaign: Campaign, giver: Any) -> list[str]:
    """The names that a giver's own gifts to a project show, or will show once read, newest first. One query."""
    if not giver.is_authenticated:
        return []
    rows = campaign.pledges.filter(giver=giver, state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED])
    rows = rows.exclude(name_state=Pledge.NameState.HIDDEN).exclude(public_name="").order_by("-made_at")
    return list(dict.fromkeys(rows.values_list("public_name", flat=True)))


def names_to_read(user: Any) -> QuerySet[Pledge]:
    """Gifts whose name waits until an officer has read it, oldest first. Only the name is read here, never who gave."""
    rows = Pledge.objects.visible_to(user, "moderation").filter(name_state=Pledge.NameState.WAITING)
    return (
        rows.select_related("campaign__project")
        .exclude(state__in=[Pledge.State.BEGUN, Pledge.State.RELEASED])
        .order_by("made_at")
    )


def names_shown(user: Any, words: str = "") -> QuerySet[Pledge]:
    """Gifts that show a name, newest first."""
    rows = Pledge.objects.visible_to(user, "moderation").select_related("campaign__project")
    rows = rows.filter(state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED], name_state=Pledge.NameState.SHOWN)
    return (rows.filter(public_name__icontains=words[:40]) if words else rows).order_by("-made_at")


def name_appeals() -> QuerySet[NameRuling]:
    """Appeals about hidden names that wait for an answer, by their clock."""
    rows = NameRuling.objects.filter(appealed_at__isnull=False, decided_at=None)
    return rows.select_related("pledge__campaign__project").order_by("due_on")


def running_money(project: Project) -> list[Contribution]:
    """Money from elsewhere to run the project afterwards: never part of the capital sum."""
    return list(project.contributions.filter(part="running", state__in=Contribution.COUNTED))


def pledges_of(person: Any) -> QuerySet[Pledge]:
    rows = Pledge.objects.visible_to(person, "own").exclude(state=Pledge.State.BEGUN)
    return rows.select_related("campaign__project", "need").order_by("-made_at")


def helpers(project: Project, user: Any) -> QuerySet[Pledge]:
    """Promises of hours, skills and things to a project, for those who run it."""
    rows = Pledge.objects.visible_to(user, "case").filter(campaign__project=project)
    return rows.filter(state__in=[Pledge.State.FIRM, Pledge.State.DELIVERED]).select_related("giver", "need")


@dataclass(frozen=True, slots=True)
class HelpDue:
    """What was promised to one project besides money, and should have come: how many promises, of what, since when."""

    slug: str
    title: str
    closed_at: datetime
    promises: int
    hours: int
    things: int


def help_due(now: datetime) -> list[HelpDue]:
    """Projects whose campaign closed well and whose promised help is past its day, the oldest first. One query."""
    rows = (
        Pledge.objects.filter(
            state=Pledge.State.FIRM,
            campaign__state__in=[Campaign.State.FUNDED, Campaign.State.PART],
            campaign__closes_at__lt=now - timedelta(days=figures.help_days(now.astimezone(LONDON).date())),
        )
        .exclude(kind=Pledge.Kind.MONEY)
        .order_by("campaign__closes_at", "campaign__project__slug")
        .values_list("campaign__project__slug", "campaign__project__title", "campaign__closes_at")
        .annotate(
            promises=Count("pk"),
            hours=Sum("quantity", filter=~Q(kind=Pledge.Kind.THINGS), default=0),
            things=Sum("quantity", filter=Q(kind=Pledge.Kind.THINGS), default=0),
        )
    )
    return [HelpDue(*row) for row in rows]


def closing_soon(now: datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=OPEN).select_related("project").order_by("closes_at")


def promised() -> QuerySet[Contribution]:
    """Money from elsewhere that is promised and has not come, oldest first: what finance looks for."""
    rows = Contribution.objects.filter(state=Contribution.State.PROMISED)
    return rows.select_related("project").order_by("on", "source")


def claimed() -> QuerySet[Contribution]:
    rows = Contribution.objects.filter(state=Contribution.State.CLAIMED)
    return rows.select_related("project", "evidence").order_by("claimed_at")


def payouts_of(campaign: Campaign) -> QuerySet[Payout]:
    """What was asked for, agreed to, paid or refused for a campaign's group, newest first."""
    return payments.payouts_of(campaign.ref)


def unsigned() -> QuerySet[Campaign]:
    rows = Campaign.objects.filter(agreement__isnull=False, agreement__council_signed_at=None)
    return rows.select_related("project", "agreement")


def payable() -> list[tuple[Campaign, int]]:
    """Funded campaigns whose agreement is signed and that still hold money, with what they hold in pence."""
    rows = Campaign.objects.filter(
        state__in=[Campaign.State.FUNDED, Campaign.State.PART],
        agreement__organiser_signed_at__isnull=False,
        agreement__council_signed_at__isnull=False,
    ).select_related("project__organisation")
    accounts = Account.objects.in_bulk([campaign.held for campaign in rows], field_name="code")
    found = []
    for campaign in rows:
        account = accounts[campaign.held]
        held = account.credit_posted - account.debit_posted - account.debit_pending
        if held > 0:
            found.append((campaign, held))
    return found


def totals() -> dict[str, int]:
    """The borough's sums in pence, over campaigns that succeeded."""
    done = Campaign.objects.filter(state__in=DONE)
    sums = done.aggregate(crowd=Sum("crowd_collected"), match=Sum("match_promised"), elsewhere=Sum("elsewhere"))
    return {
        "crowd": sums["crowd"] or 0,
        "match": sums["match"] or 0,
        "elsewhere": sums["elsewhere"] or 0,
        "all": (sums["crowd"] or 0) + (sums["match"] or 0) + (sums["elsewhere"] or 0),
    }


def raised_by_project() -> QuerySet[Any]:
    """What each campaign that succeeded raised from residents, funds and elsewhere: the parts of `totals`.

    {"crowd", "match", "elsewhere", "of", "title"}: pence, and the project's slug and title.
    """
    rows = Campaign.objects.filter(state__in=DONE).order_by("-settled_at", "slug")
    sums = {"crowd": F("crowd_collected"), "match": F("match_promised")}
    return rows.values("elsewhere", **sums, of=F("project__slug"), title=F("project__title"))


def from_elsewhere() -> QuerySet[Contribution]:
    """Who gave what from elsewhere to those campaigns, the largest first."""
    rows = Contribution.objects.filter(campaign__state__in=DONE, part="capital", state__in=Contribution.COUNTED)
    return (
        rows.select_related("project", "organisation")
        .only("pence", "source", "kind", "state", "on", "project__title", "project__slug", "organisation__slug")
        .order_by("-pence", "source", "pk")
    )


def givers() -> int:
    """How many people gave money, time or things to any campaign."""
    rows = Pledge.objects.filter(state__in=[*Pledge.COUNTED, Pledge.State.DELIVERED])
    return rows.aggregate(n=Count("giver", distinct=True))["n"] or 0


def spread(project: Project, campaign: Campaign | None) -> dict[str, Any] | None:
    """The funding picture of a project: sources, target and sums in pence."""
    if campaign is None:
        return None
    rows = sources(campaign)
    for row in rows:
        told = campaign.others_told
        if row["kind"] == "own":
            row["label"] = gettext("The project's own people")
        if row["kind"] == "crowd" and row["label"] in {"fewer than 5 people", f"{told} people"}:
            # The record and the agreement have it in English; a page says it in its reader's language.
            row["label"] = (
                gettext("fewer than 5 people")
                if told is None
                else ngettext("%(n)s person", "%(n)s people", told) % {"n": told}
            )
    return {"sources": rows, "target": campaign.target, "raised": sum(row["pence"] for row in rows)}


def sources_of(campaigns: Sequence[Campaign]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(campaign id, source), each campaign's largest first: `spread` for many campaigns, in two queries."""
    parts: dict[Any, list[Contribution]] = defaultdict(list)
    awards: dict[Any, list[Award]] = defaultdict(list)
    wanted = [campaign.pk for campaign in campaigns]
    for part in Contribution.objects.filter(campaign__in=wanted, part="capital", state__in=Contribution.COUNTED):
        parts[part.campaign_id].append(part)
    for award in Award.objects.filter(campaign__in=wanted).exclude(state=Award.State.LAPSED).select_related("fund"):
        awards[award.campaign_id].append(award)
    for campaign in campaigns:
        for row in source_rows(campaign, parts[campaign.pk], awards[campaign.pk]):
            yield campaign.pk, row


def days_left(campaign: Campaign, now: datetime) -> int:
    return max(0, (campaign.closes_at - now).days)


def counters_off() -> list[str]:
    """The audit: campaigns whose kept counters differ from the rows they sum. Empty when all is right."""
    faults = []
    counted = Q(pledges__kind="money", pledges__state__in=["firm", "collected"])
    rows = Campaign.objects.annotate(
        firm_sum=Sum("pledges__pence", filter=Q(pledges__state="firm", pledges__kind="money")),
        paid_sum=Sum("pledges__pence", filter=Q(pledges__state="collected")),
        people=Count("pledges__giver", distinct=True, filter=counted),
        matched_sum=Sum("pledges__pence", filter=counted & Q(pledges__matchable=True)),
        matched_people=Count("pledges__giver", distinct=True, filter=counted & Q(pledges__matchable=True)),
    )
    awards = Award.objects.exclude(state="lapsed").order_by()
    promised = dict(awards.values_list("campaign").annotate(n=Sum("pence")))
    checked = Contribution.objects.filter(part="capital", state__in=Contribution.COUNTED).order_by()
    elsewhere = dict(checked.values_list("campaign").annotate(n=Sum("pence")))
    for row in rows:
        want = (
            row.firm_sum or 0, row.paid_sum or 0, row.people, promised.get(row.pk, 0), elsewhere.get(row.pk, 0),
            row.matched_sum or 0, row.matched_people,
        )  # fmt: skip
        have = (
            row.crowd_promised, row.crowd_collected, row.backers, row.match_promised, row.elsewhere,
            row.matchable_crowd, row.matchable_backers,
        )  # fmt: skip
        if want != have:
            faults.append(f"{row.slug}: counted {want}, kept {have}")
    slices = Slice.objects.filter(released=False).order_by().values_list("award")
    live = {award: (pence, counted) for award, pence, counted in slices.annotate(p=Sum("pence"), c=Sum("counted"))}
    for award, pence, gifts in Award.objects.exclude(state="lapsed").values_list("pk", "pence", "counted"):
        if live.get(award, (0, 0)) != (pence, gifts):
            faults.append(f"award {award}: its slices say {live.get(award, (0, 0))}, it keeps {(pence, gifts)}")
    set_aside = dict(Award.objects.filter(state="promised").order_by().values_list("fund").annotate(n=Sum("pence")))
    granted = dict(Award.objects.filter(state="granted").order_by().values_list("fund").annotate(n=Sum("pence")))
    for line in fund_lines():
        if set_aside.get(line.fund.pk, 0) != line.promised:
            faults.append(
                f"{line.fund.slug}: awards promise {set_aside.get(line.fund.pk, 0)}, the ledger holds {line.promised}"
            )
        if granted.get(line.fund.pk, 0) > line.granted:
            faults.append(f"{line.fund.slug}: awards grant {granted[line.fund.pk]}, the ledger paid {line.granted}")
    return faults


def on_time(fund: Fund, on: date) -> bool:
    return fund.closed_at is None and fund.opens_on <= on and (fund.closes_on is None or on <= fund.closes_on)


def held(campaign: Campaign) -> int:
    return books.held(campaign)
