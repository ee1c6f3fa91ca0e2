"""Form fields that say in plain words what they want."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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


def quiet(form: forms.BaseForm, *names: str) -> None:
    """Fields that may stay empty and are not there "if you like": whether they are needed depends on another answer."""
    for name in names:
        form.fields[name].quiet = True  # type: ignore[attr-defined]


def put_errors(form: forms.BaseForm, refused: Refused) -> None:
    """Put what an action refused beside the fields it is about, so that nothing typed is lost."""
    for field, said in (refused.errors if isinstance(refused, Invalid) else {refused.field: refused.message}).items():
        form.add_error(field if field in form.fields else None, said)


@contextmanager
def told_in(form: forms.BaseForm, *, but: tuple[type[Refused], ...] = ()) -> Iterator[None]:
    """What the verb inside refuses is said in the form, and the page is shown again with all that was typed.

        if request.method == "POST" and form.is_valid():
            with told_in(form):
                actions.do_it(..., **form.cleaned_data)
                return redirect("room:done")
        return form_page(request, "room/ask.html", {"form": form})

    but: refusals that go on to a page of the house's own, such as NotAllowed to its 403.
    """
    try:
        yield
    except but:
        raise
    except Refused as refused:
        put_errors(form, refused)


def form_page(request: HttpRequest, template: str, context: dict[str, Any], *, wrong: bool = False) -> HttpResponse:
    """A page with forms: 422 where what was sent is shown again with what is wrong about it, so that programs know too.

    wrong: something that the page says outside its forms.
    """
    if request.method == "POST":
        wrong = wrong or any(_refused(part) for part in context.values())
    return render(request, template, context, status=422 if wrong else 200)


def _refused(part: Any) -> bool:
    """Whether it is a form, or rows of forms, that was filled in and not taken."""
    if isinstance(part, forms.BaseFormSet):
        return part.is_bound and not part.is_valid()
    return isinstance(part, forms.BaseForm) and bool(part.errors)


def focus_error(form: forms.BaseForm) -> None:
    """The first field in error begins with the focus, for who works by keyboard; it needs no script.

    Nothing where the form has no error. The page's script leaves the focus there (`becontree.js`).
    """
    if not form.errors:
        return
    for field in form.fields.values():
        field.widget.attrs.pop("autofocus", None)
    first = next((name for name in form.fields if name in form.errors), None)
    if first is not None:
        form.fields[first].widget.attrs["autofocus"] = True
