"""The thread as it stands on a page: a list of knots, those far from either end folded away.

Written here, not in a template, as the cards are: a page shows up to eighty knots, and a template run for each of them
costs more than everything else on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from becontree.web.folding import folded

WORDS: Final = 12  # of a knot's title
DECIDED: Final = frozenset({"funded", "decided"})  # what has no page of its own leads to its entry in the record


def written(knots: Sequence[Any], names: Mapping[str, Any], day: Any) -> SafeString:
    """The knots, oldest first, as an ordered list; words for nothing.

    `names`: the steps of the thread in the reader's language; `day` writes a date.
    """
    runs = folded(knots)
    if not runs:
        said = escape(gettext("Nothing in the public record leads here yet."))
        return mark_safe(f'<p class="soft">{said}</p>')  # noqa: S308 - escaped
    parts = [_run(away, run, names, day) for away, run in runs]
    label = escape(gettext("The thread"))
    return mark_safe(f'<ol class="thread" aria-label="{label}">{"".join(parts)}</ol>')  # noqa: S308 - _knot escapes


def _run(away: bool, knots: Sequence[Any], names: Mapping[str, Any], day: Any) -> str:
    items = "".join(_knot(knot, names, day) for knot in knots)
    if not away:
        return items
    more = escape(ngettext("%(n)s more step", "%(n)s more steps", len(knots)) % {"n": len(knots)})
    return f'<li class="fold"><details><summary>{more}</summary><ol class="thread">{items}</ol></details></li>'


def _knot(knot: Any, names: Mapping[str, Any], day: Any) -> str:
    marks = [knot.step, *(["money"] if knot.step == "funded" else []), *(["here"] if knot.here else [])]
    here = ' aria-current="true"' if knot.here else ""
    when = f' <time datetime="{knot.date:%Y-%m-%d}">{escape(day(knot.date))}</time>' if knot.date else ""
    title = escape(_first_words(knot.title.split()))
    if knot.url and not knot.here:
        told = f'<a href="{escape(knot.url)}" dir="auto">{title}</a>'
    elif knot.entry and knot.step in DECIDED:
        told = f'<a href="{reverse("record:entry", args=[knot.entry])}" dir="auto">{title}</a>'
    else:
        told = f"<bdi>{title}</bdi>"
    step = escape(str(names.get(knot.step, knot.step)))
    return f'<li class="{escape(" ".join(marks))}"{here}><span class="step"><b>{step}</b>{when}</span>{told}</li>'


def _first_words(words: Iterable[str]) -> str:
    kept = list(words)
    return " ".join(kept) if len(kept) <= WORDS else " ".join(kept[:WORDS]) + " …"
