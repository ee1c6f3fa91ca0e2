"""What the outreach templates use: `{% load outreach %}`."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from becontree.citizenship.outreach.heard import Group, percent

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """A share as people read it; a thin mark for none."""
    return "–" if value is None else percent(value)


@register.simple_tag
def pair(group: Group) -> SafeString:
    """Two bars: the group's share of the borough, and of those heard with its interval. The row says the same."""
    if group.share is None or group.low is None or group.high is None:
        heard = SafeString("")
    else:
        heard = format_html(
            '<rect class="heard" y="18" height="12" width="{}"/><line class="reach" x1="{}" x2="{}" y1="24" y2="24"/>',
            *(round(200 * value, 1) for value in (group.share, group.low, group.high)),
        )
    return format_html(
        '<svg class="pair" viewBox="0 0 200 34" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="here" y="3" height="12" width="{}"/>{}</svg>',
        round(200 * group.here, 1),
        heard,
    )
