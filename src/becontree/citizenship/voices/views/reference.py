"""How a form stands, by the reference that its speaker was given: the state alone, never a word of it."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.citizenship.voices import queries
from becontree.citizenship.voices.forms.resident import ReferenceForm
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import count, is_full

# Wrong references in SECONDS from one address: a library's readers must not lock each other out. A reference is one of
# 27**10 = 2.1e14: with a million in use, 720 guesses an hour find one with a chance of 3.5e-6 an hour.
TRIES: Final = 120
SECONDS: Final = 600


@never_cache
@gate("everyone")
def reference(request: Request) -> HttpResponse:
    """Typed and sent in the body, so that no reference stands in an address or a log."""
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    stands: list[queries.Stands] = []
    status = 200
    if form.is_valid():
        if is_full(request, "reference", limit=TRIES, seconds=SECONDS):
            form.add_error(None, _("Many references have just been tried from here. Please wait ten minutes."))
            status = 429
        else:
            stands = queries.how_it_stands(form.cleaned_data["reference"])
            if not stands:
                count(request, "reference", seconds=SECONDS)
                form.add_error("reference", _("We know no such reference. It has ten letters and figures."))
                status = 422
    return render(request, "voices/reference.html", {"form": form, "stands": stands}, status=status)
