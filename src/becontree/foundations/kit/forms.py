"""Form fields that say in plain words what they want."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.pence import parse_pounds, pounds


class PoundsField(forms.Field):
    """An amount typed in pounds; `cleaned_data` holds whole pence."""

    def __init__(self, *, least: int | None = None, most: int | None = None, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("maxlength", "20")
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("class", "money")

    def prepare_value(self, value: Any) -> Any:
        return pounds(value, short=True).lstrip("£") if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            pence = parse_pounds(text)
        except ValueError as error:
            raise ValidationError(str(error), code="pounds.form") from error
        if self.least is not None and pence < self.least:
            raise ValidationError(
                gettext("The least is %(least)s.") % {"least": pounds(self.least, short=True)}, code="pounds.least"
            )
        if self.most is not None and pence > self.most:
            raise ValidationError(
                gettext("The most is %(most)s.") % {"most": pounds(self.most, short=True)}, code="pounds.most"
            )
        return pence


def put_errors(form: forms.BaseForm, refused: Refused) -> None:
    """Put what an action refused beside the fields it is about, so that nothing typed is lost."""
    for field, said in (refused.errors if isinstance(refused, Invalid) else {refused.field: refused.message}).items():
        form.add_error(field if field in form.fields else None, said)
