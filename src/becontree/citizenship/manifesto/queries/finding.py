"""What did you promise about ...? Promises by their own words, and by the words of the people they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from becontree.citizenship.manifesto import search
from becontree.citizenship.manifesto.models import Answer, Promise, Theme
from becontree.citizenship.manifesto.queries import explorer

MOST: int = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A promise that was found. said: its own words hold them all. voices: how many of those it rests on do."""

    promise: Promise
    said: bool
    voices: int


def find(words: str, rows: Sequence[Promise]) -> tuple[list[Found], int]:
    """(promises found, how many voices in all hold these words). Three queries.

    A promise is found by its own text (sentence, reason, measures, themes), or as many voices of its themes hold the
    words; the former first, then those with most voices, at most `MOST` of these. Voices: as in the explorer, so only
    what may be shown; both engines find the same.
    """
    wanted = search.words_of(words)
    if not wanted:
        return [], 0
    themes: dict[object, list[Theme]] = {}
    links = Promise.objects.filter(pk__in=[row.pk for row in rows], aspiration__themes__live=True).values_list(
        "pk", "aspiration__themes"
    )
    known = {theme.pk: theme for theme in explorer.public_themes()}
    for pk, theme in links:
        if theme in known:
            themes.setdefault(pk, []).append(known[theme])
    heard = explorer.explore(explorer.Explored(words=words))
    counted = (
        Answer.objects.filter(handle__in=heard.order_by().values("handle"), clauses__placements__theme__in=list(known))
        .order_by()
        .values_list("clauses__placements__theme")
        .annotate(n=Count("handle", distinct=True))
    )
    by_theme = dict(counted)
    own, rest = [], []
    for row in rows:
        voices = sum(by_theme.get(theme.pk, 0) for theme in themes.get(row.pk, []))
        if _holds(row, themes.get(row.pk, []), wanted):
            own.append(Found(row, True, voices))
        elif voices:
            rest.append(Found(row, False, voices))
    rest.sort(key=lambda one: -one.voices)
    return [*own, *rest[:MOST]], heard.count()


def _holds(promise: Promise, themes: Sequence[Theme], wanted: Sequence[str]) -> bool:
    """Whether each word begins some word of the promise's own text."""
    measured = [target.measure.title for target in promise.targets.all()]
    text = [promise.sentence, promise.rationale, promise.team, *measured, *(theme.label for theme in themes)]
    return search.holds(" ".join(text), wanted)
