"""Verbs: bring in wards, venues and postcodes; each file is used whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.places import geometry, reading
from becontree.foundations.places.models import Borough, Load, Postcode, Venue, Ward
from becontree.methods.findings import Unusable


def may_import(by: Actor) -> bool:
    """An administrator, or the system itself (the command line, the demo)."""
    return isinstance(by, System) or by.has_role("administrator")


@transaction.atomic
def name_borough(*, name: str, by: Actor, now: datetime, example: bool = False) -> Borough:
    """Set the borough's name."""
    _may(by)
    if not name.strip() or len(name) > 200:
        raise Invalid("places.borough.name", gettext("Write the borough's name."), "name")
    return Borough.objects.update_or_create(id=1, defaults={"name": name.strip(), "example": example})[0]


@transaction.atomic
def import_wards(content: bytes, *, by: Actor, now: datetime, file_name: str = "") -> list[Ward]:
    """Take the wards of a GeoJSON or CSV file as today's wards.

    A ward of the same code is updated; one that the file lacks is retired, as old things still name it. A ward that
    comes without a shape keeps the one it had. Raises Unusable.
    """
    _may(by)
    read = reading.read_wards(content, file=file_name)
    kept: list[Ward] = []
    for row in read:
        values: dict[str, Any] = {"name": row.name, "retired_at": None}
        if row.shape:
            lon, lat = geometry.centroid(row.shape)
            values |= {"geometry": {"type": "MultiPolygon", "coordinates": row.shape}, "lon": lon, "lat": lat}
        kept.append(Ward.objects.update_or_create(code=row.code, defaults=values)[0])
    Ward.objects.filter(retired_at=None).exclude(code__in=[row.code for row in read]).update(retired_at=now)
    _note(Load.Kind.WARDS, content, len(read), by=by, now=now, file_name=file_name)
    return kept


@transaction.atomic
def import_venues(content: bytes, *, by: Actor, now: datetime, file_name: str = "") -> list[Venue]:
    """Add or update the venues of a CSV file; one of the same name and postcode is the same. Raises Unusable."""
    _may(by)
    read = reading.read_venues(content, wards=_ward_codes(), file=file_name)
    kept = [
        Venue.objects.update_or_create(
            name=row.name,
            postcode=row.postcode,
            defaults={
                "address": row.address,
                "ward_id": row.ward_code or None,
                "kind": row.kind,
                "capacity": row.capacity,
                "step_free": row.step_free,
                "access": row.access,
                "keeper": "",
                "retired_at": None,
                "lon": row.centre[0] if row.centre else None,
                "lat": row.centre[1] if row.centre else None,
            },
        )[0]
        for row in read
    ]
    _note(Load.Kind.VENUES, content, len(read), by=by, now=now, file_name=file_name)
    return kept


@transaction.atomic
def keep_venue(
    *,
    keeper: str,
    name: str,
    address: str,
    now: datetime,
    postcode: str = "",
    ward: Ward | None = None,
    kind: str = "",
    step_free: bool = False,
    access: str = "",
    venue: Venue | None = None,
) -> Venue:
    """Say where somebody meets: a new place, or other facts of `venue`, which only its keeper changes.

    The room that calls has asked whether they may. A place that is listed already under this name, postcode and address
    is that one. Raises Invalid by field (place, address, postcode, access), NotAllowed.
    """
    given = {"place": name, "address": address, "postcode": postcode, "access": access}
    said = {field: " ".join(text.split()) for field, text in given.items()}
    said["postcode"] = reading.tidy_postcode(said["postcode"])
    if errors := _venue_errors(said):
        raise Invalid("places.venue.fields", gettext("Some parts need another look."), errors=errors)
    if venue is not None and venue.keeper != keeper:
        raise NotAllowed("places.venue.keeper", gettext("Somebody else says what is known of this place."))
    same = Venue.objects.filter(name__iexact=said["place"], postcode=said["postcode"])
    twin = (same.exclude(pk=venue.pk) if venue else same).first()
    if twin is not None and (venue is not None or twin.address.casefold() != said["address"].casefold()):
        raise Invalid(
            "places.venue.twice",
            gettext("A place of this name is listed already. Choose it from the list, or give the postcode."),
            "place",
        )
    if twin is not None and twin.retired_at is None:
        return twin
    if twin is not None:
        twin.keeper, venue = keeper, twin
    found = venue or Venue(keeper=keeper, kind=kind)
    found.name, found.address, found.postcode = said["place"], said["address"], said["postcode"]
    known = Postcode.objects.filter(code=found.postcode.replace(" ", "")).first() if found.postcode else None
    found.ward_id = known.ward_id if known else ward.code if ward else None
    found.step_free, found.access, found.retired_at = step_free, said["access"], None
    found.save()
    return found


def retire_venue(*, venue: Venue, keeper: str, now: datetime) -> None:
    """Nobody meets there any more: it leaves the list, if `keeper` put it there. What took place there stays."""
    Venue.objects.filter(pk=venue.pk, keeper=keeper).update(retired_at=now)


def _venue_errors(said: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not said["place"] or len(said["place"]) > 200:
        errors["place"] = gettext("Say where it meets.")
    if not said["address"] or len(said["address"]) > 400:
        errors["address"] = gettext("Write the street and number, as somebody needs it who has never been there.")
    if said["postcode"] and not reading.is_postcode(said["postcode"]):
        errors["postcode"] = gettext("Write the postcode like RM10 7BN, or leave it empty.")
    if len(said["access"]) > 400:
        errors["access"] = gettext("Please keep to %(most)s letters.") % {"most": "400"}
    return errors


@transaction.atomic
def import_postcodes(content: bytes, *, by: Actor, now: datetime, file_name: str = "") -> int:
    """Say which ward each postcode is in; replaces what was said before. Raises Unusable. Returns how many."""
    _may(by)
    read = reading.read_postcodes(content, wards=_ward_codes(), file=file_name)
    Postcode.objects.all().delete()
    Postcode.objects.bulk_create([Postcode(code=code, ward_id=ward) for code, ward in read], batch_size=1000)
    _note(Load.Kind.POSTCODES, content, len(read), by=by, now=now, file_name=file_name)
    return len(read)


IMPORTS: Final[dict[str, Callable[..., Any]]] = {
    Load.Kind.WARDS: import_wards,
    Load.Kind.VENUES: import_venues,
    Load.Kind.POSTCODES: import_postcodes,
}


@transaction.atomic
def hold(*, kind: str, content: bytes, by: Actor, now: datetime, file_name: str = "") -> tuple[Load, Any]:
    """Read a file and keep it until its bringer has looked at the preview. Raises Unusable. Changes nothing else."""
    _may(by)
    read: Any
    if kind == Load.Kind.WARDS:
        read = reading.read_wards(content, file=file_name)
    elif kind == Load.Kind.VENUES:
        read = reading.read_venues(content, wards=_ward_codes(), file=file_name)
    else:
        read = reading.read_postcodes(content, wards=_ward_codes(), file=file_name)
    Load.objects.filter(used_at=None, actor=party_id(by)).delete()  # one preview at a time
    held = Load.objects.create(
        kind=kind,
        file_name=file_name[:200],
        digest=sha256(content).hexdigest(),
        rows=len(read),
        content=content.decode("utf-8-sig"),
        actor=party_id(by),
        brought_at=now,
    )
    return held, read


@transaction.atomic
def use(*, load: Load, by: Actor, now: datetime) -> Load:
    """Import what was held. Raises Clash where it was used already, Unusable where the wards changed meanwhile."""
    _may(by)
    held = Load.objects.select_for_update().filter(pk=load.pk, used_at=None, actor=party_id(by)).first()
    if held is None:
        raise Clash(
            "places.load.gone", gettext("This file was used already, or another took its place. Bring it again.")
        )
    content = held.content.encode()
    held.delete()
    try:
        IMPORTS[held.kind](content, by=by, now=now, file_name=held.file_name)
    except Unusable as error:
        raise Invalid("places.load.stale", str(error)) from error
    return Load.objects.filter(kind=held.kind, used_at=now).latest("brought_at")


def _note(kind: str, content: bytes, rows: int, *, by: Actor, now: datetime, file_name: str) -> None:
    Load.objects.create(
        kind=kind,
        file_name=file_name[:200],
        digest=sha256(content).hexdigest(),
        rows=rows,
        actor=party_id(by),
        brought_at=now,
        used_at=now,
    )


def _may(by: Actor) -> None:
    if not may_import(by):
        raise NotAllowed("places.import", gettext("Only an administrator may change the wards and venues."))


def _ward_codes() -> list[str]:
    return list(Ward.objects.filter(retired_at=None).values_list("code", flat=True))
