"""The check: ask for it, give back, decide each item, verify."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.projects.actions.writing import budget_sums
from becontree.citizenship.projects.checklist import BY_CODE, CHECKLIST
from becontree.citizenship.projects.models import (
    Check,
    Project,
)
from becontree.citizenship.projects.moves import locked, move
from becontree.citizenship.projects.permissions import must_check, must_organise
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record


@transaction.atomic
def submit(*, project: Project, by: Actor, now: datetime) -> Project:
    """Ask the council to check a draft."""
    must_organise(by, project)
    project = locked(project)
    missing = {}
    if not project.budget.exists():
        missing["budget"] = "Say what it costs, line by line."
    if project.organisation_id is None:
        missing["organisation"] = "Say which group the money goes to."
    if missing:
        raise Invalid("project.not-ready", gettext("The project is not ready to be checked."), errors=missing)
    move(project, Project.State.SUBMITTED)
    project.submitted_at = now
    project.returned_because, project.returned_at = "", None
    project.save(update_fields=["state", "submitted_at", "returned_because", "returned_at"])
    # Whatever was ticked before was ticked for what stood here before.
    project.checks.update(state=Check.State.ASKED, decided_by="", decided_at=None)
    for item in CHECKLIST:
        Check.objects.get_or_create(project=project, code=item.code)
    return project


@transaction.atomic
def give_back(*, project: Project, reason: str, by: Actor, now: datetime) -> Project:
    """Return a submitted project to its people with what is missing."""
    must_check(by, project)
    project = locked(project)
    if not reason.strip():
        raise Invalid("project.reason", gettext("Say what is missing, so that they can put it right."), "reason")
    move(project, Project.State.DRAFT)
    project.returned_because, project.returned_at = reason.strip(), now
    project.save(update_fields=["state", "returned_because", "returned_at"])
    return project


@transaction.atomic
def decide_check(*, project: Project, code: str, state: str, by: Actor, now: datetime, note: str = "") -> Check:
    """Say whether one thing on the checklist is in order."""
    must_check(by, project)
    if code not in BY_CODE or state not in Check.State.values:
        raise Invalid("check.unknown", gettext("That is not on the list."), "state")
    if state == Check.State.NOT_NEEDED and BY_CODE[code].always:
        raise Invalid("check.always", gettext("“%(name)s” is always needed.") % {"name": BY_CODE[code].name}, "state")
    if state == Check.State.FAILED and not note.strip():
        raise Invalid("check.reason", gettext("Say what is not in order."), "note")
    check, _ = Check.objects.select_for_update().get_or_create(project=project, code=code)
    decided = state != Check.State.ASKED
    check.state, check.note = state, note.strip()
    check.decided_by = party_id(by) if decided else ""
    check.decided_at = now if decided else None
    check.save()
    return check


@transaction.atomic
def verify(*, project: Project, by: Actor, now: datetime) -> Project:
    """Pass a project: every check in order. It becomes public, and its thread begins at what people said."""
    must_check(by, project)
    project = locked(project)
    states = dict(project.checks.values_list("code", "state"))
    open_items = [
        str(item.name) for item in CHECKLIST if states.get(item.code) not in {Check.State.MET, Check.State.NOT_NEEDED}
    ]
    if open_items:
        raise Invalid(
            "project.unchecked", gettext("Not yet in order: %(items)s.") % {"items": ", ".join(open_items)}, "checks"
        )
    move(project, Project.State.VERIFIED)
    project.verified_at = now
    project.save(update_fields=["state", "verified_at"])
    record.thing(ref=project.ref, kind="project", title=project.title, url=project.get_absolute_url())
    capital, running = budget_sums(project)
    record.enter(
        kind="project.verified",
        step="facilitated",
        thing=project.ref,
        title=f"{project.title}: checked and ready",
        because=list(project.causes.values_list("ref", flat=True)),
        facts={
            "summary": project.summary,
            "group": project.organisation.name if project.organisation else "",
            "ward": project.ward_id or "",
            "capital_pence": capital,
            "running_pence": running,
            "needs": [{"kind": n.kind, "what": n.what, "quantity": n.quantity} for n in project.needs.all()],
        },
        on=now.date(),
        by=by,
        now=now,
    )
    return project
