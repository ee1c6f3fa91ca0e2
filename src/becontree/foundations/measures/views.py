"""Measures for everybody: the list, each with its picture and table, and who lives here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.measures import chart, queries
from becontree.foundations.measures.actions import plain
from becontree.foundations.measures.characteristics import WARD, answers_of, name_of
from becontree.foundations.measures.models import Measure
from becontree.foundations.places import queries as places
from becontree.foundations.record.queries import thread

FIELDS = ("measure", "from", "to", "ward", "value", "unit", "n", "source", "note")
LIST_FIELDS = ("measure", "title", "unit", "better", "owner", "source", "formula", "readings", "last")
PEOPLE_FIELDS = ("characteristic", "category", "label", "within", "people")


@gate("everyone")
def measures(request: Request) -> HttpResponse:
    return render(
        request,
        "measures/list.html",
        {"page": page(request, queries.measures(), 40), "population": queries.population_source(request.today)},
    )


@gate("everyone")
def measure(request: Request, slug: str) -> HttpResponse:
    """One measure: what it is, its line, its table, its thread."""
    found = get_object_or_404(Measure, slug=slug, public=True)
    points = queries.series(found)
    borough = [point for point in points if not point.ward_code]
    drawn = [(point.on, point.value) for point in borough if point.value is not None]
    picture = chart.line(
        drawn,
        title=found.title,
        description=_("The same figures are in the table below."),
        unit=found.unit,
    )
    context = {
        "measure": found,
        "points": points[::-1],
        "picture": picture,
        "has_wards": any(point.ward_code for point in points),
        "some_hidden": any(point.hidden for point in points),
        "latest": next((point for point in reversed(borough) if not point.hidden), None),
        "thread": thread(found.ref),
    }
    return render(request, "measures/measure.html", context)


def _rows(found: Measure) -> Iterator[list[Any]]:
    for point in queries.series(found):
        yield [
            found.ref,
            point.begins.isoformat() if point.begins else "",
            point.on.isoformat(),
            point.ward_name,
            "" if point.value is None else plain(point.value),
            found.unit,
            point.n,
            point.source,
            "hidden: too few people" if point.hidden else point.note,
        ]


@gate("everyone")
def measure_csv(request: Request, slug: str) -> HttpResponseBase:
    return csv_download(request, slug, FIELDS, _rows(get_object_or_404(Measure, slug=slug, public=True)))


@gate("everyone")
def measure_json(request: Request, slug: str) -> HttpResponseBase:
    return json_download(request, FIELDS, _rows(get_object_or_404(Measure, slug=slug, public=True)))


def _list_rows() -> Iterator[list[Any]]:
    for found in queries.measures():
        yield [
            found.ref,
            found.title,
            found.unit,
            found.direction,
            found.owner,
            found.source,
            found.formula,
            found.reading_count,
            found.last_on.isoformat() if found.last_on else "",
        ]


@gate("everyone")
def measures_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "measures", LIST_FIELDS, _list_rows())


@gate("everyone")
def measures_json(request: Request) -> HttpResponseBase:
    return json_download(request, LIST_FIELDS, _list_rows())


@gate("everyone")
def population(request: Request) -> HttpResponse:
    """Who lives here, as the newest source says."""
    source = queries.population_source(request.today)
    tables = []
    if source is not None:
        names: dict[str, Any] = dict(places.ward_names())
        for code, groups in queries.population(source).items():
            labels = names if code == WARD else answers_of(code)
            whole = sum(groups.values())
            rows = [(labels.get(key, key), people) for key, people in groups.items()]
            tables.append({"code": code, "name": name_of(code), "rows": rows, "whole": whole})
    return render(request, "measures/population.html", {"source": source, "tables": tables})


@gate("everyone")
def population_csv(request: Request) -> HttpResponseBase:
    """In the form in which it can be brought in again."""
    source = queries.population_source(request.today)
    names: dict[str, Any] = dict(places.ward_names())

    def rows() -> Iterator[list[Any]]:
        for row in source.shares.all() if source is not None else ():
            labels = names if row.characteristic == WARD else answers_of(row.characteristic)
            yield [row.characteristic, row.category, str(labels.get(row.category, "")), row.within, row.people]

    return csv_download(request, "who-lives-here", PEOPLE_FIELDS, rows())
