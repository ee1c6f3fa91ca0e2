"""What `access` asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access import reads
from becontree.foundations.access.models import BreakGlass
from becontree.foundations.access.rules import PURPOSES, registered
from becontree.foundations.kit.narrowing import Narrowing, any_of
from becontree.foundations.people import queries as people
from becontree.foundations.people.roles import ROLES


class ReadsForm(Narrowing):
    """Which readings of personal data to look at."""

    who = any_of(_("Who read"))
    role = any_of(_("In which role"), [(role.code, role.name) for role in ROLES.values() if role.granted])
    purpose = any_of(_("What for"))
    kind = any_of(_("What kind"))
    glass = forms.BooleanField(label=_("Only through broken glass"), required=False)

    def __init__(self, request: HttpRequest) -> None:
        kinds = {model.lower() for model, _purpose in registered()}
        offers: dict[str, Any] = {
            "who": people.ever_held(),
            "purpose": list(PURPOSES.items()),
            "kind": sorted(((kind, reads.kind_name(kind)) for kind in kinds), key=lambda each: each[1]),
        }
        super().__init__(request, **offers)


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Was it right to open this?"), choices=BreakGlass.Verdict.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("What you found"), help_text=_("A sentence or two. The officer can read it."), widget=forms.Textarea
    )


class InterestForm(forms.Form):
    ref = forms.RegexField(
        label=_("In what?"),
        help_text=_("Its reference, as it stands on its page, like project/play-facility."),
        regex=r"^[a-z]+/[a-z0-9-]+$",
        max_length=200,
        error_messages={"invalid": _("Write a reference like project/play-facility.")},
    )
    nature = forms.CharField(
        label=_("What is your interest?"),
        help_text=_("For example: my sister runs it."),
        max_length=500,
        widget=forms.Textarea,
    )
