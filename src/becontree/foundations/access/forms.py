"""What `access` asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.foundations.access.models import BreakGlass


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
