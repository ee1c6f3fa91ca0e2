"""Who may plan, take down, call back and see who was heard."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from becontree.citizenship.outreach.models import Shift
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actors import System


def plans(actor: Any) -> bool:
    """Whether the actor works in the team that listens."""
    return isinstance(actor, System) or bool(
        getattr(actor, "is_authenticated", False) and actor.has_role("officer", "engagement")
    )


def must_plan(actor: Any) -> None:
    if not plans(actor):
        raise NotAllowed("outreach.officer", _("Only officers of the engagement team can do that."))


def must_walk(actor: Any, shift: Shift) -> None:
    """Only the canvasser of a shift opens it on a phone of their own."""
    if isinstance(actor, System) or (
        shift.canvasser_id is not None and getattr(actor, "pk", None) == shift.canvasser_id
    ):
        return
    raise NotAllowed("outreach.own", _("This shift is somebody else's."))


def own_shifts(user: Any) -> Q | None:
    return Q(canvasser=user)


def team_only(user: Any) -> Q | None:
    return Q() if plans(user) else None
