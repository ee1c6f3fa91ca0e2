"""What a council decides about going to people: registered as settings, asked for here."""

from __future__ import annotations

from datetime import date
from typing import Final

from becontree.foundations.policy import settings
from becontree.foundations.policy.settings import Setting

SETTINGS: Final = (
    Setting(
        "outreach.send_hours",
        "Hours to send after a shift",
        "A phone or tablet may send what it holds for so many hours after its shift's last day; then it wipes itself.",
        "whole",
        48,
        unit="hours",
        least=1,
        most=168,
    ),
    Setting(
        "outreach.idle_stall_minutes",
        "Minutes before a tablet at a stall clears itself",
        "A half-written answer on a shared tablet is cleared when nobody has touched it for so many minutes.",
        "whole",
        2,
        unit="minutes",
        least=1,
        most=15,
    ),
    Setting(
        "outreach.idle_doorstep_minutes",
        "Minutes before a canvasser's phone locks",
        "A canvasser's phone forgets its list of doors when nobody has touched it for so many minutes.",
        "whole",
        30,
        unit="minutes",
        least=5,
        most=120,
    ),
    Setting(
        "outreach.door_days",
        "Days that door numbers are kept",
        "We forget at which doors we knocked so many days after the shift. The count stays.",
        "whole",
        28,
        unit="days",
        least=1,
        most=90,
    ),
    Setting(
        "outreach.call_days",
        "Working days to call back",
        "Who asks at the door for a call is called within so many working days.",
        "whole",
        3,
        unit="working days",
        least=1,
        most=20,
    ),
    Setting(
        "outreach.door_minutes",
        "Minutes a door takes",
        "Used to plan a doorstep round: walking, knocking, and talking with those who are at home.",
        "whole",
        4,
        unit="minutes",
        least=1,
        most=30,
    ),
    Setting(
        "outreach.answer_percent",
        "Of 100 doors, how many talk with us",
        "Used to plan a doorstep round. Change it when your own shifts have shown what it is.",
        "whole",
        20,
        unit="percent",
        least=1,
        most=100,
    ),
)


def register() -> None:
    for setting in SETTINGS:
        settings.register(setting)


def whole(key: str, today: date) -> int:
    """The setting `outreach.<key>` on a day."""
    return int(settings.council(f"outreach.{key}", today))
