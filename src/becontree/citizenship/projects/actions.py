"""What can be done with a project: propose, edit, ask for a check, verify, tell the news, deliver, close.

Each action: may I? is it valid? change, then the public record. Only what the public may see is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext

from becontree.citizenship.projects.checklist import BY_CODE, CHECKLIST
from becontree.citizenship.projects.models import (
    BudgetLine,
    Cause,
    Check,
    Evidence,
    Need,
    Organiser,
    Outcome,
    Project,
    Update,
)
from becontree.citizenship.projects.moves import belongs, draft_only, locked, move
from becontree.citizenship.projects.permissions import must_check, must_organise
from becontree.citizenship.projects.uploads import accept
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line as given: `part` is "capital" or "running", `pence` above zero."""

    what: str
    pence: int
    part: str = "capital"
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A need as given: `kind` is "hours", "skills" or "things"; `quantity` in hours or a number of things."""

    kind: str
    what: str
    quantity: int
    detail: str = ""


@transaction.atomic
def propose(
    *,
    title: str,
    summary: str,
    story: str,
    theme: str,
    by: Actor,
    now: datetime,
    ward: Any = None,
    place: str = "",
    organisation: Any = None,
    causes: Iterable[str] = (),
) -> Project:
    """Begin a project, as a draft that only its people see. The person who begins it leads it."""
    if isinstance(by, System):
        raise NotAllowed("project.person", gettext("A project is begun by a person."))
    errors = {
        field: said
        for field, text, said in (
            ("title", title, "Give the project a name."),
            ("summary", summary, "Say in one sentence what it is."),
            ("story", story, "Say what you want to do and why."),
        )
        if not text.strip()
    }
    if theme not in Project.Theme.values:
        errors["theme"] = "Choose what it is about."
    if organisation is not None and not belongs(by, organisation):
        errors["organisation"] = "Choose a group that you belong to."
    if errors:
        raise Invalid("project.incomplete", gettext("Some parts are missing."), errors=errors)
    title = title.strip()
    slug = slug_for(title, taken=set(Project.objects.filter(slug=slug_for(title)).values_list("slug", flat=True)))
    project = Project.objects.create(
        slug=slug,
        title=title,
        summary=summary.strip(),
        story=story.strip(),
        theme=theme,
        ward=ward,
        place=place.strip(),
        organisation=organisation,
        created_at=now,
    )
    Organiser.objects.create(project=project, person=by, leads=True, since=now)
    name_causes(project=project, refs=causes, by=by, now=now)
    return project


@transaction.atomic
def edit(*, project: Project, by: Actor, now: datetime, **changes: Any) -> Project:
    """Change the words of a draft; a project that people can already give to keeps what they were told."""
    must_organise(by, project)
    project = locked(project)
    if project.state != Project.State.DRAFT:
        raise Clash(
            "project.fixed", gettext("The project is being checked or is public. Post news instead of changing it.")
        )
    allowed = {"title", "summary", "story", "theme", "ward", "place", "organisation"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"unknown parts of a project: {', '.join(sorted(unknown))}")
    if changes.get("organisation") is not None and not belongs(by, changes["organisation"]):
        raise Invalid("project.organisation", gettext("Choose a group that you belong to."), "organisation")
    for name, value in changes.items():
        setattr(project, name, value.strip() if isinstance(value, str) else value)
    project.save(update_fields=[*changes] or None)
    return project


@transaction.atomic
def name_causes(*, project: Project, refs: Iterable[str], by: Actor, now: datetime) -> list[str]:
    """Say what the project came from. Each reference must stand in the public record."""
    must_organise(by, project)
    wanted = list(dict.fromkeys(ref.strip() for ref in refs if ref.strip()))
    known = set(Thing.objects.filter(ref__in=wanted).values_list("ref", flat=True))
    if lost := [ref for ref in wanted if ref not in known]:
        raise Invalid(
            "project.cause",
            gettext("We cannot find %(refs)s in the public record.") % {"refs": ", ".join(lost)},
            "causes",
        )
    for ref in wanted:
        Cause.objects.get_or_create(project=project, ref=ref)
    if project.state == Project.State.DRAFT:  # what is public keeps every cause that it was given
        project.causes.exclude(ref__in=wanted).delete()
    return wanted


@transaction.atomic
def set_budget(*, project: Project, lines: Sequence[Line], by: Actor, now: datetime) -> None:
    """Replace the budget of a draft. At least one line; each costs something; parts are kept apart."""
    must_organise(by, project)
    project = locked(project)
    draft_only(project)
    if not lines:
        raise Invalid("budget.empty", gettext("Give at least one line: what it is and what it costs."), "budget")
    for number, line in enumerate(lines, 1):
        if not line.what.strip() or line.pence <= 0 or line.part not in BudgetLine.Part.values:
            raise Invalid(
                "budget.line",
                gettext("Line %(number)s needs words and a cost above zero.") % {"number": number},
                "budget",
            )
    project.budget.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(project=project, part=line.part, what=line.what.strip(), pence=line.pence, basis=line.basis.strip())
        for line in lines
    )


@transaction.atomic
def set_needs(*, project: Project, needs: Sequence[Wanted], by: Actor, now: datetime) -> None:
    """Replace what else a draft needs: hours, skills, things."""
    must_organise(by, project)
    project = locked(project)
    draft_only(project)
    for number, need in enumerate(needs, 1):
        if need.kind not in Need.Kind.values or not need.what.strip() or need.quantity <= 0:
            raise Invalid(
                "need.line", gettext("Need %(number)s must say what, and how many.") % {"number": number}, "needs"
            )
    project.needs.all().delete()
    Need.objects.bulk_create(
        Need(
            project=project, kind=need.kind, what=need.what.strip(), quantity=need.quantity, detail=need.detail.strip()
        )
        for need in needs
    )


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
    project.returned_because = ""
    project.save(update_fields=["state", "submitted_at", "returned_because"])
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
    project.returned_because = reason.strip()
    project.save(update_fields=["state", "returned_because"])
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


@transaction.atomic
def raise_funds(*, project: Project, by: Actor, now: datetime) -> Project:
    """The giving room has opened a campaign for it."""
    project = locked(project)
    move(project, Project.State.RAISING)
    project.save(update_fields=["state"])
    return project


@transaction.atomic
def stop_raising(*, project: Project, by: Actor, now: datetime) -> Project:
    """The campaign ended without enough: the project is ready to try again."""
    project = locked(project)
    move(project, Project.State.VERIFIED)
    project.save(update_fields=["state"])
    return project


@transaction.atomic
def begin_delivery(*, project: Project, by: Actor, now: datetime, because: Sequence[str] = ()) -> Project:
    """The money is there: the work begins."""
    project = locked(project)
    move(project, Project.State.DELIVERING)
    project.save(update_fields=["state"])
    record.enter(
        kind="project.begun",
        step="delivered",
        thing=project.ref,
        title=f"Work on {project.title} began",
        because=list(because),
        facts={},
        on=now.date(),
        by=by,
        now=now,
    )
    return project


@transaction.atomic
def post_update(*, project: Project, title: str, body: str, by: Actor, now: datetime) -> Update:
    """News for everyone. The words stay with the project; the record says that there was news, and its title."""
    must_organise(by, project)
    errors = {
        field: said for field, text, said in (("title", title, "Give it a title."), ("body", body, "Tell the news."))
        if not text.strip()
    }  # fmt: skip
    if errors:
        raise Invalid("update.incomplete", gettext("Some parts are missing."), errors=errors)
    if not project.is_public:
        raise Clash("update.early", gettext("The project is not public yet."))
    update = Update.objects.create(project=project, title=title.strip(), body=body.strip(), at=now)
    record.enter(
        kind="project.update",
        step="delivered",
        thing=project.ref,
        title=f"News: {update.title}",
        facts={},
        on=now.date(),
        by=by,
        now=now,
    )
    return update


@transaction.atomic
def add_evidence(
    *, project: Project, kind: str, title: str, upload: Any, by: Actor, now: datetime, public: bool = False
) -> Evidence:
    """Keep a paper or a picture, after looking at what it really is (`uploads.accept`)."""
    must_organise(by, project)
    if kind not in Evidence.Kind.values:
        raise Invalid("evidence.kind", gettext("Choose what it shows."), "kind")
    if not title.strip():
        raise Invalid("evidence.title", gettext("Give it a title."), "title")
    file = accept(upload)
    return Evidence.objects.create(
        project=project,
        kind=kind,
        title=title.strip(),
        public=public and kind in {Evidence.Kind.DELIVERY, Evidence.Kind.PICTURE},
        media_type=file.media_type,
        content=file.content,
        size=len(file.content),
        sha256=file.sha256,
        added_at=now,
        added_by=party_id(by),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """An outcome as given: the figure, how it was counted, how many it rests on, over what time."""

    what: str
    figure: str
    counted_how: str
    period: str
    n: int | None = None


@transaction.atomic
def close(
    *, project: Project, what_changed: str, by: Actor, now: datetime, outcomes: Sequence[Measured] = ()
) -> Project:
    """Finish: say what changed, with figures that say how they were counted."""
    must_organise(by, project)
    project = locked(project)
    if not what_changed.strip():
        raise Invalid("project.what-changed", gettext("Say what is different now."), "what_changed")
    for number, outcome in enumerate(outcomes, 1):
        if not (outcome.what.strip() and outcome.figure.strip() and outcome.counted_how.strip()):
            raise Invalid(
                "outcome.line",
                gettext("Result %(number)s must say what, how much and how it was counted.") % {"number": number},
                "outcomes",
            )
    move(project, Project.State.CLOSED)
    project.closed_at, project.what_changed = now, what_changed.strip()
    project.save(update_fields=["state", "closed_at", "what_changed"])
    Outcome.objects.bulk_create(
        Outcome(
            project=project, what=o.what, figure=o.figure, counted_how=o.counted_how, n=o.n, period=o.period, at=now
        )
        for o in outcomes
    )
    record.enter(
        kind="project.closed",
        step="measured",
        thing=project.ref,
        title=f"{project.title}: what changed",
        facts={
            "what_changed": project.what_changed,
            "results": [
                {"what": o.what, "figure": o.figure, "counted_how": o.counted_how, "n": o.n, "period": o.period}
                for o in outcomes
            ],
        },
        on=now.date(),
        by=by,
        now=now,
    )
    return project


@transaction.atomic
def end(*, project: Project, reason: str, by: Actor, now: datetime) -> Project:
    """Stop a project for good, with the reason. What was public stays public."""
    if not isinstance(by, System):
        try:
            must_organise(by, project)
        except NotAllowed:
            must_check(by, project)
    project = locked(project)
    if not reason.strip():
        raise Invalid("project.reason", gettext("Say why it ends."), "reason")
    was_public = project.is_public
    move(project, Project.State.ENDED)
    project.ended_because = reason.strip()
    project.save(update_fields=["state", "ended_because"])
    if was_public:
        record.enter(
            kind="project.ended",
            step="measured",
            thing=project.ref,
            title=f"{project.title} ended",
            facts={"reason": project.ended_because},
            on=now.date(),
            by=by,
            now=now,
        )
    return project


def budget_sums(project: Project) -> tuple[int, int]:
    """(capital, running) in pence. They are never added together."""
    sums = dict(project.budget.values_list("part").annotate(pence=Sum("pence")))
    return sums.get(BudgetLine.Part.CAPITAL, 0), sums.get(BudgetLine.Part.RUNNING, 0)
