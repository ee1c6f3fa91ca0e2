"""What `people` asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.narrowing import Narrowing, any_of
from becontree.foundations.people import queries
from becontree.foundations.people.models import FactorReset, Organisation
from becontree.foundations.people.roles import ROLES
from becontree.foundations.people.teams import TEAMS

# Languages met most in the borough's kind; a person may ask for letters in any (which exist is another question).
LANGUAGES = [
    ("en", "English"),
    ("ar", "العربية (Arabic)"),
    ("bn", "বাংলা (Bengali)"),
    ("fr", "Français (French)"),
    ("lt", "Lietuvių (Lithuanian)"),
    ("pl", "Polski (Polish)"),
    ("pt", "Português (Portuguese)"),
    ("pa", "ਪੰਜਾਬੀ (Punjabi)"),
    ("ro", "Română (Romanian)"),
    ("so", "Soomaali (Somali)"),
    ("es", "Español (Spanish)"),
    ("tr", "Türkçe (Turkish)"),
    ("ur", "اردو (Urdu)"),
    ("yo", "Yorùbá (Yoruba)"),
]


class RefusableForm(forms.Form):
    """A form that can show what an action refused."""

    def refuse(self, error: Invalid) -> None:
        for field, words in error.errors.items():
            self.add_error(field if field in self.fields else None, words)


class DetailsForm(RefusableForm):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As you want to be called. Others see it only where you choose to show it."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Where letters on paper go"),
        help_text=_("Only if you want letters by post. As on an envelope, with the postcode."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    language = forms.ChoiceField(label=_("The language you like best"), choices=LANGUAGES)
    ward_code = forms.CharField(
        label=_("Your ward"),
        help_text=_("So that we can tell you what happens near you."),
        max_length=12,
        required=False,
    )

    def __init__(self, *args: Any, wards: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wards:
            chosen = forms.ChoiceField(
                label=gettext("Your ward"),
                help_text=self.fields["ward_code"].help_text,
                choices=[("", gettext("I would rather not say")), *wards],
                required=False,
            )
            self.fields["ward_code"] = chosen


class ForgetForm(RefusableForm):
    sure = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Tick the box if you are sure.")},
    )


class OrganisationForm(RefusableForm):
    name = forms.CharField(label=_("Its name"), max_length=200)
    kind = forms.ChoiceField(label=_("What kind of body is it?"), choices=Organisation.Kind.choices)
    charity_number = forms.CharField(
        label=_("Charity number"), help_text=_("Like 202918."), max_length=12, required=False
    )
    company_number = forms.CharField(
        label=_("Company number"), help_text=_("Like 07492853."), max_length=10, required=False
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    about = forms.CharField(label=_("What does it do?"), max_length=2000, required=False, widget=forms.Textarea)


class GrantForm(RefusableForm):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("Exactly as they sign in. They need an account first."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.code, role.name) for role in ROLES.values() if role.granted],
    )
    team = forms.ChoiceField(
        label=_("Team"),
        help_text=_("Only for an officer."),
        choices=[("", _("No team")), *((team.code, team.name) for team in TEAMS.values())],
        required=False,
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea)


class HistoryForm(Narrowing):
    """Which grants and ends of roles to look at."""

    who = any_of(_("Who held it"))
    role = any_of(_("Role"), [(role.code, role.name) for role in ROLES.values() if role.granted])
    by = any_of(_("Granted or ended by"))
    state = any_of(_("State"), [("held", _("Held now")), ("ended", _("Ended"))])

    def __init__(self, request: HttpRequest) -> None:
        known = queries.ever_held()
        super().__init__(request, who=known, by=[("system", gettext("The system")), *known])


class ReasonForm(RefusableForm):
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea)


class AskResetForm(RefusableForm):
    email = forms.EmailField(label=_("Their e-mail address"), help_text=_("Exactly as they sign in."))
    reason = forms.CharField(
        label=_("What happened to their telephone or key, and to their codes?"),
        help_text=_("In a sentence. Auditors read it, and so can they."),
        max_length=500,
        widget=forms.Textarea,
    )
    checked = forms.ChoiceField(
        label=_("How did you check that it is them who asks?"),
        choices=FactorReset.Checked.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you checked.")},
    )
    check_note = forms.CharField(
        label=_("When and where did you check?"),
        help_text=_("For example: today at 9am, at the desk in the town hall. No numbers of papers."),
        max_length=500,
    )


class HowForm(RefusableForm):
    how = forms.CharField(
        label=_("How did you check?"),
        help_text=_("For example: looked up in the register of charities today; names of trustees match."),
        max_length=500,
        widget=forms.Textarea,
    )
