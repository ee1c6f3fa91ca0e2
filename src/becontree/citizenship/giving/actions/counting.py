"""What a gift adds to its campaign's counters, brings in of match, and takes away again when it is let go or goes back.

Called by this room's other actions, under the campaign's lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions import matching
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.foundations.kit.errors import Clash
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import Charge
from becontree.foundations.people.actors import System

GIVING: Final = System("giving")
COUNTERS: Final = (
    "crowd_promised",
    "crowd_collected",
    "match_promised",
    "backers",
    "matchable_crowd",
    "matchable_backers",
)


def let_go(pledge: Pledge, now: datetime, *, state: str = Pledge.State.RELEASED) -> None:
    """Release a promise (or call it failed), with its match, and put the funds' match right for those that stay."""
    was_firm = pledge.state == Pledge.State.FIRM
    pledge.state, pledge.done_at, pledge.next_try_at = state, now, None
    pledge.save(update_fields=["state", "done_at", "next_try_at"])
    if not was_firm:
        return
    books.let_go(pledge, GIVING, now)
    if pledge.kind == Pledge.Kind.MONEY:
        campaign = pledge.campaign
        campaign.crowd_promised -= pledge.pence
        count_out(pledge, campaign, now)


def let_all_go(campaign: Campaign, pledges: Iterable[Pledge], now: datetime, *, why: str, state: str) -> None:
    """Release many promises of one campaign at once: one journal, two updates. `why` names the journal.

    The match is the caller's: to lapse as a whole, or to put right afterwards. Under the campaign's lock.
    """
    pledges = list(pledges)
    firm = [pledge for pledge in pledges if pledge.state == Pledge.State.FIRM]
    books.let_all_go(campaign, firm, why, GIVING, now)
    for start in range(0, len(pledges), 500):  # under SQLite's limit of parameters
        some = [pledge.pk for pledge in pledges[start : start + 500]]
        Pledge.objects.filter(pk__in=some).update(state=state, done_at=now, next_try_at=None)
    if any(pledge.kind == Pledge.Kind.MONEY for pledge in firm):
        recount(campaign)


def recount(campaign: Campaign) -> None:
    """The campaign's counters of gifts, taken anew from its rows. Under its lock; the caller saves them."""
    counted = Q(kind=Pledge.Kind.MONEY, state__in=Pledge.COUNTED)
    found = campaign.pledges.order_by().aggregate(
        firm_sum=Sum("pence", filter=Q(kind=Pledge.Kind.MONEY, state=Pledge.State.FIRM)),
        paid_sum=Sum("pence", filter=Q(state=Pledge.State.COLLECTED)),
        people=Count("giver", distinct=True, filter=counted),
        matched_sum=Sum("pence", filter=counted & Q(matchable=True)),
        matched_people=Count("giver", distinct=True, filter=counted & Q(matchable=True)),
    )
    campaign.crowd_promised, campaign.crowd_collected = found["firm_sum"] or 0, found["paid_sum"] or 0
    campaign.backers = found["people"]
    campaign.matchable_crowd, campaign.matchable_backers = found["matched_sum"] or 0, found["matched_people"]


def give_back(pledge: Pledge, reason: str, now: datetime, *, alone: bool = True) -> None:
    """Refund a gift that was taken, to its source, with its match let go.

    Where it is one of many (not `alone`), the caller lets go of the match and recounts once for all.
    """
    charge = Charge.objects.filter(purpose=pledge.ref, state="settled", late=False).order_by("settled_at").first()
    if charge is None:
        raise Clash("pledge.charge", gettext("The payment of this gift cannot be found; finance has been told."))
    payments.refund(
        charge=charge, amount=pledge.pence, key=f"pledge:{pledge.handle}:refund", reason=reason, by=GIVING, now=now
    )
    campaign = pledge.campaign
    pledge.state, pledge.done_at = Pledge.State.REFUNDED, now
    pledge.save(update_fields=["state", "done_at"])
    if alone:
        campaign.crowd_collected -= pledge.pence
        count_out(pledge, campaign, now)


def count_in(pledge: Pledge, campaign: Campaign, now: datetime) -> None:
    """A gift begins to count: its match, its giver among the backers. The caller adds the pence and saves."""
    rest = others(pledge)
    matching.match(pledge, campaign, GIVING, now, known=any(rest))
    campaign.backers += not rest
    if pledge.matchable:
        campaign.matchable_crowd += pledge.pence
        campaign.matchable_backers += not any(rest)


def count_out(pledge: Pledge, campaign: Campaign, now: datetime) -> None:
    """A gift counts no longer: its match goes to those that stay. The caller has taken off the pence."""
    rest = others(pledge)
    matching.drop(pledge, GIVING, now)
    campaign.backers -= not rest
    if pledge.matchable:
        campaign.matchable_crowd -= pledge.pence
        campaign.matchable_backers -= not any(rest)
    matching.put_right(campaign, GIVING, now)
    campaign.save(update_fields=list(COUNTERS))


def others(pledge: Pledge) -> list[bool]:
    """The giver's other gifts of money that count in this campaign: whether each may be matched."""
    rows = Pledge.objects.filter(
        campaign=pledge.campaign_id, giver=pledge.giver_id, kind=Pledge.Kind.MONEY, state__in=Pledge.COUNTED
    )
    return list(rows.exclude(pk=pledge.pk).order_by().values_list("matchable", flat=True))
