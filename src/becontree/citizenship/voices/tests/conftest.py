"""A place that listens: its wards, an officer of the team, and a round that is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from becontree.citizenship.voices import actions
from becontree.citizenship.voices.models import Question, Response, Round
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Ward

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SETUP = System("tests")
EXAMPLE = files("becontree.foundations.places") / "example"


@dataclass
class Listening:
    """What most tests of this room start from."""

    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = people.register(
                email=f"{name}@example.invalid", name=name.title(), by=SETUP, now=self.now
            )
        return self.people[name]

    def officer(self, name: str = "marcus", team: str = "engagement") -> Person:
        person = self.person(name)
        if not person.has_role("officer", team):
            people.grant_role(person=person, role="officer", team=team, reason="test", by=SETUP, now=self.now)
        return Person.objects.get(pk=person.pk)

    def round(self, slug: str = "twenty-years", *, state: str = "open", **more: Any) -> Round:
        day = self.now.date()
        found = Round.objects.create(
            slug=slug, title="Twenty years", why="To plan.", changes="The plan.", answerer="The cabinet",
            privacy="We keep little.", moderation="By reasons.", owner=self.officer(), team="Engagement",
            made_by="system:tests", made_at=self.now, state=state, opened_at=self.now,
            **({"opens_on": day - timedelta(days=7), "closes_on": day + timedelta(days=30),
                "answer_by": day + timedelta(days=90)} | more),
        )  # fmt: skip
        for position, (kind, text) in enumerate(
            [
                ("like", "What do you like here?"),
                ("dislike", "What do you not like?"),
                ("hope", "What do you hope for?"),
            ]
        ):
            Question.objects.create(round=found, position=position, kind=kind, text=text)
        return found

    def responds(self, round: Round | None, *words: str, **more: Any) -> Response:
        """A form with words for the first questions, by an officer unless it says otherwise."""
        keys = [question.pk for question in round.questions.all()] if round else ["like", "dislike", "hope"]
        self.counted = getattr(self, "counted", 0) + 1
        given: dict[str, Any] = {
            "channel": "paper", "by": self.officer(), "now": self.now, "key": f"form-{self.counted}", "may_quote": True,
        }  # fmt: skip
        return actions.respond(round=round, answers=dict(zip(keys, words, strict=False)), **(given | more))

    @property
    def ward(self) -> Ward:
        return Ward.objects.order_by("code")[0]


@pytest.fixture
def listening(db: None) -> Listening:
    cache.clear()
    town = Listening()
    places.name_borough(name="Fairlop", by=SETUP, now=NOW, example=True)
    places.import_wards((EXAMPLE / "wards.geojson").read_bytes(), by=SETUP, now=NOW)
    return town


@pytest.fixture
def now(listening: Listening) -> Listening:
    """Pages ask the real clock."""
    listening.now = timezone.now()
    return listening


def day(text: str) -> date:
    return date.fromisoformat(text)
