"""What a moderator and whoever answers fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.forms.resident import SayForm, date_input
from becontree.citizenship.voices.models import Answer, Round, Voice
from becontree.citizenship.voices.policy import REASONS
from becontree.foundations.places import queries as places
from becontree.foundations.record.fields import ThingField


class EnterForm(SayForm):
    """A clerk types in what was said on paper, at a door, at an event or by telephone."""

    postcode = None  # type: ignore[assignment]  # a clerk knows the wards
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
    leads_to = ThingField(label=_("What it leads to"), required=False)


class MaskForm(forms.Form):
    words = forms.CharField(
        label=_("What everybody may read"),
        help_text=_("Take out what tells who somebody is or where they live. Change nothing else."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=4_400,
    )
    note = forms.CharField(label=_("Anything the speaker should know"), required=False, max_length=400)


class FindReferenceForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference"), max_length=60, widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"})
    )


class ToAnswerForm(forms.Form):
    """Which of the published, unanswered voices."""

    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=60)
    round = forms.ChoiceField(label=_("Round"), required=False)
    ward = forms.ChoiceField(label=_("Place"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Voice.Kind.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = Round.objects.exclude(state=Round.State.DRAFT).values_list("slug", "title")
        for name, choices in (("round", rounds), ("ward", places.ward_names().items())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]
