"""Match a pledge as it becomes firm, and put the match right when a pledge goes.

The arithmetic is `methods.matching`; here it meets the pot. A fund's row is locked while what it has left is read and
set aside, and the ledger's own constraint refuses an overdraft should this file ever be wrong.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions.funds import fits
from becontree.citizenship.giving.actions.locking import fund_locked
from becontree.citizenship.giving.models import Award, Campaign, Fund, Pledge, Slice
from becontree.foundations.people.actors import Actor
from becontree.methods import matching
from becontree.methods.matching import State, quote

ENDLESS = 10**13  # pence: more than any pot, less than what an exact integer column holds


def match(pledge: Pledge, campaign: Campaign, by: Actor, now: datetime) -> int:
    """Set aside the match that a pledge brings in from every fund that follows its rule. Returns pence.

    Call it under the campaign's lock, before the pledge is added to the campaign's counters.
    """
    if not pledge.matchable:
        return 0
    total = 0
    waiting = Fund.objects.filter(decides=Fund.Decides.RULE, closed_at=None).prefetch_related("wards")
    for candidate in waiting:  # in order of priority
        if not fits(candidate, campaign, now.date()):
            continue
        fund = fund_locked(candidate)
        award, _ = Award.objects.get_or_create(fund=fund, campaign=campaign)
        if award.state != Award.State.PROMISED:
            continue
        award.campaign, award.fund = campaign, fund
        found = quote(fund.terms, _state(award, pledge), pledge.pence)
        award.counted += found.counted
        if found.pence or found.counted:
            _add(award, pledge, found.pence, by, now, found.counted, found.caught_up, [x.code for x in found.limits])
        total += found.pence
        campaign.match_promised += found.pence
    return total


def put_right(campaign: Campaign, by: Actor, now: datetime) -> None:
    """After a pledge has gone: no fund gives more than its rule allows for those that stay, and none gives less.

    Call it under the campaign's lock, with its counters already reduced.
    """
    for award in campaign.awards.filter(state=Award.State.PROMISED).select_related("fund"):
        award.campaign = campaign
        if award.fund.decides != Fund.Decides.RULE:
            continue
        award.fund = fund_locked(award.fund)
        live = Slice.objects.filter(award=award, released=False)
        award.counted = live.aggregate(n=Sum("counted"))["n"] or 0
        award.pence = live.aggregate(n=Sum("pence"))["n"] or 0
        entitled = due(award)
        if award.pence > entitled:
            _trim(award, award.pence - entitled, by, now)
        elif award.pence < entitled:
            more = min(entitled - award.pence, books.available(award.fund))
            last = campaign.pledges.filter(kind="money", state__in=Pledge.COUNTED, matchable=True).first()
            if more > 0 and last is not None:
                _add(award, last, more, by, now, 0, more, [])
        award.save(update_fields=["pence", "counted"])
    campaign.match_promised = (
        campaign.awards.filter(state__in=[Award.State.PROMISED, Award.State.GRANTED]).aggregate(n=Sum("pence"))["n"]
        or 0
    )


def listed(campaign: Campaign) -> list[matching.Pledge]:
    """The campaign's gifts that funds may match, in the order in which they became firm, with givers as numbers."""
    rows = campaign.pledges.filter(kind="money", state__in=Pledge.COUNTED, matchable=True)
    givers: dict[object, str] = {}
    found = []
    for giver, pence in rows.order_by("firm_at", "handle").values_list("giver_id", "pence"):
        found.append(matching.Pledge(givers.setdefault(giver, f"giver-{len(givers) + 1}"), campaign.slug, pence))
    return found


def project(award: Award) -> matching.Project:
    """What the fund's rule knows of the campaign: its target, and that nothing is paid beyond it."""
    campaign = award.campaign
    others = campaign.match_promised - award.pence
    cap = max(0, campaign.target - campaign.crowd - campaign.elsewhere - others)
    return matching.Project(campaign.slug, target=campaign.target, cap=cap)


def due(award: Award) -> int:
    """What the rule gives for the gifts that stand now, from an endless pot, in pence."""
    pledges = listed(award.campaign)
    if not pledges:
        return 0
    return matching.share_pot(award.fund.terms, [project(award)], pledges, pot=ENDLESS).of(award.campaign.slug)


def drop(pledge: Pledge, by: Actor, now: datetime) -> None:
    """Let go of all match that came in with a pledge."""
    for part in Slice.objects.filter(pledge=pledge, released=False).select_related("award__fund", "award__campaign"):
        _let_go(part, by, now)


def lapse(campaign: Campaign, by: Actor, now: datetime) -> None:
    """The campaign missed its target: every fund has its promise back."""
    for part in Slice.objects.filter(award__campaign=campaign, released=False).select_related(
        "award__fund", "award__campaign"
    ):
        _let_go(part, by, now)
    campaign.awards.filter(state=Award.State.PROMISED).update(state=Award.State.LAPSED, pence=0, counted=0)
    campaign.match_promised = 0


def _state(award: Award, pledge: Pledge | None) -> State:
    campaign = award.campaign
    new = pledge.pence if pledge is not None else 0
    here = 0
    known = False
    if pledge is not None:
        others = campaign.pledges.filter(giver=pledge.giver_id, kind="money", state__in=Pledge.COUNTED, matchable=True)
        known = others.exclude(pk=pledge.pk).exists()
        here = (
            Slice.objects.filter(award=award, pledge__giver=pledge.giver_id, released=False).aggregate(
                n=Sum("counted")
            )["n"]
            or 0
        )
    missing = campaign.target - campaign.crowd - campaign.elsewhere - campaign.match_promised - new
    return State(
        pot=books.available(award.fund),
        target=campaign.target,
        cap=award.pence + max(0, missing),
        crowd=campaign.matchable_crowd,
        counted=award.counted,
        matched=award.pence,
        backers=campaign.matchable_backers,
        giver_here=here,
        giver_in_fund=here,
        giver_known=known,
    )


def _add(
    award: Award,
    pledge: Pledge | None,
    pence: int,
    by: Actor,
    now: datetime,
    counted: int,
    caught_up: int,
    limits: list[str],
) -> None:
    award.slices_made += 1
    award.pence += pence
    award.save(update_fields=["slices_made", "pence", "counted"])
    part = Slice.objects.create(
        award=award,
        pledge=pledge,
        pence=pence,
        counted=counted,
        caught_up=caught_up,
        limits=limits,
        number=award.slices_made,
    )
    if pence:
        books.reserve(part, now.date(), by, now)


def _let_go(part: Slice, by: Actor, now: datetime) -> None:
    if part.pence:
        books.unreserve(part, by, now)
    part.released = True
    part.save(update_fields=["released"])


def _trim(award: Award, excess: int, by: Actor, now: datetime) -> None:
    """Take `excess` pence back from the newest slices; what a slice still deserves is set aside anew."""
    for part in Slice.objects.filter(award=award, released=False, pence__gt=0).order_by("-id"):
        if excess <= 0:
            return
        part.award = award
        _let_go(part, by, now)
        award.pence -= part.pence
        stays = max(0, part.pence - excess)
        excess -= part.pence - stays
        _add(award, part.pledge, stays, by, now, part.counted, 0, part.limits)
