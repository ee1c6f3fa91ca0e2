"""Match a pledge as it becomes firm, and put the match right when a pledge goes.

The arithmetic is `methods.matching`; here it meets the pot. A fund's row is locked while what it has left is read and
set aside, and the ledger's own constraint refuses an overdraft should this file ever be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions.locking import following_locked
from becontree.citizenship.giving.models import Award, Campaign, Fund, Pledge, Slice
from becontree.foundations.people.actors import Actor
from becontree.methods import matching
from becontree.methods.matching import State, quote

ENDLESS = 10**13  # pence: more than any pot, less than what an exact integer column holds


def match(pledge: Pledge, campaign: Campaign, by: Actor, now: datetime, *, known: bool) -> int:
    """Set aside the match that a pledge brings in from every fund that follows its rule. Returns pence.

    `known` says whether another gift of the giver that may be matched counts in the campaign already.
    Call it under the campaign's lock, before the pledge is added to the campaign's counters.
    """
    if not pledge.matchable:
        return 0
    funds = following_locked(campaign, now.date())
    if not funds:
        return 0
    awards = _awards(funds, campaign)
    left = books.available_of(funds)
    here = _counted_for(pledge, campaign) if known else {}
    parts, total = [], 0
    for fund in funds:
        award = awards[fund.pk]
        if award.state != Award.State.PROMISED:
            continue
        state = _state(award, pledge.pence, pot=left[fund.pk], here=here.get(award.pk, 0), known=known)
        found = quote(fund.terms, state, pledge.pence)
        if not found.pence and not found.counted:
            continue
        award.counted += found.counted
        award.pence += found.pence
        award.slices_made += 1
        award.save(update_fields=["slices_made", "pence", "counted"])
        parts.append(
            Slice(
                award=award,
                pledge=pledge,
                pence=found.pence,
                counted=found.counted,
                caught_up=found.caught_up,
                limits=[limit.code for limit in found.limits],
                number=award.slices_made,
            )
        )
        total += found.pence
        campaign.match_promised += found.pence
    Slice.objects.bulk_create(parts)
    for part in parts:
        if part.pence:
            books.reserve(part, now.date(), by, now)
    return total


def put_right(campaign: Campaign, by: Actor, now: datetime) -> None:
    """After a pledge has gone: no fund gives more than its rule allows for those that stay, and none gives less.

    Call it under the campaign's lock, with its counters already reduced. The last fund is cut first and the first one
    fills up first, so that priority holds both ways and every fund ends at what its rule gives beside the others.
    """
    awards = list(campaign.awards.filter(state__in=[Award.State.PROMISED, Award.State.GRANTED]).select_related("fund"))
    ruled = [
        award for award in awards if award.state == Award.State.PROMISED and award.fund.decides == Fund.Decides.RULE
    ]
    if ruled:
        held = {  # in the room's order of locks: by priority
            fund.pk: fund
            for fund in Fund.objects.select_for_update(of=("self",)).filter(pk__in=[award.fund_id for award in ruled])
        }
        rows = _live(ruled).order_by().values("award").annotate(pence=Sum("pence"), counted=Sum("counted"))
        sums = {row["award"]: (row["pence"], row["counted"]) for row in rows}
        for award in ruled:
            award.campaign, award.fund = campaign, held[award.fund_id]
            award.pence, award.counted = sums.get(award.pk, (0, 0))
    campaign.match_promised = sum(award.pence for award in awards)
    if not ruled:
        return
    gifts = listed(campaign)
    for award in reversed(ruled):
        excess = award.pence - due(award, gifts)
        if excess > 0:
            _trim(award, excess, by, now)
    last = None
    left = books.available_of([award.fund for award in ruled])
    for award in ruled:
        more = min(due(award, gifts) - award.pence, left[award.fund_id])
        if more > 0:
            last = last or _matchable(campaign).first()
            assert last is not None  # nothing is due where no gift counts
            _add(award, last, more, by, now, counted=0, caught_up=more, limits=[])
    Award.objects.bulk_update(ruled, ["pence", "counted"])


def within_target(campaign: Campaign, by: Actor, now: datetime) -> None:
    """Money came in from elsewhere or from the crowd that leaves less to match: funds take back what is too much.

    Call it under the campaign's lock, with its counters raised. The last fund gives way first. Saves the counter.
    """
    excess = min(campaign.raised - campaign.target, campaign.match_promised)
    if excess <= 0:
        return
    awards = campaign.awards.filter(state=Award.State.PROMISED, fund__decides=Fund.Decides.RULE, pence__gt=0)
    for award in reversed(awards.select_related("fund")):
        award.campaign = campaign
        cut = min(excess, award.pence)
        _trim(award, cut, by, now)
        award.save(update_fields=["pence"])
        excess -= cut
    campaign.save(update_fields=["match_promised"])


def listed(campaign: Campaign) -> list[matching.Pledge]:
    """The campaign's gifts that funds may match, the largest first, with givers as numbers.

    Everybody may read the list, so its order tells nothing of who gave when. The rule gives the same in any order.
    """
    givers: dict[object, str] = {}
    found = []
    for giver, pence in _matchable(campaign).order_by("-pence", "handle").values_list("giver_id", "pence"):
        found.append(matching.Pledge(givers.setdefault(giver, f"giver-{len(givers) + 1}"), campaign.slug, pence))
    return found


def project(award: Award) -> matching.Project:
    """What the fund's rule knows of the campaign: its target, and that nothing is paid beyond it."""
    campaign = award.campaign
    others = campaign.match_promised - award.pence
    cap = max(0, campaign.target - campaign.crowd - campaign.elsewhere - others)
    return matching.Project(campaign.slug, target=campaign.target, cap=cap)


def due(award: Award, gifts: Sequence[matching.Pledge] | None = None) -> int:
    """What the rule gives for the gifts that stand now, from an endless pot, in pence."""
    gifts = listed(award.campaign) if gifts is None else gifts
    if not gifts:
        return 0
    return matching.share_pot(award.fund.terms, [project(award)], gifts, pot=ENDLESS).of(award.campaign.slug)


def drop(pledge: Pledge, by: Actor, now: datetime) -> None:
    """Let go of all match that came in with a pledge."""
    for part in Slice.objects.filter(pledge=pledge, released=False):
        _let_go(part, by, now)


def lapse(campaign: Campaign, by: Actor, now: datetime) -> None:
    """The campaign missed its target: every fund has its promise back, in one journal."""
    parts = Slice.objects.filter(award__campaign=campaign, released=False)
    books.unreserve_all(campaign, parts.filter(pence__gt=0), by, now)
    parts.update(released=True)
    campaign.awards.filter(state=Award.State.PROMISED).update(state=Award.State.LAPSED, pence=0, counted=0)
    campaign.match_promised = 0


def _matchable(campaign: Campaign) -> QuerySet[Pledge]:
    return campaign.pledges.filter(kind="money", state__in=Pledge.COUNTED, matchable=True)


def _live(awards: Sequence[Award]) -> QuerySet[Slice]:
    return Slice.objects.filter(award__in=awards, released=False)


def _awards(funds: Sequence[Fund], campaign: Campaign) -> dict[Any, Award]:
    """Fund id -> its award to the campaign, made where there is none. The campaign's lock keeps others away."""
    found = {award.fund_id: award for award in campaign.awards.filter(fund__in=funds).order_by()}
    new = [Award(fund=fund, campaign=campaign) for fund in funds if fund.pk not in found]
    if new:
        found |= {award.fund_id: award for award in Award.objects.bulk_create(new)}
    for fund in funds:
        found[fund.pk].fund, found[fund.pk].campaign = fund, campaign
    return found


def _counted_for(pledge: Pledge, campaign: Campaign) -> dict[Any, int]:
    """Award id -> pence of the giver's gifts that counted for it so far."""
    rows = Slice.objects.filter(award__campaign=campaign, pledge__giver=pledge.giver_id, released=False)
    return dict(rows.order_by().values_list("award").annotate(n=Sum("counted")))


def _state(award: Award, new: int, *, pot: int, here: int, known: bool) -> State:
    campaign = award.campaign
    missing = campaign.target - campaign.crowd - campaign.elsewhere - campaign.match_promised - new
    return State(
        pot=pot,
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
    *,
    counted: int,
    caught_up: int,
    limits: list[str],
) -> None:
    award.slices_made += 1
    award.pence += pence
    award.campaign.match_promised += pence
    award.save(update_fields=["slices_made", "pence"])
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
        award.campaign.match_promised -= part.pence
        stays = max(0, part.pence - excess)
        excess -= part.pence - stays
        _add(award, part.pledge, stays, by, now, counted=part.counted, caught_up=0, limits=part.limits)
