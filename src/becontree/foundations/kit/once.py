"""One form, one thing: however often the same form is sent, and whatever else is sent from the same page.

A page carries a random token. Sent twice as it stands (a double click, a bad line) it is the same thing. Sent again
with other words (somebody went back and wrote anew) it is another thing: nothing that was written is thrown away. Sent
from another browser it is another thing too, so that a token that leaked opens nobody's page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_SALT: Final = "becontree.kit.once"
_OURS: Final = frozenset({"once", "key", "voice_key", "website"})  # not what somebody wrote


def mark(once: str, content: Mapping[str, Any], *, whose: str = "") -> str:
    """32 letters that stand for this token with this content from this sender; "" without a token.

    Keyed with the site's secret: nobody can try out words against it.
    """
    if not once:
        return ""
    said = {name: str(value) for name, value in content.items() if name not in _OURS}
    text = json.dumps([once, whose, said], sort_keys=True)
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()[:32]


def sender(request: HttpRequest) -> str:
    """The person, or the browser by the secret that its forms carry; "" where it has neither."""
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return str(request.META.get("CSRF_COOKIE") or "")


class OneThing(forms.Form):
    """A form whose `once` is the mark of its token with what was filled in."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        return given | {"once": mark(given.get("once") or "", given)}
