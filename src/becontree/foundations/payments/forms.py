"""What finance types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.payments.statement import Columns


class StatementForm(forms.Form):
    """A file; and, where a bank's names are unusual, which column is which."""

    file = forms.FileField(label=_("Statement file"), help_text=_("CSV, as your bank's web site saves it."))
    on = forms.CharField(label=_("Column with the date"), required=False, max_length=100,
                         help_text=_("Only where we cannot tell. Leave all of these empty first."))  # fmt: skip
    words = forms.CharField(label=_("Columns with words, separated by commas"), required=False, max_length=300)
    amount = forms.CharField(label=_("Column with the amount"), required=False, max_length=100)
    money_in = forms.CharField(label=_("or: column with money in"), required=False, max_length=100)
    money_out = forms.CharField(label=_("and column with money out"), required=False, max_length=100)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > 5_000_000:
            raise forms.ValidationError(
                gettext("The file is too large: at most 5 million bytes are read. Split it by month.")
            )
        return file

    def columns(self) -> Columns | None:
        given = self.cleaned_data
        if not given["on"]:
            return None
        words = tuple(word.strip() for word in given["words"].split(",") if word.strip())
        return Columns(given["on"].strip(), words, given["amount"].strip(), given["money_in"].strip(),
                       given["money_out"].strip())  # fmt: skip


class MatchForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        choices=[
            ("charge", _("A gift by bank transfer")),
            ("refund", _("A refund that we sent")),
            ("payout", _("A payout that we sent")),
            ("provider", _("A payment provider's payout to us")),
            ("other", _("Something else")),
        ],
    )
    to = forms.CharField(
        label=_("Which one?"),
        max_length=120,
        help_text=_(
            "The number of the gift, refund or payout; the provider's name; or the account, like expense:bank."
        ),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300, help_text=_("Needed for something else."))


class PaidForm(forms.Form):
    paid_on = forms.DateField(
        label=_("On which day did the bank pay it?"), widget=forms.DateInput(attrs={"type": "date"})
    )
