"""What a participant, a host and a moderator fill in."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.conversations.actions.hosting import FIELDS, NEEDED, wrong_dates
from becontree.citizenship.conversations.actions.speaking import MOST_WORDS
from becontree.citizenship.conversations.models import Answer, Conversation
from becontree.citizenship.voices.queries import REASONS
from becontree.foundations.people.queries import organisations_of
from becontree.foundations.places import queries as places
from becontree.foundations.record.fields import ThingField

LONDON = ZoneInfo("Europe/London")
ROWS = {"rows": 4}


class SayForm(forms.Form):
    words = forms.CharField(
        label=_("Your statement"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": MOST_WORDS}),
        max_length=MOST_WORDS,
        help_text=_("One sentence, one thought, that others can agree or disagree with. No names, please."),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only for this answer. It is kept apart, and goes a year after the end."),
    )


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("Your receipt code"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Twelve letters and figures, such as hk4f-2rtv-9mwx."),
    )


class ConversationForm(forms.Form):
    """Everything that a conversation must say before it can open; a draft may leave out what is not known yet."""

    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    title = forms.CharField(label=_("The question"), max_length=200, help_text=_("One open question, in plain words."))
    about = forms.CharField(
        label=_("What it is about, and why now"), required=False, max_length=4_000, widget=forms.Textarea(attrs=ROWS)
    )
    place = forms.CharField(
        label=_("Which place"), required=False, max_length=160, help_text=_("A ward below is enough.")
    )
    ward = forms.ChoiceField(label=_("Which ward"), required=False)
    ground_rules = forms.CharField(
        label=_("Ground rules"), required=False, max_length=2_000, widget=forms.Textarea(attrs=ROWS)
    )
    can_change = forms.CharField(
        label=_("What it can change, and what it cannot"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs=ROWS),
    )
    host_name = forms.CharField(label=_("Who hosts it, as people will read it"), required=False, max_length=120)
    organisation = forms.ChoiceField(label=_("For which group"), required=False)
    answered_by = forms.CharField(label=_("Who will answer"), required=False, max_length=120)
    closes_on = forms.DateField(
        label=_("Last day to vote"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
    )
    answer_due = forms.DateField(
        label=_("The answer comes by"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
    )
    results = forms.ChoiceField(
        label=_("When people see how the votes stand"),
        choices=Conversation.Results.choices,
        initial=Conversation.Results.CLOSE,
        widget=forms.RadioSelect,
        help_text=_("Where it leads to a decision, show it at the end: then nobody votes with the crowd."),
    )
    verified = forms.ChoiceField(
        label=_("Whose votes count"),
        choices=Conversation.Verified.choices,
        initial=Conversation.Verified.NEVER,
        widget=forms.RadioSelect,
    )
    own_statements = forms.BooleanField(label=_("People may add statements of their own"), required=False, initial=True)

    def __init__(self, *args: Any, by: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for name in (*NEEDED, "closes_on", "answer_due"):
            self.fields[name].needed = True  # type: ignore[attr-defined]
        self.wards = {ward.code: ward for ward in places.wards()}
        self.groups = {one.organisation.slug: one.organisation for one in organisations_of(by)}
        self._choices("ward", [("", _("All of the borough")), *((c, w.name) for c, w in self.wards.items())])
        self._choices("organisation", [("", _("For none")), *((s, o.name) for s, o in self.groups.items())])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Dates that cannot be are said here, beside their fields; what is not known yet may be left out."""
        given = super().clean() or self.cleaned_data
        for name, said in wrong_dates(self._closes_at(), given.get("answer_due"), self.now).items():
            self.add_error("closes_on" if name == "closes_at" else name, said)
        return given

    def _closes_at(self) -> datetime | None:
        """The end of the last day to vote."""
        day = self.cleaned_data.get("closes_on")
        return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON) if day else None

    def chosen(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        found = {name: value for name, value in self.cleaned_data.items() if name in FIELDS}
        found["ward"] = self.wards.get(self.cleaned_data["ward"])
        found["organisation"] = self.groups.get(self.cleaned_data["organisation"])
        if found["organisation"] is not None:
            found["host_kind"] = Conversation.Host.HUB
        found["closes_at"] = self._closes_at()
        return found

    @staticmethod
    def initial_of(conversation: Conversation) -> dict[str, Any]:
        names = (
            "title", "about", "place", "ground_rules", "can_change", "host_name", "answered_by", "answer_due",
            "results", "verified", "own_statements",
        )  # fmt: skip
        return {name: getattr(conversation, name) for name in names} | {
            "ward": conversation.ward_id or "",
            "organisation": conversation.organisation.slug if conversation.organisation else "",
            "closes_on": conversation.closes_at.astimezone(LONDON).date() if conversation.closes_at else None,
        }


class HostNameForm(forms.Form):
    host_name = forms.CharField(
        label=_("Who hosts it, as people will read it"),
        help_text=_("If you leave it empty, it says: a resident."),
        required=False,
        max_length=120,
    )


class SeedsForm(forms.Form):
    words = forms.CharField(
        label=_("Statements to begin with, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        help_text=_("At least five, from every side. At most 280 letters each."),
    )
    about_you = forms.BooleanField(
        label=_("These are questions about the person, not opinions (asked after the seventh vote)"), required=False
    )


class HoldForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it not shown?"),
        choices=[(reason.code, reason.name) for reason in REASONS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Anything the author should know"), required=False, max_length=400)


class BanForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why does this person no longer count?"),
        choices=[(reason.code, reason.name) for reason in REASONS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Anything they should know"), required=False, max_length=400)


class ShowForm(forms.Form):
    """Only where an appeal was decided: showing it needs nothing else."""

    note = forms.CharField(label=_("Why do you decide otherwise?"), required=False, max_length=400)


class MaskForm(forms.Form):
    words = forms.CharField(
        label=_("What everybody reads and votes on"),
        help_text=_("Take out what tells who somebody is or where they live. Change nothing else."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=1_000,
    )
    note = forms.CharField(label=_("Anything the author should know"), required=False, max_length=400)


class AppealForm(forms.Form):
    words = forms.CharField(
        label=_("Why should it be shown?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000
    )


class DecideForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("yes", _("Show it after all")), ("no", _("It stays hidden"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Your reasons, to the author"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1_000
    )

    def chosen(self) -> dict[str, Any]:
        """As the actions take it."""
        return {"upheld": self.cleaned_data["upheld"] == "yes", "answer": self.cleaned_data["answer"]}


class AskAgainForm(forms.Form):
    words = forms.CharField(
        label=_("Why should your votes count?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000
    )


class LiftForm(DecideForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upheld = self.fields["upheld"]
        assert isinstance(upheld, forms.ChoiceField)
        upheld.choices = [("yes", _("They count again, with all their votes")), ("no", _("They stay out"))]
        self.fields["answer"].label = _("Your reasons, to them")


class AnswerForm(forms.Form):
    status = forms.ChoiceField(label=_("What becomes of it?"), choices=Answer.Status.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("In one sentence"), max_length=200)
    body = forms.CharField(
        label=_("The answer and its reasons"), widget=forms.Textarea(attrs={"rows": 6}), max_length=6_000
    )
    team = forms.CharField(label=_("Who answers"), max_length=120)
    leads_to = ThingField(label=_("What it leads to"), required=False)
