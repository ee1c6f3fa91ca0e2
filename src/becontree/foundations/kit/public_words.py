"""Words that enter the public record stay there for good: forms that take such words show them first.

    class ReasonForm(PublicWords, forms.Form):
        public_fields = ("reason",)

The first time, a form that is otherwise right is not yet valid: it is shown again with `preview`, which holds the words
as everybody will read them and what in them looks personal. It is valid when these very words were read and ticked;
words that changed since are shown again. No view knows of it: a form that is not valid is drawn again, as always.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, Final

from django import forms

from becontree.foundations.kit.forms import PoundsField
from becontree.foundations.kit.pence import pounds
from becontree.methods import screening

READ: Final = "public-read"  # a digest of the words that were shown
SURE: Final = "public-sure"
MOST_MARKS: Final = 4  # stacked on one letter: pointed Hebrew with its cantillation has so many, no writing more
MOST_PICTURES: Final = 10  # emoji one after the other
_BETWEEN: Final = " \u200d\ufe0f\ufe0e"  # may stand between emoji and in them


@dataclass(frozen=True, slots=True)
class Doubt:
    """A part of the words that looks personal, and why we think so."""

    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What everybody will read: (question, words); what looks personal; whether the tick alone was left out."""

    words: list[tuple[str, str]]
    doubts: list[Doubt]
    digest: str
    unticked: bool


class PublicWords(forms.Form):
    """A form with words for the public record. `public_fields`: which of its fields."""

    public_fields: ClassVar[tuple[str, ...]] = ()
    preview: Preview | None = None

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        shown = [
            (str(self.fields[name].label), self._said(name))
            for name in self.public_fields
            if str(self.cleaned_data.get(name) or "").strip()
        ]
        digest = sha256("\0".join(words for _, words in shown).encode()).hexdigest()[:32]
        read = self.data.get(READ) == digest
        if not shown or (read and self.data.get(SURE) == "on"):
            self.preview = None
            return True
        chosen = (forms.ChoiceField, PoundsField)  # not typed: the project's own title is no doubt
        typed = [
            str(self.cleaned_data[name]) for name in self.public_fields if not isinstance(self.fields[name], chosen)
        ]
        self.preview = Preview(shown, _doubts(typed), digest, unticked=read)
        return False

    def _said(self, name: str) -> str:
        """As everybody will read it: the words, what was chosen by its name, an amount in pounds."""
        field, value = self.fields[name], self.cleaned_data[name]
        if isinstance(field, PoundsField):
            return pounds(value)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return str(value)


def _doubts(shown: list[str]) -> list[Doubt]:
    found: dict[tuple[str, str], None] = {}
    for words in shown:
        found |= dict.fromkeys((words[one.start : one.end], one.why) for one in screening.find(words))
    return [Doubt(words, why) for words, why in found]


def calm(text: str) -> str:
    """The words without heaps: at most MOST_MARKS marks on a letter and MOST_PICTURES emoji in a row; the rest goes.

    What people write in any language stays as it is.

    >>> calm("Vie\u0302\u0323t Nam"), calm("H" + "\u0301" * 90 + "i"), len(calm("\U0001f600" * 500))
    ('Vie\u0302\u0323t Nam', 'H\u0301\u0301\u0301\u0301i', 10)
    """
    kept: list[str] = []
    marks = pictures = 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if unicodedata.combining(sign) or kind == "Me" else 0
        if kind in {"So", "Sk"}:
            pictures += kind == "So"
        elif sign not in _BETWEEN:
            pictures = 0
        if marks <= MOST_MARKS and (pictures <= MOST_PICTURES or (sign == " " and kept[-1:] != [" "])):
            kept.append(sign)
    return "".join(kept)
