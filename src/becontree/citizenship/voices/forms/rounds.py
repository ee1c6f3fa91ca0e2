"""What the owner of a round fills in: the recipe, the parts, the questions, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.actions.rounds import WHILE_OPEN, as_read
from becontree.citizenship.voices.checklist import checklist
from becontree.citizenship.voices.forms.resident import date_input
from becontree.citizenship.voices.models import Kind, Question, Round, Update
from becontree.citizenship.voices.policy import REASONS
from becontree.citizenship.voices.recipes import Asked, recipes
from becontree.foundations.kit.dates import day as write_day
from becontree.foundations.people import queries as people
from becontree.foundations.people.models import Person
from becontree.foundations.places import queries as places
from becontree.foundations.record.fields import ThingField


class RecipeForm(forms.Form):
    """Where a round begins."""

    recipe = forms.ChoiceField(label=_("Which recipe do you start from?"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("What will it be called?"),
        required=False,
        max_length=160,
        help_text=_("Leave it empty for the recipe's own title. You can change it later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipe"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.slug, f"{each.name}: {each.about}") for each in recipes().values()]


class Lines(forms.CharField):
    """One thing a line; `cleaned_data` holds the list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [
            line.strip()[:160]
            for line in (super().to_python(value) or "").replace("\0", "").splitlines()
            if line.strip()
        ][:60]


class Codes(forms.CharField):
    """Short codes of languages, with spaces or commas between; `cleaned_data` holds the list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(dict.fromkeys((super().to_python(value) or "").replace("\0", "").replace(",", " ").split()))[:30]


class RoundForm(forms.Form):
    """All parts of a round, in the order of its page."""

    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = forms.CharField(label=_("Title"), max_length=160)
    why = forms.CharField(
        label=_("Why we ask"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000
    )
    changes = forms.CharField(
        label=_("What the answers can change, and what not"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )
    opens_on = forms.DateField(label=_("Opens on"), required=False, widget=date_input())
    closes_on = forms.DateField(label=_("Closes on"), required=False, widget=date_input())
    answer_by = forms.DateField(label=_("We answer by"), required=False, widget=date_input())
    answerer = forms.CharField(
        label=_("Who will answer"), required=False, max_length=160, help_text=_("An office, such as the cabinet.")
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False, help_text=_("The officer who sees it through."))
    team = forms.CharField(label=_("Team"), required=False, max_length=80)
    wards = forms.MultipleChoiceField(
        label=_("Wards"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means the whole borough."),
    )
    places = Lines(label=_("Places"), help_text=_("Where paper lies and where we stand, one a line."))
    languages = Codes(label=_("Languages"), required=False, help_text=_("Short codes, English first: en, bn, ro, lt."))
    layout = forms.ChoiceField(label=_("On the site"), choices=Round.Layout.choices, widget=forms.RadioSelect)
    verification = forms.ChoiceField(
        label=_("Who has to show who they are"), choices=Round.Verification.choices, widget=forms.RadioSelect
    )
    asks_contact = forms.BooleanField(label=_("Ask for an e-mail address, if they like"), required=False)
    contact_days = forms.IntegerField(
        label=_("Days to keep it after the round closes"),
        min_value=30,
        max_value=1_825,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    asks_equality = forms.BooleanField(
        label=_("Ask about age and so on, on a page of its own, if they like"), required=False
    )
    double_entry = forms.BooleanField(label=_("Paper forms are typed twice, by two people"), required=False)
    privacy = forms.CharField(
        label=_("Privacy notice"), required=False, widget=forms.Textarea(attrs={"rows": 10}), max_length=8_000
    )
    moderation = forms.CharField(
        label=_("How we moderate"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000
    )
    reasons = forms.MultipleChoiceField(
        label=_("The only reasons for which words are held back"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(reason.code, reason.name) for reason in REASONS],
    )
    easy_read = forms.CharField(
        label=_("Easy-read version"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8_000,
        help_text=_("Short sentences, one idea a line."),
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        first = {name: getattr(round, name) for name in self.base_fields if name not in {"wards", "owner", "read"}}
        first |= {"wards": [ward.code for ward in round.wards.all()], "owner": str(round.owner_id or "")}
        first["read"] = as_read(round)
        super().__init__(*args, **{"initial": first, **kwargs})
        self.all_wards = {ward.code: ward for ward in places.wards().defer("geometry")}
        self.owners = {str(person.pk): person for person in officers()}
        for name, choices in (
            ("wards", [(code, ward.name) for code, ward in self.all_wards.items()]),
            ("owner", [("", _("Nobody yet")), *((key, person.name) for key, person in self.owners.items())]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

        must = {item.field for item in checklist(round, [], date.min) if item.must}
        for name in must & set(self.fields):
            self.fields[name].needed = not self.fields[name].required  # type: ignore[attr-defined]
        self.frozen: list[tuple[Any, str]] = []
        if round.state == Round.State.OPEN:
            self.frozen = [
                (self.fields[name].label, self._text(name)) for name in self.fields if name not in WHILE_OPEN | {"read"}
            ]
            self.fields = {name: field for name, field in self.fields.items() if name in WHILE_OPEN | {"read"}}

    def _text(self, name: str) -> str:
        """What stands in a field, in words: what people read already cannot change."""
        field, value = self.fields[name], self.get_initial_for_field(self.fields[name], name)
        if isinstance(field, forms.BooleanField):
            return str(_("Yes") if value else _("No"))
        if isinstance(field, forms.ChoiceField):
            named = {str(key): str(label) for key, label in field.choices}  # type: ignore[union-attr,misc]
            if name == "wards" and not value:
                return str(_("The whole borough"))
            chosen = value if isinstance(value, list) else [value]
            return "\n".join(named.get(str(one), str(one)) for one in chosen if one not in {None, ""})
        if isinstance(value, date):
            return write_day(value)
        return str(field.prepare_value(value) or "") if value is not None else ""

    def read_anew(self, round: Round) -> None:
        """Shown again, it is kept or opened by somebody who was told what stands there now."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["read"] = as_read(round)  # type: ignore[index]

    def changes_made(self) -> dict[str, Any]:
        """What `actions.edit` takes."""
        found = {  # a browser sends its own ends of lines: that alone is no change
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        if "wards" in found:
            found["wards"] = [self.all_wards[code] for code in found["wards"]]
        if "owner" in found:
            found["owner"] = self.owners.get(found["owner"])
        return found


def officers() -> list[Person]:
    """Who may own a round: the officers of the engagement team, by name."""
    held = people.roles_held().filter(role="officer", team="engagement")
    return sorted({row.person for row in held}, key=lambda person: (person.name, str(person.pk)))


class QuestionForm(forms.Form):
    """One row of the list of questions."""

    kind = forms.ChoiceField(label=_("Asks for"), choices=Kind.choices)
    text = forms.CharField(label=_("Question"), required=False, max_length=300)
    hint = forms.CharField(label=_("Hint"), required=False, max_length=300)


def question_rows(data: Any, questions: Sequence[Question], spare: int = 2) -> list[QuestionForm]:
    """A small form for each question and some empty ones, named 0-, 1-, ..."""
    first = [{"kind": one.kind, "text": one.text, "hint": one.hint} for one in questions]
    first += [{"kind": "open", "text": "", "hint": ""}] * spare
    return [QuestionForm(data, prefix=str(number), initial=values) for number, values in enumerate(first[:14])]


def asked(rows: Sequence[QuestionForm]) -> list[Asked]:
    """The rows that hold a question."""
    return [
        Asked(row.cleaned_data["kind"], row.cleaned_data["text"], row.cleaned_data["hint"])
        for row in rows
        if row.is_valid() and row.cleaned_data["text"].strip()
    ]


class TranslationForm(forms.Form):
    """One question in one other language; the field names carry both: t-<position>-<language>."""

    text = forms.CharField(label=_("Question"), required=False, max_length=300)
    hint = forms.CharField(label=_("Hint"), required=False, max_length=300)
    by = forms.ChoiceField(
        label=_("Translated by"), choices=[("human", _("a person")), ("machine", _("a machine"))], initial="human"
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        for name in ("text", "hint"):
            self.fields[name].widget.attrs.update({"lang": language, "dir": "auto"})


def translation_rows(
    data: Any, round: Round, questions: Sequence[Question]
) -> list[tuple[Question, list[TranslationForm]]]:
    """For each question a small form for each language of the round but English."""
    others = [code for code in round.languages if code != "en"]
    return [
        (
            question,
            [
                TranslationForm(
                    data,
                    prefix=f"t-{question.position}-{code}",
                    language=code,
                    initial=question.translations.get(code, {}),
                )
                for code in others
            ],
        )
        for question in questions
    ]


class CameOfItForm(forms.Form):
    asked = forms.CharField(label=_("We asked"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000)
    said = forms.CharField(label=_("You said"), widget=forms.Textarea(attrs={"rows": 8}), max_length=8_000)
    did = forms.CharField(label=_("We did"), widget=forms.Textarea(attrs={"rows": 8}), max_length=8_000)
    leads_to = ThingField(label=_("What it leads to"), required=False)


class UpdateForm(forms.Form):
    step = forms.ChoiceField(label=_("What do you tell?"), choices=Update.Step.choices, widget=forms.RadioSelect)
    words = forms.CharField(label=_("In plain words"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4_000)
