"""Where somebody lives: a house number with a street, or a street said to be home.

A street alone is no personal data ("potholes in Ripple Road"), so it is found only with a house number, a flat, or
words such as "I live in" before it. Streets that the caller names are always found. Cost: one pass, plus one for
named streets. Rejected: a register of all streets (it would find every pothole, and no register covers what people
call their block).

Source: ours, with the kinds of street that Royal Mail abbreviates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from becontree.methods.screening.kinds import Found
from becontree.methods.screening.ordinary import is_ordinary

# Kinds that are hardly ever anything else; the others are ordinary words as well.
_SURE: Final = frozenset(
    """
    road rd street avenue ave gardens gdns crescent cres terrace boulevard blvd mews lane ln grove parkway pkwy
    """.split()
)
_LOOSE: Final = frozenset(
    """
    st close cl drive dr way court ct place pl square sq walk row hill rise parade green view mead path house point
    tower wharf quay circle cir trail trl loop cove end broadway estate park villas cottages heights lodge
    mansions reach
    """.split()
)
_VAGUE: Final = frozenset(
    "way end side view point place house park path estate close drive".split()
)  # in small letters
_KIND: Final = re.compile(
    rf"\b(?:{'|'.join(sorted(_SURE | _LOOSE, key=len, reverse=True))})\b(?![’']s?\s)", re.IGNORECASE
)
_BACK: Final = re.compile(r"(?P<word>(?:[^\W\d_]|\d{1,3}(?:st|nd|rd|th)\b)[\w’'-]*)(?:\.?[ \t]{1,2})$", re.IGNORECASE)
_MOST_WORDS: Final = 4

_FLAT: Final = r"(?:flat|apartment|apt|unit|room|maisonette|studio)\.?\s?(?:no\.?\s?)?(?:\d{1,4}[a-z]?|[a-z]\d{1,3})"
_HOUSE: Final = r"\d{1,5}(?:\s?[a-z](?![\w'’]))?(?:\s?[-–/]\s?\d{1,5}[a-z]?)?"
_NUMBERED: Final = re.compile(rf"(?<![\w£$€.,/:-])(?:{_FLAT}[,\s]{{1,3}}(?:of\s)?)?(?:{_HOUSE},?\s+)$", re.IGNORECASE)
_IN_FLAT: Final = re.compile(rf"(?<!\w){_FLAT}[,\s]{{1,3}}(?:of\s|in\s|at\s)?$", re.IGNORECASE)
_HOME: Final = re.compile(
    r"""\b(?:
      (?: (?P<living>(?:home|house)\sis(?=\s(?:in|on))|(?:tenants?|residents?)(?=\s(?:in|of|on))
              |liv(?:e|es|ed|ing)|resid(?:e|es|ed|ing)|mov(?:e|ed|ing)|stay(?:s|ed|ing)?|sleep(?:s|ing)?
              |born|grew|rent(?:s|ed|ing)?)
          (?:\s[\w’']+){0,5}?
        | (?:home|house|flat|address|bungalow|maisonette|front\sdoor|family|household)(?:\s[\w’']+){0,2}?
        | (?:residents?|tenants?|neighbou?rs?|people|lady|man|woman|family|householders?)(?:\shere)?
      )
      \s(?:in|on|at|to|of|off|down|up|from|round)
      (?:\s(?:the\s(?:corner|end|top|bottom|back)\s(?:of|from)|the(?=\s$)|number|no\.?))*
      | (?:my|our|home|his|her|their)\s(?:street|road|address|close|lane|block|avenue|estate)
        (?:\s(?:is|called|named|which))*(?:\s?[,:(–-])?
      | \baddress\s?[:=-]?
    )\s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER_OF: Final = re.compile(
    r"\b(?:at|from|in)\s(?:house\s)?(?:number|no\.?|nr\.?)\s?\d{1,4}[a-z]?\b(?!\s?(?:bus|route|%|per|years?|days?))",
    re.IGNORECASE,
)
_SOMEBODY: Final = re.compile(
    r"\b(?:lives?|living|neighbou?rs?|lady|man|woman|family|people|tenants?|couple|guy|kids?|house|next\sdoor|mrs?|them)\b[^.!?]*$",
    re.IGNORECASE,
)

# Words at which the name of a street cannot go on.
_NEVER: Final = frozenset(
    """
    a an the this that these those my our your his her their its every each any some no another other both many most
    more much few several to of on at in is are was were be been being and or but for with by from per as so not it we
    they you i he she who which where when there here very too just only than then into onto over lane lanes way mile
    miles minute minutes min mins hour hours hrs year years yr yrs month months week weeks day days mph feet foot ft
    yards metres meters km percent people persons car cars bike bikes bicycle bicycles bus buses own do can will would
    should could must may might cannot don't dont have has had get got going go went come need needs want wants make
    makes let lets like about around across along off out up down near behind under between through during before
    after because if while floor bedroom bed storey degree degrees times time acre acres units pm am access service
    frontage toll lived live lives living
    """.split()
)
# Words that make no name alone, unless written with a capital.
_PLAIN: Final = frozenset(
    """
    main major minor busy quiet nice dirty residential side back private public local same different narrow dead
    busiest whole entire next last first only single double dual paved unpaved dirt gravel gated good bad better worse
    safe unsafe poor broken one two three four five six seven eight nine ten new old smooth easy hard long short small
    large big huge little dead-end one-way two-way cul-de-sac high-speed block blocks tool ring slip bike through
    high-traffic ih sh fm us hwy i
    """.split()
)


def streets(text: str, named: re.Pattern[str] | None = None) -> Iterator[Found]:
    for match in _KIND.finditer(text):
        begin, why = _street(text, match)
        if why:
            yield Found("street", begin, match.end(), why)
    for match in _NUMBER_OF.finditer(text):
        if _SOMEBODY.search(text, max(0, match.start() - 40), match.start()):
            yield Found("street", match.start(), match.end(), "a house number")
    if named is not None:
        for match in named.finditer(text):
            yield Found("street", match.start(), match.end(), "a street that was named to the screen")


def _street(text: str, kind: re.Match[str]) -> tuple[int, str]:
    """(where it begins, why) of a street whose last word is `kind`; the why is empty where it is none."""
    starts = _words_before(text, kind.start())
    for start in reversed(starts):  # the longest name first
        said = text[start : kind.start()].split()
        before = text[max(0, start - 80) : start]
        numbered = _NUMBERED.search(before) or _IN_FLAT.search(before)
        if numbered and _is_named(said, kind.group(), text, numbered=True):
            return max(0, start - 80) + numbered.start(), "a house number and a street"
        home = _HOME.search(before)
        if home and _is_named(said, kind.group(), text, numbered=False, living=home["living"] is not None):
            return start, "a street said to be home"
    return kind.start(), ""


def _words_before(text: str, end: int) -> list[int]:
    """Where the name of a street that ends at `end` may begin: after one word, two, three or four, read backwards."""
    starts: list[int] = []
    while len(starts) < _MOST_WORDS:
        match = _BACK.search(text, max(0, end - 40), end)
        if match is None or match["word"].lower() in _NEVER:
            break
        end = match.start()
        starts.append(end)
    return starts


def _is_named(said: list[str], kind: str, text: str, *, numbered: bool, living: bool = False) -> bool:
    """Are the words before the kind of street a name, and not a description of it?"""
    folded = [word.strip(".,").lower().replace("’", "'") for word in said]
    cased = any(word[0].isupper() and not word.isupper() for word in (*said, kind))
    small = not any(word[0].isupper() for word in said)
    plain = all(word in _PLAIN for word in folded) or (folded[0] in _PLAIN and _common(folded))
    if (
        (small or not cased)
        and plain
        and not (numbered and kind.lower() in _SURE and folded[0] in ("long", "old", "new"))
    ):
        return False
    if kind.lower() in _SURE:
        return True if numbered or living else not small or not _common(folded)
    if cased:
        return not small and (numbered or kind[0].isupper() or kind.lower() in {"st", "dr", "ct", "cl", "pl", "sq"})
    if small and any(letter.isupper() for letter in text) and not (numbered or living) and kind.lower() in _VAGUE:
        return False
    return not _common(folded) or (
        numbered and kind.lower() in {"square", "sq", "court", "ct"} and folded[0] not in _PLAIN
    )


def _common(folded: list[str]) -> bool:
    return all(is_ordinary(word.removesuffix("'s")) for word in folded)


def named_pattern(streets: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for the streets the caller names, any case, marks and spaces as people vary them."""
    forms = sorted({" ".join(street.split()) for street in streets if street.strip()}, key=lambda one: (-len(one), one))
    if not forms:
        return None
    said = "|".join(re.escape(form).replace(r"\ ", r"\s+").replace("'", "['’]?") for form in forms)
    return re.compile(rf"(?<!\w)(?:{_HOUSE},?\s+)?(?:{said})(?!\w)", re.IGNORECASE)
