"""Money for a project from elsewhere: claimed with its evidence by one person, checked by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from becontree.citizenship.giving import books, figures
from becontree.citizenship.giving.actions import matching
from becontree.citizenship.giving.actions.locking import campaign_locked
from becontree.citizenship.giving.models import Campaign, Contribution
from becontree.citizenship.giving.permissions import must_keep_accounts, must_run_funds, runs_funds
from becontree.citizenship.projects.models import Evidence, Project
from becontree.citizenship.projects.permissions import has_run, organises
from becontree.foundations.kit import dates
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.pence import pounds
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.record import actions as record
from becontree.foundations.record import queries


@transaction.atomic
def claim(
    *,
    project: Project,
    source: str,
    kind: str,
    part: str,
    pence: int,
    on: date,
    evidence_note: str,
    by: Actor,
    now: datetime,
    organisation: Any = None,
    evidence: Evidence | None = None,
) -> Contribution:
    """Say that somebody else gives or has given. It counts once a second person has seen the evidence.

    `part` is "capital" (to make it) or "running" (to run it afterwards): running money never counts towards the target.
    """
    if not organises(by, project) and not runs_funds(by):
        raise NotAllowed("contribution.organiser", gettext("Only the people who run this project can do that."))
    errors = {}
    if not source.strip():
        errors["source"] = "Say who gives."
    if kind not in Contribution.Kind.values:
        errors["kind"] = "Choose what kind of giver it is."
    if part not in {"capital", "running"}:
        errors["part"] = "Choose what it is for."
    if pence <= 0:
        errors["pence"] = "The amount must be above zero."
    if not evidence_note.strip():
        errors["evidence_note"] = "Say what shows it, such as a letter and its date."
    if wrong := wrong_day(on, now.date()):
        errors["on"] = wrong
    if evidence is not None and evidence.project_id != project.pk:
        errors["evidence"] = "Choose evidence of this project."
    if errors:
        raise Invalid("contribution.incomplete", gettext("Some parts need another look."), errors=errors)
    return Contribution.objects.create(
        project=project,
        source=one_line(source),
        organisation=organisation,
        kind=kind,
        part=part,
        pence=pence,
        evidence=evidence,
        evidence_note=plain(evidence_note),
        on=on,
        claimed_by=party_id(by),
        claimed_at=now,
    )


def wrong_day(on: date, today: date) -> str:
    """Why money cannot be of a day, given or promised, and what to write; "" where it can. The form asks this too."""
    if on > today:
        return gettext(
            "This day is still to come. If the money is promised, write the day of the promise: it stands on the "
            "letter. If it has come, write the day on the bank's statement."
        )
    if on < (first := figures.earliest(today)):
        return gettext("The day can be %(first)s at the earliest. Look at the year again.") % {
            "first": dates.day(first)
        }
    return ""


@transaction.atomic
def check(*, contribution: Contribution, accept: bool, by: Actor, now: datetime, reason: str = "") -> Contribution:
    """A second person accepts it as promised, or refuses it with a reason. Whether it came, finance says."""
    must_run_funds(by)
    campaign = _campaign(contribution)
    contribution = (
        Contribution.objects.select_for_update(of=("self",)).select_related("project").get(pk=contribution.pk)
    )
    project = contribution.project
    if party_id(by) == contribution.claimed_by or (not isinstance(by, System) and has_run(by, project)):
        raise NotAllowed("contribution.own", gettext("Somebody else must check what you put down."))
    if contribution.state != Contribution.State.CLAIMED:
        raise Clash(
            "contribution.done",
            gettext("This is %(state)s already.") % {"state": contribution.get_state_display()},
        )
    if not accept and not reason.strip():
        raise Invalid("contribution.reason", gettext("Say why it is not accepted."), "reason")
    contribution.checked_by, contribution.checked_at, contribution.reason = party_id(by), now, plain(reason)
    contribution.state = Contribution.State.PROMISED if accept else Contribution.State.REFUSED
    contribution.save()
    if not accept:
        return contribution
    if campaign is not None and contribution.part == "capital" and campaign.state == Campaign.State.LIVE:
        contribution.campaign = campaign
        contribution.save(update_fields=["campaign"])
        campaign.elsewhere += contribution.pence
        campaign.save(update_fields=["elsewhere"])
        matching.within_target(campaign, by, now)
    elif contribution.part == "running":
        contribution.campaign = campaign
        contribution.save(update_fields=["campaign"])
    record.enter(
        kind="contribution.accepted",
        step="funded",
        thing=project.ref,
        title=f"{contribution.source} gives {pounds(contribution.pence, short=True)}"
        + (" to run it" if contribution.part == "running" else ""),
        facts={
            "who": contribution.source,
            "kind": contribution.kind,
            "part": contribution.part,
            "pence": contribution.pence,
        },
        on=contribution.on,
        by=by,
        now=now,
    )
    return contribution


@transaction.atomic
def mark_received(*, contribution: Contribution, by: Actor, now: datetime) -> Contribution:
    """Finance says that the money has reached the bank; it waits there for its line on the statement.

    Raises NotAllowed (not finance, or they run the project), Clash.
    """
    campaign, contribution = _promised(contribution, by)
    if contribution.state == Contribution.State.RECEIVED:
        return contribution
    _received(contribution, campaign)
    books.receive(contribution, campaign, by, now)
    return contribution


@transaction.atomic
def found_in_bank(*, contribution: Contribution, pence: int, by: Actor, now: datetime) -> str:
    """The bank's own statement shows it: the ledger account that the money belongs to. `payments` posts it.

    Raises NotAllowed, Invalid (another amount), Clash (found before).
    """
    campaign, contribution = _promised(contribution, by)
    if pence != contribution.pence:
        raise Invalid(
            "contribution.amount",
            gettext("%(pence)s was promised, not %(pence_)s.")
            % {"pence": pounds(contribution.pence), "pence_": pounds(pence)},
            "what",
        )
    if contribution.state == Contribution.State.RECEIVED:
        if books.is_found(contribution):
            raise Clash("contribution.found", gettext("This money is on the statement already."))
        return books.BANK
    _received(contribution, campaign)
    return campaign.held


def names_a_person(contribution: Contribution) -> bool:
    """Whether its giver may be a person: a trust, a firm or the council is a body, and its name is nobody's own."""
    private = contribution.kind in {Contribution.Kind.CROWD, Contribution.Kind.OTHER}
    return private and contribution.source != _nobody(contribution)


def recorded_name(contribution: Contribution) -> bool:
    """Whether the public record says who gave, in the words that stand here now."""
    said = queries.entries(kind="contribution.accepted").filter(thing__ref=contribution.project.ref)
    return names_a_person(contribution) and said.filter(facts__who=contribution.source).exists()


@transaction.atomic
def forget_giver(*, contribution: Contribution, evidence: bool) -> None:
    """A person's name as giver goes. `evidence`: what shows it, and why it was refused, go too. The sum stays."""
    found = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if names_a_person(found):
        found.source = _nobody(found)
    if evidence:
        found.evidence_note = found.reason = ""
    found.save(update_fields=["source", "evidence_note", "reason"])


def _nobody(contribution: Contribution) -> str:
    """What stands for a giver's name that is gone: what kind it was, in English as all that is published."""
    with translation.override("en"):
        return str(Contribution.Kind(contribution.kind).label)


def _promised(contribution: Contribution, by: Actor) -> tuple[Campaign, Contribution]:
    """The campaign and the contribution, both held, where `by` may say that its money came."""
    must_keep_accounts(by, contribution.project)
    if party_id(by) == contribution.claimed_by:
        raise NotAllowed("contribution.own", gettext("Somebody else must say that what you put down has come."))
    campaign = _campaign(contribution)
    contribution = (
        Contribution.objects.select_for_update(of=("self",))
        .select_related("project", "campaign")
        .get(pk=contribution.pk)
    )
    if contribution.state not in Contribution.COUNTED:
        raise Clash("contribution.state", gettext("This is %(state)s.") % {"state": contribution.get_state_display()})
    if campaign is None:
        raise Clash(
            "contribution.early", gettext("The project has no campaign yet, so there is no account to receive it.")
        )
    return contribution.campaign or campaign, contribution


def _received(contribution: Contribution, campaign: Campaign) -> None:
    contribution.campaign = contribution.campaign or campaign
    contribution.state = Contribution.State.RECEIVED
    contribution.save(update_fields=["state", "campaign"])


def _campaign(contribution: Contribution) -> Campaign | None:
    """The project's latest campaign, locked."""
    campaign = contribution.project.campaigns.order_by("-opens_at").first()
    return None if campaign is None else campaign_locked(campaign)
