"""Raise, deliver, tell the news, show evidence, close, end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.projects.models import (
    Evidence,
    Outcome,
    Project,
    Update,
)
from becontree.citizenship.projects.moves import locked, move
from becontree.citizenship.projects.permissions import must_check, must_organise
from becontree.citizenship.projects.uploads import accept
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.record import actions as record


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
    title, body = one_line(title), plain(body)
    errors = {
        field: said for field, text, said in (("title", title, "Give it a title."), ("body", body, "Tell the news."))
        if not text
    }  # fmt: skip
    if errors:
        raise Invalid("update.incomplete", gettext("Some parts are missing."), errors=errors)
    if not project.is_public:
        raise Clash("update.early", gettext("The project is not public yet."))
    update = Update.objects.create(project=project, title=title, body=body, at=now)
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
    title = one_line(title)
    if not title:
        raise Invalid("evidence.title", gettext("Give it a title."), "title")
    file = accept(upload)
    return Evidence.objects.create(
        project=project,
        kind=kind,
        title=title,
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
    what_changed = plain(what_changed)
    if not what_changed:
        raise Invalid("project.what-changed", gettext("Say what is different now."), "what_changed")
    outcomes = [
        Measured(one_line(o.what), one_line(o.figure), one_line(o.counted_how), one_line(o.period), o.n)
        for o in outcomes
    ]
    for number, outcome in enumerate(outcomes, 1):
        if not (outcome.what and outcome.figure and outcome.counted_how):
            raise Invalid(
                "outcome.line",
                gettext("Result %(number)s must say what, how much and how it was counted.") % {"number": number},
                "outcomes",
            )
    move(project, Project.State.CLOSED)
    project.closed_at, project.what_changed = now, what_changed
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
    reason = plain(reason)
    if not reason:
        raise Invalid("project.reason", gettext("Say why it ends."), "reason")
    was_public = project.is_public
    move(project, Project.State.ENDED)
    project.ended_because = reason
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
