"""A place that goes to people: wards, streets, a round that is open, an officer, and boxes as a tablet seals them."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache

from becontree.citizenship.outreach import actions, sealing
from becontree.citizenship.outreach.models import Device, Shift, Street
from becontree.citizenship.voices.models import Question, Round
from becontree.foundations.measures import actions as measures
from becontree.foundations.measures import example
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.places import actions as places

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SETUP = System("tests")
WARDS = files("becontree.foundations.places") / "example" / "wards.geojson"
STREETS = b"""street,ward,doors
Heron Road,F01,"1-19 odd, 2-20 even"
Example Row,F01,"1-9, 9A, Flat 3"
Acorn Street,F02,1-40
"""


def key() -> str:
    return secrets.token_hex(16)


@dataclass
class Outing:
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

    def round(self, slug: str = "twenty-years", **more: Any) -> Round:
        day = self.now.date()
        given: dict[str, Any] = {
            "opens_on": day - timedelta(days=30), "closes_on": day + timedelta(days=60), "state": "open",
            "answer_by": day + timedelta(days=90), "asks_equality": True, "languages": ["en"],
        }  # fmt: skip
        if found := Round.objects.filter(slug=slug).first():
            return found
        found = Round.objects.create(
            slug=slug, title="Twenty years", why="To plan.", changes="The plan.", answerer="The cabinet",
            privacy="We keep little.", moderation="By reasons.", owner=self.officer(), team="Engagement",
            made_by="system:tests", made_at=self.now, opened_at=self.now, **(given | more),
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

    def streets(self) -> list[Street]:
        return actions.import_streets(STREETS, by=SETUP, now=self.now)

    def shift(self, kind: str = "doorstep", **more: Any) -> Shift:
        given: dict[str, Any] = {"kind": kind, "round": self.round(), "begins_on": self.now.date()}
        if kind == "doorstep":
            given["streets"] = self.streets()[:2]
        else:
            given["place"] = "Market Cross"
        return actions.plan_shift(by=SETUP, now=self.now, **(given | more))

    def device(self, shift: Shift, label: str = "A") -> tuple[Device, str]:
        _, code = actions.add_device(shift=shift, by=SETUP, now=self.now, label=label)
        joined = actions.join(code=code, now=self.now)
        assert joined is not None
        return joined

    def voice(self, words: str = "More benches by the brook.", **more: Any) -> dict[str, Any]:
        question = self.round().questions.get(position=2)
        return {"key": key(), "answers": {str(question.pk): words}, "may_quote": True, "language": "en"} | more

    def knock(self, shift: Shift, door: str = "1", outcome: str = "spoke", **more: Any) -> dict[str, Any]:
        street = shift.streets.get(name="Heron Road")
        what = {
            "key": key(), "day": str(self.now.date()), "street": str(street.pk), "door": door, "outcome": outcome,
        }  # fmt: skip
        if outcome == "spoke":
            what["voice"] = self.voice()
        return what | more


def box(shift: Shift, what: Any, *, handle: str = "", public: bytes = b"") -> dict[str, str]:
    """As the tablet's script seals it."""
    closed = sealing.seal(
        what if isinstance(what, bytes) else json.dumps(what).encode(),
        public=public or sealing.public_key(shift.pk),
        handle=handle or shift.handle,
        nonce=secrets.token_bytes(12),
        key=ec.generate_private_key(ec.SECP256R1()),
    )
    return {"key": what["key"] if isinstance(what, dict) else key(), "box": base64.b64encode(closed).decode()}


@pytest.fixture
def outing(db: None) -> Outing:
    return build()


def build() -> Outing:
    cache.clear()
    town = Outing()
    places.name_borough(name="Fairlop", by=SETUP, now=NOW, example=True)
    places.import_wards(WARDS.read_bytes(), by=SETUP, now=NOW)
    who = next(each for each in files(example).iterdir() if each.name.endswith(".csv"))
    measures.import_population(
        who.read_bytes(), title="Invented", publisher="Fairlop", on=date(2026, 1, 1), invented=True, by=SETUP, now=NOW
    )
    return town
