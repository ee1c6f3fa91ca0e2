"""What a form says, and what in it cannot stand: the same for the web, a pile, a file and a tablet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from becontree.citizenship.voices.models import Channel, Kind, Question, Round
from becontree.foundations.kit.dates import LONDON
from becontree.foundations.kit.dates import day as write_day
from becontree.foundations.kit.words import plain
from becontree.foundations.people.models import Person

MOST_LETTERS: Final = 4_000  # of one answer
LONGEST_KEY: Final = 80
_LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """One person's form as it reached us.

    answers: the id of a question of the round -> words; outside a round, a kind ("like", "hope") -> words.
    key: at most 80 letters, the same however often the form is sent. contact: an e-mail address, or None.
    """

    answers: Mapping[Any, str]
    channel: str
    key: str
    ward: Any = None
    place: str = ""
    language: str = "en"
    may_quote: bool = False
    said_on: date | None = None
    source: str = ""
    person: Person | None = None
    contact: str | None = None
    equality: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the `index`-th form that cannot stand. `field` is a question's id, or a name of `Said`."""

    index: int
    field: str
    said: str


def check(*, round: Round | None, said: Sequence[Said], now: datetime) -> list[Mistake]:
    """Everything that cannot stand in these forms, in their order; empty where all is well. One query."""
    today = now.astimezone(LONDON).date()
    questions = questions_of(round)
    mistakes: list[Mistake] = []
    for index, form in enumerate(said):
        mistakes += [Mistake(index, field, said) for field, said in _wrong(form, round, questions, today)]
    return mistakes


def _wrong(form: Said, round: Round | None, questions: dict[str, Question | str], today: date) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    words = 0
    for name, text in form.answers.items():
        if str(name) not in questions:
            wrong.append((str(name), _("This question is not one of the round's.")))
            continue
        letters = len(plain(text))
        words += bool(letters)
        if letters > MOST_LETTERS:
            wrong.append(
                (
                    str(name),
                    _("Please keep to %(most)s letters; this is %(given)s.")
                    % {"most": f"{MOST_LETTERS:,}", "given": f"{letters:,}"},
                )
            )
    if not words and not wrong:
        first = next(iter(form.answers), next(iter(questions), ""))
        wrong.append((str(first), _("Say at least one thing, in your own words.")))
    if form.channel not in Channel.values:
        wrong.append(("channel", _("Choose how it reached us.")))
    if not form.key or len(form.key) > LONGEST_KEY:
        wrong.append(("key", _("A form needs a key of 1 to %(most)s letters.") % {"most": LONGEST_KEY}))
    if not _LANGUAGE.match(form.language):
        wrong.append(("language", _("Write a language as its short code, like en or bn.")))
    if len(plain(form.place)) > 160:
        wrong.append(("place", _("Please keep the place to 160 letters.")))
    if len(plain(form.source)) > 60:
        wrong.append(("source", _("Please keep this to 60 letters.")))
    if form.contact:
        try:
            validate_email(form.contact.strip())
        except ValidationError:
            wrong.append(("contact", _("Write an e-mail address like name@example.org, or leave it empty.")))
    if form.channel == Channel.SCHOOL and (form.contact or form.person):
        wrong.append(("contact", _("From a school we keep no names and no addresses.")))
    if form.said_on is not None:
        wrong += wrong_day(form.said_on, round, today)
    return wrong


def wrong_day(day: date, round: Round | None, today: date) -> list[tuple[str, str]]:
    """What is wrong about the day on which a form says that it was said."""
    if day > today:
        return [("said_on", _("The day is in the future."))]
    if day.year < today.year - 30:
        return [("said_on", _("Look at the year again."))]
    if round is not None and round.opens_on and round.closes_on and not round.opens_on <= day <= round.closes_on:
        return [
            (
                "said_on",
                _("This round listened from %(first)s to %(last)s. Look at the day again.")
                % {"first": write_day(round.opens_on), "last": write_day(round.closes_on)},
            )
        ]
    return []


def questions_of(round: Round | None) -> dict[str, Question | str]:
    if round is None:
        return {kind: kind for kind in Kind.values}
    return {str(question.pk): question for question in round.questions.all()}
