"""What `access` asks."""

from __future__ import annotations

from django import forms

from becontree.foundations.access.models import BreakGlass


class ReviewForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Was it right to open this?", choices=BreakGlass.Verdict.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What you found", help_text="A sentence or two. The officer can read it.", widget=forms.Textarea
    )


class InterestForm(forms.Form):
    ref = forms.RegexField(
        label="In what?",
        help_text="Its reference, as it stands on its page, like project/play-facility.",
        regex=r"^[a-z]+/[a-z0-9-]+$",
        max_length=200,
        error_messages={"invalid": "Write a reference like project/play-facility."},
    )
    nature = forms.CharField(
        label="What is your interest?",
        help_text="For example: my sister runs it.",
        max_length=500,
        widget=forms.Textarea,
    )
