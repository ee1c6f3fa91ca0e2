"""What finance fills in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why must it be reversed?"),
        help_text=_("Everybody can read this, so name nobody."),
        min_length=5,
        max_length=300,
    )


class DecideClosingForm(forms.Form):
    """Confirm or decline. `proposal` and `entries`: what the person read; `do` is the button that was pressed."""

    proposal = forms.UUIDField(widget=forms.HiddenInput)
    entries = forms.IntegerField(widget=forms.HiddenInput)
    why_not = forms.CharField(label=_("Why not, if you decline?"), required=False, max_length=300)


class CloseForm(forms.Form):
    month = forms.DateField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why are they closed now?"),
        help_text=_("Such as: every bank line is explained, and the sums agree with the bank's statement."),
        min_length=5,
        max_length=300,
    )
