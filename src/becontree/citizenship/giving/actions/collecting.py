"""Collect what was promised, try again for a week, then decide: funded, part funded, or not.

Success is decided on what came in: collected gifts, checked money from elsewhere, and the match that goes with them,
within the published tolerance. Only then is match money granted.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from becontree.citizenship.giving import endings, figures
from becontree.citizenship.giving.actions import grants, matching
from becontree.citizenship.giving.actions.counting import (
    COUNTERS,
    GIVING,
    give_back,
    let_all_go,
    let_go,
    recount,
)
from becontree.citizenship.giving.actions.letters import letter_to
from becontree.citizenship.giving.actions.locking import campaign_locked
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.projects import actions as projects
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.pence import pounds
from becontree.foundations.messages.actions import Letter, send, send_all
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import Charge, Instruction
from becontree.foundations.record import actions as record

log = logging.getLogger(__name__)
IN_FLIGHT = ("created", "sent", "unknown")


def take(*, pledge: Pledge, now: datetime) -> None:
    """Ask for a promised gift once more. Never while an earlier try may still come through."""
    take_all(campaign=pledge.campaign, pledges=[pledge], now=now)


@transaction.atomic
def take_all(*, campaign: Campaign, pledges: Sequence[Pledge], now: datetime) -> int:
    """Ask for promised gifts of one campaign once more, at most a few hundred at a time. Returns how many.

    One whose earlier try may still come through is left alone; one that cannot be asked for is planned anew, so that
    it never stands in the way of the others.
    """
    campaign = campaign_locked(campaign)
    if campaign.state != Campaign.State.COLLECTING:
        return 0
    rows = campaign.pledges.filter(
        pk__in=[pledge.pk for pledge in pledges], state=Pledge.State.FIRM, instruction__isnull=False
    )
    held = list(rows.filter(kind=Pledge.Kind.MONEY).order_by("pk").select_for_update(of=("self",)))
    flying = Charge.objects.filter(purpose__in=[pledge.ref for pledge in held], state__in=IN_FLIGHT)
    busy = set(flying.values_list("purpose", flat=True))
    saved = Instruction.objects.in_bulk([pledge.instruction for pledge in held if pledge.instruction])
    asked = []
    for pledge in held:
        if pledge.ref in busy:
            continue
        pledge.campaign = campaign
        pledge.tries += 1
        pledge.next_try_at = None
        try:
            payments.charge(
                instruction=saved[pledge.instruction],
                amount=pledge.pence,
                key=f"pledge:{pledge.handle}:charge:{pledge.tries}",
                by=GIVING,
                now=now,
            )
        except Refused as refused:
            log.warning("Pledge %s cannot be asked for: %s", pledge.pk, refused)
            pledge.next_try_at = _next_try(campaign, now)
        asked.append(pledge)
    Pledge.objects.bulk_update(asked, ["tries", "next_try_at"], batch_size=200)
    return len(asked)


@transaction.atomic
def missed(*, pledge: Pledge, now: datetime) -> None:
    """A try failed: plan the next, and tell the giver. Called by payments, which has locked it; safe to call again."""
    campaign = pledge.campaign
    if pledge.state == Pledge.State.BEGUN:
        let_go(pledge, now)
        return
    if pledge.state != Pledge.State.FIRM or pledge.next_try_at is not None or campaign.collect_until is None:
        return
    pledge.next_try_at = _next_try(campaign, now)
    pledge.save(update_fields=["next_try_at"])
    send(
        to=letter_to(pledge),
        template="giving/card_failed",
        context={
            "project": campaign.project.title,
            "what": pounds(pledge.pence),
            "again": pledge.next_try_at.date().isoformat() if pledge.next_try_at else "",
            "until": campaign.collect_until.date().isoformat(),
            "url": "/my/giving/",
        },
        purpose="service",
        key=f"pledge:{pledge.handle}:missed:{pledge.tries}",
        now=now,
    )


def _next_try(campaign: Campaign, now: datetime) -> datetime | None:
    """The next planned day after now; None where the window has no other."""
    if campaign.collect_until is None:
        return None
    closed = campaign.collect_until - timedelta(days=figures.window_days(now.date()))
    later = [closed + timedelta(days=day) for day in figures.try_days(now.date())]
    return next((moment for moment in later if moment > now), None)


@transaction.atomic
def finish(*, campaign: Campaign, now: datetime) -> Campaign:
    """When everything is in, or the window is over and nothing is in flight: decide. Safe to call again."""
    campaign = campaign_locked(campaign)
    if campaign.state != Campaign.State.COLLECTING:
        return campaign
    waiting = list(campaign.pledges.filter(state=Pledge.State.FIRM, kind=Pledge.Kind.MONEY))
    if waiting:
        if campaign.collect_until is None or now < campaign.collect_until:
            return campaign
        refs = [pledge.ref for pledge in waiting]
        if Charge.objects.filter(purpose__in=refs, state__in=IN_FLIGHT).exists():
            return campaign  # the provider has not answered: a late success must not meet a closed door
        for pledge in waiting:
            matching.drop(pledge, GIVING, now)
        let_all_go(campaign, waiting, now, why="failed", state=Pledge.State.FAILED)
        matching.put_right(campaign, GIVING, now)
    short = campaign.target - campaign.raised
    allowed = campaign.target * figures.tolerance_percent(now.date()) // 100
    if short <= allowed:
        grants.grant_all(campaign, now)
        grants.bear_fees(campaign, now)
        return conclude(campaign, Campaign.State.FUNDED, now)
    matching.lapse(campaign, GIVING, now)
    if campaign.model == Campaign.Model.KEEP and campaign.crowd_collected > 0:
        grants.bear_fees(campaign, now)
        return conclude(campaign, Campaign.State.PART, now)
    for pledge in campaign.pledges.filter(state=Pledge.State.COLLECTED):
        pledge.campaign = campaign
        give_back(pledge, "Too few gifts could be collected.", now, alone=False)
    recount(campaign)
    return conclude(campaign, Campaign.State.FAILED, now)


def conclude(campaign: Campaign, state: str, now: datetime) -> Campaign:
    """Write down how a campaign ended, on its row, in the record, and to everybody who gave. Under its lock."""
    campaign.state, campaign.settled_at = state, now
    campaign.save(update_fields=["state", "settled_at", *COUNTERS])
    project = campaign.project
    going_on = state in {Campaign.State.FUNDED, Campaign.State.PART}
    sources = grants.sources(campaign)
    total = sum(source["pence"] for source in sources)
    titles = {
        Campaign.State.FUNDED: f"{pounds(total, short=True)} for {project.title}, from {len(sources)} sources",
        Campaign.State.PART: f"{project.title} keeps the {pounds(total, short=True)} that was raised",
        Campaign.State.FAILED: f"{project.title} did not reach its target; nobody paid",
    }
    record.enter(
        kind=f"campaign.{state}",
        step="funded" if going_on else "facilitated",  # without money it stands where it stood before
        thing=campaign.ref,
        title=titles[Campaign.State(state)],
        because=sorted({award.fund.ref for award in grants.granted(campaign)}) if going_on else [],
        facts={
            "target_pence": campaign.target,
            "raised_pence": total if going_on else 0,
            **(_backers(campaign) if going_on else endings.had_promised([campaign])[campaign.pk].facts()),
            "sources": [
                {"who": source["label"], "kind": source["kind"], "pence": source["pence"]} for source in sources
            ]
            if going_on
            else [],
        },
        on=now.date(),
        by=GIVING,
        now=now,
    )
    if going_on:
        projects.begin_delivery(project=project, by=GIVING, now=now)
        grants.draft_agreement(campaign, now)
    else:
        projects.stop_raising(project=project, by=GIVING, now=now)
    _tell(campaign, now)
    return campaign


def _backers(campaign: Campaign) -> dict[str, int]:
    told = campaign.people_told
    return {"backers_fewer_than": 5} if told is None else {"backers": told}


def _tell(campaign: Campaign, now: datetime) -> None:
    send_all(
        [
            Letter(
                to=pledge.giver_id,
                key=f"pledge:{pledge.handle}:outcome",
                context={
                    "project": campaign.project.title,
                    "url": campaign.get_absolute_url(),
                    "state": campaign.state,
                    "money": pledge.kind == Pledge.Kind.MONEY,
                    "what": pounds(pledge.pence)
                    if pledge.kind == Pledge.Kind.MONEY
                    else f"{pledge.quantity} {pledge.unit}s",
                    "pledge_state": pledge.state,
                },
            )
            for pledge in campaign.pledges.exclude(state=Pledge.State.BEGUN)
        ],
        template="giving/outcome",
        now=now,
    )
