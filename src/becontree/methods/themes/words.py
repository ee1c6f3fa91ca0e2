"""Words of any language: where a text falls into clauses, a clause into terms, and which terms say nothing.

Case is folded first (a third of real answers are in CAPITALS, and case would become a "theme"). Marks over Arabic and
Hebrew letters, Arabic stretching and variant alefs are levelled. Writing without spaces (Chinese, Japanese, Thai, Lao,
Khmer, Burmese) is cut into overlapping pairs of characters, the usual way to search it without a dictionary. English
plurals and possessives fall together; no other stemming: labels must be people's own words.

Source of the cutting: Unicode's own character classes; of the stop words: the commonest function words of each
language, written down by hand. Rejected: a language guesser (short answers mix languages) and a stemmer a language.

Why: a theme must not be made of capitals, endings or a language's commonest words. Cost: a few passes over the
characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LEAST_WORDS: Final = 4  # a shorter clause is joined to the one before it
LONGEST_CLAUSE: Final = 60  # words; a longer one is cut there

# Thai to Lao, Burmese, Khmer, kana, Han
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_WORD: Final = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+(?:['’][^\W\d_{_UNSPACED}]+)*")
_IS_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
_END: Final = re.compile(r"(?<=[.!?;…])\s+|[\n\r\u2028\u2029]+|(?<=[。！？；؛؟۔।])\s*")
_STRETCH: Final = str.maketrans({"\u0640": None, "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "’": "'"})

STOP_WORDS: Final = frozenset(
    """
    a about above after again against all also am an and any are around as at be because been before being below
    between both but by can cannot could did do does doing done down during each even every few for from further
    get gets getting go goes going got had has have having he her here hers him his how i if im in into is isn't
    it its it's i'm i've i'd just keep less let like lot lots made make makes making many may me might more most
    much must my need needs needed no nor not now of off on once one only onto or other our out over own per
    please put really same see she should so some something still such take than thank thanks that that's the
    their them then there these they thing things think this those through to too under until up upon us very
    want wants was way we well we're were what when where which while who why will with within without would yes
    you your don't doesn't can't won't didn't aren't there's let's instead always never ever away back come
    since able au aux avec ce ces cette dans de des du elle en est et il ils je la le les leur lui mais mon ne
    nos notre nous ou par pas plus pour qu que qui sa se ses son sont sur ta te tu un une vos votre vous être
    avoir faire très al como con del desde donde el ella ellos entre era es esta este está están hay las los lo
    muy más nuestra o para pero por porque ser si sin sobre su sus también tiene todo todos una uno y ya aber
    als auch auf aus bei bin bis das dass dem den der die dies doch ein eine einem einen einer er für hat ich
    ihr ist ja kann mehr mein mit nach nicht noch nur oder sehr sein sich sie sind über um und uns unser von vor
    war wenn wer wie wir wird zu zum zur ao aos com da dos e ele em essa esse eu foi isso mas muito na nas não
    os pela pelo são sem seu sua tem uma ai alla anche che chi ci dal della di gli ha ho io nel nella non più
    questo sono tra ale bo być czy dla jak jest już ma nie od po się są tak tym w z za że żeby ar ca care că cu
    fi mai mult nu pe pentru sau să sunt și في من على ان الى هذا هذه التي الذي عن مع كل ما لا لم لن هو هي نحن
    انا او ثم قد كان كانت يجب ايضا بين بعد قبل و के का की को में से है हैं और यह पर भी नहीं कि एक ने हो था এবং ও
    এই একটি করা জন্য না থেকে اور کے کی کا میں سے ہے ہیں کو پر یہ نہیں ایک good better best great bad big nice
    people person year years day days time times ways sure first two
    """.split()  # noqa: SIM905
)


def fold(text: str) -> str:
    """The text as terms are compared: compatibility forms, one case, marks that are not letters left out."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_STRETCH)
    if text.isascii():
        return text
    return "".join(
        letter
        for letter in text
        if not ("\u0591" <= letter <= "\u05c7" or "\u064b" <= letter <= "\u065f" or letter == "\u0670")
    )


def terms(text: str) -> list[str]:
    """The terms of a folded text, in order: words, or pairs of characters where writing has no spaces.

    >>> terms(fold("MORE buses, please: the BUSES are late!"))
    ['more', 'bus', 'please', 'the', 'bus', 'are', 'late']
    >>> terms("公共交通")
    ['公共', '共交', '交通']
    """
    found: list[str] = []
    for word in _WORD.findall(text):
        if _IS_UNSPACED.match(word):
            found.extend([word] if len(word) == 1 else [word[at : at + 2] for at in range(len(word) - 1)])
        else:
            found.append(stem(word))
    return found


def stem(word: str) -> str:
    """English plurals and possessives, nothing else.

    >>> [stem(word) for word in ("buses", "parks", "cities", "city's", "glass", "bus", "news")]
    ['bus', 'park', 'city', 'city', 'glass', 'bus', 'news']
    """
    if not word.isascii():
        return word
    word = word.removesuffix("'s").removesuffix("s'")
    if len(word) < 4 or word in _KEPT:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "buses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "ous")):
        return word[:-1]
    return word


_KEPT: Final = frozenset({"news", "series", "species", "always", "plus", "gas"})


def surface(text: str) -> Iterator[tuple[str, str]]:
    """(term, word as written) of a folded text: so that labels show words people wrote."""
    for word in _WORD.findall(text):
        if not _IS_UNSPACED.match(word):
            yield stem(word), word


def clauses(text: str) -> list[str]:
    """The parts of an answer that may be about different things; short parts are joined to the one before.

    >>> clauses("Fix the timing of the traffic lights. And the buses! More trees along the river, please.")
    ['Fix the timing of the traffic lights. And the buses!', 'More trees along the river, please.']
    """
    parts: list[str] = []
    for part in _END.split(text.strip()):
        words = part.split()
        weight = len(words) if not _IS_UNSPACED.search(part) else len(part) // 2
        if not words:
            continue
        if parts and weight < LEAST_WORDS:
            parts[-1] = f"{parts[-1]} {part.strip()}"
            continue
        parts.extend(" ".join(words[at : at + LONGEST_CLAUSE]) for at in range(0, len(words), LONGEST_CLAUSE))
    return parts
