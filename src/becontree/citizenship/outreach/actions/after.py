"""What follows a round: doors that are left alone, and calls that are made."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.outreach.doors import tidy
from becontree.citizenship.outreach.models import CallBack, NoKnock, Street
from becontree.citizenship.outreach.permissions import must_plan
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.people.actors import Actor, party_id


@transaction.atomic
def leave_alone(*, street: Street, door: str, by: Actor, now: datetime) -> NoKnock:
    """Nobody knocks at this door again. Raises Invalid where the street has no such door."""
    must_plan(by)
    found = tidy(door)
    if found not in street.doors:
        raise Invalid("no-knock.door", _("This street has no such door."), "door")
    today = now.astimezone(ZoneInfo("Europe/London")).date()
    return NoKnock.objects.get_or_create(street=street, door=found, defaults={"since": today})[0]


@transaction.atomic
def knock_again(*, left: NoKnock, by: Actor, now: datetime) -> None:
    """Those who live there wish it otherwise, or moved: the row goes, and nothing of it stays."""
    must_plan(by)
    NoKnock.objects.filter(pk=left.pk).delete()


@transaction.atomic
def call_made(*, call: CallBack, by: Actor, now: datetime) -> CallBack:
    """The call was made; name and number are emptied some weeks later."""
    must_plan(by)
    found = CallBack.objects.select_for_update().get(pk=call.pk)
    if found.done_on is None:
        found.done_on, found.done_by = now.astimezone(ZoneInfo("Europe/London")).date(), party_id(by)
        found.save(update_fields=["done_on", "done_by"])
    return found


def forget_call(*, call: CallBack) -> None:
    """Name, number and what it was about go. A call that was not made yet goes whole: there is nobody to ring."""
    CallBack.objects.filter(pk=call.pk, done_on=None).delete()
    CallBack.objects.filter(pk=call.pk).update(name="", telephone="", about="")
