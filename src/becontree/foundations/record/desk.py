"""The auditor's page: every decision, with who wrote it down, which the public record does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.asked import takes
from becontree.foundations.kit.dates import stamp
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.people import queries as people
from becontree.foundations.record import queries
from becontree.foundations.record.forms import DecisionsForm
from becontree.foundations.record.models import Entry

COLUMNS: Final = (
    "day", "decision", "about", "kind", "method", "authority", "reasons", "written down", "by", "their id", "sha256",
)  # fmt: skip


@gate("auditor")
def desk(request: Request) -> HttpResponse:
    """Every decision, the last one written down first."""
    form = DecisionsForm(request)
    shown = page(request, queries.decisions(**form.asked), 50)
    names = people.names({each.entered_by for each in shown})
    rows = [(each, *_how(each), names.get(each.entered_by, "")) for each in shown]
    alone = queries.decisions(**form.asked).filter(decision__isnull=True).count()
    context = {"form": form, "page": shown, "rows": rows, "alone": alone}
    return form_page(request, "record/desk.html", context, wrong=bool(form.errors))


@gate("auditor")
@takes(*DecisionsForm.base_fields)
def decisions_csv(request: Request) -> HttpResponseBase:
    """The same decisions, all of them."""
    found = queries.decisions(**DecisionsForm(request).asked_strictly)
    return csv_download(request, "decisions", COLUMNS, _rows(found))


def _rows(found: QuerySet[Entry]) -> Iterator[Sequence[Any]]:
    names: dict[str, str] = {}
    for each in found.iterator(chunk_size=500):
        by = each.entered_by
        if by not in names:
            names |= people.names([by])
        kind, authority, reasons = _how(each)
        made = getattr(each, "decision", None)
        yield (
            each.happened_on.isoformat(), each.title, each.thing_id, kind, made.method if made else "",
            authority, reasons, stamp(each.recorded_at), names.get(by, ""), by, made.sha256 if made else "",
        )  # fmt: skip


def _how(entry: Entry) -> tuple[str, str, str]:
    """Its kind, by what authority, and why: from the decision's own row, or what people said in the entry."""
    made = getattr(entry, "decision", None)
    if made is not None:
        return made.family, made.authority, made.reasons
    said = entry.facts
    return entry.kind, str(said.get("authority") or said.get("team", "")), str(said.get("reasons", ""))
