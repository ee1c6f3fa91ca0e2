"""Many rows at once, each to values of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from becontree.foundations.kit.bulk import insert_rows, update_rows
from becontree.foundations.people.actions import register
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.foundations.record.models import Entry, Node, Thing

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


@pytest.mark.django_db
def test_new_rows_are_as_bulk_create_would_write_them() -> None:
    facts = {"kind": "hope", "nested": [1, "’", None]}

    def entries(mark: str) -> list[Entry]:
        Thing.objects.create(ref=f"voice/{mark}", kind="voice", title="Somebody spoke")
        return [
            Entry(
                kind="voice.heard", step="heard", thing_id=f"voice/{mark}", title=f"{n}; DROP TABLE x %s", facts=facts,
                happened_on=NOW.date(), recorded_at=NOW, entered_by="x",
            )
            for n in range(3)
        ]  # fmt: skip

    one, other = entries("one"), entries("other")
    assert insert_rows(Entry, one) == 3
    Entry.objects.bulk_create(other)

    def written(mark: str) -> list[object]:
        rows = Entry.objects.filter(thing=f"voice/{mark}").order_by("title")
        return [(row.title, row.facts, row.happened_on, row.recorded_at, row.sequence, row.leaf) for row in rows]

    assert written("one") == written("other")
    assert {row.pk for row in one} == set(Entry.objects.filter(thing="voice/one").values_list("pk", flat=True))
    one[0].refresh_from_db()
    assert insert_rows(Entry, []) == 0


@pytest.mark.django_db
def test_a_key_that_the_database_numbers_is_numbered_by_it() -> None:
    assert insert_rows(Node, (Node(level=0, index=at, hash="a" * 64) for at in range(4))) == 4
    assert Node.objects.count() == len(set(Node.objects.values_list("pk", flat=True))) == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Node, [Node(level=0, index=9, hash="b" * 64), Node(level=0, index=0, hash="b" * 64)])
    assert Node.objects.count() == 4
