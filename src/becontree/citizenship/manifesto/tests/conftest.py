"""A borough that said a lot: a round with texts about five things, an officer, a study that is sorted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from becontree.citizenship.manifesto import actions
from becontree.citizenship.manifesto.models import Aspiration, Placement, Promise, Study, Theme, ThemeRun
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Round, Voice
from becontree.citizenship.voices.tests.conftest import Listening
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.measures import actions as measures
from becontree.foundations.people.actors import System

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SETUP = System("tests")
MANY = 125  # the machine looks for one theme in 25
# About five things, each in words of its own, so that any honest method can tell them apart.
SAYINGS = {
    "buses": ["The {} bus never comes on time", "More {} buses to the hospital", "A night bus for the {} workers"],
    "parks": ["Plant more trees in {} park", "The {} park needs benches", "Mow the grass in the {} park"],
    "rents": ["The {} rent is too high", "Cheaper homes, rent takes my {} wage", "Landlord puts up the {} rent again"],
    "youth": ["A youth club for {} teenagers", "Teenagers have no {} youth club", "Open the {} youth club at night"],
    "bins": [
        "Empty the {} bins every week",
        "Rubbish lies beside the {} bins",
        "Fly tipping and {} rubbish everywhere",
    ],
}
EXTRA = ["red", "old", "north", "south", "early", "late", "little", "main", "green", "upper", "lower", "far"]


def sayings(n: int) -> list[str]:
    """`n` different texts, the five things by turns."""
    found = []
    for at in range(n):
        kind = list(SAYINGS.values())[at % 5]
        found.append(kind[(at // 5) % 3].format(EXTRA[(at // 15) % len(EXTRA)]) + ("." if at % 2 else "!"))
    return found


@dataclass
class Moot:
    """What most tests of this room start from, with the verbs that they need."""

    listening: Listening
    now: datetime = NOW
    rounds: list[Round] = field(default_factory=list)

    @property
    def officer(self) -> Any:
        return self.listening.officer()

    def hear(self, *words: str, may_quote: bool = True, publish: bool = True, **more: Any) -> list[Voice]:
        """One form a text, each let through by a moderator."""
        if not self.rounds:
            self.rounds.append(self.listening.round())
        found = []
        for text in words:
            response = self.listening.responds(self.rounds[0], text, may_quote=may_quote, **more)
            voice = response.voices.get()
            if publish:
                voice = voices.publish(voice=voice, by=SETUP, now=self.now)
            found.append(voice)
        return found

    def study(self, *words: str, run: bool = True) -> Study:
        self.hear(*(words or sayings(MANY)))
        study = actions.begin(
            title="Twenty years", question="What do you hope for?", rounds=[self.rounds[0].slug], by=self.officer,
            now=self.now,
        )  # fmt: skip
        if run:
            self.sort(study)
        return study

    def sort(self, study: Study) -> ThemeRun:
        run = actions.ask_for_run(study=study, by=self.officer, now=self.now)
        done = actions.sort_now(run_id=run.pk, clock=lambda: self.now)
        assert done.state == "done", done.trouble
        return done

    def act(self, study: Study, kind: str, **more: Any) -> Any:
        return actions.act(study=study, kind=kind, by=self.officer, now=self.now, **more)

    def theme_of(self, study: Study, word: str) -> Theme:
        """The live theme that holds most texts with this word."""
        handles = set(Voice.objects.filter(words__icontains=word).values_list("handle", flat=True))
        held: dict[int, int] = {}
        rows = Placement.objects.filter(theme__study=study, theme__live=True)
        for theme, handle in rows.values_list("theme_id", "clause__answer__handle"):
            held[theme] = held.get(theme, 0) + (handle in handles)
        return Theme.objects.get(pk=max(held, key=lambda pk: (held[pk], -pk)))

    def aspiration(self, study: Study | None = None, *, opened: bool = True, **more: Any) -> Aspiration:
        study = study or self.study()
        theme = self.theme_of(study, "bus")
        self.act(study, "name", theme=theme.code, label="Buses that come")
        theme.refresh_from_db()
        handle = Voice.objects.filter(words__icontains="bus").order_by("handle").values_list("handle", flat=True)[0]
        given = {"sentence": "Everybody can get about by bus.", "minority": "Some would rather drive."} | more
        aspiration = actions.write(themes=[theme], quotes=[handle], by=self.officer, now=self.now, **given)
        if opened:
            aspiration = actions.open_to_people(aspiration=aspiration, by=self.officer, now=self.now)
        return aspiration

    def promise(self, aspiration: Aspiration | None = None, **more: Any) -> Promise:
        given = {
            "sentence": "By 2037 a bus every ten minutes.",
            "vision_on": date(2037, 12, 31),
            "rationale": "People cannot get to work.",
            "team": "Streets",
            "authority": "Cabinet",
            "minutes": "4 May 2026, minute 12",
            "on": self.now.date(),
        } | more
        return actions.adopt(aspiration=aspiration or self.aspiration(), by=self.officer, now=self.now, **given)

    def measure(self, **more: Any) -> Any:
        given = {
            "title": "Buses on time", "unit": "%", "direction": "up", "source": "Bus company",
            "formula": "on time / all", "owner": "Streets",
        } | more  # fmt: skip
        return measures.define(by=SETUP, now=self.now, **given)

    def target(self, promise: Promise, measure: Any = None, **more: Any) -> Any:
        given = {
            "baseline": Decimal(70), "baseline_on": date(2025, 12, 31), "value": Decimal(95),
            "by_on": date(2030, 12, 31), "source": "Bus company", "rationale": "Other towns do it.",
        } | more  # fmt: skip
        return actions.set_target(
            promise=promise, measure=measure or self.measure(), by=self.officer, now=self.now, **given
        )

    def client(self) -> Client:
        client = Client()
        client.force_login(self.officer)
        session = client.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return client


@pytest.fixture
def moot(db: None) -> Moot:
    return Moot(Listening(now=NOW))
