"""What finance fills in."""

from __future__ import annotations

from django import forms


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why must it be reversed?",
        help_text="Everybody can read this, so name nobody.",
        min_length=5,
        max_length=300,
    )
