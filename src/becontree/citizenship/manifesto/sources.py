"""Where the words live: voices by their reference. Nothing here copies a word into this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from becontree.citizenship.voices import queries as voices
from becontree.citizenship.voices.models import Round
from becontree.foundations.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Said:
    """One text as this room reads it: `person` says which texts come from one person's form, and nothing about who."""

    handle: str
    person: str
    words: str
    language: str = "en"
    may_quote: bool = False
    said_on: date | None = None

    @property
    def ref(self) -> str:
        return f"voice/{self.handle}"


def texts(rounds: Sequence[str], kinds: Sequence[str]) -> list[Said]:
    """Every text of these rounds ("*": all that was ever said) that a moderator let through. Two queries a round."""
    found: dict[str, Said] = {}
    for slug in rounds:
        chosen = None if slug == "*" else Round.objects.filter(slug=slug).first()
        if slug != "*" and chosen is None:
            raise Invalid("study.round", f"There is no listening round {slug}.", "rounds")
        for text in voices.texts(chosen):
            if not kinds or text.kind in kinds:
                found[text.handle] = Said(
                    text.handle, text.response_id.hex, text.words, text.language, text.may_quote, text.said_on
                )
    return list(found.values())


def words(handles: Iterable[str]) -> Mapping[str, Said]:
    """The words of some voices as they stand now, as a moderator let them through; what was taken back or held since
    is not there. One query."""
    wanted = [handle for handle in dict.fromkeys(handles) if handle]
    if not wanted:
        return {}
    rows = voices.published().order_by().filter(handle__in=wanted).exclude(words="", masked="")
    names = ("handle", "words", "masked", "response__language", "response__may_quote", "response__said_on")
    return {
        handle: Said(handle, "", masked or said, language, may_quote, said_on)
        for handle, said, masked, language, may_quote, said_on in rows.values_list(*names)
    }
