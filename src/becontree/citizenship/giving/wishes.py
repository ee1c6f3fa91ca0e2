"""Money from elsewhere that names somebody without an account: collected by hand, or evidence that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving.actions import elsewhere
from becontree.citizenship.giving.models import Contribution
from becontree.foundations.forgetting import accounts, reach
from becontree.foundations.forgetting.kinds import Kind
from becontree.foundations.kit import dates
from becontree.foundations.kit.pence import pounds


def find(text: str) -> Sequence[Contribution]:
    """By exactly their name as the giver's, or by a whole name, an address or a number in what shows it."""
    names = _naming(text)
    rows = Contribution.objects.filter(organisation=None).order_by("pk")
    return [one for one in rows if names(one)] if names else []


def _naming(text: str) -> Callable[[Contribution], bool] | None:
    """Whether a row names whoever gave this text; None where the text is neither a name, an address nor a number."""
    if "@" in text:
        return lambda one: text.casefold() in f"{one.source} {one.evidence_note} {one.reason}".casefold()
    if reach.telephone(text):
        number = _digits(text)[-9:]  # without the code of the country
        return lambda one: len(number) == 9 and number in _digits(f"{one.source} {one.evidence_note} {one.reason}")
    if wanted := reach.name(text):
        whole = reach.whole_name(text)
        return lambda one: reach.words(one.source) == wanted or reach.within(whole, f"{one.evidence_note} {one.reason}")
    return None


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def rows(keys: Sequence[str]) -> Iterable[Contribution]:
    return Contribution.objects.select_related("project").filter(pk__in=keys).order_by("pk")


def facts(one: Contribution) -> Sequence[tuple[str, str]]:
    return [
        (gettext("Project"), one.project.title),
        (gettext("Who gave"), one.source),
        (gettext("Amount"), pounds(one.pence)),
        (gettext("Day"), dates.day(one.on)),
        (gettext("Shown by"), one.evidence_note),
    ]


def keeps(one: Contribution, now: datetime) -> Sequence[tuple[str, str]]:
    money = gettext("%(sum)s for “%(title)s”, and what shows that it was given") % {
        "sum": pounds(one.pence), "title": one.project.title,
    }  # fmt: skip
    said = [(money, accounts.why(one.on, now))]
    if elsewhere.recorded_name(one):
        said.append(
            (
                gettext("Your name in the public record"),
                gettext(
                    "The record said on %(day)s who gave. Nothing in it can be changed: that is what makes it proof."
                )
                % {"day": dates.day(one.on)},
            )
        )
    return said


def kept(one: Contribution, now: datetime) -> bool:
    """Nothing is left to take away but what the accounts rest on."""
    return not elsewhere.names_a_person(one) and accounts.must_stay(one.on, now)


def forget(one: Contribution, now: datetime) -> None:
    elsewhere.forget_giver(contribution=one, evidence=not accounts.must_stay(one.on, now))


KIND: Final = Kind(
    "giving",
    _("Money from elsewhere that names them"),
    find=find,
    rows=rows,
    facts=facts,
    forget=forget,
    keeps=keeps,
    gone=lambda one: not elsewhere.names_a_person(one) and one.evidence_note == one.reason == "",
    kept=kept,
    columns=("giving.contribution.source", "giving.contribution.evidence_note"),
)
