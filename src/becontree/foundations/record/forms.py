"""What the auditor's list of decisions can be narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.gates import DESK
from becontree.foundations.kit.narrowing import Narrowing, any_of
from becontree.foundations.people import queries as people
from becontree.foundations.people.roles import ROLES
from becontree.foundations.record import queries
from becontree.foundations.record import words as naming
from becontree.foundations.record.words import STEP_NAMES


class EntriesForm(Narrowing):
    """Which entries to look at; the days are those on which it happened."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200, widget=forms.TextInput({"type": "search"}))
    step = any_of(_("Step"))
    kind = any_of(_("Kind"))
    field_order = ("q", "step", "kind", "since", "until")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(
            request,
            step=[(each, str(STEP_NAMES[each])) for each in queries.STEPS],
            kind=[(each, naming.kind(each)) for each in queries.kinds()],
        )

    @staticmethod
    def asks(found: dict[str, Any]) -> dict[str, Any]:
        """What was filled in, as `queries.entries` takes it."""
        return {"words" if name == "q" else name: value for name, value in found.items()}


class DecisionsForm(Narrowing):
    """Which decisions to look at; the days are those on which they were written down."""

    who = any_of(_("Who wrote it down"))
    role = any_of(_("Their role, now or before"), [(code, ROLES[code].name) for code in DESK])
    kind = any_of(_("What kind"))
    words = forms.CharField(label=_("Words in it, its reasons or its authority"), required=False, max_length=100)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(
            request,
            who=[("system", "The system"), *people.ever_held(*DESK)],
            kind=[(each, naming.kind(each)) for each in queries.families()],
        )
