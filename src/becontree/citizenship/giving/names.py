"""Whether a name that a giver wants to show must be read by a person first: pure, and quick enough for every gift.

A giver's own name is what we ask for, so a name is no doubt; a telephone number, an address or a web site in it is.
So is a word on the council's list: insults, and offices that one person might pretend to hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext

from becontree.methods import screening

# As somebody writes to slip past a list: 0 for o, dots between letters.
LOOKS_LIKE: Final = str.maketrans("013457@$", "oieastas")


def doubts(name: str, words: Collection[str]) -> list[str]:
    """Why a person must read this name first, in plain words; empty where nobody needs to.

    `words`: the council's list, in small letters; each is found as a whole word, so that Scunthorpe is a fine name.
    """
    name = name.strip()
    if not name:
        return []
    found = [one.why for one in screening.find(name) if one.kind != "name"]
    parts = set(_words(name.casefold().translate(LOOKS_LIKE)))
    found += [
        gettext("it has “%(word)s” in it") % {"word": word} for word in sorted(words) if {word, f"{word}s"} & parts
    ]
    return list(dict.fromkeys(found))


def _words(plain: str) -> list[str]:
    """Words of a name; letters that stand alone, one after another, are read as one word."""
    found: list[str] = []
    alone = ""
    for part in re.findall(r"[^\W\d_]+", plain):
        if len(part) == 1:
            alone += part
            continue
        found += [alone, part] if alone else [part]
        alone = ""
    return [*found, alone] if alone else found
