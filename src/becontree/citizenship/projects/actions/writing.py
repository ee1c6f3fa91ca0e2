"""What its people write: propose, edit, name causes, budget and needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext

from becontree.citizenship.projects.models import (
    BudgetLine,
    Cause,
    Need,
    Organiser,
    Project,
)
from becontree.citizenship.projects.moves import belongs, draft_only, locked
from becontree.citizenship.projects.permissions import must_organise
from becontree.foundations.kit.as_read import mark, must_stand
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import new_id, slug_for
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.people.actors import Actor, System
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
    once: str = "",
) -> Project:
    """Begin a project, as a draft that only its people see. The person who begins it leads it.

    `once` is the mark of the form that it came with (`kit.once`): the same form sent again finds what it began.
    """
    title, summary, story, place = one_line(title), one_line(summary), plain(story), one_line(place)
    if isinstance(by, System):
        raise NotAllowed("project.person", gettext("A project is begun by a person."))
    errors = {
        field: said
        for field, text, said in (
            ("title", title, "Give the project a name."),
            ("summary", summary, "Say in one sentence what it is."),
            ("story", story, "Say what you want to do and why."),
        )
        if not text
    }
    if theme not in Project.Theme.values:
        errors["theme"] = "Choose what it is about."
    if organisation is not None and not belongs(by, organisation):
        errors["organisation"] = "Choose a group that you belong to."
    if errors:
        raise Invalid("project.incomplete", gettext("Some parts are missing."), errors=errors)
    number = UUID(once) if once else new_id()
    if once and (begun := Project.objects.filter(pk=number).first()) is not None:
        return begun
    slug = slug_for(title, taken=set(Project.objects.filter(slug=slug_for(title)).values_list("slug", flat=True)))
    project = Project(
        id=number,
        slug=slug,
        title=title,
        summary=summary,
        story=story,
        theme=theme,
        ward=ward,
        place=place,
        organisation=organisation,
        created_at=now,
    )
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError:  # the same form, or another project of this name, a moment before
        if once and (begun := Project.objects.filter(pk=number).first()) is not None:
            return begun
        project.slug = slug_for(title, taken={slug_for(title)})
        project.save(force_insert=True)
    Organiser.objects.create(project=project, person=by, leads=True, since=now)
    name_causes(project=project, refs=causes, by=by, now=now)
    return project


WORDS: Final = ("title", "summary", "story", "theme", "ward_id", "place", "organisation_id")


def as_read(project: Project) -> str:
    """The mark of the words and causes that somebody has before them to change (`kit.as_read`)."""
    causes = sorted(project.causes.values_list("ref", flat=True))
    return mark(*(getattr(project, name) for name in WORDS), *causes)


@transaction.atomic
def edit(*, project: Project, by: Actor, now: datetime, read: str = "", **changes: Any) -> Project:
    """Change the words of a draft; a project that people can already give to keeps what they were told.

    read: the mark of what they had before them (`as_read`). Raises Clash where somebody changed it since.
    """
    must_organise(by, project)
    project = locked(project)
    if project.state != Project.State.DRAFT:
        raise Clash(
            "project.fixed", gettext("The project is being checked or is public. Post news instead of changing it.")
        )
    must_stand(read, as_read(project), "project.changed")
    allowed = {"title", "summary", "story", "theme", "ward", "place", "organisation"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"unknown parts of a project: {', '.join(sorted(unknown))}")
    if changes.get("organisation") is not None and not belongs(by, changes["organisation"]):
        raise Invalid("project.organisation", gettext("Choose a group that you belong to."), "organisation")
    for name, value in changes.items():
        tidy = plain if name == "story" else one_line
        setattr(project, name, tidy(value) if isinstance(value, str) else value)
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
        if not one_line(line.what) or line.pence <= 0 or line.part not in BudgetLine.Part.values:
            raise Invalid(
                "budget.line",
                gettext("Line %(number)s needs words and a cost above zero.") % {"number": number},
                "budget",
            )
    project.budget.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            project=project, part=line.part, what=one_line(line.what), pence=line.pence, basis=one_line(line.basis)
        )
        for line in lines
    )


@transaction.atomic
def set_needs(*, project: Project, needs: Sequence[Wanted], by: Actor, now: datetime) -> None:
    """Replace what else a draft needs: hours, skills, things."""
    must_organise(by, project)
    project = locked(project)
    draft_only(project)
    for number, need in enumerate(needs, 1):
        if need.kind not in Need.Kind.values or not one_line(need.what) or need.quantity <= 0:
            raise Invalid(
                "need.line", gettext("Need %(number)s must say what, and how many.") % {"number": number}, "needs"
            )
    project.needs.all().delete()
    Need.objects.bulk_create(
        Need(
            project=project,
            kind=need.kind,
            what=one_line(need.what),
            quantity=need.quantity,
            detail=one_line(need.detail),
        )
        for need in needs
    )


def budget_sums(project: Project) -> tuple[int, int]:
    """(capital, running) in pence. They are never added together."""
    sums = dict(project.budget.values_list("part").annotate(pence=Sum("pence")))
    return sums.get(BudgetLine.Part.CAPITAL, 0), sums.get(BudgetLine.Part.RUNNING, 0)
