"""What finance types."""

from __future__ import annotations

from collections.abc import Sequence
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
    """What a bank line is: one of the things that its amount allows, or another account with a note."""

    what = forms.ChoiceField(label=_("What is it?"))
    account = forms.CharField(
        label=_("Which account, if something else?"),
        required=False,
        max_length=120,
        help_text=_("As the trial balance writes it, such as expense:bank."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("Needed for something else. Never a person's name."),
    )

    def __init__(self, *args: Any, offers: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choose")),
            *offers,
            (_("None of these"), [("other", _("Something else: name the account below"))]),
        ]

    @property
    def match(self) -> dict[str, str]:
        """The choice as `actions.match_line` takes it."""
        kind, _colon, to = self.cleaned_data["what"].partition(":")
        return {
            "kind": kind,
            "to": self.cleaned_data["account"].strip() if kind == "other" else to,
            "note": self.cleaned_data["note"],
        }


class DecideForm(forms.Form):
    """Agree to a payout or a list, or refuse with a reason. `do` is the button that was pressed."""

    reason = forms.CharField(label=_("Why not, if you refuse?"), required=False, max_length=300)
