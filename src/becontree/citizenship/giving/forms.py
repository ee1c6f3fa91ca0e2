"""What givers, organisers, fund officers and accountants fill in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving.actions import elsewhere
from becontree.citizenship.giving.models import Campaign, Contribution, Fund, NameRuling
from becontree.foundations.kit.as_read import DecideForm
from becontree.foundations.kit.forms import PoundsField
from becontree.foundations.kit.public_words import PublicWords
from becontree.foundations.people.models import Organisation
from becontree.foundations.places import queries as places

# A name, not a message: letters of any language, spaces, hyphens, apostrophes and full stops.
NAME = RegexValidator(r"^[^\W\d_][^\W\d_ .'’-]*(?:[ .'’-]+[^\W\d_]+)*\.?$", _("Write a name, in letters only."))
DAY = {"type": "date", "class": "short"}


class NamedForm(forms.Form):
    """What shows a name. `shown`: the names that the giver's earlier gifts to the project show, newest first.

    Who has shown one reads it here, finds it filled in, and says whether another is for this gift or for all of them.
    """

    use_required_attribute = False
    name_for = forms.ChoiceField(
        label=_("If you write another name, where should it stand?"),
        choices=[("this", _("with this gift; the earlier ones stay as they are")), ("all", _("with all of my gifts"))],
        initial="this",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, shown: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name not in {"name_for", "once"}), "name_for", "once"])
        self.shown = list(shown)
        if not self.shown:
            del self.fields["name_for"]
            return
        name = self.fields["public_name"]
        name.initial = self.shown[0]
        name.help_text = format_html(
            gettext("Your earlier gifts to this project show {}. Leave it empty and this gift shows no name."),
            format_html_join(", ", "<strong><bdi>{}</bdi></strong>", ((one,) for one in self.shown)),
        )

    def clean_name_for(self) -> str:
        return self.cleaned_data["name_for"] or "this"


class GiveForm(NamedForm):
    """A gift of money."""

    amount = PoundsField(label=_("How much would you like to give?"))
    public_name = forms.CharField(
        label=_("A name to show on the project's page"),
        required=False,
        max_length=40,
        validators=[NAME],
        help_text=_("Leave it empty and nobody sees that you gave. Where we have a doubt, one of us reads it first."),
    )
    own_told = forms.BooleanField(
        label=_("I agree that everybody can read how much this project's own people gave"),
        help_text=_(
            "You help to run this project, or did. Match funds add nothing to your gift, and it stands on a public "
            "line: “The project's own people”. If nobody else of them gives, that line is your sum."
        ),
        error_messages={
            "required": _("Tick that you agree. What this project's own people gave can be read in public.")
        },
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        """`own`: the giver helps to run the project."""
        super().__init__(*args, **kwargs)
        if not own:
            del self.fields["own_told"]


class HelpForm(NamedForm):
    """A promise of hours, skills or things."""

    quantity = forms.IntegerField(label=_("How many?"), min_value=1)
    note = forms.CharField(
        label=_("What should the organisers know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("When you are free, what you can do. Only the organisers read it, with your name and e-mail."),
    )
    public_name = forms.CharField(
        label=_("A name to show on the project's page"), required=False, max_length=40, validators=[NAME]
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32)


class CampaignForm(forms.Form):
    model = forms.ChoiceField(
        label=_("If the target is missed…"),
        choices=[
            (Campaign.Model.ALL.value, _("nobody pays (all or nothing)")),
            (Campaign.Model.KEEP.value, _("you keep what people gave; funds take their match back")),
        ],
        widget=forms.RadioSelect,
    )
    closes_on = forms.DateField(label=_("The last day to give"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    extra_use = forms.CharField(
        label=_("If you raise more than the target, what is it for?"),
        required=False,
        max_length=300,
        help_text=_("Leave it empty and gifts stop at the target."),
    )


class ContributionForm(PublicWords):
    public_fields = ("source",)

    source = forms.CharField(
        label=_("Who gives?"),
        max_length=160,
        help_text=_("A body, as everybody may read it. Never a person's name or address."),
    )
    kind = forms.ChoiceField(label=_("What are they?"), choices=[("", _("Choose")), *Contribution.Kind.choices])
    part = forms.ChoiceField(
        label=_("What is it for?"),
        choices=[
            ("capital", _("To make it: counts towards the target")),
            ("running", _("To run it afterwards: kept apart")),
        ],
        widget=forms.RadioSelect,
    )
    pence = PoundsField(label=_("How much?"), least=1)
    on = forms.DateField(
        label=_("When was it given or promised?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    evidence_note = forms.CharField(
        label=_("What shows it?"),
        max_length=300,
        help_text=_("Such as: award letter of 12 March 2026, or bank statement line."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> date:
        """Told with all that is wrong, not after the rest is mended."""
        on: date = self.cleaned_data["on"]
        if wrong := elsewhere.wrong_day(on, self.today):
            raise forms.ValidationError(wrong, code="contribution.day")
        return on


class CheckForm(forms.Form):
    """What the second person decides. That money has come is finance's to say."""

    outcome = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("promised", _("Accept: the evidence shows it")), ("refused", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason, if refused"), required=False, max_length=300)


class FundForm(PublicWords):
    public_fields = ("name", "purpose")

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Whose money is it?"), choices=[("", _("Choose")), *Fund.Kind.choices])
    funder = forms.ChoiceField(label=_("The body that funds it"))
    purpose = forms.CharField(label=_("What is it for?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)
    opens_on = forms.DateField(label=_("Opens on"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    closes_on = forms.DateField(
        label=_("Closes on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    decides = forms.ChoiceField(label=_("Who decides?"), choices=Fund.Decides.choices, widget=forms.RadioSelect)
    ratio_of = forms.IntegerField(label=_("So many pounds of match…"), min_value=1, initial=1)
    ratio_to = forms.IntegerField(label=_("…for so many from the crowd"), min_value=1, initial=1)
    share_percent = forms.IntegerField(
        label=_("At most this share of the target, in per cent"), required=False, min_value=1, max_value=100
    )
    per_project = PoundsField(label=_("At most so much to one project"), required=False, least=1)
    per_giver = PoundsField(label=_("Of one person's gifts to a project, so much counts"), required=False, least=1)
    min_backers = forms.IntegerField(label=_("Only once so many people have given"), required=False, min_value=0)
    crowd_first_percent = forms.IntegerField(
        label=_("Only once the crowd has given this share of the target, in per cent"),
        required=False,
        min_value=1,
        max_value=100,
    )
    wards = forms.MultipleChoiceField(
        label=_("Only for these wards"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole borough."),
    )
    priority = forms.IntegerField(
        label=_("Order among funds"), min_value=1, max_value=999, initial=100, help_text=_("Lower goes first.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_wards = {ward.code: ward for ward in places.wards()}
        self.bodies = {str(body.pk): body for body in Organisation.objects.order_by("name")}
        wards, funder = self.fields["wards"], self.fields["funder"]
        assert isinstance(wards, forms.MultipleChoiceField)
        assert isinstance(funder, forms.ChoiceField)
        wards.choices = [(code, ward.name) for code, ward in self.known_wards.items()]
        funder.choices = [("", _("Choose")), *((key, body.name) for key, body in self.bodies.items())]

    @property
    def given(self) -> dict[str, Any]:
        """The fund as `actions.funds.open_fund` takes it."""
        data = dict(self.cleaned_data)
        data["ratio"] = (data.pop("ratio_of"), data.pop("ratio_to"))
        data["funder"] = self.bodies[data["funder"]]
        data["wards"] = [self.known_wards[code] for code in data["wards"]]
        data["min_backers"] = data["min_backers"] or 0
        return data


class PayInForm(forms.Form):
    pence = PoundsField(label=_("How much is in the bank?"), least=1)
    reference = forms.CharField(label=_("The bank's reference"), max_length=60)
    on = forms.DateField(label=_("On which day"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))


class DecidePayInForm(DecideForm):
    most = 300


class AwardForm(PublicWords):
    public_fields = ("campaign", "pence", "authority", "reasons")

    campaign = forms.ChoiceField(label=_("To which campaign?"))
    pence = PoundsField(label=_("How much?"), least=1)
    authority = forms.CharField(
        label=_("By what authority?"), max_length=160, help_text=_("Such as: Match Funding Panel, 3 May 2026, item 4.")
    )
    reasons = forms.CharField(
        label=_("The reasons, for everyone to read"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000
    )

    def __init__(self, *args: Any, campaigns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {campaign.slug: campaign for campaign in campaigns}
        field = self.fields["campaign"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *((slug, one.project.title) for slug, one in self.known.items())]


class HideNameForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it not shown?"), choices=NameRuling.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("More, for the giver to read"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class NameAppealForm(forms.Form):
    appeal = forms.CharField(
        label=_("Why should it be shown?"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class NameDecisionForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("yes", _("Show the name: the giver is right")), ("no", _("It stays hidden"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Your answer, for the giver to read"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class PayoutForm(forms.Form):
    pence = PoundsField(label=_("How much?"), least=1)
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32)


class ReasonForm(PublicWords):
    """Why a fund closes or a campaign is called off."""

    public_fields = ("reason",)

    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
