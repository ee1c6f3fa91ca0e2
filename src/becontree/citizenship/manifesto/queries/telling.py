"""How many people spoke of a theme, as everybody may read it.

Whose words may be quoted stands in the explorer, theme by theme. So the number of people beside a theme would tell how
many others spoke of it who did not agree to be quoted. It is shown only where neither it nor that difference is 1 to 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef

from becontree.citizenship.manifesto.models import Answer, Aspiration, Placement, Theme
from becontree.citizenship.voices import queries as voices
from becontree.methods.suppression import few


def _quotable(handle: str) -> Exists:
    """Whether the voice of an answer's `handle` may be quoted: looked up for each, as they are few among all voices."""
    return Exists(voices.published().filter(response__may_quote=True, handle=OuterRef(handle)).order_by())


def people_of(themes: Iterable[Theme]) -> dict[int, int | None]:
    """Theme key -> its people; None: hidden. One query."""
    listed = list(themes)
    rows = Placement.objects.filter(_quotable("clause__answer__handle"), theme__in=[theme.pk for theme in listed])
    counted = rows.order_by().values_list("theme").annotate(n=Count("clause__answer__person", distinct=True))
    quoted: dict[int, int] = {theme: n for theme, n in counted}  # noqa: C416 - the types need it
    return {theme.pk: _shown(theme.people, quoted.get(theme.pk, 0)) for theme in listed}


def with_people(themes: Iterable[Theme]) -> list[tuple[Theme, int | None]]:
    """The themes, each with its people as everybody may read them. One query."""
    listed = list(themes)
    people = people_of(listed)
    return [(theme, people[theme.pk]) for theme in listed]


def people_behind(aspiration: Aspiration) -> int | None:
    """How many different people spoke of any of its themes, each counted once; None: hidden. Two queries."""
    rows = Answer.objects.filter(clauses__placements__theme__in=aspiration.themes.filter(live=True).values("pk"))
    people = rows.order_by().values("study_id", "person").distinct()
    return _shown(people.count(), people.filter(_quotable("handle")).count())


def _shown(people: int, quoted: int) -> int | None:
    return None if few(people, max(0, people - quoted)) else people


def protected(groups: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """[label, who saw it, agree, pass, disagree] of each group, with nothing in it that tells of 1 to 4 people.

    As they are; else everybody as one; else agreeing against all else; else only how many saw it; else nothing.
    """
    rows = [list(row) for row in groups]
    if not rows or not any(few(*row[1:], row[1] - sum(row[2:]), row[1] - row[2]) for row in rows):
        return rows
    seen, agree, passed, against = (sum(row[at] for row in rows) for at in range(1, 5))
    label = rows[0][0] if len(rows) == 1 else ""
    if few(seen):
        return []
    if not few(agree, passed, against, seen - agree - passed - against, seen - agree):
        return [[label, seen, agree, passed, against]]
    if not few(agree, seen - agree) and agree + passed + against == seen:
        return [[label, seen, agree, None, None]]
    return [[label, seen, None, None, None]]
