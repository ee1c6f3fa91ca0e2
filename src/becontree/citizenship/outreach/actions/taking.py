"""Take what a phone or a tablet sends: each box once, in any order, whatever its clock says.

A box that cannot be used is refused for good (`refused`), with the reason as a code; one that cannot be used just now
is kept by the tablet (`later`). One bad box never holds up another.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from becontree.citizenship.outreach import limits
from becontree.citizenship.outreach.doors import tidy
from becontree.citizenship.outreach.models import CallBack, Device, NoKnock, Shift, Street, Visit
from becontree.citizenship.outreach.sealing import NotOurs, open_box
from becontree.citizenship.voices import actions as voices
from becontree.foundations.kit.errors import Clash, Invalid, Refused
from becontree.foundations.measures.actions import check_equality
from becontree.foundations.people.actors import System
from becontree.foundations.places.models import Ward
from becontree.foundations.policy import clocks

LONDON: Final = ZoneInfo("Europe/London")
TABLET: Final = System("outreach.tablet")
MOST_BOXES: Final = 50  # in one sending
MOST_BYTES: Final = 64_000  # of one box
CHANNEL: Final = {Shift.Kind.DOORSTEP: "doorstep", Shift.Kind.STALL: "event"}
_KEY: Final = re.compile(r"^[A-Za-z0-9_-]{16,40}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one box: `taken`, `refused` (why: a code) or `later`."""

    key: str
    what: str
    why: str = ""


class _Unusable(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def take(*, device: Device, boxes: Sequence[Any], now: datetime) -> list[Answered]:
    """Open each box of {"key", "box"} and take what is in it. Each in a transaction of its own."""
    return [_one(device.shift, each, now=now) for each in boxes[:MOST_BOXES]]


def take_plain(*, shift: Shift, what: Mapping[str, Any], now: datetime) -> None:
    """Take what a page without a script sent. Raises Invalid with a sentence for each field, and Clash."""
    with transaction.atomic():
        _take(shift, what, now=now)


def _one(shift: Shift, given: Any, *, now: datetime) -> Answered:
    key = given.get("key") if isinstance(given, dict) else None
    if not isinstance(key, str) or not _KEY.match(key):
        return Answered("", "refused", "key")
    try:
        what = _opened(shift, key, given.get("box"))
        with transaction.atomic():
            _take(shift, what, now=now)
    except _Unusable as error:
        return Answered(key, "refused", error.why)
    except Clash as clash:
        return Answered(key, "later", clash.code)
    except Refused as refused:
        return Answered(key, "refused", refused.code)
    return Answered(key, "taken")


def _opened(shift: Shift, key: str, box: Any) -> dict[str, Any]:
    if not isinstance(box, str) or len(box) > MOST_BYTES * 4 // 3 + 4:
        raise _Unusable("size")
    try:
        what = json.loads(open_box(base64.b64decode(box, validate=True), shift=shift.pk, handle=shift.handle))
    except (binascii.Error, NotOurs):
        raise _Unusable("box") from None
    except (ValueError, RecursionError):
        raise _Unusable("form") from None
    if not isinstance(what, dict) or what.get("key") != key:
        raise _Unusable("form")
    return what


def _take(shift: Shift, what: Mapping[str, Any], *, now: datetime) -> None:
    """One door, or one person at a stall. All of it or nothing; the second time nothing."""
    key = _text(what, "key", 40)
    if not _KEY.match(key):
        raise _Unusable("key")
    if Visit.objects.filter(key=key).exists():
        return
    on = day(shift, what.get("day"), now=now)
    visit = Visit(key=key, shift=shift, on=on, outcome=Visit.Outcome.SPOKE)
    if shift.kind == Shift.Kind.DOORSTEP:
        visit.street, visit.door = _door(shift, what)
        outcome = _text(what, "outcome", 10)
        if outcome not in Visit.Outcome.values:
            raise Invalid("visit.outcome", "Choose what happened at the door.", "outcome")
        visit.outcome = outcome
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError:  # the same box twice at one moment
        return
    if what.get("voice") is not None:
        _voice(shift, visit, what["voice"], on=on, now=now)
    elif shift.kind == Shift.Kind.STALL:
        raise _Unusable("empty")
    if what.get("call") is not None:
        _call(shift, what["call"], on=on)
    if what.get("alone") is True and visit.street is not None:
        NoKnock.objects.get_or_create(street=visit.street, door=visit.door, defaults={"since": on})


def day(shift: Shift, said: Any, *, now: datetime) -> date:
    """The day it was said: the tablet's own where it lies in the shift and is not to come, else the shift's.

    A tablet's clock may be wrong by years, so the shift has the last word.
    """
    today = now.astimezone(LONDON).date()
    last = min(shift.ends_on, today)
    try:
        claimed = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        claimed = None
    if claimed is not None and shift.begins_on <= claimed <= last:
        return claimed
    return max(min(last, shift.ends_on), min(shift.begins_on, today))


def _door(shift: Shift, what: Mapping[str, Any]) -> tuple[Street, str]:
    street = next((each for each in shift.streets.all() if str(each.pk) == what.get("street")), None)
    if street is None:
        raise Invalid("visit.street", "This street is not in the shift.", "street")
    door = tidy(_text(what, "door", 12))
    if not door or door not in street.doors:
        raise Invalid("visit.door", "This door is not on the list.", "door")
    return street, door


def _voice(shift: Shift, visit: Visit, said: Any, *, on: date, now: datetime) -> None:
    if not isinstance(said, Mapping):
        raise _Unusable("form")
    answers = said.get("answers")
    if not isinstance(answers, Mapping) or not all(isinstance(each, str) for each in [*answers, *answers.values()]):
        raise _Unusable("form")
    equality = said.get("equality") or {}
    if not isinstance(equality, Mapping) or not all(isinstance(each, str) for each in equality.values()):
        raise _Unusable("form")
    check_equality(equality)
    key = _text(said, "key", 40)
    if not _KEY.match(key) or key == visit.key:  # the two keys have nothing in common, so nothing joins them later
        raise _Unusable("key")
    ward: Ward | None = visit.street.ward if visit.street is not None else shift.ward
    code = _text(said, "ward", 12)
    if visit.street is None and code:
        ward = Ward.objects.filter(pk=code, retired_at=None).first() or ward
    voices.respond(
        round=shift.round,
        answers={name: words for name, words in answers.items() if words.strip()},
        channel=CHANNEL[Shift.Kind(shift.kind)],
        by=TABLET,
        now=now,
        key=key,
        ward=ward,
        place=visit.street.name if visit.street is not None else shift.place,
        language=_text(said, "language", 16) or "en",
        may_quote=said.get("may_quote") is True,
        said_on=on,
        contact=_text(said, "contact", 254) or None,
        equality={name: answer for name, answer in equality.items() if answer} or None,
    )


def _call(shift: Shift, asked: Any, *, on: date) -> None:
    if not isinstance(asked, Mapping):
        raise _Unusable("form")
    name, telephone = _text(asked, "name", 80), _text(asked, "telephone", 40)
    if not telephone or not re.fullmatch(r"[0-9+() -]{5,40}", telephone, re.ASCII):
        raise Invalid("call.telephone", "Write a telephone number in figures.", "telephone")
    CallBack.objects.create(
        shift=shift,
        name=name,
        telephone=telephone,
        about=_text(asked, "about", 400),
        asked_on=on,
        due_on=clocks.add_working_days(on, limits.whole("call_days", on)),
    )


def _text(given: Mapping[str, Any], name: str, most: int) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise _Unusable("form")
    return voices.plain(value).replace("\n", " ") if value else ""
