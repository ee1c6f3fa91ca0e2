"""Promise money, hours, skills or things; make it firm; let it go; say that help was given."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext, ngettext

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions import counting, letters, matching, showing, takeable
from becontree.citizenship.giving.actions.counting import GIVING
from becontree.citizenship.giving.actions.locking import campaign_locked, pledge_locked
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.permissions import must_own
from becontree.citizenship.projects.models import Need
from becontree.citizenship.projects.permissions import has_run, must_organise
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import plain
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import Charge, Instruction
from becontree.foundations.people.actors import Actor, System
from becontree.foundations.people.models import Person


@transaction.atomic
def offer_money(
    *,
    campaign: Campaign,
    pence: int,
    by: Actor,
    now: datetime,
    return_url: str,
    public_name: str = "",
    name_for: str = showing.THIS,
    once: str = "",
    own_told: bool = False,
) -> tuple[Pledge, Instruction]:
    """Begin a gift of money; the giver goes on to `Instruction.next_url`. It counts when `made_firm` is called.

    `once` is a token of the form, so that a form sent twice begins one gift. `name_for`: "all" shows the name with
    what they gave before as well. `own_told`: one of the project's own people has read, and agrees, that the sum of
    what those gave is public; without it they cannot give. Raises NotAllowed, Invalid, Clash.
    """
    giver = _giver(by)
    if once:
        before = Pledge.objects.filter(giver=giver, once=once).first()
        same = before is not None and (before.campaign_id, before.pence) == (campaign.pk, pence)
        if before is not None and same and before.instruction is not None:
            if name_for == showing.ALL:
                showing.with_all(campaign=campaign, giver=giver, name=public_name, now=now)
            return showing.anew(before, public_name, now), Instruction.objects.get(pk=before.instruction)
        if before is not None:  # they went back and changed the amount: that is another gift
            once = ""
    campaign = campaign_locked(campaign)
    takeable.must_be_open(campaign, now)
    takeable.must_be_takeable(campaign, pence, now)
    own = has_run(giver, campaign.project)
    if own and not own_told:
        raise Invalid(
            "pledge.own",
            gettext("Tick that you agree. What this project's own people gave can be read in public."),
            "own_told",
        )
    if name_for == showing.ALL:
        showing.with_all(campaign=campaign, giver=giver, name=public_name, now=now)
    pledge = Pledge(
        once=once,
        campaign=campaign,
        giver=giver,
        kind=Pledge.Kind.MONEY,
        pence=pence,
        **showing.as_shown(public_name, now),
        matchable=not own,
        ward_code=giver.ward_code,
        made_at=now,
    )
    instruction = payments.begin(
        payer=giver,
        amount=pence,
        purpose=pledge.ref,
        provider=campaign.provider,
        return_url=return_url.replace("{handle}", pledge.handle),
        key=f"pledge:{pledge.handle}:begin",
        take="later" if campaign.strategy == Campaign.Strategy.LATER else "now",
        now=now,
    )
    pledge.instruction = instruction.pk
    pledge.save(force_insert=True)
    return pledge, instruction


@transaction.atomic
def offer_help(
    *,
    need: Need,
    quantity: int,
    by: Actor,
    now: datetime,
    note: str = "",
    public_name: str = "",
    name_for: str = showing.THIS,
    once: str = "",
) -> Pledge:
    """Promise hours, skills or things for a need of a project with an open campaign. It counts at once."""
    giver = _giver(by)
    if once:
        before = Pledge.objects.filter(giver=giver, once=once).first()
        if before is not None and (before.need_id, before.quantity) == (need.pk, quantity):
            if name_for == showing.ALL:
                showing.with_all(campaign=before.campaign, giver=giver, name=public_name, now=now)
            return showing.anew(before, public_name, now, note=plain(note))
        if before is not None:
            once = ""
    open_campaign = Campaign.objects.filter(project=need.project, state=Campaign.State.LIVE).first()
    if open_campaign is None:
        raise Clash("pledge.closed", gettext("The project is not asking for help just now."))
    campaign = campaign_locked(open_campaign)
    takeable.must_be_open(campaign, now)
    given = (
        need.pledges.filter(state__in=[Pledge.State.FIRM, Pledge.State.DELIVERED]).aggregate(n=Sum("quantity"))["n"]
        or 0
    )
    left = need.quantity - given
    if left <= 0:
        raise Clash("pledge.need-met", gettext("Others have promised all of this already. Thank you."))
    if not 0 < quantity <= left:
        if need.unit == "item":
            said = ngettext("One thing is still needed.", "From 1 to %(left)s things are still needed.", left)
        else:
            said = ngettext("One hour is still needed.", "From 1 to %(left)s hours are still needed.", left)
        raise Invalid("pledge.quantity", said % {"left": left}, "quantity")
    if name_for == showing.ALL:
        showing.with_all(campaign=campaign, giver=giver, name=public_name, now=now)
    pledge = Pledge.objects.create(
        once=once,
        campaign=campaign,
        giver=giver,
        kind=need.kind,
        quantity=quantity,
        need=need,
        note=plain(note),
        **showing.as_shown(public_name, now),
        ward_code=giver.ward_code,
        state=Pledge.State.FIRM,
        made_at=now,
        firm_at=now,
    )
    pledge.campaign = campaign
    books.promise(pledge, now.date(), by, now)
    letters.thank(pledge, now)
    return pledge


@transaction.atomic
def made_firm(*, pledge: Pledge, now: datetime) -> Pledge:
    """The giver's card is saved: the gift counts, and brings in its match. Called by payments, which has locked it.

    One that no longer fits below the target is let go, and nothing is taken. Safe to call again.
    """
    if pledge.state != Pledge.State.BEGUN:
        return pledge
    campaign = pledge.campaign
    if not takeable.may_count(pledge, campaign, now):
        pledge.state, pledge.done_at = Pledge.State.RELEASED, now
        pledge.save(update_fields=["state", "done_at"])
        return pledge
    if not takeable.has_room(campaign, pledge.pence):
        _no_room(pledge, Pledge.State.RELEASED, now)
        return pledge
    counting.count_in(pledge, campaign, now)
    pledge.state, pledge.firm_at = Pledge.State.FIRM, now
    pledge.save(update_fields=["state", "firm_at"])
    campaign.crowd_promised += pledge.pence
    campaign.save(update_fields=list(counting.COUNTERS))
    matching.within_target(campaign, GIVING, now)
    books.promise(pledge, now.date(), GIVING, now)
    letters.thank(pledge, now)
    return pledge


@transaction.atomic
def paid(*, pledge: Pledge, charge_id: UUID, now: datetime) -> Pledge:
    """The money is in (payments has posted it). Called by payments, which has locked the pledge.

    What came too late, or no longer fits below the target, goes back to its source. Safe to call again.
    """
    campaign = pledge.campaign
    if pledge.state == Pledge.State.COLLECTED:
        return pledge
    taken_now = pledge.state == Pledge.State.BEGUN
    wanted = (taken_now and takeable.may_count(pledge, campaign, now)) or (
        pledge.state == Pledge.State.FIRM and campaign.state in {Campaign.State.LIVE, Campaign.State.COLLECTING}
    )
    fits = not taken_now or takeable.has_room(campaign, pledge.pence)
    if not wanted or not fits:  # too late, let go meanwhile, or above the target: it goes back to where it came from
        charge = Charge.objects.get(pk=charge_id)
        why = "Others had filled the target" if wanted else takeable.why_not(campaign, now)
        payments.refund(
            charge=charge,
            amount=charge.amount,
            key=f"pledge:{pledge.handle}:refund:{charge.pk}",
            reason=f"{why} when the payment came.",
            by=GIVING,
            now=now,
        )
        if wanted:
            _no_room(pledge, Pledge.State.REFUNDED, now)
        return pledge
    if taken_now:
        counting.count_in(pledge, campaign, now)
        pledge.firm_at = now
    else:
        campaign.crowd_promised -= pledge.pence
        books.keep_promise(pledge, GIVING, now)
    campaign.crowd_collected += pledge.pence
    campaign.save(update_fields=list(counting.COUNTERS))
    if taken_now:
        matching.within_target(campaign, GIVING, now)
    pledge.state, pledge.done_at, pledge.next_try_at = Pledge.State.COLLECTED, now, None
    pledge.save(update_fields=["state", "firm_at", "done_at", "next_try_at"])
    if taken_now:
        letters.thank(pledge, now)
    return pledge


def _no_room(pledge: Pledge, state: str, now: datetime) -> None:
    """Others filled the target while this giver was paying: let go before it counted, and the giver is told."""
    pledge.state, pledge.done_at, pledge.no_room = state, now, True
    pledge.save(update_fields=["state", "done_at", "no_room"])
    letters.no_room(pledge, now)


def may_let_go(pledge: Pledge, now: datetime) -> bool:
    """Whether its giver can still change their mind: help is nobody's to demand; money is due once a campaign ends."""
    if pledge.kind != Pledge.Kind.MONEY:
        return True
    campaign = pledge.campaign
    return campaign.state == Campaign.State.LIVE and now < campaign.closes_at


@transaction.atomic
def withdraw(*, pledge: Pledge, by: Actor, now: datetime) -> Pledge:
    """The giver changes their mind: money while the campaign is open, help at any time before it is given.

    Money already taken goes back to where it came from. Raises NotAllowed and Clash.
    """
    must_own(by, pledge)
    pledge = pledge_locked(pledge)
    if pledge.state in {Pledge.State.RELEASED, Pledge.State.REFUNDED}:
        return pledge
    if not may_let_go(pledge, now):
        raise Clash(
            "pledge.too-late",
            gettext("The campaign has closed, so this can no longer be changed here. Please write to us."),
        )
    if pledge.state == Pledge.State.COLLECTED:
        counting.give_back(pledge, "The giver asked for it back while the campaign was open.", now)
        return pledge
    if pledge.state not in {Pledge.State.BEGUN, Pledge.State.FIRM}:
        raise Clash("pledge.done", gettext("This has been given already."))
    counting.let_go(pledge, now)
    return pledge


@transaction.atomic
def delivered(*, pledge: Pledge, by: Actor, now: datetime) -> Pledge:
    """An organiser says that the hours, skill or thing were given."""
    pledge = pledge_locked(pledge)
    must_organise(by, pledge.campaign.project)
    if pledge.kind == Pledge.Kind.MONEY:
        raise Invalid("pledge.money", gettext("Money is collected, not delivered."))
    if pledge.state == Pledge.State.DELIVERED:
        return pledge
    if pledge.state != Pledge.State.FIRM:
        raise Clash("pledge.gone", gettext("This promise was let go."))
    pledge.state, pledge.done_at = Pledge.State.DELIVERED, now
    pledge.save(update_fields=["state", "done_at"])
    books.keep_promise(pledge, by, now)
    return pledge


@transaction.atomic
def went_back(*, pledge: Pledge, amount: int, now: datetime) -> Pledge:
    """Finance has refunded a gift by hand, or its giver's bank took it back. Called by payments; safe to call again.

    While the campaign is open its match goes too. Once it is settled the grant stands: that is between the council and
    the fund. A refund of a part leaves the pledge as it was; the ledger shows the part.
    """
    pledge = pledge_locked(pledge)
    if pledge.state != Pledge.State.COLLECTED or amount < pledge.pence:
        return pledge
    campaign = pledge.campaign
    pledge.state, pledge.done_at = Pledge.State.REFUNDED, now
    pledge.save(update_fields=["state", "done_at"])
    campaign.crowd_collected -= pledge.pence
    if campaign.state not in Campaign.SETTLED:
        counting.count_out(pledge, campaign, now)
        return pledge
    others = counting.others(pledge)
    campaign.backers -= not others
    if pledge.matchable:
        campaign.matchable_crowd -= pledge.pence
        campaign.matchable_backers -= not any(others)
    campaign.save(update_fields=list(counting.COUNTERS))
    return pledge


def _giver(by: Actor) -> Person:
    if isinstance(by, System):
        raise NotAllowed("pledge.person", gettext("A gift is made by a person."))
    return by
