"""Open, change and close a hub; offer to help in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.hubs.models import Hub, Volunteer
from becontree.citizenship.hubs.permissions import must_open, must_run, runs
from becontree.citizenship.voices.actions import plain
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Organisation, Person
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Venue
from becontree.foundations.record import actions as record

LONDON: Final = ZoneInfo("Europe/London")
RESERVED: Final = {"new", "meetings", "near"}  # addresses of other pages
NEEDED: Final = ("name", "about", "when")


@transaction.atomic
def open_hub(
    *,
    organisation: Organisation,
    name: str,
    about: str,
    when: str,
    wards: Sequence[Any],
    by: Actor,
    now: datetime,
    venue: Venue | None = None,
    **where: Any,
) -> Hub:
    """Open a hub for a group that was checked. It stands in the public record, and its page is there at once.

    It meets in `venue`, or in a new place to meet: place (its name), address, postcode, step_free, access.
    """
    must_open(by, organisation)
    fields = _fields(name=name, about=about, when=when, wards=wards)
    taken = set(Hub.objects.filter(slug__startswith=slug_for(fields["name"])[:40]).values_list("slug", flat=True))
    slug = slug_for(fields["name"], taken=taken | RESERVED)
    hub = Hub.objects.create(
        slug=slug,
        organisation=organisation,
        venue=venue or _new_venue(f"hub/{slug}", wards, where, now=now),
        made_by=party_id(by),
        opened_at=now,
        **fields,
    )
    hub.wards.set(wards)
    record.thing(ref=hub.ref, kind="hub", title=hub.name, url=hub.get_absolute_url())
    record.enter(
        kind="hub.opened",
        step="heard",
        thing=hub.ref,
        title=f"{hub.name} is open, kept by {organisation.name}"[:300],
        facts={"wards": sorted(ward.code for ward in wards), "organisation": organisation.org_id or organisation.slug},
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    return hub


@transaction.atomic
def edit_hub(
    *,
    hub: Hub,
    name: str,
    about: str,
    when: str,
    wards: Sequence[Any],
    by: Actor,
    now: datetime,
    venue: Venue | None = None,
    **where: Any,
) -> Hub:
    """Change what its page says; the page's own address stays. Where it meets, as in `open_hub`.

    A place that only this hub told of is changed where it stands, and leaves the list when the hub moves to another.
    """
    must_run(by, hub)
    hub = Hub.objects.select_for_update(of=("self",)).select_related("organisation", "venue").get(pk=hub.pk)
    if not hub.is_open:
        raise Clash("hub.closed", _("This hub is closed; its page stays as it was."))
    for field, value in _fields(name=name, about=about, when=when, wards=wards).items():
        setattr(hub, field, value)
    before = hub.venue
    if venue is not None:
        hub.venue = venue
    else:
        hub.venue = _new_venue(hub.ref, wards, where, now=now, venue=before if keeps_venue(hub) else None)
    hub.save()
    hub.wards.set(wards)
    if hub.venue_id != before.pk:
        _leave_venue(hub, before, now=now)
    record.thing(ref=hub.ref, kind="hub", title=hub.name, url=hub.get_absolute_url())
    return hub


@transaction.atomic
def close_hub(*, hub: Hub, by: Actor, now: datetime) -> Hub:
    """The hub ends: its page stays, offers to help end with it; meetings that were planned are cancelled first."""
    must_run(by, hub)
    hub = Hub.objects.select_for_update(of=("self",)).select_related("organisation", "venue").get(pk=hub.pk)
    if not hub.is_open:
        return hub
    if hub.meetings.filter(state__in=["planned", "open"]).exists():
        raise Clash("hub.meetings", _("Meetings are still planned here: hold or cancel them first."))
    hub.closed_at = now
    hub.save(update_fields=["closed_at"])
    _leave_venue(hub, hub.venue, now=now)
    hub.volunteers.exclude(state=Volunteer.State.LEFT).update(
        state=Volunteer.State.LEFT, decided_at=now, decided_by=party_id(by)
    )
    record.enter(
        kind="hub.closed",
        step="heard",
        thing=hub.ref,
        title=f"{hub.name} has closed"[:300],
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    return hub


@transaction.atomic
def offer(*, hub: Hub, words: str, by: Actor, now: datetime) -> Volunteer:
    """Offer to help. The people who run the hub read it; pressing twice makes one."""
    if not isinstance(by, Person):
        raise NotAllowed("offer.sign_in", _("Sign in to offer your help."))
    if not hub.is_open:
        raise Clash("hub.closed", _("This hub is closed."))
    said = " ".join(plain(words).split())
    if not said or len(said) > 400:
        raise Invalid("offer.words", _("Say in at most 400 letters what you would like to do."), "words")
    found, made = Volunteer.objects.select_for_update(of=("self",)).get_or_create(
        hub=hub, person=by, defaults={"offer": said, "offered_at": now}
    )
    if not made and found.state == Volunteer.State.LEFT:
        found.state, found.offered_at, found.decided_at, found.decided_by = Volunteer.State.OFFERED, now, None, ""
    if not made and found.state == Volunteer.State.OFFERED:
        found.offer = said
        found.save()
    return found


@transaction.atomic
def answer_offer(*, volunteer: Volunteer, accept: bool, by: Actor, now: datetime) -> Volunteer:
    """Say yes or no to an offer; the person is told."""
    must_run(by, volunteer.hub)
    found = Volunteer.objects.select_for_update(of=("self",)).select_related("hub", "person").get(pk=volunteer.pk)
    to = Volunteer.State.HELPING if accept else Volunteer.State.LEFT
    if found.state == to:
        return found
    if to not in Volunteer.MOVES[found.state]:
        raise Clash("offer.state", _("This offer was answered already."))
    found.state, found.decided_at, found.decided_by = to, now, party_id(by)
    found.save()
    send(
        to=found.person,
        template="hubs/offer_answered",
        context={
            "hub": found.hub.name,
            "accepted": accept,
            "when": found.hub.when,
            "url": found.hub.get_absolute_url(),
        },
        purpose="service",
        key=f"hub:offer:{found.pk}:{now.isoformat()}",
        now=now,
    )
    return found


@transaction.atomic
def leave(*, volunteer: Volunteer, by: Actor, now: datetime) -> Volunteer:
    """Stop helping, or take the offer back: by the person, or by those who run the hub."""
    if getattr(by, "pk", None) != volunteer.person_id and not runs(by, volunteer.hub):
        raise NotAllowed("offer.own", _("Only the person who offered can do that."))
    Volunteer.objects.filter(pk=volunteer.pk).update(
        state=Volunteer.State.LEFT, decided_at=now, decided_by=party_id(by)
    )
    volunteer.refresh_from_db()
    return volunteer


def keeps_venue(hub: Hub) -> bool:
    """Whether the hub itself says what is known of its place, and nobody else meets there."""
    return hub.venue.keeper == hub.ref and not _others(hub, hub.venue)


def _others(hub: Hub, venue: Venue) -> bool:
    return Hub.objects.filter(venue=venue, closed_at=None).exclude(pk=hub.pk).exists()


def _new_venue(
    keeper: str, wards: Sequence[Any], where: dict[str, Any], *, now: datetime, venue: Venue | None = None
) -> Venue:
    """The place that the hub tells of: in its only ward, where the postcode tells of none."""
    known = {field: plain(text) for field, text in where.items() if field != "step_free"}
    return places.keep_venue(
        keeper=keeper,
        name=known.pop("place", ""),
        address=known.pop("address", ""),
        ward=wards[0] if len(wards) == 1 else None,
        kind="hub",
        step_free=bool(where.get("step_free")),
        now=now,
        venue=venue,
        **known,
    )


def _leave_venue(hub: Hub, venue: Venue, *, now: datetime) -> None:
    if not _others(hub, venue):
        places.retire_venue(venue=venue, keeper=hub.ref, now=now)


def _fields(*, wards: Sequence[Any], **texts: str) -> dict[str, str]:
    clean = {name: plain(text) if name == "about" else " ".join(plain(text).split()) for name, text in texts.items()}
    asked = {
        "name": _("Give the hub its name."),
        "about": _("Say who keeps it and what happens there."),
        "when": _("Say when it is open."),
    }
    errors = {name: asked[name] for name in NEEDED if not clean[name]}
    for name, most in (("name", 120), ("about", 2_000), ("when", 200)):
        if len(clean[name]) > most:
            errors[name] = _("Please keep to %(most)s letters.") % {"most": f"{most:,}"}
    if not wards:
        errors["wards"] = _("Choose at least one ward that it serves.")
    if errors:
        raise Invalid("hub.fields", _("Some parts need another look."), errors=errors)
    return clean
