"""What was read, in words that the person whom it is about understands; and who read it: as what, for which team.

Each room says the words of its kinds in its `apps.ready`: `words.told(Voice, _("something that you said"))`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.people.models import RoleHeld

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from becontree.foundations.access.models import ReadEvent

_KINDS: Final[dict[str, StrOrPromise]] = {"people.person": _("your name and how to reach you")}
ROLES: Final[dict[str, StrOrPromise]] = {
    "officer": _("an officer"),
    "finance": _("finance"),
    "auditor": _("the auditor"),
    "administrator": _("an administrator"),
    "organiser": _("an organiser"),
    "funder": _("a funder"),
    "panel-member": _("a panel member"),
}
TEAMS: Final[dict[str, StrOrPromise]] = {
    "funding": _("Funding"),
    "engagement": _("Engagement"),
    "community-solutions": _("Community Solutions"),
    "homes": _("Homes"),
    "licensing": _("Licensing"),
    "enforcement": _("Enforcement"),
    "information": _("Information rights"),
    "work": _("Work and skills"),
}


def told(model: type[models.Model], words: StrOrPromise) -> None:
    """Say what a kind of row is to the person whom it is about: words that finish "they read ..."."""
    _KINDS[model._meta.label_lower] = words


def known(kind: str) -> bool:
    return kind in _KINDS


def what(kind: str) -> str:
    """A kind of row, in words; a room that is no longer installed has none."""
    return str(_KINDS.get(kind) or gettext("something kept about you"))


def readers(events: Iterable[ReadEvent]) -> dict[int, str]:
    """For each reading, by its id: as what its reader read, in the roles they held at that moment. One query."""
    rows = list(events)
    held: dict[Any, list[RoleHeld]] = {}
    for one in RoleHeld.objects.filter(person__in={row.reader_id for row in rows}).order_by("granted_at", "id"):
        held.setdefault(one.person_id, []).append(one)
    return {
        row.pk: ", ".join(
            dict.fromkeys(
                _role(one)
                for one in held.get(row.reader_id, [])
                if one.granted_at <= row.at and (one.ends_at is None or one.ends_at > row.at)
            )
        )
        for row in rows
    }


def _role(held: RoleHeld) -> str:
    role = str(ROLES.get(held.role, held.role))
    if not held.team:
        return role
    return gettext("%(role)s (team: %(team)s)") % {"role": role, "team": TEAMS.get(held.team, held.team)}
