"""Verbs: what an administrator decides for the council."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Invalid, NotAllowed
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.policy import registry
from becontree.foundations.policy.models import CouncilSetting

LONDON = ZoneInfo("Europe/London")


def may_set(by: Actor) -> bool:
    """Administrators, and the software itself when it sets up an example."""
    return isinstance(by, System) or by.has_role("administrator")


@transaction.atomic
def set_council(
    *, key: str, value: registry.Plain, reason: str, by: Actor, now: datetime, since: date | None = None
) -> CouncilSetting:
    """Set a council setting from a day (today, unless said) on. What held before stays on record and is never changed.

    Raises NotAllowed; Invalid for a value out of bounds, no reason, or a day that has passed; UnknownKey.
    """
    if not may_set(by):
        raise NotAllowed("policy.set.role", gettext("Only an administrator may change the council's settings."))
    setting = registry.setting(key)
    today = now.astimezone(LONDON).date()
    errors: dict[str, str] = {}
    try:
        setting.check(value)
    except ValueError as error:
        errors["value"] = str(error)
    if not reason.strip():
        errors["reason"] = "Say why, so that anybody can read it later."
    if since is not None and since < today and not isinstance(by, System):
        errors["since"] = "What held on a day that has passed cannot be changed. Choose today or later."
    if errors:
        raise Invalid("policy.set.invalid", gettext("This setting cannot stand as it is."), errors=errors)
    return CouncilSetting.objects.create(
        key=key, value=value, since=since or today, set_by=party_id(by), set_at=now, reason=reason.strip()
    )
