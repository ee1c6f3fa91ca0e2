"""Settings of rooms that lie below this one, and so cannot register their own: `apps.ready` brings them there."""

from __future__ import annotations

from datetime import date
from typing import Final

from becontree.foundations.people import lapses
from becontree.foundations.policy.queries import council
from becontree.foundations.policy.registry import Setting, register

ROLE_DAYS: Final = Setting(
    "people.role_days",
    "Days for a second administrator to confirm a role",
    "Finance, auditor and administrator take two administrators. What one has asked for lapses after so many days.",
    "whole",
    lapses.DAYS,
    unit="days",
    least=1,
    most=28,
    source="Becontree's default: long enough for a colleague's week off, short enough that what was read still holds",
)


def bring() -> None:
    register(ROLE_DAYS)
    lapses.bring(role_days)


def role_days(on: date) -> int:
    return int(council(ROLE_DAYS.key, on))
