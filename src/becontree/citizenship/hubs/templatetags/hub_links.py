"""`{% hub_url at "meeting" handle %}`: the page of who runs it, where it stands for who is looking."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def hub_url(at: str, page: str, *parts: Any) -> str:
    return reverse(f"hubs:{at}-{page}", args=parts)
