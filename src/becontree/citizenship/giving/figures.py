"""The room's own figures: council settings, each with its words and its source, read at a date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from becontree.foundations.policy import settings
from becontree.foundations.policy.settings import Setting

SETTINGS: Final = (
    Setting(
        "giving.window_days",
        "Days to collect promised gifts",
        "After a project reaches its target, for how many days cards that failed are tried again.",
        "whole",
        7,
        unit="days",
        least=1,
        most=28,
        source="Kickstarter's published rule: seven days to mend a failed payment",
    ),
    Setting(
        "giving.try_days",
        "Days on which a failed card is tried again",
        "Counted from the close, written with commas.",
        "text",
        "2,4,7",
        source="Tries on days 2 and 4 with a last one on day 7, after Kickstarter's rule of reminders every 48 hours",
    ),
    Setting(
        "giving.tolerance_percent",
        "How far short collection may fall",
        "If a few cards fail, the project still goes ahead when it is short by no more than this share of its target.",
        "whole",
        5,
        unit="percent",
        least=0,
        most=20,
        source="Becontree's default, published beside each campaign",
    ),
    Setting(
        "giving.help_days",
        "Days until promised help should have come",
        "So long after a campaign closes an officer is shown the time, skills and things that nobody has marked as "
        "given, and asks the project whether they have come.",
        "whole",
        28,
        unit="days",
        least=1,
        most=365,
        source="Becontree's default",
    ),
    Setting(
        "giving.shortest_days",
        "The shortest campaign",
        "A campaign closes so many days after it opens at the earliest, so that people hear of it.",
        "whole",
        3,
        unit="days",
        least=1,
        most=56,
        source="Becontree's default",
    ),
    Setting(
        "giving.most_ratio",
        "The most that a fund puts beside one pound",
        "A slip of the finger in a fund's rule would empty its pot on the first gift.",
        "whole",
        20,
        unit="pounds",
        least=1,
        most=1000,
        source="Becontree's default; the play facility of 2019 was matched seven to one",
    ),
    Setting(
        "giving.days_back",
        "How far back money may be dated",
        "Money that somebody writes down by hand (into a fund, or from elsewhere for a project) is dated at most so "
        "many days back. A slip of a finger in the year would put hundreds of months in the way of closing the books.",
        "whole",
        730,
        unit="days",
        least=31,
        most=3_660,
        source="Becontree's default: two years",
    ),
    Setting(
        "giving.pay_in_alone",
        "Money into a fund that one person may write down",
        "Money paid into a fund that somebody writes down by hand counts at once up to this sum. Above it, a second "
        "person of finance confirms it first. What the same person wrote down alone into that fund in the seven days "
        "before counts with it.",
        "pence",
        1_000_000,
        least=0,
        most=1_000_000_000,
        source="Becontree's default, for the council to set as its own financial regulations say",
    ),
    Setting(
        "giving.fees_borne_by",
        "Who bears what the payment provider charges",
        "The council: the whole gift reaches the project. The project: the provider's charges come off what is held "
        "for it when its campaign succeeds. What held when a campaign opened holds for that campaign.",
        "choice",
        "council",
        choices=(("council", "The council"), ("project", "The project")),
        source="Becontree's default, so that a pound given is a pound received",
    ),
    Setting(
        "giving.longest_days",
        "The longest campaign",
        "A campaign closes at most so many days after it opens.",
        "whole",
        84,
        unit="days",
        least=7,
        most=365,
        source="Spacehive's published practice: 6 to 12 weeks",
    ),
    Setting(
        "giving.name_words",
        "Words in a shown name that a person must read first",
        "Insults, and offices that somebody might pretend to hold. Written with commas, in small letters.",
        "words",
        "council,councillor,mayor,police,officer,minister,admin,moderator,nhs,free,sale,discount,casino,crypto,"
        "fuck,shit,cunt,bastard,wanker,twat,prick,nazi,hitler,rapist,paedo,scum",
        source="Becontree's default",
    ),
    Setting(
        "giving.name_appeal_days",
        "Working days to answer an appeal about a shown name",
        "Counted from the day after the giver asks.",
        "whole",
        10,
        unit="working days",
        least=1,
        most=30,
        source="Becontree's default, as for voices",
    ),
)


def register() -> None:
    for setting in SETTINGS:
        settings.register(setting)


def window_days(on: date) -> int:
    return int(settings.council("giving.window_days", on))


def help_days(on: date) -> int:
    """Days after a campaign closed until promised time, skills and things should have come."""
    return int(settings.council("giving.help_days", on))


def try_days(on: date) -> list[int]:
    """Days after the close on which a card that failed is tried again, ascending."""
    return sorted(int(day) for day in str(settings.council("giving.try_days", on)).split(",") if day.strip().isdigit())


def tolerance_percent(on: date) -> int:
    return int(settings.council("giving.tolerance_percent", on))


def longest_days(on: date) -> int:
    return int(settings.council("giving.longest_days", on))


def name_words(on: date) -> frozenset[str]:
    """Words in a shown name that a person must read first, in small letters."""
    said = str(settings.council("giving.name_words", on)).split(",")
    return frozenset(word.strip().casefold() for word in said if word.strip())


def name_appeal_days(on: date) -> int:
    return int(settings.council("giving.name_appeal_days", on))


def shortest_days(on: date) -> int:
    return int(settings.council("giving.shortest_days", on))


def earliest(on: date) -> date:
    """The first day that money written down by hand on this day may have."""
    return on - timedelta(days=int(settings.council("giving.days_back", on)))


def pay_in_alone(on: date) -> int:
    """The most in pence that one person may write down into a fund; above it, a second one confirms."""
    return int(settings.council("giving.pay_in_alone", on))


def most_ratio(on: date) -> int:
    """The most pounds of match for one pound of the crowd's."""
    return int(settings.council("giving.most_ratio", on))


def project_bears_fees(on: date) -> bool:
    return str(settings.council("giving.fees_borne_by", on)) == "project"
