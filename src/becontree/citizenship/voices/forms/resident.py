"""What a speaker fills in: without an account, in under a minute, on a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.models import Kind, Question, Round, Voice
from becontree.foundations.measures import characteristics
from becontree.foundations.places import queries as places

KINDS = [("like", Kind.LIKE.label), ("dislike", Kind.DISLIKE.label), ("hope", Kind.HOPE.label)]


def date_input() -> forms.DateInput:
    """A day as a browser's own control takes it, whatever the reader's language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})


class Trap(forms.CharField):
    """A field that people neither see nor reach by keyboard: only a program fills it in. Needs no script."""

    def __init__(self) -> None:
        attrs = {"tabindex": "-1", "autocomplete": "off", "class": "visually", "aria-hidden": "true"}
        super().__init__(label="", required=False, max_length=200, widget=forms.TextInput(attrs=attrs))


class Wards(forms.Form):
    """A form with the wards to choose from."""

    everywhere = _("All of it")

    def __init__(self, *args: Any, within: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wards = {ward.code: ward for ward in within or places.wards().defer("geometry")}
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", self.everywhere), *((code, ward.name) for code, ward in self.wards.items())]

    @property
    def ward_chosen(self) -> Any:
        return self.wards.get(self.cleaned_data.get("ward", ""))


class SayForm(Wards):
    """One voice, from anybody."""

    kind = forms.ChoiceField(label=_("Is it something…"), choices=KINDS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4_000,
        help_text=_("Please leave out names, addresses and telephone numbers."),
    )
    ward = forms.ChoiceField(label=_("Which part of the borough is it about?"), required=False)
    may_quote = forms.BooleanField(label=_("You may show my words to everybody, without my name"), required=False)
    contact = forms.EmailField(
        label=_("An e-mail address, if you want to hear what comes of it"),
        required=False,
        help_text=_("Kept apart from your words, used for nothing else, and gone after two years."),
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=40, required=False)
    website = Trap()


class RespondForm(Wards):
    """The questions of a round, in its order, and what else we ask: all of it if you like."""

    everywhere = _("I would rather not say, or all of it")
    ward = forms.ChoiceField(label=_("Which part of the borough is it about?"), required=False)
    may_quote = forms.BooleanField(label=_("You may show my words to everybody, without my name"), required=False)
    contact = forms.EmailField(
        label=_("An e-mail address, if you want to hear what comes of it"),
        required=False,
        help_text=_("Kept apart from your words and used for nothing else."),
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=40, required=False)
    website = Trap()

    def __init__(
        self,
        *args: Any,
        round: Round,
        questions: Sequence[Question],
        within: Sequence[Any] = (),
        language: str = "en",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, within=within, **kwargs)
        self.questions = {f"q{question.position}": question for question in questions}
        asked: dict[str, forms.Field] = {}
        for name, question in self.questions.items():
            said = question.said_in(language)
            asked[name] = forms.CharField(
                label=said["text"],
                help_text=escape(said["hint"]),  # the field's template trusts its hints
                required=False,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 3, "lang": said["language"], "dir": "auto"}),
            )
        self.fields = asked | self.fields
        if not round.asks_contact:
            del self.fields["contact"]

    @property
    def answers(self) -> dict[Any, str]:
        return {question.pk: self.cleaned_data.get(name, "") for name, question in self.questions.items()}

    def names_of(self, errors: dict[str, str]) -> dict[str, str]:
        """An action's errors, by question id, as this form's fields call them."""
        by_id = {str(question.pk): name for name, question in self.questions.items()}
        return {by_id.get(field, field): said for field, said in errors.items()}

    def only(self, names: Sequence[str]) -> None:
        """Show these fields; carry the others along unseen."""
        for name, field in self.fields.items():
            if name not in names and name != "website":
                field.widget = forms.HiddenInput()


class AboutYouForm(forms.Form):
    """Questions about oneself, each with "I would rather not say"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in characteristics.ASKED.items():
            self.fields[name] = forms.ChoiceField(
                label=str(offered.question),
                required=False,
                choices=offered.choices[1:],
                widget=forms.RadioSelect,
            )

    @property
    def answers(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why should it be published?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000
    )


class FindForm(forms.Form):
    words = forms.CharField(label=_("Words"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("All")),
            ("like", _("Liked")),
            ("dislike", _("Disliked")),
            ("hope", _("Hoped for")),
            ("open", _("Said")),
        ],
    )
    ward = forms.ChoiceField(label=_("Place"), required=False)
    channel = forms.ChoiceField(
        label=_("How we heard"), required=False, choices=[("", _("All")), *Voice.Channel.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *places.ward_names().items()]
