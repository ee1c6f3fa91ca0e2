"""What pages read of hubs and meetings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import hypot
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value

from becontree.citizenship.conversations import queries as talks
from becontree.citizenship.conversations.models import Conversation, Statement, Vote
from becontree.citizenship.hubs.models import Hub, Meeting, Volunteer
from becontree.citizenship.hubs.permissions import groups_of, listens
from becontree.foundations.people.models import Membership, Organisation
from becontree.foundations.places import geometry
from becontree.foundations.places.guests import Guest
from becontree.foundations.places.models import Ward

KILOMETRES_A_DEGREE: Final = 111.195  # of latitude: the mean circle of the earth


def hubs() -> QuerySet[Hub]:
    """Hubs that are open, by name, with their wards."""
    return every_hub().filter(closed_at=None)


def every_hub() -> QuerySet[Hub]:
    wards = Prefetch("wards", queryset=Ward.objects.defer("geometry"))  # shapes are large, and nobody draws them here
    rows = Hub.objects.select_related("organisation", "venue__ward").defer("venue__ward__geometry")
    return rows.prefetch_related(wards)


def guests_at(venues: Collection[UUID]) -> dict[UUID, list[Guest]]:
    """The open hubs that meet in each place, for the pages of places."""
    found: dict[UUID, list[Guest]] = {}
    for hub in Hub.objects.filter(closed_at=None, venue__in=venues):
        found.setdefault(hub.venue_id, []).append(Guest(hub.name, hub.get_absolute_url()))
    return found


@dataclass(frozen=True, slots=True)
class Near:
    """A hub as it lies from a ward: `serves` it, or is `away` kilometres from middle to middle; None: not known."""

    hub: Hub
    serves: bool
    away: float | None


def nearest(ward: Ward) -> list[Near]:
    """The open hubs as they lie from the ward: first those for it, then by the nearest ward that they serve."""

    def near(hub: Hub) -> Near:
        theirs = list(hub.wards.all())
        known = [kilometres(ward.centre, other.centre) for other in theirs if ward.centre and other.centre]
        return Near(hub, ward in theirs, min(known, default=None))

    far = float("inf")
    return sorted(
        (near(hub) for hub in hubs()),
        key=lambda one: (not one.serves, far if one.away is None else one.away, one.hub.name),
    )


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Between two points (longitude, latitude) of one borough, as on a flat map: out by metres.

    >>> round(kilometres((0.0, 51.5), (0.0, 51.6)), 1)
    11.1
    >>> round(kilometres((0.0, 51.5), (0.1, 51.5)), 1)
    6.9
    """
    wide = (here[0] - there[0]) * geometry.flat((here[1] + there[1]) / 2)
    return hypot(wide, here[1] - there[1]) * KILOMETRES_A_DEGREE


def run_by(user: Any) -> QuerySet[Hub]:
    """The hubs that the person's groups keep."""
    return every_hub().filter(organisation__in=groups_of(user))


def without_keeper() -> QuerySet[Hub]:
    """Open hubs of groups in which nobody is left."""
    left = Membership.objects.filter(organisation=OuterRef("organisation"), left_at__isnull=True)
    return hubs().filter(~Exists(left)).order_by("name")


def left_alone() -> tuple[int, int]:
    """How many conversations are without a host, and how many open hubs without a keeper: one query for Today."""
    said = Value("talk", CharField())
    talking = talks.without_host().order_by().annotate(said=said).values_list("said", flat=True)
    keeping = without_keeper().order_by().annotate(said=Value("hub", CharField())).values_list("said", flat=True)
    found = list(talking.union(keeping, all=True))
    return found.count("talk"), found.count("hub")


def groups_that_may(user: Any) -> QuerySet[Organisation]:
    """The checked groups for which the person may open a hub."""
    checked = Organisation.objects.filter(verified_at__isnull=False).order_by("name")
    return checked if listens(user) else checked.filter(pk__in=groups_of(user))


def meetings(now: datetime) -> QuerySet[Meeting]:
    """Meetings to come and going on, soonest first."""
    rows = Meeting.objects.filter(Q(state=Meeting.State.OPEN) | Q(state=Meeting.State.PLANNED))
    rows = rows.filter(starts_at__gte=now - timedelta(hours=12))
    return rows.select_related("conversation", "hub", "ward").order_by("starts_at")


def held(hub: Hub) -> QuerySet[Meeting]:
    return hub.meetings.filter(state=Meeting.State.OVER).select_related("conversation")


def every_meeting() -> QuerySet[Meeting]:
    return Meeting.objects.select_related("conversation__organisation", "hub__organisation", "ward")


def hosted_by(user: Any) -> QuerySet[Meeting]:
    """Meetings of the person's own conversations and of the hubs that their groups keep."""
    groups = groups_of(user)
    mine = Q(conversation__host=user) | Q(conversation__organisation__in=groups) | Q(hub__organisation__in=groups)
    return every_meeting().filter(mine)


def talks_of(hub: Hub) -> QuerySet[Conversation]:
    """The conversations that the hub's group hosts or that met there, newest first."""
    return talks.public().filter(Q(organisation=hub.organisation) | Q(meetings__hub=hub)).distinct()


def talks_to_meet_about(now: datetime) -> QuerySet[Conversation]:
    return talks.open_now(now)


def by_code(code: str) -> Meeting | None:
    """The room that is open under a code, however it was typed."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())[:8]
    if not plain:
        return None
    rows = Meeting.objects.filter(code=plain, state=Meeting.State.OPEN)
    return rows.select_related("conversation__organisation", "conversation__ward", "hub").first()


def offers(user: Any, hub: Hub) -> QuerySet[Volunteer]:
    """Who offered and who helps; only for those who run the hub."""
    rows = Volunteer.objects.visible_to(user, "hub").filter(hub=hub).exclude(state=Volunteer.State.LEFT)
    return rows.select_related("person").order_by("state", "offered_at")


def own_offers(user: Any) -> QuerySet[Volunteer]:
    rows = Volunteer.objects.visible_to(user, "own").exclude(state=Volunteer.State.LEFT)
    return rows.select_related("hub").order_by("offered_at")


def statements(meeting: Meeting) -> QuerySet[Statement]:
    return talks.shown(meeting.conversation)


def cast_on(meeting: Meeting, number: int) -> int:
    """How many people whose votes count have voted on the statement; never how. One query."""
    rows = Vote.objects.filter(
        conversation=meeting.conversation,
        statement__number=number,
        participant__banned_at=None,
        participant__erased_at=None,
    )
    return int(rows.aggregate(n=Count("participant", distinct=True))["n"])
