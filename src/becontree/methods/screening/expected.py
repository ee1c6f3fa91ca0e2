"""Places where a name is expected, by the words before: titles, thanks, relations, namings, talk, and signatures.

Each rule is a function of one `Place`; `expected` asks them in order and gives the reason of the first that holds.

Source: ours, read off real answers and thanks. Why rules in order: each finding can say why it was made. Cost: a
handful of set look-ups a word. Rejected: scores added up (no reader could follow a decision).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from becontree.methods.screening import known
from becontree.methods.screening.given import FAMILY
from becontree.methods.screening.tokens import Sense, Token, after_title_gap, near, sense, verbal

AFTER_TITLE: Final = "after a title"
AFTER_THANKS: Final = "after thanks"
AFTER_RELATION: Final = "after a relation"
AFTER_NAMING: Final = "after “called” or “my name is”"
AFTER_TALK: Final = "after “ask”, “call”, “met” or the like"
SIGNATURE: Final = "at the end, as a signature"
AFTER_LINK: Final = "a name after a small word"

_BETWEEN_THANKS_AND_NAME: Final = frozenset("to you u so very much lui a o for all especially out".split())
_PRAISE: Final = frozenset(
    {("well", "done"), ("big", "up"), ("good", "job"), ("hats", "off"), ("happy", "birthday"), ("shout", "out")}
)
_DESCRIBED: Final = frozenset("the a an old ex former local this that head lovely".split())
_SMALL: Final = frozenset("by from with like about and than to for".split())
_MAY_BE: Final = frozenset({"name", "maybe", "unknown", "initial"})


@dataclass(frozen=True, slots=True)
class Place:
    """One word and what stands before it. paired: another word of a name may follow."""

    tokens: list[Token]
    at: int
    kind: Sense
    paired: bool

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def near(self) -> bool:
        return near(self.token)

    @property
    def comma(self) -> bool:
        return re.fullmatch(r"\s?[,:(–-]\s?", self.token.gap) is not None

    @property
    def clear(self) -> bool:
        """Does the word itself look like a name: by our lists, or by its capital?"""
        return self.kind == "name" or (self.token.style == "mixed" and self.token.capital)

    def before(self, steps: int) -> str:
        """The folded word so many steps before, or nothing."""
        return self.tokens[self.at - steps].plain if self.at >= steps else ""

    @property
    def plural(self) -> bool:
        """May it be a verb or plural in -s ("my son attends a school")? Not where a verb follows it."""
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        acts = after is not None and after.plain in known.PERSON_VERBS and near(after)
        return self.token.plain.endswith("s") and not acts


def expected(tokens: list[Token], at: int, kind: Sense, paired: bool) -> str:
    """Why a name is expected at the word; empty when it is not."""
    if at == 0:
        return ""
    place = Place(tokens, at, kind, paired)
    if _after_title(place):
        return AFTER_TITLE
    if _signature(tokens, at):
        return SIGNATURE
    if "." in place.token.gap and not place.near:
        return ""
    for rule, why in _RULES:
        if rule(place):
            return why
    return ""


def titled(tokens: list[Token], at: int) -> bool:
    """Mr Brown, Dr Rice, Mrs Madrid: a title before a word that is otherwise no name."""
    token = tokens[at]
    if at == 0 or token.plain in known.NOT_AFTER_TITLE or not after_title_gap(token):
        return False
    title = tokens[at - 1]
    if token.style != "mixed" or not token.capital:
        return title.plain in {"mr", "mrs", "ms"} and token.plain in known.NOT_A_PERSON
    return title.plain in {"mr", "mrs", "ms", "dr"} and title.capital and not _ends_street(tokens, at - 1)


def _after_title(place: Place) -> bool:
    title, token = place.before(1), place.token
    if not after_title_gap(token):
        return False
    if title in known.SURE_TITLES:
        return True
    if title not in known.OTHER_TITLES or _ends_street(place.tokens, place.at - 1):
        return False
    sure = place.kind == "name" if title in known.ALSO_VERBS else (place.kind != "maybe" or token.capital)
    if place.clear and sure:
        return True
    guess = place.kind == "unknown" and not place.plural and not verbal(token.plain)
    if token.style != "mixed" and title in known.LIKE_NAMES and guess:
        return True
    return title in ("dr", "nurse") and token.style != "mixed" and token.plain in FAMILY


def _ends_street(tokens: list[Token], at: int) -> bool:
    """Is the "Dr" or "St" at `at` the last word of a street (Oak Hill Dr)?"""
    if tokens[at].plain not in ("dr", "st") or at == 0 or not near(tokens[at]):
        return False
    before = tokens[at - 1]
    capital = before.style == "mixed" and before.capital
    return before.word.isdigit() or capital or sense(before.plain) != "ordinary"


def _after_thanks(place: Place) -> bool:
    if place.near and (place.before(2), place.before(1)) in _PRAISE:
        return True
    if not (place.near or place.comma or place.token.gap in ("! ", " - ")):
        return False
    back = place.at - 1
    while back > 0 and place.tokens[back].plain in _BETWEEN_THANKS_AND_NAME and near(place.tokens[back]):
        back -= 1
    lead, last = place.tokens[back].plain, place.before(1)
    if lead in ("shout", "big", "well") and place.tokens[back + 1].plain in ("out", "up"):
        return True
    return lead in known.THANKS and last not in ("for", "all") and not (last == "a" and lead in ("thank", "credit"))


def _beside_me(place: Place) -> bool:
    """Me and Ann, my wife and Ann."""
    return (
        place.near and place.before(1) == "and" and place.before(2) == "me" and (place.clear or place.kind == "unknown")
    )


def _between_commas(place: Place) -> bool:
    """The lady who runs it, Ann, is a star."""
    tokens, at = place.tokens, place.at
    if not place.comma or not (place.clear or place.kind == "unknown") or at + 1 >= len(tokens):
        return False
    return re.match(r"\s?[,)]", tokens[at + 1].gap) is not None and tokens[at + 1].plain in known.PERSON_VERBS


def _was_who(place: Place) -> bool:
    """It was Ann Smith who ...; we miss Ann who ..."""
    if not place.near or place.before(1) not in ("was", "is", "miss", "by", "like", "know"):
        return False
    for after in place.tokens[place.at + 1 : place.at + 4]:
        if after.plain == "who" or not near(after):
            return after.plain == "who"
        if not _may_be(after):
            return False
    return False


def _after_relation(place: Place) -> bool:
    if place.before(1) not in known.RELATIONS or not (place.near or place.comma):
        return False
    if place.comma and (place.clear or place.kind == "unknown" or place.paired) and _up_to_comma(place):
        return True
    if place.before(2) in known.OWNERS or place.before(3) in known.OWNERS:
        return place.clear or (place.near and not place.plural)
    return place.clear and place.before(2) in _DESCRIBED


def _up_to_comma(place: Place) -> bool:
    """my neighbour, Ann Smith, has ...: words that may be a name, and then a comma."""
    tokens, at = place.tokens, place.at
    for after in range(at + 1, min(at + 6, len(tokens))):
        if re.match(r"\s?[,)–-]", tokens[after].gap):
            return all(_may_be(one) for one in tokens[at:after])
    return False


def _after_naming(place: Place) -> bool:
    first, second = place.before(1), place.before(2)
    if not place.near:
        return False
    if first in ("name's", "names") and second in known.OWNERS:
        return True
    if first in ("called", "named", "nicknamed") or (first in ("is", "was", "s") and second in ("name", "names")):
        somebody = known.RELATIONS | {"name", "someone", "somebody"}
        return place.clear or any(one.plain in somebody for one in place.tokens[max(0, place.at - 5) : place.at - 1])
    return False


def _after_i_am(place: Place) -> bool:
    said = place.before(1) in ("i'm", "im") or (place.before(2), place.before(1)) == ("i", "am")
    return said and place.near and (place.clear or (place.paired and place.kind == "unknown"))


def _after_is(place: Place) -> bool:
    return (
        place.near
        and place.at > 1
        and place.before(1) == "is"
        and place.kind == "name"
        and not verbal(place.token.plain)
    )


def _after_talk(place: Place) -> bool:
    first, second = place.before(1), place.before(2)
    if not place.near:
        return False
    if first in known.VERBS:
        after = place.tokens[place.at + 1].plain if place.at + 1 < len(place.tokens) else ""
        goes_on = place.paired or after in ("in", "at", "from", "who", "about", "that")
        guess = place.kind == "unknown" and not place.plural and not verbal(place.token.plain)
        return place.clear or (guess and goes_on)
    if not near(place.tokens[place.at - 1]):
        return False
    if first in ("to", "with") and second in known.VERBS_TO:
        return place.clear or second in ("spoke", "spoken", "talked")
    return first == "for" and second in ("ask", "asked", "asking") and place.clear


def _after_small_word(place: Place) -> bool:
    mixed = place.token.style == "mixed" and place.token.capital
    return place.near and place.at > 1 and place.before(1) in _SMALL and place.kind == "name" and mixed


_RULES: Final = (
    (_after_thanks, AFTER_THANKS),
    (_beside_me, AFTER_RELATION),
    (_between_commas, "between commas"),
    (_was_who, "before “who”"),
    (_after_relation, AFTER_RELATION),
    (_after_naming, AFTER_NAMING),
    (_after_i_am, "after “I am”"),
    (_after_is, "after “is”"),
    (_after_talk, AFTER_TALK),
    (_after_small_word, AFTER_LINK),
)


def _signature(tokens: list[Token], at: int) -> bool:
    """Is this the first word of a signature: a closing word before it, and no more than a name after it?"""
    closing, gap = tokens[at - 1].plain, tokens[at].gap
    if closing not in known.CLOSINGS and not (closing == "you" and at > 1 and tokens[at - 2].plain == "thank"):
        return False
    if not re.fullmatch(r"[\s,.!:–-]{1,5}", gap):
        return False
    if closing in ("from", "truly", "sir", "ta", "cheers", "you") and not re.search(r"[,.!\n–-]", gap):
        return False
    rest = tokens[at:]
    if sum(one.plain not in known.PARTICLES for one in rest) > 3:
        if closing not in ("regards", "sincerely", "faithfully", "wishes"):
            return False
        ends = [place for place, one in enumerate(rest[1:4], 1) if re.search(r"[.!?\n]", one.gap) or not _may_be(one)]
        rest = rest[: ends[0] if ends else 3]
    if any(one.word.isdigit() for one in rest):
        return False
    if len(rest) == 2 and sense(rest[0].plain) == "name":
        return True
    return all(_may_be(one) for one in rest)


def _may_be(token: Token) -> bool:
    return sense(token.plain) in _MAY_BE or token.plain in known.PARTICLES
