"""What a moderator and whoever answers fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.forms.resident import SayForm, date_input
from becontree.citizenship.voices.models import Answer, Voice
from becontree.citizenship.voices.policy import REASONS


class EnterForm(SayForm):
    """A clerk types in what was said on paper, at a door, at an event or by telephone."""

    channel = forms.ChoiceField(
        label=_("How it reached us"),
        choices=[choice for choice in Voice.Channel.choices if choice[0] != "web"],
        widget=forms.RadioSelect,
    )
    said_on = forms.DateField(label=_("When it was said"), widget=date_input())
    place = forms.CharField(
        label=_("Where"), required=False, max_length=160, help_text=_("An event or a street, never a house number.")
    )
    field_order = ["kind", "words", "ward", "may_quote", "channel", "said_on", "place"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["autofocus"] = True  # the clerk's hands stay on the keyboard


class HoldForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it not published?"),
        choices=[(reason.code, reason.name) for reason in REASONS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Anything the speaker should know"), required=False, max_length=400)


class DecideForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("yes", _("Publish it after all")), ("no", _("It stays unpublished"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Your reasons, to the speaker"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1_000
    )


class AnswerForm(forms.Form):
    status = forms.ChoiceField(label=_("How does it stand?"), choices=Answer.Status.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("The answer and its reasons"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4_000
    )
    team = forms.CharField(label=_("Which team answers"), max_length=80)
    leads_to = forms.CharField(
        label=_("What it leads to"),
        required=False,
        max_length=120,
        help_text=_("A reference in the record, like project/heron-garden."),
    )


class MaskForm(forms.Form):
    words = forms.CharField(
        label=_("What everybody may read"),
        help_text=_("Take out what tells who somebody is or where they live. Change nothing else."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=4_400,
    )
    note = forms.CharField(label=_("Anything the speaker should know"), required=False, max_length=400)
