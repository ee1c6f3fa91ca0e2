"""Open a fund, close it, and award from funds that people decide. Money into it: `paying_in`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.giving import books, figures
from becontree.citizenship.giving.actions.locking import campaign_locked, fund_locked
from becontree.citizenship.giving.models import Award, Campaign, Fund, Slice
from becontree.citizenship.giving.permissions import must_run_funds
from becontree.citizenship.projects.permissions import has_run
from becontree.foundations.access import conflicts
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.kit.pence import pounds
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.people.actors import Actor, System
from becontree.foundations.record import actions as record
from becontree.methods.findings import Unusable
from becontree.methods.matching import State, entitlement


@transaction.atomic
def open_fund(
    *,
    name: str,
    kind: str,
    funder: Any,
    purpose: str,
    opens_on: date,
    by: Actor,
    now: datetime,
    closes_on: date | None = None,
    decides: str = Fund.Decides.RULE,
    wards: Iterable[Any] = (),
    priority: int = 100,
    ratio: tuple[int, int] = (1, 1),
    share_percent: int | None = None,
    per_project: int | None = None,
    per_giver: int | None = None,
    min_backers: int = 0,
    crowd_first_percent: int | None = None,
    because: Iterable[str] = (),
) -> Fund:
    """Open a fund with its rule. Money in pence; `ratio` (7, 1) is seven pounds for each of the crowd's."""
    must_run_funds(by)
    errors = {}
    if not name.strip():
        errors["name"] = "Give the fund a name."
    if not purpose.strip():
        errors["purpose"] = "Say what the fund is for."
    if closes_on is not None and closes_on < opens_on:
        errors["closes_on"] = "The fund closes before it opens."
    if kind not in Fund.Kind.values:
        errors["kind"] = "Choose whose money it is."
    if decides not in Fund.Decides.values:
        errors["decides"] = "Choose who decides."
    most = figures.most_ratio(now.date())
    if ratio[0] > most * ratio[1]:
        errors["ratio_of"] = gettext(
            "A fund puts at most %(most)s pounds beside one pound of the crowd's. Look at the two numbers again."
        ) % {"most": most}
    if ratio[1] > 100 * ratio[0]:
        errors["ratio_to"] = gettext("That is less than a penny for a pound. Look at the two numbers again.")
    if errors:
        raise Invalid("fund.incomplete", gettext("Some parts need another look."), errors=errors)
    slug = slug_for(name, taken=set(Fund.objects.filter(slug=slug_for(name)).values_list("slug", flat=True)), most=50)
    fund = Fund(
        slug=slug,
        name=one_line(name),
        kind=kind,
        funder=funder,
        purpose=plain(purpose),
        opens_on=opens_on,
        closes_on=closes_on,
        decides=decides,
        priority=priority,
        ratio_of=ratio[0],
        ratio_to=ratio[1] or 0,
        share_percent=share_percent,
        per_project=per_project,
        per_giver=per_giver,
        min_backers=min_backers,
        crowd_first_percent=crowd_first_percent,
    )
    try:
        terms = fund.terms
    except (Unusable, ZeroDivisionError) as error:
        raise Invalid(
            "fund.terms", gettext("The fund's rule cannot stand: %(error)s") % {"error": error}, "ratio_of"
        ) from error
    fund.save(force_insert=True)
    fund.wards.set(wards)
    books.open_fund(fund)
    record.thing(ref=fund.ref, kind="fund", title=fund.name, url=fund.get_absolute_url())
    record.enter(
        kind="fund.opened",
        step="facilitated",
        thing=fund.ref,
        title=f"{fund.name} opened",
        because=list(because),
        facts={
            "funder": funder.name,
            "purpose": fund.purpose,
            "ratio": f"{terms.ratio.numerator}:{terms.ratio.denominator}",
            "share_percent": share_percent,
            "per_project_pence": per_project,
            "per_giver_pence": per_giver,
            "min_backers": min_backers,
            "crowd_first_percent": crowd_first_percent,
            "wards": sorted(fund.wards.values_list("code", flat=True)),
            "decides": fund.decides,
            "opens_on": opens_on.isoformat(),
            "closes_on": closes_on.isoformat() if closes_on else None,
        },
        on=now.date(),
        by=by,
        now=now,
    )
    return fund


@transaction.atomic
def close_fund(*, fund: Fund, reason: str, by: Actor, now: datetime) -> Fund:
    """No new match from now on. What is promised stays promised."""
    must_run_funds(by)
    fund = fund_locked(fund)
    if fund.closed_at is not None:
        raise Clash("fund.closed", gettext("The fund is closed already."))
    fund.closed_at = now
    fund.save(update_fields=["closed_at"])
    record.enter(
        kind="fund.closed",
        step="funded",
        thing=fund.ref,
        title=f"{fund.name} closed",
        facts={"reason": plain(reason), "left_pence": books.available(fund)},
        on=now.date(),
        by=by,
        now=now,
    )
    return fund


def fits(fund: Fund, campaign: Campaign, on: date) -> bool:
    """Whether a fund may go to a campaign on a day: open, and for its ward."""
    if fund.closed_at is not None or on < fund.opens_on or (fund.closes_on is not None and on > fund.closes_on):
        return False
    wards = {ward.pk for ward in fund.wards.all()}
    return not wards or campaign.project.ward_id in wards


@transaction.atomic
def award(
    *, fund: Fund, campaign: Campaign, pence: int, authority: str, reasons: str, by: Actor, now: datetime
) -> Award:
    """Promise part of a fund that people decide. Conditional on the campaign; set aside at once.

    The fund's share, cash cap, backers and crowd-first gate hold for people as they do for the rule.
    """
    must_run_funds(by)
    if not isinstance(by, System):
        if has_run(by, campaign.project):
            raise NotAllowed(
                "award.own", gettext("You run this project, or have run it, so somebody else must decide.")
            )
        if conflicts.has_conflict(by, campaign.project.ref) or conflicts.has_conflict(by, fund.ref):
            raise NotAllowed("award.interest", gettext("You have declared an interest, so somebody else must decide."))
    errors = {}
    if pence <= 0:
        errors["pence"] = "The amount must be above zero."
    if not authority.strip():
        errors["authority"] = "Say by what authority, such as the meeting and its date."
    if not reasons.strip():
        errors["reasons"] = "Give the reasons: everyone will read them."
    if fund.decides == Fund.Decides.RULE:
        errors["fund"] = "This fund follows its rule alone; nobody awards from it by hand."
    if errors:
        raise Invalid("award.incomplete", gettext("Some parts need another look."), errors=errors)
    campaign = campaign_locked(campaign)
    fund = fund_locked(fund)
    if campaign.state != Campaign.State.LIVE:
        raise Clash(
            "award.closed",
            gettext("The campaign is %(state)s.") % {"state": campaign.get_state_display()},
        )
    if not fits(fund, campaign, now.date()):
        raise Invalid("award.fit", gettext("The fund is closed, or not for this ward."), "fund")
    if Award.objects.filter(fund=fund, campaign=campaign).exclude(state=Award.State.LAPSED).exists():
        raise Clash("award.twice", gettext("This fund has already promised money to this campaign."))
    state = State(
        pot=books.available(fund),
        target=campaign.target,
        cap=campaign.missing,
        crowd=campaign.matchable_crowd,
        counted=campaign.target,  # the ratio to the crowd does not bind a decision of people; every other limit does
        backers=campaign.matchable_backers,
    )
    most, limits = entitlement(fund.terms, state)
    most = min(most, state.pot)
    if pence > most:
        if most == state.cap:  # not the fund's own limit, which may be far above
            why = gettext("That is all that the project still needs.")
        else:
            why = " ".join(limit.message for limit in limits) or f"The fund has {pounds(state.pot)} left."
        raise Invalid(
            "award.limit",
            gettext("At most %(most)s can be awarded now. %(why)s") % {"most": pounds(most), "why": why},
            "pence",
        )
    found, _ = Award.objects.update_or_create(
        fund=fund,
        campaign=campaign,
        defaults={
            "state": Award.State.PROMISED,
            "pence": pence,
            "authority": one_line(authority),
            "reasons": plain(reasons),
            "decided_at": now,
        },
    )
    found.slices_made += 1
    found.save(update_fields=["slices_made"])
    part = Slice.objects.create(award=found, pledge=None, pence=pence, number=found.slices_made)
    books.reserve(part, now.date(), by, now)
    campaign.match_promised += pence
    campaign.save(update_fields=["match_promised"])
    record.enter(
        kind="award.promised",
        step="decided",
        thing=campaign.ref,
        title=f"{fund.name} promised {pounds(pence, short=True)}",
        because=[fund.ref],
        facts={"pence": pence, "authority": found.authority, "reasons": found.reasons, "if": "the target is reached"},
        on=now.date(),
        by=by,
        now=now,
    )
    return found
