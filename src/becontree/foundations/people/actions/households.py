"""Households: kept only so that nobody opens or decides what is their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.actions.common import note
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Household, HouseholdMember, Person


def make_household(*, members: Sequence[Person], by: Actor, now: datetime) -> Household:
    """Put people down as living together. A person may do so for a household that they are in; an officer too."""
    if isinstance(by, Person) and by.pk not in {member.pk for member in members} and not by.has_role("officer"):
        raise NotAllowed("people.household", gettext("You can only put down your own household."))
    with transaction.atomic():
        household = Household.objects.create(made_by=party_id(by), made_at=now)
        HouseholdMember.objects.bulk_create(
            HouseholdMember(household=household, person=person, since=now)
            for person in {member.pk: member for member in members}.values()
        )
        note("household made", household, by=by, now=now, members=len(members))
    return household


def leave_household(*, place: HouseholdMember, by: Actor, now: datetime) -> HouseholdMember:
    """Somebody has moved out."""
    if isinstance(by, Person) and by.pk != place.person_id and not by.has_role("officer"):
        raise NotAllowed("people.household", gettext("You can only change your own household."))
    with transaction.atomic():
        place = HouseholdMember.objects.select_for_update().get(pk=place.pk)
        if place.until is None:
            place.until = now
            place.save(update_fields=["until"])
            note("household left", place.household, by=by, now=now)
    return place
