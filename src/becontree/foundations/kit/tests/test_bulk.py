"""Many rows at once, each to values of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from becontree.foundations.kit.bulk import update_rows
from becontree.foundations.people.actions import register
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_each_row_gets_its_own_values_and_no_other_changes() -> None:
    people = [register(email=f"p{n}@example.invalid", name=f"P{n}", by=System("tests"), now=NOW) for n in range(4)]
    later = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [(person.pk, f"New {at}; DROP TABLE x", later) for at, person in enumerate(people[:3])]
    assert update_rows(Person, ["name", "last_login"], rows) == 3
    assert [Person.objects.get(pk=person.pk).name for person in people] == [
        "New 0; DROP TABLE x", "New 1; DROP TABLE x", "New 2; DROP TABLE x", "P3",
    ]  # fmt: skip
    assert Person.objects.get(pk=people[0].pk).last_login == later
    assert update_rows(Person, ["name"], []) == 0
