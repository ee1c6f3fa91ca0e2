"""Who runs a hub and a meeting: the group that keeps it; the council's team that listens may help anywhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from becontree.citizenship.conversations import permissions as talks
from becontree.citizenship.hubs.models import Hub, Meeting
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.models import Membership, Organisation, Person

listens = talks.listens


def groups_of(actor: Any) -> Any:
    """The organisations that the actor belongs to now."""
    return Membership.objects.filter(person=actor, left_at__isnull=True).values("organisation_id")


def belongs(actor: Any, organisation: Organisation) -> bool:
    return (
        isinstance(actor, Person)
        and Membership.objects.filter(person=actor, organisation=organisation, left_at__isnull=True).exists()
    )


def runs(actor: Any, hub: Hub) -> bool:
    return listens(actor) or belongs(actor, hub.organisation)


def may_open(actor: Any, organisation: Organisation | None) -> bool:
    """A group that was checked opens its own hub, with nobody's leave; an officer opens one for a checked group."""
    if organisation is None or organisation.verified_at is None:
        return False
    return listens(actor) or belongs(actor, organisation)


def must_open(actor: Any, organisation: Organisation | None) -> None:
    if organisation is None or not (listens(actor) or belongs(actor, organisation)):
        raise NotAllowed("hub.group", "Only people of the group can open its hub.")
    if organisation.verified_at is None:
        raise NotAllowed("hub.unchecked", "We have to check the group first. Ask for it on the group's page.")


def must_run(actor: Any, hub: Hub) -> None:
    if not runs(actor, hub):
        raise NotAllowed("hub.run", "Only the group that keeps this hub can do that.")


def hosts(actor: Any, meeting: Meeting) -> bool:
    """Those who host the conversation, and those who keep the hub that it is held in."""
    return talks.hosts(actor, meeting.conversation) or (meeting.hub is not None and runs(actor, meeting.hub))


def must_host(actor: Any, meeting: Meeting) -> None:
    if not hosts(actor, meeting):
        raise NotAllowed("meeting.host", "Only the people who host this meeting can do that.")


def own_offers(user: Any) -> Q | None:
    return Q(person=user)


def offers_to_my_hubs(user: Any) -> Q | None:
    if listens(user):
        return Q()
    return Q(hub__organisation__in=groups_of(user)) if isinstance(user, Person) else None
