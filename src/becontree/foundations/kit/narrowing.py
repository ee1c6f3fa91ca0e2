"""A list that can be narrowed by its address: which days, who, what; each list adds what it is about.

A part of the address that makes no sense is left out of the question and said beside its field, with status 422; a
file is refused (`asked`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit import asked

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Choices = Sequence[tuple[str, str]]


def any_of(label: StrOrPromise, choices: Iterable[tuple[str, StrOrPromise]] = ()) -> forms.ChoiceField:
    """A choice that may be left open; what there is to choose from can be given later (`Narrowing.offer`)."""
    return forms.ChoiceField(label=label, required=False, choices=[("", _("Any")), *choices])


class Narrowing(forms.Form):
    """From which day until which; both days are in."""

    use_required_attribute = False
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, request: HttpRequest, **offers: Choices) -> None:
        super().__init__({name: str(value).replace("\0", "") for name, value in request.GET.items()})
        for name, choices in offers.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Any")), *choices]

    @property
    def asked(self) -> dict[str, Any]:
        """What the list is narrowed to, by name: only what was filled in and made sense."""
        return asked.chosen(self)

    @property
    def asked_strictly(self) -> dict[str, Any]:
        """The same for a file; raises `asked.Unclear` where a part makes no sense."""
        return asked.strictly(self)

    @property
    def status(self) -> int:
        """Of the page that shows the list."""
        return asked.status(self)
