"""What a speaker fills in: without an account, in under a minute, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.models import Kind, Question, Round, Voice
from becontree.foundations.measures import characteristics
from becontree.foundations.places import queries as places
from becontree.foundations.places.forms import postcode_hint

UNKNOWN_POSTCODE = _(
    "We do not know this postcode. It may lie outside the borough, or be new. Choose the part of the borough instead, "
    "or leave both."
)
SLUG: Final = re.compile(r"[-a-zA-Z0-9_]{1,60}")
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


def _postcode() -> forms.CharField:
    attrs = {"class": "short", "autocomplete": "postal-code"}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=_("Or find it by a postcode"), required=False, max_length=12, widget=widget)


class ByPostcode(Wards):
    """A form in which a postcode finds the ward; the postcode goes no further than here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "postcode" in self.fields:
            self.fields["postcode"].help_text = postcode_hint()

    def clean(self) -> dict[str, Any]:
        """A postcode finds the ward where none was chosen, and goes no further."""
        given = super().clean() or self.cleaned_data
        typed = given.pop("postcode", "")
        if typed and not given.get("ward"):
            if found := self.ward_at(typed):
                given["ward"] = found
            else:
                self.add_error("postcode", UNKNOWN_POSTCODE)
        return given

    def ward_at(self, typed: str) -> str:
        """The code of the ward of a postcode; "" where it is unknown or in none of the wards of this form."""
        found = places.ward_for(typed)
        return found.code if found is not None and found.code in self.wards else ""


class SayForm(ByPostcode):
    """One voice, from anybody."""

    kind = forms.ChoiceField(label=_("Is it something…"), choices=KINDS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your own words"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4_000,
        help_text=_("Please leave out names, addresses and telephone numbers."),
    )
    everywhere = _("I do not know, or all of it")
    ward = forms.ChoiceField(label=_("Which part of the borough is it about?"), required=False)
    postcode = _postcode()
    may_quote = forms.BooleanField(label=_("You may show my words to everybody, without my name"), required=False)
    contact = forms.EmailField(
        label=_("An e-mail address, if you want to hear what comes of it"),
        required=False,
        help_text=_("Kept apart from your words, used for nothing else, and gone after two years."),
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=40, required=False)
    website = Trap()


class RespondForm(ByPostcode):
    """The questions of a round, in its order, and what else we ask: all of it if you like."""

    everywhere = _("I would rather not say, or all of it")
    ward = forms.ChoiceField(label=_("Which part of the borough is it about?"), required=False)
    postcode = _postcode()
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

    def found_ward(self, typed: str) -> Any:
        """Choose the ward of a postcode in what was sent, and take the postcode out of it. None: it is not known."""
        code = self.ward_at(typed)
        if not code:
            return None
        self.put_down_postcode(ward=code)
        return self.wards[code]

    def put_down_postcode(self, **chosen: str) -> None:
        """It is in no page that follows, not even unseen."""
        kept = {name: value for name, value in self.data.items() if name != "postcode"}
        self.data = kept | chosen

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
    answered = forms.ChoiceField(
        label=_("Answered?"), required=False, choices=[("", _("All")), ("yes", _("Answered")), ("no", _("Not yet"))]
    )

    round = forms.ChoiceField(label=_("Round"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = str(self.data.get("round", ""))
        asked = Round.objects.exclude(state=Round.State.DRAFT).filter(slug=wanted) if SLUG.fullmatch(wanted) else []
        chosen = [(each.slug, each.title) for each in asked]
        if wanted:  # whoever comes from a round's page; a list of all rounds would be one more thing to read
            self.fields["round"].choices = [("", _("All")), *chosen]  # type: ignore[attr-defined]
        else:
            del self.fields["round"]
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *places.ward_names().items()]


class ReferenceForm(forms.Form):
    reference = forms.CharField(
        label=_("Your reference"),
        max_length=60,
        help_text=_("Ten letters and figures, from the page or the letter that thanked you."),
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"}),
    )
