"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    return {
        "council_name": settings.COUNCIL_NAME,
        "demo": settings.DEMO,
        "practice_money": settings.PAYMENT_PROVIDER == "practice",
        "now": getattr(request, "now", None),
        "today": getattr(request, "today", None),
    }
