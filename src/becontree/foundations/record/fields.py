"""A form field that names a public thing: type words, choose from what is found. It works without script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from becontree.foundations.record.models import Thing

MOST_WORDS: Final = 8
MOST_FOUND: Final = 8
LOOKED_THROUGH: Final = 2_000  # things whose names are compared by their letters, where no word fits
# In this order; whatever else there is stands between these and single voices.
FIRST_KINDS: Final = ("project", "promise", "aspiration", "conversation", "round")
KIND_NAMES: Final[Mapping[str, Any]] = {
    "project": gettext_lazy("project"),
    "promise": gettext_lazy("promise"),
    "aspiration": gettext_lazy("aspiration"),
    "voice": gettext_lazy("voice"),
    "round": gettext_lazy("round of listening"),
    "conversation": gettext_lazy("conversation"),
    "campaign": gettext_lazy("campaign"),
    "fund": gettext_lazy("fund"),
    "theme": gettext_lazy("theme"),
    "report": gettext_lazy("report"),
}


def look_up(words: str, most: int = MOST_FOUND) -> tuple[list[Thing], bool]:
    """(things whose names hold every word, True), or the nearest by name and False. At most three queries.

    What has a page comes first, and what people make and promise before single voices.
    """
    wanted = words.split()[:MOST_WORDS]
    if not wanted:
        return [], False
    rows = Thing.objects.exclude(url="")
    exact = rows
    for word in wanted:
        exact = exact.filter(_holds(word))
    if found := _ordered(exact)[:most]:
        return list(found), True
    anyhow = Q()
    for word in wanted:
        anyhow |= _holds(word)
    near = list(_ordered(rows.filter(anyhow))[:LOOKED_THROUGH]) or list(_ordered(rows)[:LOOKED_THROUGH])
    asked = [_pairs(word) for word in wanted]
    near.sort(key=lambda one: -_alike(asked, f"{one.title} {one.ref.partition('/')[2]}"))
    return near[:most], False


def _holds(word: str) -> Q:
    return Q(title__icontains=word) | Q(ref__icontains=word)


def _ordered(rows: QuerySet[Thing]) -> QuerySet[Thing]:
    """What people make and promise first, single voices last."""
    ranks = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(FIRST_KINDS)]
    last = When(kind="voice", then=Value(len(ranks) + 1))
    rank = Case(*ranks, last, default=Value(len(ranks)), output_field=IntegerField())
    return rows.order_by(rank, "kind", "title", "ref")


def _pairs(word: str) -> set[str]:
    """The letters of a word two by two, with its beginning: "pond" is {"^p", "po", "on", "nd"}."""
    folded = f"^{word.casefold()[:40]}"
    return {folded[at : at + 2] for at in range(len(folded) - 1)}


def _alike(asked: list[set[str]], name: str) -> float:
    """How well the words asked for are met by words of a name: for each the best Dice share of common pairs, in all."""
    there = [_pairs(word) for word in re.split(r"[\s/-]+", name) if word]
    return sum(max((2 * len(one & word) / (len(one) + len(word)) for word in there), default=0.0) for one in asked)


class ThingWidget(forms.Widget):
    """A line for words, and beneath it what was found, once something was."""

    template_name = "record/thing_field.html"
    choices: tuple[Thing, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        return str(data.get(f"{name}-pick") or data.get(name) or "").strip()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["choices"] = [(one, KIND_NAMES.get(one.kind, one.kind)) for one in self.choices]
        context["pick"] = f"{name}-pick"
        return context


class ThingField(forms.CharField):
    """The reference of something public. Cleans to "" or to a reference that the record knows.

    A reference, and the whole name of one thing alone, are taken as they are. Of other words the person chooses: the
    form comes back with what was found, or with what is nearest.
    """

    widget = ThingWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("help_text", gettext_lazy("Type words of its name. If several things have them, you choose."))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        words = str(super().clean(value) or "").strip()
        if not words:
            return ""
        ref = words.strip("/")
        if Thing.objects.filter(ref=ref).exists():
            return ref
        found, every_word = look_up(words)
        named = [one for one in found if one.title.casefold() == words.casefold()]
        if len(named) == 1:
            return named[0].ref
        widget = self.widget
        assert isinstance(widget, ThingWidget)
        widget.choices = tuple(found)
        if not found:
            raise ValidationError(_("Nothing on the public record has these words."), "record.nothing")
        if every_word:
            raise ValidationError(_("Choose which of these you mean."), "record.choose")
        raise ValidationError(_("Nothing has all these words. These are the nearest."), "record.nearest")
