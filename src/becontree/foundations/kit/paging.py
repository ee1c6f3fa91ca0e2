"""Pages of a list: numbers in the address, never a traceback for a wrong one."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page(request: HttpRequest, rows: Any, size: int = 20, *, count: int | None = None) -> Page[Any]:
    """The page that `?page=` asks for; the nearest one where it asks for nonsense. Two queries, or one with `count`."""
    pages = Paginator(rows, size)
    if count is not None:
        pages.__dict__["count"] = count  # a cached property: it is not asked for again
    return pages.get_page(request.GET.get("page"))
