"""Plan and end shifts; hand a phone or a tablet to one; end it from afar."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.outreach import limits
from becontree.citizenship.outreach.models import Device, Shift, Street
from becontree.citizenship.outreach.permissions import must_plan, must_walk
from becontree.citizenship.voices.models import Round
from becontree.foundations.kit.dates import day as write_day
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import short_id
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Person

LONDON: Final = ZoneInfo("Europe/London")
MOST_STREETS: Final = 40
MOST_DEVICES: Final = 12
CODE: Final = 10  # letters


@transaction.atomic
def plan_shift(
    *,
    kind: str,
    round: Round,
    begins_on: date,
    by: Actor,
    now: datetime,
    ends_on: date | None = None,
    place: str = "",
    ward: Any = None,
    streets: Iterable[Street] = (),
    canvasser: Person | None = None,
) -> Shift:
    """A time when somebody goes to people for a listening round. A doorstep round needs streets, a stall its place.

    Raises Invalid with a sentence for each field.
    """
    must_plan(by)
    ends_on = ends_on or begins_on
    chosen = list(streets)
    errors = {}
    if kind not in Shift.Kind.values:
        errors["kind"] = _("Choose a doorstep round or a stall.")
    if round.state not in {Round.State.OPEN, Round.State.CLOSED}:
        errors["round"] = _("Choose a round that is open.")
    if ends_on < begins_on:
        errors["ends_on"] = _("The last day is before the first.")
    elif (ends_on - begins_on).days >= Shift.LONGEST:
        errors["ends_on"] = _("A shift lasts at most %(days)d days.") % {"days": Shift.LONGEST}
    elif round.opens_on and round.closes_on and not round.opens_on <= begins_on <= ends_on <= round.closes_on:
        errors["begins_on"] = _("The round listens from %(first)s to %(last)s.") % {
            "first": write_day(round.opens_on),
            "last": write_day(round.closes_on),
        }
    if kind == Shift.Kind.DOORSTEP and not chosen:
        errors["streets"] = _("Choose at least one street.")
    if len(chosen) > MOST_STREETS:
        errors["streets"] = _("Choose at most %(most)d streets for one shift.") % {"most": MOST_STREETS}
    if kind == Shift.Kind.STALL and not place.strip():
        errors["place"] = _("Say where the stall stands.")
    if errors:
        raise Invalid("shift.incomplete", _("Some parts need another look."), errors=errors)
    shift = Shift.objects.create(
        kind=kind,
        round=round,
        begins_on=begins_on,
        ends_on=ends_on,
        place=" ".join(place.split())[:120],
        ward=ward,
        canvasser=canvasser,
        made_by=party_id(by),
        made_at=now,
    )
    shift.streets.set(chosen)
    return shift


@transaction.atomic
def add_device(*, shift: Shift, by: Actor, now: datetime, label: str = "") -> tuple[Device, str]:
    """A place for one more phone or tablet, and the code that opens it there, once. The code is shown, not kept."""
    must_plan(by)
    shift = _locked(shift)
    code = short_id(CODE)
    device = _device(shift, now=now, label=label)
    device.code = digest(code)
    device.save()
    return device, code


@transaction.atomic
def join(*, code: str, now: datetime) -> tuple[Device, str] | None:
    """Hand in a code; the device and its token, which is kept nowhere else. None where the code is not good."""
    bare = "".join(code.lower().split()).replace("-", "")
    found = (
        Device.objects.select_for_update(of=("self",))
        .select_related("shift")
        .filter(code=digest(bare), token=None, ended_at=None, expires_at__gt=now)
        .exclude(shift__state=Shift.State.ENDED)
        .first()
    )
    if found is None:
        return None
    return found, _token(found, now=now)


@transaction.atomic
def open_own(*, shift: Shift, by: Person, now: datetime) -> tuple[Device, str]:
    """A canvasser opens their own shift on the phone in their hand."""
    must_walk(by, shift)
    shift = _locked(shift)
    device = _device(shift, now=now, label=_("The canvasser's own phone"))
    return device, _token(device, now=now)


@transaction.atomic
def end_device(*, device: Device, by: Actor, now: datetime, lost: bool = False) -> Device:
    """End it from afar. It may still send what it holds, and wipes itself at the next contact; lost: it may nothing."""
    must_plan(by)
    found = Device.objects.select_for_update().get(pk=device.pk)
    found.ended_at = found.ended_at or now
    found.lost = found.lost or lost
    found.code = None
    found.save(update_fields=["ended_at", "lost", "code"])
    return found


@transaction.atomic
def leave_shift(*, device: Device, now: datetime) -> None:
    """Who holds the phone or tablet has finished: nothing more comes from it."""
    Device.objects.filter(pk=device.pk, ended_at=None).update(ended_at=now)
    Device.objects.filter(pk=device.pk).update(token=None, code=None)


@transaction.atomic
def end_shift(*, shift: Shift, by: Actor, now: datetime) -> Shift:
    """It is over: every device may send what it holds and then wipes itself."""
    must_plan(by)
    found = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    if found.state != Shift.State.ENDED:
        found.state, found.ended_at = Shift.State.ENDED, now
        found.save(update_fields=["state", "ended_at"])
        found.devices.filter(ended_at=None).update(ended_at=now, code=None)
    return found


def digest(secret: str) -> str:
    """How codes and tokens are kept: they are random and long, so a plain hash tells nothing."""
    return sha256(secret.encode()).hexdigest()


def _locked(shift: Shift) -> Shift:
    found = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    if found.state == Shift.State.ENDED:
        raise Clash("shift.ended", _("This shift is over."))
    if found.devices.filter(ended_at=None).count() >= MOST_DEVICES:
        raise Clash("shift.devices", _("This shift has enough devices. End one first."))
    return found


def _device(shift: Shift, *, now: datetime, label: str) -> Device:
    hours = limits.whole("send_hours", now.astimezone(LONDON).date())
    over = datetime.combine(shift.ends_on + timedelta(days=1), time(), tzinfo=LONDON)
    if over + timedelta(hours=hours) <= now:
        raise Clash("shift.past", _("The days of this shift are past. Plan another."))
    return Device(
        shift=shift, label=" ".join(label.split())[:40], made_at=now, expires_at=over + timedelta(hours=hours)
    )


def _token(device: Device, *, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    device.token, device.code, device.joined_at = digest(token), None, now
    device.save()
    return token
