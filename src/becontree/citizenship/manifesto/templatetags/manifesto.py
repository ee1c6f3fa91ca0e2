"""How the Manifesto writes figures: `{% load manifesto %}`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto import picture
from becontree.citizenship.manifesto.models import Promise
from becontree.citizenship.manifesto.queries.against import GOES_WELL
from becontree.citizenship.voices.queries import way_name

register = template.Library()


@register.filter
def share(value: Fraction | None) -> str:
    """An agreement as "0.74"; a dash where nothing can be said."""
    return "–" if value is None else f"{float(value):.2f}"


@register.filter
def plainly(value: Fraction | None) -> str:
    """What such an alpha means. Krippendorff 2004: 0.8 and above to rely on, below 0.667 not."""
    if value is None:
        return ""
    if value >= Fraction(4, 5):
        return _("Good: you can rely on it.")
    if value >= Fraction(2, 3):
        return _("Fair: enough for a first draft.")
    return _("Poor: sharpen the themes before you rely on them.")


@register.filter
def figure(value: Decimal | str | None) -> str:
    """An exact number as people write it: "1,234.5", without idle noughts."""
    if value is None or value == "":
        return "–"
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def of_hundred(part: int, whole: int) -> str:
    """Whole per cent; a dash of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else "–"


@register.filter
def bar(part: int, whole: int) -> int:
    """How wide a bar is, of a thousand."""
    return round(1000 * part / whole) if whole else 0


@register.simple_tag
def reach(start: Decimal, now: Decimal, goal: Decimal) -> SafeString:
    """The small picture of a target beside its sentence."""
    return mark_safe(picture.reach(start, now, goal))  # noqa: S308  its parts are numbers


TAGS: Final = {"on-track": "tag--good", "at-risk": "tag--wait", "off-track": "tag--bad", "kept": "tag--good"}


@register.filter
def standing_tag(standing: str) -> str:
    """The look of a standing; the word itself says it as well."""
    return TAGS.get(standing, "tag--bad" if standing == "dropped" else "")


@register.filter
def goes_well(standing: str) -> bool:
    """Whether somebody said that it goes well: on track, or kept."""
    return standing in GOES_WELL


@register.filter
def standing_name(standing: str) -> str:
    return str(dict(Promise.Standing.choices).get(standing, standing))


@register.filter
def channel_name(channel: str) -> str:
    return way_name(channel)


@register.filter
def standing(document: Mapping[str, Any], which: str) -> int:
    """How many promises of a report stand so; several standings with commas."""
    return sum(document["standings"].get(one, 0) for one in which.split(","))
