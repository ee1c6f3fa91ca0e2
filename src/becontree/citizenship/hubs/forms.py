"""What the people of a hub fill in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.conversations.models import Conversation
from becontree.citizenship.hubs import queries
from becontree.citizenship.hubs.actions import keeping
from becontree.citizenship.hubs.models import Hub
from becontree.citizenship.hubs.permissions import listens
from becontree.foundations.kit.forms import quiet
from becontree.foundations.people.models import Organisation
from becontree.foundations.people.queries import organisations_of
from becontree.foundations.places import queries as places

LONDON = ZoneInfo("Europe/London")


class KeeperForm(forms.Form):
    """With which of one's own checked groups."""

    organisation = forms.ChoiceField(label=_("Which group keeps it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = organisations_of(by).filter(organisation__verified_at__isnull=False)
        self.groups = {place.organisation.slug: place.organisation for place in places}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(slug, group.name) for slug, group in self.groups.items()]

    def chosen(self) -> Organisation:
        return self.groups[self.cleaned_data["organisation"]]


class HubForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Which group keeps it"), queryset=Organisation.objects.none(), empty_label=None
    )
    name = forms.CharField(label=_("Name of the hub"), max_length=120)
    about = forms.CharField(
        label=_("Who keeps it, and what happens there"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    venue = forms.ChoiceField(label=_("Where it meets"), required=False)
    place = forms.CharField(label=_("Name of the other place"), max_length=200, required=False)
    address = forms.CharField(
        label=_("Its street and number"),
        max_length=400,
        required=False,
        help_text=_("Everybody can read it, here and in the list of places to meet."),
    )
    postcode = forms.CharField(
        label=_("Its postcode"), max_length=8, required=False, widget=forms.TextInput(attrs={"class": "short"})
    )
    step_free = forms.BooleanField(label=_("You can get into it without a step"), required=False)
    access = forms.CharField(
        label=_("What else helps to get in"),
        max_length=400,
        required=False,
        help_text=_("Such as: the ramp is at the back; a toilet for wheelchairs; a hearing loop."),
    )
    when = forms.CharField(label=_("When it is open"), max_length=200, help_text=_("Such as: Tuesdays, 10 to 1."))
    wards = forms.MultipleChoiceField(label=_("The wards that it serves"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: Any, hub: Hub | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hub is not None:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = queries.groups_that_may(by)  # type: ignore[attr-defined]
        self.known = {ward.code: ward for ward in places.wards()}
        self.fields["wards"].choices = [(code, ward.name) for code, ward in self.known.items()]  # type: ignore[attr-defined]
        quiet(self, "venue", "place", "address")  # one or the other
        own = hub.venue_id if hub is not None and keeping.keeps_venue(hub) else None
        self.venues = {str(venue.pk): venue for venue in places.venues() if venue.pk != own}
        self.fields["venue"].choices = [  # type: ignore[attr-defined]
            ("", _("At the place described below") if own else _("Somewhere else: I describe it below")),
            *((key, ", ".join(filter(None, (venue.name, venue.address)))) for key, venue in self.venues.items()),
        ]

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return data | {
            "wards": [self.known[code] for code in data["wards"]],
            "venue": self.venues.get(data["venue"]),
        }

    @staticmethod
    def initial_of(hub: Hub) -> dict[str, Any]:
        fields = {name: getattr(hub, name) for name in ("name", "about", "when")}
        fields |= {"wards": [ward.code for ward in hub.wards.all()]}
        venue = hub.venue
        if not keeping.keeps_venue(hub):
            return fields | {"venue": str(venue.pk)}
        return (
            fields
            | {"place": venue.name}
            | {name: getattr(venue, name) for name in ("address", "postcode", "step_free", "access")}
        )


class OfferForm(forms.Form):
    words = forms.CharField(
        label=_("What would you like to do?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the people who run the hub read it."),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code on the screen"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"class": "short", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=_("Six letters and figures. Capitals do not matter."),
    )


class PlanForm(forms.Form):
    conversation = forms.ModelChoiceField(
        label=_("Which conversation"), queryset=Conversation.objects.none(), empty_label=None
    )
    hub = forms.ModelChoiceField(
        label=_("In which hub"), queryset=Hub.objects.none(), required=False, empty_label=_("In none")
    )
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
    )
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time", "class": "short"}))
    place = forms.CharField(
        label=_("Where, with the address"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty where the hub meets: we write its address."),
    )
    ward = forms.ChoiceField(label=_("Which ward"), required=False)
    step_free = forms.BooleanField(label=_("You can get in without a step"), required=False)
    agenda = forms.CharField(
        label=_("What happens, a line each"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4_200,
        help_text=_("Such as: tea; what it is about; we vote on the screen; what did we miss?"),
    )

    def __init__(self, *args: Any, by: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conversation"].queryset = queries.talks_to_meet_about(now)  # type: ignore[attr-defined]
        mine = queries.hubs() if listens(by) else queries.run_by(by).filter(closed_at=None)
        quiet(self, "place")
        self.fields["hub"].queryset = mine  # type: ignore[attr-defined]
        self.known = {ward.code: ward for ward in places.wards()}
        self.fields["ward"].choices = [  # type: ignore[attr-defined]
            ("", _("No one ward")),
            *((code, ward.name) for code, ward in self.known.items()),
        ]

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "conversation": data["conversation"],
            "hub": data["hub"],
            "starts_at": datetime.combine(data["day"], data["at"], LONDON),
            "place": data["place"],
            "ward": self.known.get(data["ward"]),
            "step_free": data["step_free"],
            "agenda": data["agenda"].splitlines(),
        }

    @staticmethod
    def soon(now: datetime) -> dict[str, Any]:
        return {"day": (now + timedelta(days=7)).date(), "at": "18:30"}


class FinishForm(forms.Form):
    attendance = forms.IntegerField(
        label=_("How many people were in the room"),
        min_value=1,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        help_text=_("Count heads. Write nobody down."),
    )
    notes = forms.CharField(
        label=_("Notes of what was said"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Everybody can read them. No names, and nothing by which somebody can be known."),
    )
    consent = forms.BooleanField(label=_("The room was asked before notes were taken, and agreed"), required=False)


class PaperForm(forms.Form):
    marks = forms.CharField(
        label=_("One sheet"),
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        help_text=_("The number and a for agree, d for disagree, p for pass: 1a 2d 5p. Enter keeps it."),
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class RemindForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("For one letter, the day before. It goes the day after the meeting."),
    )
