"""All conversations as one file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http.response import HttpResponseBase

from becontree.citizenship.conversations import queries
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.requests import Request

FIELDS: Final = [
    "reference", "question", "host", "place", "ward", "state", "opened", "closes", "answer_due", "answered_by",
    "people", "statements", "votes", "groups", "common_ground", "answers", "url",
]  # fmt: skip
LONDON: Final = ZoneInfo("Europe/London")
AT_ONCE: Final = 200


def _rows() -> Iterator[list[Any]]:
    found = list(queries.public())
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        totals = queries.totals(some)
        for one in some:
            has = totals[one.pk]
            seen = has.map is not None
            yield [
                one.ref, one.title, one.host_name, one.place, one.ward_id or "", one.state,
                _day(one.opened_at), _day(one.closes_at), str(one.answer_due or ""), one.answered_by,
                has.people, has.statements, has.votes,
                len(has.groups) if seen else None, len(has.common_ground) if seen else None,
                len(one.host_answers.all()), one.get_absolute_url(),
            ]  # fmt: skip


def _day(moment: datetime | None) -> str:
    return moment.astimezone(LONDON).date().isoformat() if moment is not None else ""


@gate("everyone")
def list_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "conversations", FIELDS, _rows())


@gate("everyone")
def list_json(request: Request) -> HttpResponseBase:
    return json_download(request, FIELDS, _rows())
