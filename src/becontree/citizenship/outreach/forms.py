"""What an officer, a canvasser and a stall's visitor fill in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.outreach.models import Shift, Street, Visit
from becontree.citizenship.voices.models import Round
from becontree.foundations.kit import once
from becontree.foundations.kit.forms import quiet
from becontree.foundations.measures.characteristics import ASKED
from becontree.foundations.people.models import Person
from becontree.foundations.places import queries as places

DAY = {"type": "date", "class": "short"}


class StreetsForm(forms.Form):
    file = forms.FileField(
        label=_("The streets (CSV)"),
        help_text=_("With the columns street, ward (its code) and doors, like 1-45 odd, 2-60 even."),
    )


class ShiftForm(forms.Form):
    """A doorstep round or a stall."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Shift.Kind.choices, widget=forms.RadioSelect)
    round = forms.ModelChoiceField(
        label=_("For which listening round?"), queryset=Round.objects.none(), to_field_name="slug"
    )
    begins_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Empty: the same day."),
    )
    place = forms.CharField(
        label=_("Where does the stall stand?"), required=False, max_length=120, help_text=_("Only for a stall.")
    )
    ward = forms.ChoiceField(label=_("In which ward is the stall?"), required=False)
    streets = forms.ModelMultipleChoiceField(
        label=_("Streets"),
        queryset=Street.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=_(
            "Only for a doorstep round. Those that have waited longest come first. To choose several, hold Ctrl (on a "
            "Mac, Cmd) while you press each; on a phone, tap each."
        ),
    )
    canvasser = forms.CharField(
        label=_("Canvasser's e-mail address"),
        required=False,
        max_length=254,
        help_text=_("If they have an account here, they open the shift on their own phone. Else give them a code."),
        widget=forms.EmailInput,
    )

    def __init__(self, *args: Any, streets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wards = {ward.code: ward for ward in places.wards().defer("geometry")}
        rounds, several, ward = self.fields["round"], self.fields["streets"], self.fields["ward"]
        assert isinstance(rounds, forms.ModelChoiceField)
        assert isinstance(several, forms.ModelMultipleChoiceField)
        assert isinstance(ward, forms.ChoiceField)
        rounds.queryset = Round.objects.filter(state=Round.State.OPEN).order_by("closes_on", "slug")
        rounds.label_from_instance = lambda obj: str(obj.title)  # type: ignore[method-assign]
        quiet(self, "place", "ward", "streets")  # a stall needs the first two, a doorstep round the last
        several.queryset = streets
        several.label_from_instance = lambda obj: f"{obj.name} ({obj.ward.name}, {obj.door_count})"  # type: ignore[method-assign]
        ward.choices = [("", _("Not in one ward")), *((code, each.name) for code, each in self.wards.items())]

    @property
    def ward_chosen(self) -> Any:
        return self.wards.get(self.cleaned_data.get("ward", ""))

    def clean_canvasser(self) -> Person | None:
        address = self.cleaned_data["canvasser"].strip().lower()
        if not address:
            return None
        found = Person.objects.filter(email__iexact=address, is_active=True).first()
        if found is None:
            raise forms.ValidationError(
                _("Nobody has an account with this address. Leave it empty and give out a code.")
            )
        return found


class DeviceForm(forms.Form):
    label = forms.CharField(
        label=_("What will you call it?"),
        required=False,
        max_length=40,
        help_text=_("Such as Tablet B. No name of a person."),
    )


class JoinForm(forms.Form):
    code = forms.CharField(
        label=_("The code"),
        max_length=24,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "class": "short"}
        ),
        help_text=_("Ten letters and figures. It works once."),
    )


class AloneForm(forms.Form):
    """A door that wants no visits."""

    street = forms.ModelChoiceField(label=_("Street"), queryset=Street.objects.none())
    door = forms.CharField(label=_("Door"), max_length=12, widget=forms.TextInput(attrs={"class": "short"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["street"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Street.objects.filter(retired_at=None).select_related("ward").defer("ward__geometry")
        field.label_from_instance = lambda obj: f"{obj.name} ({obj.ward.name})"  # type: ignore[method-assign]


class PlanForm(forms.Form):
    """How much time there is."""

    people = forms.IntegerField(
        label=_("How many people go?"),
        min_value=1,
        max_value=100,
        initial=4,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    pairs = forms.BooleanField(label=_("They go in pairs"), required=False, initial=True)
    hours = forms.DecimalField(
        label=_("For how many hours?"), min_value=1, max_value=12, max_digits=4, decimal_places=1, initial=2,
        widget=forms.NumberInput(attrs={"class": "short", "step": "0.5"}),
    )  # fmt: skip
    ward = forms.ChoiceField(label=_("Where?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        names = places.wards().values_list("code", "name")
        field.choices = [("", _("Wherever listening is thinnest")), *names]

    @property
    def minutes(self) -> int:
        """Minutes of knocking: two who go together knock once."""
        given = self.cleaned_data
        hands = (given["people"] + 1) // 2 if given["pairs"] else given["people"]
        return int(given["hours"] * 60) * int(hands)


class PlainForm(forms.Form):
    """The tablet's page without a script: one door, or one person, a form."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    voice_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, shift: Shift, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shift = shift
        self.questions = list(shift.round.questions.all())
        if shift.kind == Shift.Kind.DOORSTEP:
            self.fields["street"] = forms.ChoiceField(
                label=_("Street"), choices=[(str(street.pk), street.name) for street in shift.streets.all()]
            )
            self.fields["door"] = forms.CharField(
                label=_("Door"), max_length=12, widget=forms.TextInput(attrs={"class": "short"})
            )
            self.fields["outcome"] = forms.ChoiceField(
                label=_("What happened?"), choices=Visit.Outcome.choices, widget=forms.RadioSelect
            )
        for question in self.questions:
            self.fields[f"q-{question.pk}"] = forms.CharField(
                label=question.text,
                help_text=question.hint,
                required=False,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.fields["may_quote"] = forms.BooleanField(
            label=_("You may show these words to everybody, without a name"), required=False
        )
        if len(shift.round.languages) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"), choices=[(code, code) for code in shift.round.languages]
            )
        if shift.round.asks_contact:
            self.fields["contact"] = forms.EmailField(label=_("E-mail, to hear what comes of it"), required=False)
        if shift.round.asks_equality:
            for one in ASKED.values():
                self.fields[f"about-{one.code}"] = forms.ChoiceField(
                    label=str(one.question), choices=one.choices, required=False
                )
        if shift.kind == Shift.Kind.DOORSTEP:
            self.fields["call_name"] = forms.CharField(label=_("Name, for a call"), required=False, max_length=80)
            self.fields["call_telephone"] = forms.CharField(
                label=_("Telephone, for a call"), required=False, max_length=40
            )
            self.fields["alone"] = forms.BooleanField(label=_("Please do not knock here again"), required=False)

    def what(self, today: date) -> dict[str, Any]:
        """As the tablet's script would send it."""
        given = self.cleaned_data
        outcome = given.get("outcome", Visit.Outcome.SPOKE)
        key, voice_key = (once.mark(given[name], given) for name in ("key", "voice_key"))
        found: dict[str, Any] = {
            "key": key,
            "day": today.isoformat(),
            "street": given.get("street", ""),
            "door": given.get("door", ""),
            "outcome": outcome,
            "alone": given.get("alone", False),
        }
        if outcome == Visit.Outcome.SPOKE:
            found["voice"] = {
                "key": voice_key,
                "answers": {str(one.pk): given[f"q-{one.pk}"] for one in self.questions if given[f"q-{one.pk}"]},
                "may_quote": given["may_quote"],
                "language": given.get("language") or (self.shift.round.languages or ["en"])[0],
                "contact": given.get("contact", ""),
                "equality": {code: given.get(f"about-{code}", "") for code in ASKED},
            }
        if outcome == Visit.Outcome.CALL:
            found["call"] = {"name": given["call_name"], "telephone": given["call_telephone"]}
        return found
