"""What an equality form asks, as data: each question with its answers, in the words of the 2021 census.

The broad groups of the census (ONS, "Census 2021 harmonised variables"; for ethnicity the five high-level groups), so
that answers can be held against it. Every question is optional, and "I would rather not say" is an answer.
`ward` is not asked here: a response says its ward itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RATHER_NOT: Final = "rather-not"
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One question: its code, what it is about, how it is asked, and (code, label) of each answer."""

    code: str
    name: Words
    question: Words
    answers: tuple[tuple[str, Words], ...]

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """For a form: nothing chosen comes first."""
        return [("", _("No answer")), *self.answers, (RATHER_NOT, _("I would rather not say"))]


AGE: Final = Characteristic(
    "age",
    _("Age"),
    _("How old are you?"),
    (
        ("under-16", _("Under 16")),
        ("16-24", _("16 to 24")),
        ("25-34", _("25 to 34")),
        ("35-49", _("35 to 49")),
        ("50-64", _("50 to 64")),
        ("65-74", _("65 to 74")),
        ("75-plus", _("75 and over")),
    ),
)
SEX: Final = Characteristic("sex", _("Sex"), _("What is your sex?"), (("female", _("Female")), ("male", _("Male"))))
ETHNICITY: Final = Characteristic(
    "ethnicity",
    _("Ethnic group"),
    _("What is your ethnic group?"),
    (
        ("asian", _("Asian or Asian British")),
        ("black", _("Black, Black British, Caribbean or African")),
        ("mixed", _("Mixed or several ethnic groups")),
        ("white", _("White")),
        ("other", _("Another ethnic group")),
    ),
)
TENURE: Final = Characteristic(
    "tenure",
    _("Home"),
    _("Is the home you live in owned or rented?"),
    (
        ("owned", _("Owned, or with a mortgage")),
        ("social-rent", _("Rented from a council or housing association")),
        ("private-rent", _("Rented from a private landlord")),
        ("other", _("Something else")),
    ),
)
DISABILITY: Final = Characteristic(
    "disability",
    _("Disability"),
    _("Does a long illness or a disability limit what you do each day?"),
    (("yes", _("Yes")), ("no", _("No"))),
)

ASKED: Final[dict[str, Characteristic]] = {each.code: each for each in (AGE, SEX, ETHNICITY, TENURE, DISABILITY)}
WARD: Final = "ward"


def name_of(code: str) -> Words:
    """What a characteristic is called; `ward` too."""
    return _("Ward") if code == WARD else ASKED[code].name


def answers_of(code: str) -> dict[str, Words]:
    """{code: label} of the answers, with "I would rather not say" last."""
    return {**dict(ASKED[code].answers), RATHER_NOT: _("I would rather not say")}
