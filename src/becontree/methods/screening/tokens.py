"""A text as words with what stands around them, and what each word may be: a name, an ordinary word, a place.

Source: Unicode's classes of characters. Why once for all kinds: each rule asks for the word before, the word after and
the capital. Cost: one pass. Rejected: a language toolkit (a large dependency for what two patterns do).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from becontree.methods.screening import known
from becontree.methods.screening.given import ALSO_WORDS, FAMILY, GIVEN
from becontree.methods.screening.ordinary import is_ordinary

Sense = Literal["name", "maybe", "unknown", "ordinary", "known", "initial"]
Style = Literal["mixed", "upper", "lower"]

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\u2010-][^\W\d_]+)*|\d+")
_STROKES: Final = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "’": "'",
        "\u2010": "-",
    }
)
_SHAPED: Final = re.compile(
    r".{2,}(?:escu|eanu|auskas|auskiene|iene|aitis|aite|yte|icius|evicius|owicz|ewicz|owski|owska|ewski|ewska|inski|inska|ynski|"
    r"czyk|czak|enko|chuk|ovic|evic|opoulos|akis|oglu|shvili|ullah|uddin|swamy|kumar|preet|jeet|inder)"
    r"|(?:oluw|chukw|nwach|ogun|adew|ades|adey|adek|ayod|ayom)[a-z]{2,}|(?:mc|mac|o')(?!h)[b-z][a-z]{3,}|al-[a-z]{3,}|abd[ue]r?[lr]?-?[a-z]{4,}"
)


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    word: str
    plain: str
    gap: str  # what stands between the word before and this one
    style: Style

    @property
    def capital(self) -> bool:
        return self.word[:1].isupper() and (len(self.word) == 1 or not self.word.isupper())


def plain(word: str) -> str:
    """The word in small letters, without marks, as the lists hold it.

    >>> [plain(word) for word in ("Łukasz", "Ștefan's", "O’Brien", "Zoë")]
    ['lukasz', 'stefan', "o'brien", 'zoe']
    """
    folded = unicodedata.normalize("NFKD", word.casefold().translate(_STROKES).replace("i̇", "i"))
    folded = "".join(letter for letter in folded if not unicodedata.combining(letter)).translate(_STROKES)
    return folded.removesuffix("'s")


@lru_cache(maxsize=20_000)
def sense(word: str) -> Sense:
    """What a folded word may be."""
    if len(word) == 1:
        return "initial"
    if word.endswith(("'m", "'ve", "'ll", "'d", "'re", "n't")):
        return "ordinary"
    if word in known.SURE_TITLES or (word in known.OTHER_TITLES and word not in GIVEN):
        return "ordinary"
    if word in known.NOT_A_PERSON:
        return "maybe" if word in GIVEN and word not in {"austin", "dallas"} else "known"
    if word in ALSO_WORDS:
        return "maybe"
    ordinary = is_ordinary(word)
    if word in GIVEN or (word in FAMILY and not ordinary):
        return "name"
    if ordinary:
        return "maybe" if word in FAMILY else "ordinary"
    if "-" in word:
        parts = [sense(part) for part in word.split("-") if part]
        if all(part == "name" for part in parts):
            return "name"
        return "unknown" if any(part in ("name", "unknown") for part in parts[:1]) else "ordinary"
    if _SHAPED.fullmatch(word) or word.replace("'", "") in FAMILY:
        return "name"
    return "unknown"


def tokens_of(text: str) -> list[Token]:
    found: list[Token] = []
    before = 0
    whole = _style(text, "mixed")
    begin = 0
    bounds = [match.end() for match in re.finditer(r"[.!?…]+[\s\"')\]]+|\n+", text)] + [len(text)]
    for bound in bounds:
        style = _style(text[begin:bound], whole)
        for match in _WORD.finditer(text, begin, bound):
            word = match.group()
            found.append(Token(match.start(), match.end(), word, plain(word), text[before : match.start()], style))
            before = match.end()
        begin = bound
    return found


def _style(sentence: str, otherwise: Style) -> Style:
    letters = [letter for letter in sentence if letter.isalpha()]
    if len(letters) < 4:
        return otherwise
    upper = sum(letter.isupper() for letter in letters)
    if upper > 0.7 * len(letters):
        return "upper"
    capitals = [
        word
        for word in _WORD.findall(sentence)
        if word[:1].isupper() and word not in ("I", "I'm", "I've", "I'd", "I’m")
    ]
    return "mixed" if capitals else "lower"


def starts(token: Token) -> bool:
    """Does a sentence begin at the token?"""
    return (
        (not token.gap.strip(" ,;:'\"()-–") and token.start == 0)
        or bool(re.search(r"[.!?…\n]", token.gap))
        or not token.gap
    )


def near(token: Token) -> bool:
    """Does only space stand before the token?"""
    return re.fullmatch(r"[ \t]{1,3}", token.gap) is not None


def after_title_gap(token: Token) -> bool:
    """Does only space or the full stop of a title stand before the token?"""
    return re.fullmatch(r"\.?[ \t]{1,3}", token.gap) is not None


def verbal(word: str) -> bool:
    return word.endswith(("ing", "ed", "tion", "ment", "ness"))


def paired_with(tokens: list[Token], at: int) -> bool:
    """Does another word follow that may belong to the same name?"""
    if (
        at + 1 >= len(tokens)
        or re.fullmatch(r"[ \t]{1,2}", tokens[at + 1].gap) is None
        or tokens[at + 1].word.isdigit()
    ):
        return False
    after = tokens[at + 1]
    kind = sense(after.plain)
    if after.plain in known.PARTICLES and after.plain not in ("do", "la", "le", "bin", "das"):
        return at + 2 < len(tokens) and near(tokens[at + 2]) and sense(tokens[at + 2].plain) != "ordinary"
    if after.style == "mixed" and not after.capital:
        return False
    return (
        kind == "name" or (kind == "unknown" and not verbal(after.plain)) or (kind == "maybe" and after.plain in FAMILY)
    )
