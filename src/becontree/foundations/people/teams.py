"""The officers' teams, as data. A case belongs to one team; an officer of another does not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Team:
    code: str
    name: str
    description: str


FUNDING: Final = Team("funding", "Funding", "Campaigns, match funds, grants and the organisations that apply for them.")
ENGAGEMENT: Final = Team("engagement", "Engagement", "What residents say: listening, moderating, answering.")
COMMUNITY_SOLUTIONS: Final = Team(
    "community-solutions", "Community Solutions", "The front door: help with homes, debts, work and family."
)
HOMES: Final = Team("homes", "Homes", "Homelessness, lettings, rents and new homes.")
LICENSING: Final = Team("licensing", "Licensing", "Landlords, events and street collections.")
ENFORCEMENT: Final = Team("enforcement", "Enforcement", "Fly-tipping and other reports, cases and penalties.")
INFORMATION: Final = Team(
    "information",
    "Information rights",
    "What people ask about their own data by letter or telephone.",
)
WORK: Final = Team("work", "Work and skills", "Jobs, training, small firms and developers' promises.")

TEAMS: Final = {
    team.code: team
    for team in (FUNDING, ENGAGEMENT, COMMUNITY_SOLUTIONS, HOMES, LICENSING, ENFORCEMENT, INFORMATION, WORK)
}
