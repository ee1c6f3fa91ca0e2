"""`{% host_url at "edit" slug %}`: the host's page where it stands for who is looking, under /my/ or on the desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag
def host_url(at: str, page: str, *parts: Any) -> str:
    return reverse(f"conversations:{at}-{page}", args=parts)
