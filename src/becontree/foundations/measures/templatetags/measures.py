"""What the measures' templates use: `{% load measures %}`."""

from __future__ import annotations

from decimal import Decimal

from django import template

from becontree.foundations.measures.actions import plain

register = template.Library()


@register.filter
def exact(value: Decimal | None) -> str:
    """An exact number without needless noughts; a thin mark for none."""
    return "–" if value is None else plain(value)


@register.filter
def thousands(value: int | None) -> str:
    """A whole number with its thousands apart."""
    return "–" if value is None else f"{value:,}"
