"""What finance types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.forms import quiet
from becontree.foundations.kit.gates import DESK
from becontree.foundations.kit.narrowing import Narrowing, any_of
from becontree.foundations.payments.looking import MATCHES, REFUND_STATES, STATES
from becontree.foundations.payments.models import PaymentList, Payout
from becontree.foundations.payments.port import providers
from becontree.foundations.payments.statement import Columns
from becontree.foundations.people import queries as people
from becontree.foundations.people.roles import ROLES


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
    account = forms.ChoiceField(label=_("Which account, if something else?"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("Needed for something else. Never a person's name."),
    )

    def __init__(
        self,
        *args: Any,
        offers: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        accounts: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choose")),
            *offers,
            (_("None of these"), [("other", _("Something else: choose the account below"))]),
        ]
        account = self.fields["account"]
        assert isinstance(account, forms.ChoiceField)
        account.choices = [("", _("Choose")), *accounts]

    @property
    def match(self) -> dict[str, str]:
        """The choice as `actions.match_line` takes it."""
        kind, _colon, to = self.cleaned_data["what"].partition(":")
        return {
            "kind": kind,
            "to": self.cleaned_data["account"] if kind == "other" else to,
            "note": self.cleaned_data["note"],
        }


class DecideForm(forms.Form):
    """Agree to a payout or a list, or refuse with a reason. `do` is the button that was pressed."""

    reason = forms.CharField(label=_("Why not, if you refuse?"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self, "reason")


def _who() -> list[tuple[str, str]]:
    return [("system", "The system"), *people.ever_held(*DESK)]


class ChargesForm(Narrowing):
    """Which charges to look at."""

    state = any_of(_("How it stands"), STATES.items())
    provider = any_of(_("By"))
    words = forms.CharField(label=_("Reference"), required=False, max_length=8)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, provider=[(name, each.title) for name, each in providers().items()])


class LinesForm(Narrowing):
    """Which of the bank's lines to look at."""

    show = forms.ChoiceField(
        label=_("Matched with"),
        required=False,
        choices=[("", _("Not matched yet")), ("all", _("All lines")), *MATCHES.items()],
    )
    words = forms.CharField(label=_("The bank's words"), required=False, max_length=100)
    who = any_of(_("Who matched it"))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, who=_who())


class _StepsForm(Narrowing):
    """What goes out by the steps of two people."""

    state = any_of(_("How it stands"))
    who = any_of(_("Who did a step"))
    role = any_of(_("Their role, now or before"), [(code, ROLES[code].name) for code in DESK])

    states: Sequence[tuple[str, Any]] = ()

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, state=self.states, who=_who())


class RefundsForm(_StepsForm):
    states = tuple(REFUND_STATES.items())


class PayoutsForm(_StepsForm):
    states = Payout.State.choices


class ListsForm(_StepsForm):
    states = PaymentList.State.choices
