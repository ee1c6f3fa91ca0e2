"""What an address asks for after its question mark: understood, or refused in words. Nothing is guessed.

One rule for every file to take away and every list that can be narrowed:

- A file (`FILES`) takes the parameters that its view names (`takes`), each once, short and plain. An unknown one, and
  one that makes no sense, is refused with 422, with its name and what to do: whoever asked for a part and was sent
  everything would not notice. `gate` sees to it, so a view that names none takes none.
- A page with a form says it beside the field, narrowed by what did make sense, with the same status (`status`).
- A page without one raises `Unclear`, and is answered by a page in words.
- What is well formed and does not exist (a round, a checkpoint, a day of the books still to come) is 404.
- A character that no database keeps (NUL) is refused everywhere, in a sent form too: PostgreSQL would raise on it.
- The number of a page is no filter: the nearest page is given (`paging`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

FILES: Final = (".csv", ".json", ".geojson", ".zip", ".beancount")
LONGEST: Final = 200  # characters of one value
MOST_NAMED: Final = 40  # choices that are named to whoever took another
STATUS: Final = 422
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
View = TypeVar("View", bound=Callable[..., Any])


class Unclear(Exception):
    """Parts of the address that make no sense: each one's name, with a sentence that says what to do."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = dict(faults)


def takes(*names: str) -> Callable[[View], View]:
    """The parameters that a file's view understands. Stands under `gate`."""

    def mark(view: View) -> View:
        view.takes = names  # type: ignore[attr-defined]
        return view

    return mark


def answer(view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """The view's answer, or 422 in words where the address makes no sense. `gate` answers by this."""
    known = getattr(view, "takes", ())
    try:
        if request.method in ("GET", "HEAD") and request.path.endswith(FILES):
            plain(request, known)
        elif bad := [name for name, values in _sent(request) if "\0" in name + "".join(values)]:
            raise Unclear({name: gettext("A character in it cannot be typed. Write it anew.") for name in bad})
        if any("\0" in each for each in kwargs.values() if isinstance(each, str)):
            raise Http404
        return view(request, *args, **kwargs)
    except Unclear as unclear:
        return _said(request, unclear.faults, known)


def _sent(request: HttpRequest) -> Iterator[tuple[str, list[str]]]:
    """What the address and a sent form hold, by name. The number of a page is no filter."""
    for name, values in (*request.GET.lists(), *request.POST.lists()):
        if name != "page":
            yield name, [str(each) for each in values]


def as_uuid(text: str) -> UUID | None:
    """What a form sends back as a thing's id; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def plain(request: HttpRequest, known: Collection[str]) -> None:
    """Raises Unclear for what is unknown, given twice, too long, or holds what nobody can type."""
    faults = {}
    for name, values in request.GET.lists():
        if name not in known:
            faults[name] = "there is no such parameter here. Leave it out."
        elif len(values) > 1:
            faults[name] = "this is given more than once. Give it once."
        elif any(unicodedata.category(each) in {"Cc", "Cs"} for each in str(values[0])):
            faults[name] = "a character in it cannot be typed. Write it anew."
        elif len(str(values[0])) > LONGEST:
            faults[name] = f"it is longer than {LONGEST} characters. Write less."
    if faults:
        raise Unclear(faults)


def day(request: HttpRequest, name: str) -> date | None:
    """The day that the address gives under this name; None where it gives none. Raises Unclear for what is no day."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unclear({name: gettext("That is not a day. Write one like 2026-11-22.")})


def one_of(request: HttpRequest, name: str, choices: Iterable[str]) -> str:
    """The choice that the address gives under this name, or "". Raises Unclear for any other."""
    text, offered = request.GET.get(name, ""), sorted(choices)
    if text and text not in offered:
        raise Unclear({name: gettext("This is none of the choices: %(choices)s.") % {"choices": ", ".join(offered)}})
    return text


def chosen(form: forms.Form) -> dict[str, Any]:
    """What a bound form narrows to: only what was filled in and made sense."""
    form.full_clean()
    return {name: value for name, value in form.cleaned_data.items() if value not in ("", None, False)}


def strictly(form: forms.Form) -> dict[str, Any]:
    """As `chosen`, for a file: raises Unclear where a part of the form makes no sense.

    A page takes a day as its reader's language writes it; a file takes one form only, so 3/5 is never the wrong day.
    """
    found = chosen(form)
    days = {name for name in found if isinstance(form.fields[name], forms.DateField)}
    wrong = [*form.errors, *(name for name in days if not _DAY.fullmatch(str(form.data[name])))]
    if wrong:
        raise Unclear({name: _fault(form, name) for name in form.fields if name in wrong})
    return found


def status(*asked: forms.Form) -> int:
    """The status of a page whose list these bound forms narrow."""
    return STATUS if any(form.errors for form in asked) else 200


def _fault(form: forms.Form, name: str) -> str:
    """What is wrong with one field, for whoever asked for a file and sees no form."""
    field = form.fields.get(name)
    if isinstance(field, forms.DateField):
        return "there is no such day. Write one that exists, like 2026-11-22."
    if isinstance(field, forms.ChoiceField):
        offered = [str(value) for value, _label in field.choices if value]  # type: ignore[union-attr,misc]
        if len(offered) <= MOST_NAMED and all(len(each) <= 20 for each in offered):
            return f"this is none of the choices. Give one of these: {', '.join(offered) or 'none, so leave it out'}."
        return "this is none of the choices. Take one from the list's page, or leave it out."
    return " ".join(str(each) for each in form.errors[name])


def _said(request: HttpRequest, faults: Mapping[str, str], known: Collection[str]) -> HttpResponse:
    faults = {_shown(name): words for name, words in faults.items()}
    if not request.path.endswith(FILES):
        return render(request, "unclear.html", {"faults": faults}, status=STATUS)
    may = f"This file can be narrowed by: {', '.join(known)}." if known else "This file is always whole."
    detail = f"A part of the address could not be used, so no file was sent. {may}"
    if request.path.endswith((".json", ".geojson")):  # as the API says it (RFC 9457)
        errors = [{"where": ["query", name], "message": words} for name, words in faults.items()]
        said: HttpResponse = JsonResponse(
            {"type": "about:blank", "title": "Unprocessable Entity", "status": STATUS, "detail": detail}
            | {"errors": errors},
            status=STATUS,
            content_type="application/problem+json",
        )
    else:
        lines = [detail, *(f"- {name}: {words}" for name, words in faults.items())]
        said = HttpResponse("\n".join(lines) + "\n", status=STATUS, content_type="text/plain; charset=utf-8")
    said["Cache-Control"] = "no-store"
    return said


def _shown(name: str) -> str:
    """A parameter's name as it can be said again: short, and without marks that nobody sees."""
    return "".join(each if each.isprintable() else "?" for each in name[:40]) or "(no name)"
