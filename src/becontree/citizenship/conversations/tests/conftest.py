"""A conversation to take part in, and the verbs that most tests need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from becontree.citizenship.conversations import actions, maps, routing
from becontree.citizenship.conversations.models import Conversation, MapDocument, Participant, Statement
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SETUP = System("tests")
SEEDS = [
    "The park needs lights at night.",
    "Cars should keep out of the high street.",
    "We need more places to sit.",
    "The market should open on Sundays.",
    "Children need a safe way to school.",
    "New houses should be lower than six floors.",
    "The library should lend tools.",
    "Buses should be free for pupils.",
    "Every street should have trees.",
    "The pool should open earlier.",
]


@dataclass
class Talk:
    """An open conversation and its people."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    seeds: list[str] = field(default_factory=lambda: list(SEEDS))
    more: dict[str, Any] = field(default_factory=dict)
    conversation: Conversation = None  # type: ignore[assignment]
    people: dict[str, Person] = field(default_factory=dict)

    def open(self) -> Talk:
        made = actions.draft(by=SETUP, now=self.now, **{**words(self.now), **self.more})
        actions.seed_statements(conversation=made, words=self.seeds, by=SETUP, now=self.now)
        routing._KEPT.clear()  # ids come again where a test is rolled back
        self.conversation = actions.open_(conversation=made, by=SETUP, now=self.now, seed="test-seed")
        return self

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = people.register(
                email=f"{name}@example.invalid", name=name.title(), by=SETUP, now=self.now
            )
        return self.people[name]

    def officer(self, name: str = "oona") -> Person:
        person = self.person(name)
        people.grant_role(person=person, role="officer", team="engagement", reason="test", by=SETUP, now=self.now)
        return Person.objects.get(pk=person.pk)

    def joins(self, key: str, person: Person | None = None) -> Participant:
        return actions.start(conversation=self.conversation, key=key, person=person, now=self.now)

    def votes(self, who: Participant, value: int) -> Any:
        """On whatever is in front of them."""
        who.refresh_from_db()
        assert who.pending is not None
        return actions.vote(
            conversation=self.conversation, participant=who, number=who.pending.number, value=value, now=self.now
        )

    def answers(self, who: Participant, opinion: Any, most: int = 1000) -> int:
        """Vote as `opinion(number)` says, until there is nothing left, or `most` are done."""
        done = 0
        while done < most:
            who.refresh_from_db()
            if who.pending is None:
                break
            self.votes(who, opinion(who.pending.number))
            done += 1
        return done

    def camps(self, people: int = 24) -> list[Participant]:
        """Two camps that agree on the first two statements and differ on the rest."""
        joined = []
        for number in range(people):
            who = self.joins(f"key-{number}")
            side = 1 if number % 2 else -1
            self.answers(who, lambda at, side=side: 1 if at <= 2 else side)
            joined.append(who)
        return joined

    def draw(self) -> dict[str, Any]:
        self.now += timedelta(seconds=10)
        return maps.current(self.conversation, now=self.now).document

    def anew(self) -> dict[str, Any]:
        """What the votes say, whatever was published of them before."""
        MapDocument.objects.filter(conversation=self.conversation).update(moved=[], standing={}, through=-1)
        self.now += timedelta(seconds=10)
        return maps.redraw(Conversation.objects.get(pk=self.conversation.pk), now=self.now).document

    def more_vote(self, people: int, *, begin: int = 0, most: int = 1000) -> None:
        """Others, one of three of whom agrees with everything, one disagrees and one passes."""
        for number in range(begin, begin + people):
            self.answers(self.joins(f"more-{number}"), lambda at, side=1 - number % 3: side, most)

    def close(self) -> Conversation:
        self.conversation = actions.close(conversation=self.conversation, by=SETUP, now=self.now)
        return self.conversation

    def statement(self, number: int) -> Statement:
        return Statement.objects.get(conversation=self.conversation, number=number)


def words(now: datetime) -> dict[str, Any]:
    return {
        "title": "What should change on the high street?",
        "about": "The street is being rebuilt next year.",
        "place": "The high street",
        "ground_rules": "One thought a statement. No names.",
        "can_change": "The plan of the street. Not the budget.",
        "host_name": "The council's street team",
        "answered_by": "The street team",
        "closes_at": now + timedelta(days=14),
        "answer_due": (now + timedelta(days=30)).date(),
        "results": "live",
    }


@pytest.fixture
def talk(db: None) -> Talk:
    return Talk().open()
