"""Reads of `forgetting`. None of the lists says whom a wish is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from becontree.foundations.forgetting import kinds
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.forgetting.permissions import PURPOSE
from becontree.foundations.kit.as_read import mark
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person

COLUMNS: Final = (
    "reference", "came", "came on", "due on", "why longer", "told that it takes longer on", "state", "why refused",
    "decided on", "told on",
)  # fmt: skip
# More time is needed, and the person has not been told so yet.
LONGER_WAITS: Final = Q(state__in=Wish.OPEN, longer_told_at__isnull=True) & ~Q(longer="")


def due(user: Person) -> QuerySet[Wish]:
    """Wishes that still have to be answered, nearest date first."""
    return Wish.objects.visible_to(user, PURPOSE).filter(state__in=Wish.OPEN).order_by("due_on", "taken_at", "id")


def everything_due() -> QuerySet[Wish]:
    """The same for an auditor, who may not open any of them."""
    return Wish.objects.filter(state__in=Wish.OPEN).order_by("due_on", "taken_at", "id")


def to_check(user: Person) -> QuerySet[Wish]:
    return due(user).filter(state=Wish.State.TAKEN)


def to_confirm(user: Person) -> QuerySet[Wish]:
    """Wishes that somebody else has checked."""
    return due(user).filter(state=Wish.State.CHECKED).exclude(checked_by=party_id(user))


def to_tell(user: Person) -> QuerySet[Wish]:
    """Decided, and the person still has to be rung up."""
    rows = Wish.objects.visible_to(user, PURPOSE).filter(decided_at__isnull=False, told_at__isnull=True)
    return rows.order_by("due_on", "id")


def to_tell_longer(user: Person, today: date) -> QuerySet[Wish]:
    """To be rung up and told, while the first month lasts, that it takes longer."""
    rows = Wish.objects.visible_to(user, PURPOSE).filter(LONGER_WAITS, tell_by=Wish.TellBy.PHONE, due_on__gte=today)
    return rows.order_by("due_on", "id")


def finished() -> QuerySet[Wish]:
    return Wish.objects.filter(decided_at__isnull=False).order_by("-decided_at", "id")


class Held(NamedTuple):
    """A thing that a wish is about, as it stands now; `part` is the number to leave it out by."""

    part: int
    kind: kinds.Kind
    row: Any

    @property
    def gone(self) -> bool:
        return self.kind.gone(self.row)


def held(wish: Wish) -> list[Held]:
    """Each thing that the wish is about, as far as it is still there; what is forgotten already among them."""
    by_kind: dict[str, dict[str, int]] = {}
    for part in wish.parts.all():
        by_kind.setdefault(part.kind, {})[part.key] = part.pk
    return [
        Held(parts[str(row.pk)], kind, row)
        for label, parts in by_kind.items()
        if (kind := kinds.kind(label)) is not None  # a room that is no longer installed
        for row in kind.rows(list(parts))
    ]


def as_read(wish: Wish) -> str:
    """What whoever confirms has before them, as a short sum: whose check it was, where the answer goes, each thing.

    It goes into the form and comes back with it, so that nothing can be confirmed that was put there after the reading.
    """
    checked = wish.checked_at.isoformat() if wish.checked_at else ""
    parts = sorted(wish.parts.values_list("kind", "key"))
    return mark(wish.state, wish.checked_by, checked, wish.check_note, wish.tell_by, wish.tell_to, parts)


def table() -> Iterator[tuple[Any, ...]]:
    """Every wish as `COLUMNS`, oldest first, without anybody's name, address or words."""
    for wish in Wish.objects.order_by("came_on", "taken_at", "id").iterator(chunk_size=500):
        longer = wish.longer_told_at.date().isoformat() if wish.longer_told_at else ""
        decided = wish.decided_at.date().isoformat() if wish.decided_at else ""
        told = wish.told_at.date().isoformat() if wish.told_at else ""
        yield (
            wish.handle, wish.get_came_by_display(), wish.came_on.isoformat(), wish.due_on.isoformat(),
            wish.get_longer_display() if wish.longer else "", longer,
            wish.get_state_display(), wish.get_reason_display() if wish.reason else "", decided, told,
        )  # fmt: skip
