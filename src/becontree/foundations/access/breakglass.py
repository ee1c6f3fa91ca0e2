"""Breaking the glass: an officer opens one thing that is not theirs, in an emergency, for three hours, and is reviewed.

A room allows it for a model in its `apps.ready`: `breakglass.allow(Case, closed=lambda case: case.closed)`. What is
closed (a witness, a colleague, a matter of life and limb) cannot be broken into at all; nor can one's own household.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from becontree.foundations.access.models import BreakGlass
from becontree.foundations.access.rules import subject_of
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.models import Person
from becontree.foundations.people.queries import household_ids

HOURS: Final = timedelta(hours=3)
LEAST_REASON: Final = 20

_ALLOWED: Final[dict[type[models.Model], Callable[[Any], bool]]] = {}


def allow(model: type[models.Model], *, closed: Callable[[Any], bool]) -> None:
    """Let officers break the glass of `model`'s rows, but for those of which `closed(row)` is true."""
    _ALLOWED[model] = closed


def open(*, thing: models.Model, reason: str, by: Person, now: datetime) -> BreakGlass:  # noqa: A001
    """Open `thing` to `by` for three hours. Open already: returns that, without new hours.

    Raises NotAllowed (no officer, closed, own household, not allowed for this kind) and Invalid (no real reason).
    """
    if not by.has_role("officer"):
        raise NotAllowed("access.glass_officer", gettext("Only an officer can do this."))
    closed = _ALLOWED.get(type(thing))
    if closed is None:
        raise NotAllowed("access.glass_kind", gettext("This cannot be opened in this way."))
    if closed(thing):
        raise NotAllowed("access.glass_closed", gettext("This is closed. Nobody can open it in this way."))
    subject = subject_of(thing)
    if subject is not None and subject in household_ids(by):
        raise NotAllowed("access.glass_own", gettext("This is about you or somebody you live with. Ask a colleague."))
    reason = reason.strip()
    if len(reason) < LEAST_REASON:
        raise Invalid(
            "access.glass_reason",
            gettext("Say why in at least %(least)s letters. It will be read.") % {"least": LEAST_REASON},
            "reason",
        )
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=by.pk)
        kind, key = thing._meta.label_lower, str(thing.pk)
        running = BreakGlass.objects.filter(person=by, kind=kind, thing=key, ends_at__gt=now).first()
        return running or BreakGlass.objects.create(
            person=by, kind=kind, thing=key, subject_id=subject, reason=reason, opened_at=now, ends_at=now + HOURS
        )


def review(*, glass: BreakGlass, verdict: str, words: str, by: Person, now: datetime) -> BreakGlass:
    """An auditor says whether it was right. Once, and never of oneself."""
    if not by.has_role("auditor"):
        raise NotAllowed("access.review", gettext("Only an auditor reviews this."))
    if by.pk == glass.person_id:
        raise NotAllowed("access.review_own", gettext("Nobody reviews themselves."))
    if verdict not in BreakGlass.Verdict.values:
        raise Invalid("access.verdict", gettext("Choose whether it was justified."), "verdict")
    if not words.strip():
        raise Invalid("access.review_words", gettext("Say what you found, in a sentence."), "words")
    with transaction.atomic():
        glass = BreakGlass.objects.select_for_update().get(pk=glass.pk)
        if glass.reviewed_at is not None:
            raise Clash("access.reviewed", gettext("This has been reviewed already."))
        glass.verdict, glass.review = verdict, words.strip()
        glass.reviewed_at, glass.reviewed_by = now, by
        glass.save(update_fields=["verdict", "review", "reviewed_at", "reviewed_by"])
    return glass


def opened(user: Any, model: type[models.Model], now: datetime) -> list[str]:
    """The keys of the rows of `model` that `user` has open at `now`. None of them is closed since."""
    closed = _ALLOWED.get(model)
    if closed is None:
        return []
    keys = list(
        BreakGlass.objects.filter(
            person_id=user.pk, kind=model._meta.label_lower, opened_at__lte=now, ends_at__gt=now
        ).values_list("thing", flat=True)
    )
    if not keys:
        return []
    return [str(row.pk) for row in model._default_manager.filter(pk__in=keys) if not closed(row)]


def waiting() -> QuerySet[BreakGlass]:
    """Not yet reviewed, oldest first."""
    return BreakGlass.objects.filter(reviewed_at__isnull=True).select_related("person").order_by("opened_at", "id")


def reviewed() -> QuerySet[BreakGlass]:
    return (
        BreakGlass.objects.filter(reviewed_at__isnull=False)
        .select_related("person", "reviewed_by")
        .order_by("-reviewed_at", "id")
    )
