"""The map as a picture and, with equal standing, as tables: what the map's page is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from becontree.citizenship.conversations.models import Conversation, MapDocument

WIDE: Final = 600
HIGH: Final = 440
EDGE: Final = 34
MOST_ROWS: Final = 12


def context(
    conversation: Conversation, document: MapDocument, stand: dict[str, Any] | None, *, words: Mapping[int, str]
) -> dict[str, Any]:
    """Everything that the page says."""
    found = document.document
    groups = [dict(group) for group in found.get("groups", [])]
    for group in groups:
        group["apart"] = [
            one | {"words": words[one["number"]], "percent": round(100 * one["votes"] / one["seen"])}
            for one in group["apart"]
            if one["number"] in words
        ]
    return {
        "document": document,
        "found": found,
        "groups": groups,
        "one_field": len(groups) == 1,
        "svg": svg(found, stand),
        "stand": stand,
        "common": _rows(found.get("common_ground", []), words),
        "divisive": _rows(found.get("divisive", []), words),
        "bridging": _rows(document.firm.get("bridging", []), words),
        "firm": firm_words(document.firm),
        "names": [group["id"] for group in groups],
    }


def _rows(rows: list[dict[str, Any]], words: Mapping[int, str]) -> list[dict[str, Any]]:
    return [one | {"words": words[one["number"]]} for one in rows if one["number"] in words][:MOST_ROWS]


def line(number: int, words: str, tallies: Mapping[str, Any]) -> dict[str, Any]:
    """One statement with how the votes stand, in whole per cent."""
    agree, disagree, seen, *by_group = tallies.get(str(number), (0, 0, 0, None, None))
    return {
        "number": number,
        "words": words,
        "agree": agree,
        "disagree": disagree,
        "passed": seen - agree - disagree,
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
    """Places where at least three people of a group stand; with fewer than fifty people, only the groups."""
    groups, cells, centres = found.get("groups", []), found.get("cells", []), found.get("centres", [])
    if not centres:
        return SafeString("")
    side = found.get("side", 10)
    largest = max((people for *_, people in cells), default=1)
    dots = format_html_join(
        "",
        '<circle class="group-{}" cx="{}" cy="{}" r="{}"/>',
        (
            (
                "abcde"[group],
                _at((column + 0.5) / side, WIDE),
                _at(1 - (row + 0.5) / side, HIGH),
                f"{3 + 12 * (people / largest) ** 0.5:.1f}",
            )
            for group, column, row, people in cells
        ),
    )
    marks = (
        format_html_join(
            "",
            '<g class="mark group-{}"><circle cx="{}" cy="{}" r="20"/><text x="{}" y="{}">{}</text></g>',
            (
                ("abcde"[at], _at(x, WIDE), _at(1 - y, HIGH), _at(x, WIDE), _at(1 - y, HIGH, 7), group["id"])
                for at, (group, (x, y)) in enumerate(zip(groups, centres, strict=False))
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


def said(found: Mapping[str, Any], stand: dict[str, Any] | None) -> str:
    """The picture in words."""
    groups = found.get("groups", [])
    if len(groups) == 1:
        text = _("Opinion map: one common field, no clear groups.")
    else:
        sizes = "; ".join(
            ngettext("group %(id)s, %(n)s person", "group %(id)s, %(n)s people", group["size"])
            % {"id": group["id"], "n": f"{group['size']:,}"}
            for group in groups
        )
        text = _("Opinion map: %(sizes)s.") % {"sizes": sizes}
    if stand is not None and stand["group"]:
        text += " " + _("You stand in group %(group)s.") % {"group": stand["group"]}
    return text


def _at(share: float, whole: int, more: float = 0) -> str:
    return f"{EDGE + share * (whole - 2 * EDGE) + more:.1f}"
