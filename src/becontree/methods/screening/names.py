"""Names of people, by the words around them.

The rule: a place where a name is expected ("thanks to ...", "my neighbour ...", "Cllr ...", "... from the library", a
signature) takes any word that is not ordinary English or a known place; where none is expected, only a capital and a
name from our lists do ("Aisha Rahman"). In CAPITALS and in small letters the capital says nothing, so the lists weigh
more. Why this way: East London's names come from everywhere, and no list holds them; what people write around them is
alike. Cost: one walk over the words, sets only. Rejected: a trained tagger (hundreds of megabytes, blind to CAPITALS,
and it finds "Ripple Road" a person), and lists alone (they miss every second name and flag "will", "may" and "hope").

Source: ours; figures on real answers in docs/benchmarks/screening.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from becontree.methods.screening import known
from becontree.methods.screening.expected import AFTER_LINK, AFTER_NAMING, AFTER_TITLE, SIGNATURE, expected, titled
from becontree.methods.screening.given import FAMILY, GIVEN
from becontree.methods.screening.kinds import Found
from becontree.methods.screening.tokens import Sense, Token, near, paired_with, sense, starts, tokens_of, verbal

_LONGEST: Final = 4  # words of one name
_FIRM: Final = frozenset({AFTER_TITLE, AFTER_NAMING, SIGNATURE})  # so sure that the word itself may be anything
_GRAMMAR: Final = frozenset(
    {"will", "may", "can", "see", "long", "van", "my", "bill", "mark", "grant", "hope", "sun", "art", "job"}
)
_LISTED: Final = "a given name or family name"
_TOLD: Final = "a given name and a family name"
_ACTS: Final = "two words with capitals, and what a person does"
_GUESSED: Final = frozenset({_LISTED, _ACTS, AFTER_LINK})  # nothing around the words says that somebody is meant


def names(text: str, extra: frozenset[str] = frozenset(), public: frozenset[str] = frozenset()) -> Iterator[Found]:
    """Names in the text. extra: folded words that are names here; public: folded names that anybody may write."""
    tokens = tokens_of(text)
    at = 0
    while at < len(tokens):
        why = _why(tokens, at, extra)
        if not why:
            at += 1
            continue
        end = _extend(tokens, at, extra, hard=why not in _GUESSED)
        if _is_public(tokens, at, end, public) or _is_place(tokens, at, end, text, why):
            at = end
            continue
        yield Found("name", tokens[at].start, tokens[end - 1].end, why)
        at = end


def _is_public(tokens: list[Token], at: int, end: int, public: frozenset[str]) -> bool:
    """Is it, or does it begin, the name of somebody whom anybody may name?"""
    words = [token.plain for token in tokens[at : end + 2]]
    shapes = (" ".join(words[:count]) for count in range(end - at, len(words) + 1))
    return any(shape in known.PUBLIC_FIGURES or shape in public for shape in shapes)


def _why(tokens: list[Token], at: int, extra: frozenset[str]) -> str:
    """Why the token begins a name; empty when it does not."""
    token = tokens[at]
    kind: Sense = "name" if token.plain in extra else sense(token.plain)
    if token.word.isdigit():
        return ""
    if kind in ("ordinary", "known"):
        if kind == "ordinary" and _gifted(tokens, at):
            return _LISTED
        return AFTER_TITLE if titled(tokens, at) else ""
    if kind == "initial":
        return _initials(tokens, at)
    paired = paired_with(tokens, at)
    if token.style == "mixed":
        hard = token.capital or kind == "name"
    else:
        hard = kind == "name" or (kind == "unknown" and not verbal(token.plain)) or paired
    why = expected(tokens, at, kind, paired)
    if why and (hard or why in _FIRM):
        return why
    owner = kind == "unknown" and token.word.lower().endswith(("'s", "’s"))
    if (kind == "name" or owner or (token.style == "mixed" and token.capital)) and _followed(tokens, at, kind):
        return "a name, and where the person is or what is theirs"
    return _listed(tokens, at, kind, extra)


def _gifted(tokens: list[Token], at: int) -> bool:
    """Gift Okoro, Prosper Mensah: an ordinary word with a capital inside a sentence, and a family name after it."""
    token = tokens[at]
    if token.style != "mixed" or not token.capital or starts(token) or not paired_with(tokens, at):
        return False
    return sense(tokens[at + 1].plain) == "name" and tokens[at + 1].plain in FAMILY - GIVEN


def _followed(tokens: list[Token], at: int, kind: Sense) -> bool:
    """What comes after says that this was a person: from the library, at number 4, who runs; or something of theirs."""
    token = tokens[at]
    if re.search(r"['’]s$", token.word.lower()):
        return (
            at + 1 < len(tokens)
            and tokens[at + 1].plain in known.RELATIONS | {"house", "flat", "garden", "car", "door"}
            and kind != "maybe"
        )
    end = at + 1
    while (
        end < len(tokens)
        and end < at + 3
        and near(tokens[end])
        and sense(tokens[end].plain) in ("name", "unknown")
        and (tokens[end].capital or token.style != "mixed")
    ):
        end += 1
    if end >= len(tokens) or tokens[end].plain not in known.PERSON_AFTER:
        return False
    after = tokens[end + 1].plain if end + 1 < len(tokens) else ""
    if kind == "maybe" and (token.plain not in GIVEN or token.plain in _GRAMMAR - {"mark"}):
        return False
    if tokens[end].plain in ("who", "whos", "whose", "upstairs", "downstairs"):
        return True
    if tokens[end].plain == "next":
        return after == "door"
    if kind == "unknown" and starts(token) and tokens[end].plain != "from":
        return False
    if after not in known.PLACES_AFTER:
        return False
    return kind in ("name", "maybe") or end > at + 1 or tokens[end].plain == "from"


def _initials(tokens: list[Token], at: int) -> str:
    """J. Smith, or A K Hussain."""
    token = tokens[at]
    if (
        token.style == "lower"
        or not token.word.isupper()
        or (token.plain in ("i", "a") and not (at + 1 < len(tokens) and tokens[at + 1].gap.startswith(".")))
    ):
        return ""
    after = at + 1
    while after < len(tokens) and after < at + 3 and len(tokens[after].word) == 1 and tokens[after].word.isupper():
        after += 1
    if after >= len(tokens) or not re.fullmatch(r"\.? ?", tokens[after].gap) or not tokens[after].gap:
        return ""
    last = tokens[after]
    if token.style == "mixed" and last.capital and sense(last.plain) == "name" and last.plain in FAMILY:
        return _LISTED
    return ""


def _listed(tokens: list[Token], at: int, kind: Sense, extra: frozenset[str]) -> str:
    """Nothing around it says so, but the words themselves are names."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) and re.fullmatch(r"[ \t]{1,2}", tokens[at + 1].gap) else None
    if token.plain in extra:
        return _LISTED
    follows: Sense = sense(after.plain) if after is not None else "ordinary"
    if token.style == "mixed":
        if not token.capital:
            return ""
        if after is not None and after.capital:
            if kind == "name" and follows in ("name", "maybe", "unknown"):
                return _LISTED
            if follows == "name" and (kind == "maybe" or not starts(token)):
                return _LISTED
            if (
                follows == "maybe"
                and kind == "maybe"
                and after.plain in FAMILY
                and token.plain in GIVEN
                and not starts(token)
            ):
                return _LISTED
            if {kind, follows} <= {"unknown", "maybe", "name"} and _acts(tokens, at):
                return _ACTS
        return _LISTED if kind == "name" and token.plain in GIVEN else ""
    if after is None or token.plain not in GIVEN or (kind != "name" and (follows != "name" or token.plain in _GRAMMAR)):
        return ""
    told = at > 0 and near(token) and tokens[at - 1].plain in ("with", "by", "that", "was", "is", "and")
    if follows == "maybe" and after.plain in FAMILY and (told or after.plain not in known.PLACE_TAILS):
        return _TOLD if told else _LISTED
    if follows == "name" or (follows == "unknown" and not verbal(after.plain)):
        return _LISTED
    return ""


def _acts(tokens: list[Token], at: int) -> bool:
    """Two words with capitals, and what people do after them, or "with" before them."""
    if at and near(tokens[at]) and tokens[at - 1].plain == "with":
        return True
    end = at + 2
    while end < min(at + 4, len(tokens)) and tokens[end].capital and near(tokens[end]):
        end += 1
    return end < len(tokens) and tokens[end].plain in known.PERSON_VERBS and near(tokens[end])


def _extend(tokens: list[Token], at: int, extra: frozenset[str], *, hard: bool) -> int:
    """The place after the last word of the name that begins at `at`."""
    end = at + 1
    while end < len(tokens) and end - at < _LONGEST:
        token = tokens[end]
        if not re.fullmatch(r"\.?[ \t]{1,2}|\.", token.gap) or ("." in token.gap and len(tokens[end - 1].word) > 1):
            break
        kind: Sense = "name" if token.plain in extra else sense(token.plain)
        if re.search(r"['’]s$", tokens[end - 1].word.lower()):
            break
        if kind == "initial" and token.word.isupper() and token.word != "I" and token.style == "mixed":
            end += 1
            continue
        if (
            token.plain in known.PARTICLES
            and end + 1 < len(tokens)
            and tokens[end + 1].capital
            and token.style == "mixed"
        ):
            end += 1
            continue
        if token.style == "mixed":
            if not (token.capital and kind in ("name", "maybe", "unknown")):
                break
        elif not (kind == "name" or (kind == "unknown" and hard and not verbal(token.plain))):
            break
        end += 1
    return end


def _is_place(tokens: list[Token], at: int, end: int, text: str, why: str) -> bool:
    """Robert Clack School, Lake Austin: the name of a place or body, not of somebody."""
    if (
        end < len(tokens)
        and re.fullmatch(r"[ \t]{1,2}|['’]s ", tokens[end].gap)
        and tokens[end].plain in known.PLACE_TAILS
    ):
        tail = tokens[end]
        verb = end + 1 < len(tokens) and tokens[end + 1].plain in known.PERSON_VERBS
        person = tail.plain in FAMILY and (verb or why not in _GUESSED)
        if not person and (tail.style != "mixed" or tail.capital or why in _GUESSED):
            return True
    if (
        end - at > 1
        and tokens[end - 1].plain in known.PLACE_TAILS - {"hall", "ward", "hill", "green"}
        and why in _GUESSED
    ):
        return True
    before = tokens[at - 1] if at else None
    if before is not None and why in _GUESSED and near(tokens[at]):
        if before.plain in known.PLACE_HEADS and (before.capital or before.style != "mixed"):
            return True
        if before.word.isdigit():
            return True
    return text[tokens[at].start - 1 : tokens[at].start] in ("@", "#", "/", ".") if tokens[at].start else False
