"""The settings that this council may change: each room registers its own, with type, bounds, default and prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext

from becontree.foundations.kit.pence import parse_pounds, pounds
from becontree.foundations.policy.rules import UnknownKey, fingerprint, show

Kind = Literal["whole", "pence", "text", "words", "yes-no", "choice"]
Plain = int | str | bool
_KEY: Final = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a council decides for itself.

    `about` says in a resident's words what it does. `unit` is read after the number ("days", "percent"). A list of
    `words` is text with commas; it may hold what nobody wants to meet by chance, so pages say how many words it has and
    which list it is, and show it to who asks.
    `source` says why the default is what it is.
    """

    key: str
    title: str
    about: str
    kind: Kind
    default: Plain
    unit: str = ""
    least: int | None = None
    most: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    source: str = "Becontree's default"

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(f"{self.key!r}: a key is written subject.rule, in small letters.")
        object.__setattr__(self, "unit", "pence" if self.kind == "pence" else self.unit)
        self.check(self.default)

    def check(self, value: Plain) -> Plain:
        """The value, if it may stand. Raises ValueError with a sentence for the person who typed it."""
        if self.kind in ("whole", "pence"):
            if not isinstance(value, int) or isinstance(value, bool):
                raise ValueError("Write a whole number.")
            if self.least is not None and value < self.least:
                raise ValueError(f"The least is {self._bound(self.least)}.")
            if self.most is not None and value > self.most:
                raise ValueError(f"The most is {self._bound(self.most)}.")
        elif self.kind == "yes-no":
            if not isinstance(value, bool):
                raise ValueError("Choose yes or no.")
        elif not isinstance(value, str) or "\0" in value or len(value) > 2000:
            raise ValueError("Write at most 2,000 characters of text.")
        elif self.kind == "choice" and value not in dict(self.choices):
            raise ValueError("Choose one of those in the list.")
        return value

    def parse(self, text: str) -> Plain:
        """What a person typed, as a value. Raises ValueError with a sentence for them."""
        text = text.strip()
        if self.kind == "pence":
            return self.check(parse_pounds(text))
        if self.kind == "whole":
            if not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
                raise ValueError("Write a whole number.")
            return self.check(int(text))
        if self.kind == "words":
            return self.check(",".join(dict.fromkeys(self.words(text))))
        if self.kind == "yes-no":
            if text.lower() not in ("yes", "no"):
                raise ValueError("Choose yes or no.")
            return text.lower() == "yes"
        return self.check(text)

    def shown(self, value: Plain) -> str:
        """The value as a person reads it; a text that is not there says so."""
        if value == "":
            return gettext("not set")
        if self.kind == "choice":
            return dict(self.choices).get(str(value), str(value))
        if self.kind == "words":
            words = self.words(value)
            return f"{show(len(words), 'words')} (list {fingerprint(words)[:8]})"
        return show(value, self.unit)

    def words(self, value: Plain) -> tuple[str, ...]:
        """The words of a list, in small letters and in the order of the alphabet; none for another kind."""
        if self.kind != "words":
            return ()
        return tuple(sorted({" ".join(each.split()) for each in str(value).lower().split(",")} - {""}))

    def typed(self, value: Plain) -> str:
        """The value as a person would type it: what the form begins with."""
        if self.kind == "pence":
            return pounds(int(value), short=True).lstrip("£")
        if self.kind == "words":
            return ", ".join(self.words(value))
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)

    def _bound(self, number: int) -> str:
        return show(number, self.unit)


_known: dict[str, Setting] = {}


def register(setting: Setting) -> Setting:
    """Make a setting known; call it from the room's `AppConfig.ready`. Two different ones of one key are refused."""
    if _known.setdefault(setting.key, setting) != setting:
        raise ValueError(f"Two different settings are called {setting.key}.")
    return setting


def known() -> tuple[Setting, ...]:
    """All registered settings, by key."""
    return tuple(_known[key] for key in sorted(_known))


def setting(key: str) -> Setting:
    try:
        return _known[key]
    except KeyError:
        raise UnknownKey(f"There is no council setting called {key!r}; a room registers its own.") from None
