"""What an officer fills in: a measure, a reading, a correction, who lives here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.foundations.measures.models import Measure
from becontree.foundations.places import queries as places

DAY: dict[str, str] = {"type": "date", "class": "short"}


class MeasureForm(forms.Form):
    """What is counted, and how."""

    title = forms.CharField(label=_("What is measured?"), max_length=160)
    unit = forms.CharField(
        label=_("In what?"), max_length=40, help_text=_("Such as %, people, days, homes, pounds a week.")
    )
    counts_people = forms.BooleanField(
        label=_("The value is a number of people"), required=False, help_text=_("Then 1 to 4 is never shown.")
    )
    direction = forms.ChoiceField(
        label=_("Which way is better?"), choices=Measure.Direction.choices, widget=forms.RadioSelect
    )
    formula = forms.CharField(
        label=_("How is it counted?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("So that somebody else comes to the same figure."),
    )
    source = forms.CharField(label=_("Where do the figures come from?"), max_length=400)
    owner = forms.CharField(label=_("Which team answers for it?"), max_length=120)
    about = forms.CharField(
        label=_("Why does it matter?"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    public = forms.BooleanField(label=_("Everybody may see it"), required=False, initial=True)


class ReadingForm(forms.Form):
    """One value."""

    value = forms.CharField(
        label=_("Value"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})
    )
    begins = forms.DateField(
        label=_("First day of the period"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("Leave it empty for a single day."),
    )
    on = forms.DateField(label=_("Last day, or the day itself"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    ward = forms.ChoiceField(label=_("Where?"), required=False)
    n = forms.IntegerField(
        label=_("How many people or things does it rest on?"),
        required=False,
        min_value=0,
        max_value=100_000_000,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    source = forms.CharField(label=_("Source, if it is another than usual"), required=False, max_length=400)
    note = forms.CharField(label=_("What a reader should know"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wards = {ward.code: ward for ward in places.wards().defer("geometry")}
        field = self.fields["ward"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The whole borough")), *((code, ward.name) for code, ward in self.wards.items())]

    @property
    def ward_chosen(self) -> Any:
        return self.wards.get(self.cleaned_data.get("ward", ""))


class CorrectForm(forms.Form):
    value = forms.CharField(
        label=_("The right value"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )
    n = forms.IntegerField(
        label=_("How many people or things does it rest on?"),
        required=False,
        min_value=0,
        max_value=100_000_000,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    why = forms.CharField(label=_("Why does it change? Everybody can read this."), max_length=400)


class PopulationForm(forms.Form):
    """Figures about who lives here."""

    title = forms.CharField(
        label=_("What are these figures called?"), max_length=200, help_text=_("Such as Census 2021.")
    )
    publisher = forms.CharField(label=_("Who published them?"), max_length=200)
    on = forms.DateField(label=_("For which day do they hold?"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    address = forms.URLField(label=_("Where can one find them?"), required=False, max_length=400, assume_scheme="https")
    licence = forms.CharField(label=_("Under which licence?"), required=False, max_length=120)
    file = forms.FileField(
        label=_("The file (CSV)"),
        help_text=_("With the columns characteristic, category, people and, for a single ward, within."),
    )
