"""The map as a picture and, with equal standing, as tables: what the map's page is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from becontree.citizenship.conversations.models import Conversation, MapDocument
from becontree.methods.opinion.chart import LEAST_TO_PLACE
from becontree.methods.suppression import few

WIDE: Final = 600
HIGH: Final = 440
EDGE: Final = 34
MOST_ROWS: Final = 12
LABELLED_BY: Final = 2  # statements that say who a group is
LABEL_LENGTH: Final = 90


def context(
    conversation: Conversation, document: MapDocument, stand: dict[str, Any] | None, *, words: Mapping[int, str]
) -> dict[str, Any]:
    """Everything that the page says."""
    found = document.document
    groups = [dict(group) for group in found.get("groups", [])]
    for group in groups:
        group["apart"] = [one | {"words": words[one["number"]]} for one in group["apart"] if one["number"] in words]
        group["label"] = label(group["apart"])
    common = _rows(found.get("common_ground", []), words)
    shared = {row["number"] for row in common}
    # Maps drawn before version 2 of the method could hold a statement in both.
    divisive = [row for row in _rows(found.get("divisive", []), words) if row["number"] not in shared]
    return {
        "document": document,
        "found": found,
        "groups": groups,
        "one_field": len(groups) == 1,
        "svg": svg(found, stand),
        "stand": stand,
        "people": None if few(found.get("participants", 0)) else found.get("participants", 0),
        "placed": placed(found),
        "least": document.inside.get("least", LEAST_TO_PLACE),
        "common": common[:MOST_ROWS],
        "common_count": len(common),
        "divisive": divisive[:MOST_ROWS],
        "divisive_count": len(divisive),
        "bridging": _rows(document.firm.get("bridging", []), words),
        "firm": firm_words(document.firm),
        "renamed": sorted(document.firm.get("letters", {}).items()),
        "names": [group["id"] for group in groups],
    }


def _rows(rows: list[dict[str, Any]], words: Mapping[int, str]) -> list[dict[str, Any]]:
    return [one | {"words": words[one["number"]]} for one in rows if one["number"] in words]


def placed(found: Mapping[str, Any]) -> dict[str, int] | None:
    """{"grouped": how many stand in a group, "left": how many voted on too little for it}; together all who voted.

    None where a group's size is hidden: it would follow from these.
    """
    sizes = [group["size"] for group in found.get("groups", [])]
    if not sizes or None in sizes:
        return None
    return {"grouped": sum(sizes), "left": found["participants"] - sum(sizes)}


def label(apart: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Who a group is, in the statements that set it apart most: one of either side, or two of the same.

    >>> apart = [{"side": "agree", "words": "Trees."}, {"side": "agree", "words": "Seats."},
    ...          {"side": "disagree", "words": "Cars."}]
    >>> label(apart)
    [{'side': 'agree', 'words': 'Trees.'}, {'side': 'disagree', 'words': 'Cars.'}]
    >>> [part["words"] for part in label(apart[:2])]
    ['Trees.', 'Seats.']
    """
    first = {one["side"]: one for one in reversed(apart)}
    chosen = [first[side] for side in ("agree", "disagree") if side in first]
    if len(chosen) < LABELLED_BY:
        chosen = list(apart[:LABELLED_BY])
    return [{"side": one["side"], "words": _short(one["words"])} for one in chosen]


def _short(words: str) -> str:
    """At most `LABEL_LENGTH` letters, ending with a whole word where there is one."""
    if len(words) <= LABEL_LENGTH:
        return words
    cut = words[: LABEL_LENGTH - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:") + "…"


def line(number: int, words: str, tallies: Mapping[str, Any]) -> dict[str, Any]:
    """One statement with how the votes stand, in whole per cent."""
    agree, disagree, seen, *by_group = tallies.get(str(number), (0, 0, 0, None, None))
    passed = None if agree is None or disagree is None else seen - agree - disagree
    return {
        "number": number,
        "words": words,
        "agree": agree,
        "disagree": disagree,
        "passed": passed,
        "seen": seen,
        "by_group": by_group[0] if by_group else None,
    }


def firm_words(firm: Mapping[str, Any]) -> str:
    """How firm the map is, in plain words."""
    if not firm.get("draws"):
        return ""
    if firm["median"] >= 0.9:
        said = _("The groups hold firm.")
    elif firm["median"] >= 0.7:
        said = _("The groups mostly hold.")
    else:
        said = _("The groups are loose: do not lean on them.")
    more = _(
        "We drew the map %(draws)s times without a tenth of the people. Of the others, %(stay)s in 100 stayed in their "
        "group. There were as many groups in %(same)s of %(draws)s maps. Of the shared statements, %(kept)s in 100 "
        "stayed shared."
    ) % {"draws": firm["draws"], "stay": firm["stay"], "same": firm["same_k"], "kept": firm["kept"]}
    return f"{said} {more}"


def svg(found: Mapping[str, Any], stand: dict[str, Any] | None) -> SafeString:
    """Handfuls of at least five people of a group, near each other; with fewer than fifty people, only the groups."""
    groups, cells, centres = found.get("groups", []), found.get("cells", []), found.get("centres", [])
    if not centres:
        return SafeString("")
    side = found.get("side", 10)
    dots = format_html_join(
        "",
        '<circle class="group-{}" cx="{}" cy="{}" r="{}"/>',
        (
            (
                groups[group]["id"].lower(),
                _at((column + 0.5) / side, WIDE),
                _at(1 - (row + 0.5) / side, HIGH),
                _radius(people),
            )
            for group, column, row, people in cells
        ),
    )
    marks = (
        format_html_join(
            "",
            '<g class="mark group-{}"><circle cx="{}" cy="{}" r="20"/><text x="{}" y="{}">{}</text></g>',
            (
                (group["id"].lower(), _at(x, WIDE), _at(1 - y, HIGH), _at(x, WIDE), _at(1 - y, HIGH, 7), group["id"])
                for group, (x, y) in zip(groups, centres, strict=False)
            ),
        )
        if len(groups) > 1
        else ""
    )
    you = ""
    if stand is not None:
        x, y = _at(stand["x"], WIDE), _at(1 - stand["y"], HIGH)
        you = format_html(
            '<g class="you"><path d="M{} {}m0 -15l15 15l-15 15l-15 -15z"/><text x="{}" y="{}">{}</text></g>',
            x,
            y,
            x,
            _at(1 - stand["y"], HIGH, -22),
            _("you"),
        )
    return format_html(
        '<svg class="opinion" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDE,
        HIGH,
        said(found, stand),
        dots,
        marks,
        you,
    )


def _radius(people: int) -> str:
    """In four steps: a size for each number would tell how many stand where nothing is drawn."""
    return next(radius for least, radius in ((100, "16.0"), (25, "12.0"), (10, "9.0"), (0, "6.5")) if people >= least)


def said(found: Mapping[str, Any], stand: dict[str, Any] | None) -> str:
    """The picture in words."""
    groups = found.get("groups", [])
    if len(groups) == 1:
        text = _("Opinion map: one common field, no clear groups.")
    else:
        sizes = "; ".join(
            ngettext("group %(id)s, %(n)s person", "group %(id)s, %(n)s people", group["size"])
            % {"id": group["id"], "n": f"{group['size']:,}"}
            if group["size"] is not None
            else _("group %(id)s") % {"id": group["id"]}
            for group in groups
        )
        text = _("Opinion map: %(sizes)s.") % {"sizes": sizes}
    if stand is not None and stand["group"]:
        text += " " + _("You stand in group %(group)s.") % {"group": stand["group"]}
    return text


def _at(share: float, whole: int, more: float = 0) -> str:
    return f"{EDGE + share * (whole - 2 * EDGE) + more:.1f}"
