"""What `forgetting` asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.foundations.forgetting.models import Wish

GIVEN = _(
    "Exactly as they gave it, one at a time: an e-mail address, a telephone number, a name, the number in their own "
    "file of data, or a reference. Accounts are not found by name."
)


class TakeForm(forms.Form):
    came_by = forms.ChoiceField(label=_("How did it reach us?"), choices=Wish.CameBy.choices, widget=forms.RadioSelect)
    came_on = forms.DateField(
        label=_("When did it reach us?"),
        help_text=_("The clock runs from this day, whoever opened the letter."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    given = forms.CharField(
        label=_("Which address, number, name or reference did they give?"), help_text=GIVEN, max_length=254
    )
    tell_by = forms.ChoiceField(
        label=_("How do they want the answer?"), choices=Wish.TellBy.choices, widget=forms.RadioSelect
    )
    tell_to = forms.CharField(
        label=_("Where does the answer go?"),
        help_text=_("The e-mail address, the number, or the envelope line by line. It is deleted once they were told."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"came_on": today})
        self.fields["came_on"].widget.attrs["max"] = today.isoformat()


class LookForm(forms.Form):
    given = forms.CharField(label=_("Another address, number, name or reference"), help_text=GIVEN, max_length=254)


class CheckForm(forms.Form):
    how = forms.ChoiceField(
        label=_("How did you check that they asked themselves?"), choices=Wish.Check.choices, widget=forms.RadioSelect
    )
    check_note = forms.CharField(
        label=_("What the second person should know"),
        help_text=_("No numbers of papers, no copies. It is deleted once they were told."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why not?"), choices=Wish.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What it means for them, and what they can do"),
        help_text=_("They read this. Say which law, what has to be finished first, or how they can show who they are."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LongerForm(forms.Form):
    why = forms.ChoiceField(label=_("Why does it take longer?"), choices=Wish.Longer.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What takes the time"),
        help_text=_("They read this, or hear it. Say what has to be looked through. It is deleted with the letter."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
