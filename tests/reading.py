"""The reading age of our own words: `python -m tests.reading` (part of `make check`; `--all` prints every page's age).

The measure is the Flesch–Kincaid grade level: 0.39 x words a sentence + 11.8 x syllables a word - 15.59 (Kincaid and
others 1975, Navy Research Branch Report 8-75). A grade and five years make an age: grade 6 is 11. A sentence is, as
Flesch counted (1948), what stands between full stops, colons, semicolons, question and exclamation marks.

What it looks at: every message of residents' templates and letters, and of forms and code beside them, as
`becontree.web.extraction` finds them; what officers read is not held to it. A page is judged whole; pages of under 100
words, too few for the formula, are judged together with their room's others. No sentence may have more than 25 words.
Labels of up to three words are no sentences and are left out.

Its limits: it counts lengths and knows no meaning; a short word may be hard and a long one easy. Syllables are counted
by rule, right for about 19 words in 20. So a name, and a term that its page explains, stands in `EXPLAINED` and counts
as two syllables; and people still have to read what we write.
"""

from __future__ import annotations

import html
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

OLDEST: Final = 11
LONGEST: Final = 25  # words in a sentence
FEWEST: Final = 100  # words for the formula to mean anything
# Names, and terms that the page itself explains or that a reader meets on the thing itself.
EXPLAINED: Final = frozenset(
    [
        "accessibility",
        "accessible",
        "becontree",
        "beancount",
        "campaign",
        "campaigns",
        "commissioner",
        "council",
        "e-mail",
        "facilitated",
        "fundraising",
        "information",
        "json",
        "borough",
        "organisation",
        "organisations",
        "organiser",
        "organisers",
        "regulator",
        "telephone",
        "moderation",
        "romanian",
        "application",
        "applications",
        "regulations",
        "equality",
        "advisory",
        "authenticator",
    ]
)
# Officers read these: the desk, the accounts' inner pages, set-up.
OFFICERS: Final = re.compile(
    r"desk|/access/|^foundations/(?:ledger|tasks|payments|policy|places|measures|record)/(?!templates/(?:record|places))"
    r"|ledger/templates|payments/templates/payments/(?!wait|practice|returned|bank\.html)|tasks/templates"
    r"|people/templates/people/(?:roles|grant|end_role|register|organisation)|forgetting/templates/forgetting/|messages/templates/messages/(?:log|to_print)"
    r"|people/actions/|giving/(?:actions/(?:funds|grants|elsewhere)|permissions|till)|/mfa/|web/templates/web/patterns"
    r"|web/forms\.py|api_docs|record/checkpoints|record/decision|policy/(?:change|desk)|demo/"
)
HOLE: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
TAG: Final = re.compile(r"<[^>]*>")
WORD: Final = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’-]*|\d[\d,.]*")
SILENT: Final = re.compile(r"(?:[^aeiouyl]|[aeiouy]l)(?:e|es)$|(?:[^aeiouytdl]|[aeiouy]l)ed$")
VOWELS: Final = re.compile(r"[aeiouyà-ÿ]+")


def syllables(word: str) -> int:
    """How many, by rule: groups of vowels, less a silent end, more where two vowels are said apart."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if word in EXPLAINED:
        return 2
    if word[:1].isdigit():
        return 1
    return sum(_part(part) for part in word.split("-") if part) or 1


def _part(word: str) -> int:
    plain = word.replace("'", "")
    count = len(VOWELS.findall(plain))
    if count > 1 and SILENT.search(plain) and not re.search(r"(?:[sxz]|ch|sh|[cg])es$", plain):
        count -= 1
    count += len(
        re.findall(r"i(?:a|o|um|ety|en[ct])|[aeo]ing$|ee[ai]|uou|eo(?!ple)|(?<![gq])ua(?!r)|creat(?!u)", plain)
    )
    count += len(re.findall(r"ea$|eum|oe[mt]|quiet", plain))
    count -= len(re.findall(r"[cst]io|[cgt]ia(?!t)|quia|^some(?=[a-z])|[^l]ely$|[^l]ement", plain))
    return max(1, count)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence where it stands."""

    path: str
    line: int
    words: tuple[str, ...]
    text: str

    @property
    def syllables(self) -> int:
        return sum(syllables(word) for word in self.words)


@dataclass(slots=True)
class Page:
    """A page, or the small pages of a folder together."""

    name: str
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(len(each.words) for each in self.sentences)

    @property
    def age(self) -> float:
        """In years."""
        return grade(self.words, len(self.sentences), sum(each.syllables for each in self.sentences)) + 5


def grade(words: int, sentences: int, said: int) -> float:
    """Flesch–Kincaid's grade level of a text with so many words, sentences and syllables."""
    return 0.39 * words / sentences + 11.8 * said / words - 15.59


def sentences(message: str, path: str = "", line: int = 0) -> list[Sentence]:
    """The sentences of a message: tags left out, holes read as a short word."""
    text = TAG.sub("", HOLE.sub("this", html.unescape(message))).replace("%%", " per cent")
    found = []
    for part in re.split(r"[.!?:;…](?=\s|$|[”’)])|\n\s*\n", text):
        words = tuple(WORD.findall(part))
        if len(words) > 3:
            found.append(Sentence(path, line, words, " ".join(part.split())))
    return found


def pages(found: Iterable[tuple[str, int, str]]) -> list[Page]:
    """(path, line, message) as pages to be judged."""
    single: dict[str, Page] = {}
    for path, line, message in found:
        single.setdefault(path, Page(path)).sentences.extend(sentences(message, path, line))
    judged = [page for page in single.values() if page.words >= FEWEST]
    small: dict[str, Page] = defaultdict(lambda: Page(""))
    for path, page in single.items():
        if page.words < FEWEST:
            folder = "/".join(path.split("/")[:2])
            small[folder].name = f"{folder}, small pages together"
            small[folder].sentences.extend(page.sentences)
    return judged + [page for page in small.values() if page.words >= FEWEST]


def faults(judged: Iterable[Page]) -> list[str]:
    """What to put right, each with file, line and the hard sentences."""
    found = []
    for page in sorted(judged, key=lambda each: each.name):
        found += [
            f"{each.path}:{each.line}: {len(each.words)} words in a sentence: {each.text}"
            for each in page.sentences
            if len(each.words) > LONGEST
        ]
        if page.age > OLDEST:
            found.append(f"{page.name}: reading age {page.age:.1f}; its hardest sentences:")
            hardest = sorted(page.sentences, key=lambda each: -grade(len(each.words), 1, each.syllables))[:6]
            found += [f"  {each.path}:{each.line}: {each.text}" for each in hardest]
    return found


def residents() -> list[tuple[str, int, str]]:
    """(path, line, message) of everything that residents read."""
    import django

    django.setup()
    from becontree.web import extraction

    found = [*extraction.templates(), *extraction.code()]
    return [
        (each.path, each.line, message)
        for each in found
        if not OFFICERS.search(each.path)
        for message in (each.message, each.plural)
        if message
    ]


if __name__ == "__main__":
    judged = pages(residents())
    if "--all" in sys.argv:
        for page in sorted(judged, key=lambda each: -each.age):
            sys.stdout.write(f"{page.age:5.1f}  {page.words:5}  {page.name}\n")
    wrong = faults(judged)
    sys.stdout.write("\n".join(wrong) + ("\n" if wrong else ""))
    raise SystemExit(1 if wrong else 0)
