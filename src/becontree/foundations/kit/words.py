"""What people type, as it is kept: without what nobody can see, or what turns its neighbours round.

A title with an override (U+202E) shows another title, an escape (U+001B) writes on somebody's terminal, a line end in a
name breaks the subject of a letter; and what enters the public record stays there. So every text field of every form
gives its words through here (`install`), whichever room it stands in; rooms call `plain` and `one_line` where words
come another way as well. What people write in any language stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django import forms

from becontree.foundations.kit.public_words import calm

JOINERS: Final = "\u200c\u200d"  # several scripts need them between letters
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_LINE_ENDS: Final = re.compile(r"\s*[\n\t]+\s*")
_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_ODD: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def plain(text: str) -> str:
    """Text without what cannot be seen or turns its neighbours round, and without heaps (`calm`). Line ends stay.

    >>> plain("A\\r\\nB \\u202egnp.exe\\u202c \\x1b[31m ")
    'A\\nB gnp.exe [31m'
    """
    return _seen(text).strip(f" \n\t\u00a0{JOINERS}")


def one_line(text: str) -> str:
    """The same on one line, its spaces single.

    >>> one_line("A\\r\\nBcc: evil@example.org\\u2028B")
    'A Bcc: evil@example.org B'
    """
    return " ".join(plain(text).split())


def odd(text: str, *, lines: bool = True) -> bool:
    """Whether a text holds what `plain` takes out and no record may keep: controls, and signs that turn words round.

    `lines`: whether it may have line ends and tabs.
    """
    if text.isascii() and text.isprintable():
        return False
    kept = "\n\r\t" if lines else ""
    return bool(_ODD.search(text)) or any(unicodedata.category(sign) == "Cc" and sign not in kept for sign in text)


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _ENDS.sub("\n", text)
    return calm("".join(sign for sign in text if sign in f"\n\t{JOINERS}" or unicodedata.category(sign) not in _UNSEEN))


def of_field(field: forms.Field, text: str) -> str:
    """What a text field of a form makes of what was typed: of one line where it is drawn as one line.

    A NUL stays, for Django to refuse beside its field: no keyboard types one.
    """
    parts = [_seen(part) for part in text.split("\0")]
    if not isinstance(field.widget, forms.Textarea):
        parts = [_LINE_ENDS.sub(" ", part) for part in parts]
    joined = "\0".join(parts)
    return joined.strip() if getattr(field, "strip", True) else joined


def install() -> None:
    """Let every `CharField` of every form, ours and other people's, give its words through `of_field`. Once."""
    given = forms.CharField.to_python
    if getattr(given, "tidies", False):
        return

    def to_python(self: forms.CharField, value: Any) -> Any:
        found = given(self, value)
        return (of_field(self, found) or self.empty_value) if isinstance(found, str) and found else found

    to_python.tidies = True  # type: ignore[attr-defined]
    forms.CharField.to_python = to_python  # type: ignore[method-assign]
