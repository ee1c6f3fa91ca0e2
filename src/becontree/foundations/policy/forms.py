"""What an administrator fills in to change a setting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.policy.registry import Setting


class SettingForm(forms.Form):
    """The new value, from when, and why."""

    value = forms.CharField(label=_("New value"), max_length=2000)
    since = forms.DateField(
        label=_("From which day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        help_text=_("Everybody can read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, setting: Setting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setting = setting
        field = self.fields["value"]
        bounds = [
            f"{word} {setting.shown(bound)}" for word, bound in (("at least", setting.least), ("at most", setting.most))
            if bound is not None
        ]  # fmt: skip
        field.help_text = ", ".join(
            [f"In {'pounds' if setting.kind == 'pence' else setting.unit}"] * bool(setting.unit) + bounds
        )
        if setting.kind in ("yes-no", "choice"):
            choices = setting.choices or (("yes", "Yes"), ("no", "No"))
            self.fields["value"] = forms.ChoiceField(
                label=gettext("New value"), choices=choices, widget=forms.RadioSelect
            )
        elif setting.kind == "words":
            field.widget = forms.Textarea(attrs={"rows": 6, "maxlength": 2000})
            field.help_text = gettext("Small letters, with commas between.")
        elif setting.kind == "pence":
            field.widget.attrs.update({"class": "money", "inputmode": "decimal"})
        elif setting.kind == "whole":
            field.widget.attrs.update({"class": "short", "inputmode": "numeric"})

    def clean_value(self) -> Any:
        try:
            return self.setting.parse(self.cleaned_data["value"])
        except ValueError as error:
            raise forms.ValidationError(str(error), code="policy.value") from error
