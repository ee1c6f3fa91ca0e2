"""What a speaker, a clerk and a moderator fill in."""

from __future__ import annotations

from typing import Any

from django import forms

from becontree.citizenship.voices.models import Answer, Voice
from becontree.citizenship.voices.policy import REASONS
from becontree.foundations.places import queries as places

KINDS = [("like", "I like"), ("dislike", "I do not like"), ("hope", "I hope for")]


class SayForm(forms.Form):
    """One voice, from anybody."""

    kind = forms.ChoiceField(label="Is it something…", choices=KINDS, widget=forms.RadioSelect)
    words = forms.CharField(
        label="In your own words",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4_000,
        help_text="Please leave out names, addresses and telephone numbers.",
    )
    ward = forms.ChoiceField(label="Which part of the borough is it about?", required=False)
    may_quote = forms.BooleanField(label="You may show my words to everybody, without my name", required=False)
    website = forms.CharField(label="Leave this empty", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wards = {ward.code: ward for ward in places.wards()}
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All of it"), *((code, ward.name) for code, ward in self.wards.items())]

    @property
    def ward_chosen(self) -> Any:
        return self.wards.get(self.cleaned_data.get("ward", ""))


class EnterForm(SayForm):
    """A clerk types in what was said on paper, at a door, at an event or by telephone."""

    channel = forms.ChoiceField(
        label="How it reached us",
        choices=[choice for choice in Voice.Channel.choices if choice[0] != "web"],
        widget=forms.RadioSelect,
    )
    said_on = forms.DateField(
        label="When it was said", widget=forms.DateInput(attrs={"type": "date", "class": "short"})
    )
    place = forms.CharField(
        label="Where", required=False, max_length=160, help_text="An event or a street, never a house number."
    )
    field_order = ["kind", "words", "ward", "may_quote", "channel", "said_on", "place"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["autofocus"] = True  # the clerk's hands stay on the keyboard


class HoldForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is it not published?",
        choices=[(reason.code, reason.name) for reason in REASONS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Anything the speaker should know", required=False, max_length=400)


class AppealForm(forms.Form):
    words = forms.CharField(
        label="Why should it be published?", widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000
    )


class DecideForm(forms.Form):
    upheld = forms.ChoiceField(
        label="What do you decide?",
        choices=[("yes", "Publish it after all"), ("no", "It stays unpublished")],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="Your reasons, to the speaker", widget=forms.Textarea(attrs={"rows": 4}), max_length=1_000
    )


class AnswerForm(forms.Form):
    status = forms.ChoiceField(label="How does it stand?", choices=Answer.Status.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label="The answer and its reasons", widget=forms.Textarea(attrs={"rows": 6}), max_length=4_000
    )
    team = forms.CharField(label="Which team answers", max_length=80)
    leads_to = forms.CharField(
        label="What it leads to",
        required=False,
        max_length=120,
        help_text="A reference in the record, like project/heron-garden.",
    )


class FindForm(forms.Form):
    words = forms.CharField(label="Words", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All"), ("like", "Liked"), ("dislike", "Disliked"), ("hope", "Hoped for")],
    )
    ward = forms.ChoiceField(label="Place", required=False)
    channel = forms.ChoiceField(label="How we heard", required=False, choices=[("", "All"), *Voice.Channel.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *places.ward_names().items()]
