"""How a form field is drawn: label, hint, error, control, tied together for a screen reader."""

from __future__ import annotations

from django import forms
from django.forms.renderers import DjangoTemplates

from becontree.foundations.kit.forms import PoundsField


class PlainRenderer(DjangoTemplates):
    field_template_name = "face/field.html"


class PatternForm(forms.Form):
    """The pattern book's form: one field of each kind."""

    words = forms.CharField(label="What would you like to say?", widget=forms.Textarea, max_length=500)
    amount = PoundsField(label="How much?", help_text="The least is £2.", least=200)
    ward = forms.ChoiceField(
        label="Where is it?", choices=[("", "Choose a place"), ("1", "Thatch Hill")], required=False
    )
    feeling = forms.ChoiceField(
        label="Is it something you…", choices=[("like", "like"), ("hope", "hope for")], widget=forms.RadioSelect
    )
    quote = forms.BooleanField(label="You may quote my words", required=False)
