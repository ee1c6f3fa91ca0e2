"""A small borough to give in: people with roles, a group, a verified project, a fund, and a way to move time on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from becontree.citizenship.giving import jobs
from becontree.citizenship.giving.actions import campaigns, funds, paying_in, pledges
from becontree.citizenship.giving.models import Campaign, Fund, Pledge
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.models import Project
from becontree.foundations.payments.actions import deliver, process_inbox
from becontree.foundations.payments.models import Instruction
from becontree.foundations.payments.practice import post, remote
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SETUP = System("tests")


@dataclass
class Town:
    """What most tests start from, with the verbs that they need."""

    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)
    group: Any = None
    council: Any = None

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = people.register(
                email=f"{name}@example.invalid", name=name.title(), by=SETUP, now=self.now
            )
        return self.people[name]

    def officer(self, name: str, role: str, team: str = "") -> Person:
        person = self.person(name)
        people.grant_role(person=person, role=role, team=team, reason="test", by=SETUP, now=self.now)
        return Person.objects.get(pk=person.pk)

    def project(self, title: str = "A garden on Heron Road", pence: int = 100_000, **more: Any) -> Project:
        """A project that has been checked."""
        lead = self.person("olive")
        project = projects.propose(
            title=title, summary="Beds for all.", story="We dig.", theme="green", by=lead, now=self.now, **more
        )
        projects.set_budget(project=project, lines=[projects.Line("Soil", pence)], by=lead, now=self.now)
        project = projects.edit(project=project, organisation=self.group, by=lead, now=self.now)
        projects.submit(project=project, by=lead, now=self.now)
        for item in CHECKLIST:
            projects.decide_check(project=project, code=item.code, state="met", by=SETUP, now=self.now)
        return projects.verify(project=project, by=SETUP, now=self.now)

    def campaign(
        self, project: Project | None = None, *, days: int = 30, model: str = "all-or-nothing", **more: Any
    ) -> Campaign:
        project = project or self.project()
        return campaigns.open_campaign(
            project=project,
            model=model,
            closes_at=self.now + timedelta(days=days),
            provider="practice",
            by=self.person("olive"),
            now=self.now,
            **more,
        )

    def fund(self, name: str = "Council pot", pence: int = 1_000_000, **terms: Any) -> Fund:
        fund = funds.open_fund(
            name=name, kind="council", funder=self.council, purpose="Local life.", opens_on=self.now.date(), by=SETUP,
            now=self.now, **terms,
        )  # fmt: skip
        if pence:
            paying_in.pay_in(fund=fund, pence=pence, reference="opening", on=self.now.date(), by=SETUP, now=self.now)
        return fund

    def gives(self, name: str, campaign: Campaign, pence: int, *, card: str = "pays") -> Pledge:
        """A gift of money, all the way through the practice provider."""
        pledge, instruction = pledges.offer_money(
            campaign=campaign,
            pence=pence,
            by=self.person(name),
            now=self.now,
            return_url="/my/giving/gifts/{handle}/",
            own_told=True,
        )
        self.settle()
        remote.answer_page(setup=Instruction.objects.get(pk=instruction.pk).remote_id, card=card, now=self.now)
        self.settle()
        pledge.refresh_from_db()
        return pledge

    def settle(self, times: int = 3) -> None:
        """Let the worker do its rounds."""
        for _ in range(times):
            for _, _, run in jobs.JOBS:
                run(self.now)
            deliver(now=self.now)
            post.send_due(now=self.now)
            process_inbox(now=self.now)

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)
        self.settle(4)


@pytest.fixture
def town(db: None) -> Town:
    town = Town()
    olive = town.person("olive")
    town.group = people.add_organisation(
        name="Friends of Heron Road", kind="community-group", by=olive, now=NOW, charity_number=""
    )
    people.verify_organisation(organisation=town.group, how="seen", by=SETUP, now=NOW)
    people.verify_bank(organisation=town.group, how="seen", by=SETUP, now=NOW)
    town.council = people.add_organisation(name="The council", kind="council", by=SETUP, now=NOW)
    return town
