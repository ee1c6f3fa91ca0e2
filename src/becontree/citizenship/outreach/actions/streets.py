"""Bring streets from a file: street, ward, doors."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from becontree.citizenship.outreach.doors import doors
from becontree.citizenship.outreach.models import Street
from becontree.citizenship.outreach.permissions import must_plan
from becontree.foundations.people.actors import Actor
from becontree.foundations.places import queries as places
from becontree.foundations.places.reading.files import Findings, at_least_one, rows_of, text_of

MOST_STREETS: Final = 5_000


@transaction.atomic
def import_streets(content: bytes, *, by: Actor, now: datetime, file_name: str = "") -> list[Street]:
    """Take the streets of a CSV file with the columns street, ward (its code) and doors ("1-45 odd, 2-60 even").

    A street of the same name and ward is updated; one that the file lacks is retired, never deleted. The file is used
    whole or not at all: raises Unusable with each line that is wrong.
    """
    must_plan(by)
    known = set(places.wards().values_list("code", flat=True))
    found = Findings(file_name)
    rows: list[tuple[str, str, str, int]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows_of(
        text_of(content, file_name), file_name, needed=("street", "ward", "doors"), most=MOST_STREETS
    ):
        name, ward, written = " ".join(row["street"].split()), row["ward"], row["doors"]
        if not name or len(name) > 120:
            found.add("outreach.street", "The street has no name, or one of over 120 letters.", line=line,
                      field="street", fix="Write its name.")  # fmt: skip
        if ward not in known:
            found.add("outreach.ward", f"No ward has the code {ward[:20]!r}.", line=line, field="ward",
                      fix="Bring the wards first, or correct the code.")  # fmt: skip
        count = 0
        try:
            count = len(doors(written))
            if not count or len(written) > 2_000:
                raise ValueError("There is no door, or the list is over 2,000 letters.")
        except ValueError as error:
            found.add(
                "outreach.doors", str(error), line=line, field="doors", fix="Write them like 1-45 odd, 2-60 even."
            )
        if (key := (name.casefold(), ward)) in seen:
            found.add("outreach.twice", f"{name} is already on line {seen[key]}.", line=line, field="street",
                      fix="Keep one of the two.")  # fmt: skip
        seen.setdefault(key, line)
        rows.append((name, ward, written, count))
    found.stop()
    at_least_one(rows, file_name, "street")
    kept = [
        Street.objects.update_or_create(
            name=name, ward_id=ward, defaults={"written": written, "door_count": count, "retired_at": None}
        )[0]
        for name, ward, written, count in rows
    ]
    gone = set(Street.objects.filter(retired_at=None).values_list("pk", flat=True)) - {street.pk for street in kept}
    for street_id in gone:
        Street.objects.filter(pk=street_id).update(retired_at=now)
    return kept
