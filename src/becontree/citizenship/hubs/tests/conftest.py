"""A hub that a checked group keeps, and a conversation to meet about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from becontree.citizenship.conversations import actions as talks
from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.hubs import actions
from becontree.citizenship.hubs.models import Hub, Meeting
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Organisation, Person
from becontree.foundations.places.models import Ward

NOW = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)
SETUP = System("tests")
SEEDS = ["Lights.", "Seats.", "Shade.", "Water.", "A stage.", "A map."]


@dataclass
class Neighbourhood:
    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)
    ward: Ward = None  # type: ignore[assignment]
    group: Organisation = None  # type: ignore[assignment]
    hub: Hub = None  # type: ignore[assignment]
    talk: Conversation = None  # type: ignore[assignment]

    def person(self, name: str) -> Person:
        if name not in self.people:
            made = people.register(email=f"{name}@example.invalid", name=name.title(), by=SETUP, now=self.now)
            self.people[name] = Person.objects.get(pk=made.pk)
        return self.people[name]

    def officer(self) -> Person:
        person = self.person("oona")
        people.grant_role(person=person, role="officer", team="engagement", reason="test", by=SETUP, now=self.now)
        return Person.objects.get(pk=person.pk)

    def build(self) -> Neighbourhood:
        self.ward = Ward.objects.create(code="T1", name="Testing", geometry={})
        self.group = people.add_organisation(name="Friends", kind="charity", by=self.person("lena"), now=self.now)
        people.verify_organisation(organisation=self.group, how="seen", by=SETUP, now=self.now)
        self.group.refresh_from_db()
        self.hub = actions.open_hub(by=self.person("lena"), now=self.now, organisation=self.group, **self.words())
        self.talk = talks.draft(
            title="What should the square be?", about="It is rebuilt.", place="The square", ground_rules="No names.",
            can_change="The plan.", answered_by="The team", host_name="Friends", closes_at=self.now + timedelta(days=9),
            answer_due=(self.now + timedelta(days=20)).date(), results="live", organisation=self.group,
            host_kind="hub", by=self.person("lena"), now=self.now,
        )  # fmt: skip
        talks.seed_statements(conversation=self.talk, words=SEEDS, by=self.person("lena"), now=self.now)
        self.talk = talks.open_(conversation=self.talk, by=self.person("lena"), now=self.now, seed="test")
        return self

    def words(self, **more: Any) -> dict[str, Any]:
        known = {"name": "Test Hub", "about": "Neighbours.", "place": "The hall", "when": "Tuesdays"}
        known |= {"address": "1 Test Road"}
        return known | {"wards": [self.ward]} | more

    def plan(self, **more: Any) -> Meeting:
        given = {"conversation": self.talk, "starts_at": self.now + timedelta(hours=1), "place": "The hall"}
        given |= {"agenda": ["Tea", "We vote"], "hub": self.hub, "by": self.person("lena"), "now": self.now}
        return actions.plan(**given | more)

    def open_room(self) -> Meeting:
        return actions.begin(meeting=self.plan(), by=self.person("lena"), now=self.now)

    def show(self, meeting: Meeting, number: int | None) -> Meeting:
        return actions.show(meeting=meeting, number=number, by=self.person("lena"), now=self.now)


@pytest.fixture
def town(db: None) -> Neighbourhood:
    return Neighbourhood().build()


@pytest.fixture
def today(db: None) -> Neighbourhood:
    """For pages, which go by the real clock."""
    return Neighbourhood(now=datetime.now(UTC)).build()
