"""The borough's sums over campaigns that succeeded, and the audit of every counter that is kept."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from becontree.citizenship.giving.models import Award, Campaign, Contribution, Pledge, Slice
from becontree.citizenship.giving.queries.funds import fund_lines

DONE = (Campaign.State.FUNDED, Campaign.State.PART)


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
