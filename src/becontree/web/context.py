"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from becontree.web.languages import about_language


def house(request: HttpRequest) -> dict[str, Any]:
    return about_language(request) | {
        "council_name": settings.COUNCIL_NAME,
        "demo": settings.DEMO,
        "practice_money": settings.PAYMENT_PROVIDER == "practice",
        "now": getattr(request, "now", None),
        "today": getattr(request, "today", None),
    }
