"""The doors of a street, written short and read out in full.

>>> doors("1-7 odd, 4A, 10-12")
('1', '3', '5', '7', '4A', '10', '11', '12')
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

MOST_DOORS: Final = 600
LONGEST: Final = 12
_RANGE: Final = re.compile(r"^(\d{1,4})\s*-\s*(\d{1,4})(?:\s+(odd|even))?$", re.ASCII)
_LABEL: Final = re.compile(r"^[0-9A-Za-z][0-9A-Za-z /-]{0,11}$", re.ASCII)


def doors(text: str) -> tuple[str, ...]:
    """Each door of `text`: numbers, ranges ("1-45 odd"), and names of at most 12 letters ("4A", "Flat 3").

    Raises ValueError with a sentence.
    """
    found: dict[str, None] = {}
    for part in (part.strip() for part in text.replace(";", ",").split(",")):
        if not part:
            continue
        if span := _RANGE.match(part):
            first, last, which = int(span[1]), int(span[2]), span[3]
            if last < first or last - first > 2 * MOST_DOORS:
                raise ValueError(_("%(part)s is no range of doors.") % {"part": part})
            numbers = range(first, last + 1)
            kept = [n for n in numbers if not which or n % 2 == (which == "odd")]
            found.update(dict.fromkeys(str(n) for n in kept))
        elif _LABEL.match(part) and not re.match(r"\d+ *-", part):
            found[part.upper() if part[0].isdigit() else part] = None
        else:
            raise ValueError(_("%(part)s is no door: write 12, 4A or 1-45 odd.") % {"part": part[:20]})
        if len(found) > MOST_DOORS:
            raise ValueError(_("A street has at most %(most)d doors here. Split it.") % {"most": MOST_DOORS})
    return tuple(found)


def tidy(door: str) -> str:
    """A door as it is kept: "4a" is 4A. Empty where it is none."""
    text = " ".join(door.split())
    if not _LABEL.match(text):
        return ""
    return text.upper() if text[0].isdigit() else text
