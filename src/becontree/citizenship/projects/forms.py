"""What organisers and checking officers fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.manifesto import queries as manifesto
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.models import BudgetLine, Check, Evidence, Need, Project
from becontree.foundations.kit.forms import PoundsField
from becontree.foundations.kit.public_words import PublicWords
from becontree.foundations.places import queries as places


class WordsForm(forms.Form):
    """What the project is, in its people's words."""

    title = forms.CharField(label=_("What is it called?"), max_length=120)
    summary = forms.CharField(label=_("What is it, in one sentence?"), max_length=240)
    story = forms.CharField(
        label=_("What do you want to do, and why?"), widget=forms.Textarea(attrs={"rows": 8}), max_length=20_000
    )
    theme = forms.ChoiceField(label=_("What is it about?"), choices=[("", _("Choose one")), *Project.Theme.choices])
    ward = forms.ChoiceField(label=_("Where is it?"), required=False)
    place = forms.CharField(label=_("Which park, hall or street?"), required=False, max_length=160)
    organisation = forms.ChoiceField(
        label=_("Which group is it for?"),
        required=False,
        help_text=_("The group's bank account receives the money. You can add it later, before the check."),
    )
    promises = forms.MultipleChoiceField(
        label=_("Which promises of the Manifesto does it help to keep?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    causes = forms.CharField(
        label=_("What did people say that it comes from?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("References of voices or promises, one a line, like voice/7kq2. They begin your project's thread."),
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32, required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, person: Any, because: Sequence[str] = (), **kwargs: Any) -> None:
        """`because`: the references that are named already; promises among them become ticks, the rest lines."""
        offered = manifesto.promises_to_name(named=because)
        known = {ref for ref, _sentence in offered}
        rest = [ref for ref in because if ref not in known]
        begun = {"promises": [ref for ref in because if ref in known], "causes": "\n".join(rest)} | (
            kwargs.pop("initial", None) or {}
        )
        super().__init__(*args, **kwargs | {"initial": begun})
        field = self.fields["promises"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = offered
        if not offered:
            del self.fields["promises"]
        self.wards = {ward.code: ward for ward in places.wards()}
        held = person.memberships.filter(left_at__isnull=True).select_related("organisation")
        self.groups = {str(one.organisation_id): one.organisation for one in held}
        ward, group = self.fields["ward"], self.fields["organisation"]
        assert isinstance(ward, forms.ChoiceField)
        assert isinstance(group, forms.ChoiceField)
        ward.choices = [("", _("All of the borough")), *((code, one.name) for code, one in self.wards.items())]
        group.choices = [("", _("Not yet")), *((key, one.name) for key, one in self.groups.items())]

    @property
    def given(self) -> dict[str, Any]:
        """The words as `actions.propose` and `actions.edit` take them."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("title", "summary", "story", "theme", "place")},
            "ward": self.wards.get(data["ward"]),
            "organisation": self.groups.get(data["organisation"]),
        }

    @property
    def refs(self) -> list[str]:
        lines = [line.strip().strip("/") for line in self.cleaned_data["causes"].splitlines() if line.strip()]
        return [*self.cleaned_data.get("promises", ()), *lines]


class LineForm(forms.Form):
    what = forms.CharField(label=_("What"), max_length=160)
    pence = PoundsField(label=_("Pounds"), least=1)
    part = forms.ChoiceField(label=_("For"), choices=BudgetLine.Part.choices, initial="capital")
    basis = forms.CharField(label=_("How you know"), max_length=200, required=False)


class NeedForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *Need.Kind.choices])
    what = forms.CharField(label=_("What"), max_length=160)
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=100_000, help_text=_("Hours, or things"))
    detail = forms.CharField(label=_("More about it"), max_length=300, required=False)


LineSet = formset_factory(LineForm, extra=5, max_num=60, absolute_max=80)
NeedSet = formset_factory(NeedForm, extra=4, max_num=30, absolute_max=40)


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("What does it show?"), choices=[("", _("Choose")), *Evidence.Kind.choices])
    title = forms.CharField(label=_("Give it a title"), max_length=160)
    file = forms.FileField(
        label=_("The file"),
        help_text=_("A PDF, JPEG or PNG of up to 5 MB. We take out where and when a picture was taken."),
    )
    public = forms.BooleanField(
        label=_("Everybody may see it"),
        required=False,
        help_text=_("Only pictures and proof that it was done can be public."),
    )


class NewsForm(PublicWords):
    public_fields = ("title",)  # the body stays with the project, and can be taken away

    title = forms.CharField(label=_("In a few words"), max_length=120)
    body = forms.CharField(label=_("The news"), widget=forms.Textarea(attrs={"rows": 6}), max_length=8_000)


class ResultForm(forms.Form):
    what = forms.CharField(label=_("What you measured"), max_length=160)
    figure = forms.CharField(label=_("The figure"), max_length=60)
    counted_how = forms.CharField(label=_("How it was counted"), max_length=300)
    period = forms.CharField(label=_("Over what time"), max_length=80)
    n = forms.IntegerField(label=_("Out of how many"), required=False, min_value=0)


ResultSet = formset_factory(ResultForm, extra=3, max_num=20, absolute_max=30)


class CloseForm(PublicWords):
    public_fields = ("what_changed",)

    what_changed = forms.CharField(
        label=_("What is different now?"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("What is missing?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000)


class CheckForm(forms.Form):
    code = forms.ChoiceField(choices=[(item.code, item.name) for item in CHECKLIST], widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), choices=Check.State.choices)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
