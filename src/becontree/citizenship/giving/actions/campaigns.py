"""Open a campaign, call it off, and close it when its time is up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.giving import books, endings, figures
from becontree.citizenship.giving.actions import collecting, matching
from becontree.citizenship.giving.actions.counting import COUNTERS, GIVING, give_back, let_all_go, recount
from becontree.citizenship.giving.actions.locking import campaign_locked
from becontree.citizenship.giving.models import Campaign, Contribution, Pledge
from becontree.citizenship.giving.permissions import runs_funds
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.projects.models import Project
from becontree.citizenship.projects.permissions import organises
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.pence import pounds
from becontree.foundations.kit.words import plain
from becontree.foundations.payments.port import adapter
from becontree.foundations.people.actors import Actor
from becontree.foundations.record import actions as record


@transaction.atomic
def open_campaign(
    *,
    project: Project,
    model: str,
    closes_at: datetime,
    provider: str,
    by: Actor,
    now: datetime,
    extra_use: str = "",
    strategy: str = "",
) -> Campaign:
    """Begin to ask for what the project costs to make. The target is the capital sum of its budget, no more.

    The strategy follows from what the provider can do where it is not given: save now and charge later if it can.
    """
    if not organises(by, project) and not runs_funds(by):
        raise NotAllowed("campaign.organiser", gettext("Only the people who run this project can do that."))
    target, _ = projects.budget_sums(project)
    can = adapter(provider).capabilities
    strategy = strategy or (Campaign.Strategy.LATER if can.save_and_charge else Campaign.Strategy.NOW)
    longest = figures.longest_days(now.date())
    errors = {}
    if model not in Campaign.Model.values:
        errors["model"] = "Choose what happens if the target is missed."
    shortest = figures.shortest_days(now.date())
    if closes_at < now + timedelta(days=shortest):
        errors["closes_on"] = gettext("A campaign lasts %(count)s days at least, so that people hear of it.") % {
            "count": shortest
        }
    elif closes_at > now + timedelta(days=longest):
        errors["closes_on"] = gettext("A campaign may last %(count)s days at most.") % {"count": longest}
    if strategy not in Campaign.Strategy.values or (strategy == Campaign.Strategy.LATER and not can.save_and_charge):
        errors["strategy"] = "This way of paying cannot do that."
    if target <= 0:
        errors["budget"] = "The project has no budget to make it."
    if errors:
        raise Invalid("campaign.incomplete", gettext("Some parts need another look."), errors=errors)
    earlier = project.campaigns.count()
    projects.raise_funds(project=project, by=by, now=now)
    campaign = Campaign.objects.create(
        slug=project.slug if not earlier else f"{project.slug}-{earlier + 1}",
        project=project,
        model=model,
        strategy=strategy,
        own_apart=True,
        provider=provider,
        target=target,
        extra_use=plain(extra_use),
        opens_at=now,
        closes_at=closes_at,
    )
    books.open_campaign(campaign, project.title)
    record.thing(
        ref=campaign.ref, kind="campaign", title=f"Campaign for {project.title}", url=campaign.get_absolute_url()
    )
    record.enter(
        kind="campaign.opened",
        step="facilitated",
        thing=campaign.ref,
        title=f"Asking for {pounds(target, short=True)} for {project.title}",
        because=[project.ref],
        facts={
            "target_pence": target,
            "model": model,
            "strategy": strategy,
            "closes_on": closes_at.date().isoformat(),
            "extra_use": campaign.extra_use,
        },
        on=now.date(),
        by=by,
        now=now,
    )
    # Money from elsewhere that was checked before the campaign began counts from its first day.
    ready = Contribution.objects.filter(
        project=project, campaign=None, part="capital", state__in=Contribution.COUNTED
    ).select_for_update()
    for contribution in ready:
        contribution.campaign = campaign
        contribution.save(update_fields=["campaign"])
        campaign.elsewhere += contribution.pence
    campaign.save(update_fields=["elsewhere"])
    return campaign


@transaction.atomic
def call_off(*, campaign: Campaign, reason: str, by: Actor, now: datetime) -> Campaign:
    """Stop an open campaign: every promise is let go and every penny taken goes back."""
    if not organises(by, campaign.project) and not runs_funds(by):
        raise NotAllowed("campaign.organiser", gettext("Only the people who run this project can do that."))
    reason = plain(reason)
    if not reason:
        raise Invalid("campaign.reason", gettext("Say why: everyone who gave will read it."), "reason")
    campaign = campaign_locked(campaign)
    if campaign.state != Campaign.State.LIVE:
        raise Clash(
            "campaign.state",
            gettext("The campaign is %(state)s.") % {"state": campaign.get_state_display()},
        )
    undo(campaign, f"The campaign was called off: {reason}", now)
    campaign.state, campaign.settled_at = Campaign.State.CANCELLED, now
    campaign.save(update_fields=["state", "settled_at"])
    projects.stop_raising(project=campaign.project, by=GIVING, now=now)
    record.enter(
        kind="campaign.called-off",
        step="facilitated",  # where it stood before: nothing was funded
        thing=campaign.ref,
        title=f"The campaign for {campaign.project.title} was called off",
        facts={"reason": reason, **endings.had_promised([campaign])[campaign.pk].facts()},
        on=now.date(),
        by=by,
        now=now,
    )
    return campaign


@transaction.atomic
def close(*, campaign: Campaign, now: datetime) -> Campaign:
    """The time is up: collect what was promised, or let everything go. Safe to call again."""
    campaign = campaign_locked(campaign)
    if campaign.state != Campaign.State.LIVE or now < campaign.closes_at:
        return campaign
    if campaign.strategy == Campaign.Strategy.LATER:
        unfinished = campaign.pledges.filter(state=Pledge.State.BEGUN)
        unfinished.update(state=Pledge.State.RELEASED, done_at=now, next_try_at=None)
    reached = campaign.raised >= campaign.target
    if not reached and (campaign.model == Campaign.Model.ALL or campaign.crowd == 0):
        undo(campaign, "The target was not reached.", now)
        return collecting.conclude(campaign, Campaign.State.FAILED, now)
    if not reached:  # keep what you raise: the crowd's money stays, every fund has its promise back
        matching.lapse(campaign, GIVING, now)
    campaign.state = Campaign.State.COLLECTING
    campaign.collect_until = now + timedelta(days=figures.window_days(now.date()))
    campaign.save(update_fields=["state", "collect_until", *COUNTERS])
    campaign.pledges.filter(state=Pledge.State.FIRM, kind=Pledge.Kind.MONEY).update(next_try_at=now)
    return campaign


def undo(campaign: Campaign, reason: str, now: datetime) -> None:
    """Let go of every promise and refund every gift of a campaign. Under its lock."""
    matching.lapse(campaign, GIVING, now)
    taken = campaign.pledges.filter(state=Pledge.State.COLLECTED)
    for pledge in taken:
        pledge.campaign = campaign
        give_back(pledge, reason, now, alone=False)
    waiting = campaign.pledges.filter(state__in=[Pledge.State.BEGUN, Pledge.State.FIRM])
    let_all_go(campaign, waiting, now, why="let-go", state=Pledge.State.RELEASED)
    recount(campaign)
    campaign.save(update_fields=list(COUNTERS))
