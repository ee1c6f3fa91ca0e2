"""The rules and figures that this council works by, for everybody."""

from __future__ import annotations

import json
from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from becontree.formats.tables import write_table
from becontree.foundations import policy
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.asked import Unclear, day, takes
from becontree.foundations.kit.downloads import braked
from becontree.foundations.policy import queries
from becontree.foundations.policy.rules import UnknownKey, Value

COLUMNS = ("key", "title", "value", "unit", "shown", "from", "to", "source", "standing", "confirmed", "note")


@gate("everyone")
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule and figure in force on a day (today, unless the address says another)."""
    try:
        on, wrong = _day(request), False
    except Unclear:
        on, wrong = request.today, True  # type: ignore[attr-defined]
    found = policy.at(on)
    values = found.national()
    subjects = [
        (subject, list(each)) for subject, each in groupby(sorted(values, key=_by_subject), key=lambda v: v.subject)
    ]
    context = {
        "on": on,
        "wrong": wrong,
        "subjects": subjects,
        "council": found.council(),
        "to_come": list(queries.to_come(on)),
    }
    return render(request, "policy/rules.html", context, status=422 if wrong else 200)


@gate("everyone")
def setting(request: HttpRequest, key: str) -> HttpResponse:
    """One of the council's own settings, with everything it ever was."""
    today: date = request.today  # type: ignore[attr-defined]
    try:
        versions = queries.history(key)
        value = policy.at(today).value(key)
    except UnknownKey as error:
        raise Http404(str(error)) from error
    return render(request, "policy/setting.html", {"value": value, "versions": versions, "today": today})


@gate("everyone")
@takes("on")
def rules_csv(request: HttpRequest) -> HttpResponse:
    if slow := braked(request):
        return slow
    rows = _rows(_day(request))
    for row in rows:
        row["value"] = json.dumps(row["value"], ensure_ascii=False) if isinstance(row["value"], list) else row["value"]
    return HttpResponse(
        write_table(COLUMNS, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rules-and-figures.csv"'},
    )


@gate("everyone")
@takes("on")
def rules_json(request: HttpRequest) -> HttpResponse:
    if slow := braked(request):
        return slow
    on = _day(request)
    body = json.dumps({"on": on.isoformat(), "rules": _rows(on)}, ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/json")


def _rows(on: date) -> list[dict[str, Any]]:
    found = policy.at(on)
    return [_row(value) for value in [*found.national(), *found.council()]]


def _row(value: Value) -> dict[str, Any]:
    def plain(each: Any) -> Any:
        return each.isoformat() if isinstance(each, date) else each

    return {
        "key": value.key,
        "title": value.title,
        "value": [plain(each) for each in value.value] if isinstance(value.value, tuple) else plain(value.value),
        "unit": value.unit,
        "shown": value.shown,
        "from": value.since.isoformat() if value.since.year > 1 else None,
        "to": plain(value.until),
        "source": value.source,
        "standing": value.standing,
        "confirmed": value.confirmed,
        "note": value.note,
    }


def _by_subject(value: Value) -> tuple[str, str]:
    return value.subject, value.key


def _day(request: HttpRequest) -> date:
    """The day asked for, else today. Raises Unclear for what is no day."""
    today: date = request.today  # type: ignore[attr-defined]
    return day(request, "on") or today
