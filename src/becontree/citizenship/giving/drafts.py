"""What somebody filled in before they signed in: kept with their session for two hours, never in an address.

One draft a visitor, of one form. It survives signing in and making an account, and goes when the form is sent, when its
time is up, and with the session itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from becontree.foundations.kit.personal import personal
from becontree.foundations.kit.requests import Request

KEY: Final = "giving.draft"
LASTS: Final = timedelta(hours=2)


def keep(request: Request, about: str, form: forms.Form) -> None:
    """Keep what was typed into a valid form; `about` says which form of which thing, such as "give/the-garden"."""
    typed = {name: str(form.data.get(form.add_prefix(name), "")) for name in form.fields}
    request.session[KEY] = {"about": about, "at": request.now.isoformat(), "typed": typed}


def find(request: Request, about: str) -> dict[str, str] | None:
    """What was typed for this, if it was here and not longer than two hours ago. A page that may show it is private."""
    personal(request)
    draft: dict[str, Any] | None = request.session.get(KEY)
    if draft is None or draft["about"] != about:
        return None
    if request.now - datetime.fromisoformat(draft["at"]) > LASTS:
        drop(request)
        return None
    typed: dict[str, str] = draft["typed"]
    return typed


def drop(request: Request) -> None:
    request.session.pop(KEY, None)
