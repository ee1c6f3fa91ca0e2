"""Measures are defined, read and corrected in the open; equality answers are counted and name nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.measures import actions, queries
from becontree.foundations.measures.characteristics import ASKED, answers_of
from becontree.foundations.measures.models import EqualityTally, Measure, PopulationShare, PopulationSource, Reading
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person, RoleHeld
from becontree.foundations.places import actions as places
from becontree.foundations.places import example
from becontree.foundations.places.models import Ward
from becontree.foundations.record.models import Entry
from becontree.methods.findings import Unusable

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SETUP = System("test")
pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "title": "People who feel safe after dark",
    "unit": "%",
    "direction": "up",
    "source": "The residents' survey",
    "formula": "Those who say safe or very safe, of all who answered",
    "owner": "Community Safety",
}


def measure(**changes: Any) -> Measure:
    return actions.define(**{**GIVEN, **changes}, by=SETUP, now=NOW)


def ward() -> Ward:
    from importlib.resources import files

    places.import_wards((files(example) / "wards.geojson").read_bytes(), by=SETUP, now=NOW)
    return Ward.objects.order_by("code")[0]


def test_a_measure_says_its_unit_source_formula_and_owner_and_the_record_says_that_it_exists() -> None:
    made = measure()
    entry = Entry.objects.get(kind="measure.defined")

    assert made.slug == "people-who-feel-safe-after-dark"
    assert entry.thing_id == made.ref
    assert entry.facts["formula"] == made.formula


@pytest.mark.parametrize("missing", ["title", "unit", "source", "formula", "owner"])
def test_a_measure_that_leaves_something_unsaid_is_refused(missing: str) -> None:
    with pytest.raises(Invalid) as refused:
        measure(**{missing: "  "})

    assert missing in refused.value.errors
    assert not Measure.objects.exists()


def test_only_officers_keep_measures() -> None:
    resident = Person.objects.create_user("rita@example.org")
    with pytest.raises(NotAllowed):
        actions.define(**GIVEN, by=resident, now=NOW)
    RoleHeld.objects.create(person=resident, role="officer", team="work", granted_at=NOW, grant_reason="test")
    officer = Person.objects.get(pk=resident.pk)

    assert actions.define(**GIVEN, by=officer, now=NOW).defined_by == str(officer.pk)


def test_a_reading_is_an_exact_decimal_and_is_on_the_record() -> None:
    made = measure()
    reading = actions.read(measure=made, on=date(2026, 9, 30), value="61.3", n=812, by=SETUP, now=NOW)

    assert Reading.objects.get(pk=reading.pk).value == Decimal("61.3")
    assert Entry.objects.get(kind="measure.read").facts["value"] == "61.3"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "many"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "1e30"}, "value"),
        ({"value": "0.0000001"}, "value"),
        ({"on": date(2027, 1, 1)}, "on"),
        ({"begins": date(2026, 10, 2)}, "begins"),
        ({"n": -1}, "n"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_with_its_field(changes: dict[str, Any], field: str) -> None:
    given = {"on": date(2026, 9, 30), "value": "1", **changes}
    with pytest.raises(Invalid) as refused:
        actions.read(measure=measure(), by=SETUP, now=NOW, **given)

    assert field in refused.value.errors


def test_a_day_has_one_reading_and_a_correction_keeps_the_first_with_the_reason() -> None:
    made = measure()
    first = actions.read(measure=made, on=date(2026, 9, 30), value=61, n=812, by=SETUP, now=NOW)
    with pytest.raises(Clash):
        actions.read(measure=made, on=date(2026, 9, 30), value=62, by=SETUP, now=NOW)
    second = actions.correct(reading=first, value=59, why="Two wards were left out.", n=900, by=SETUP, now=NOW)
    with pytest.raises(Clash):
        actions.correct(reading=first, value=58, why="Again.", by=SETUP, now=NOW)
    (point,) = queries.series(made)

    assert (point.value, point.reading.pk) == (Decimal(59), second.pk)
    assert [before.value for before in point.before] == [Decimal(61)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(measure=made, on=date(2026, 9, 30), value=1, corrects=first, read_by="x", read_at=NOW)


def test_a_reading_of_few_people_is_neither_shown_nor_on_the_record() -> None:
    made = measure()
    actions.read(measure=made, on=date(2026, 9, 30), value="66.7", n=3, by=SETUP, now=NOW)
    (point,) = queries.series(made)

    assert (point.value, point.n, point.hidden) == (None, None, True)
    assert "value" not in Entry.objects.get(kind="measure.read").facts


def test_a_ward_of_few_people_cannot_be_had_from_the_borough_less_the_other_wards() -> None:
    ward()
    made = measure(unit="people", counts_people=True, title="Learners")
    wards = list(Ward.objects.order_by("code")[:3])
    on = date(2026, 9, 30)
    for each, n in zip(wards, (3, 20, 40), strict=True):
        actions.read(measure=made, on=on, value=n, ward=each, by=SETUP, now=NOW)
    actions.read(measure=made, on=on, value=63, by=SETUP, now=NOW)
    shown = {point.ward_code: point.value for point in queries.series(made)}

    assert shown[wards[0].code] is None
    assert sum(value is None for value in shown.values()) >= 2


def test_who_lives_here_comes_from_a_dated_file_used_whole_or_not_at_all() -> None:
    ward()
    bad = b"characteristic,category,people,within\nage,16-24,12,\nage,16-24,9,\nsex,both,x,\nward,Z9,1,\n"
    brought = {"title": "Census", "publisher": "Office", "on": date(2021, 3, 21), "by": SETUP, "now": NOW}
    with pytest.raises(Unusable) as refused:
        actions.import_population(bad, **brought)

    assert [finding.line for finding in refused.value.findings] == [3, 4, 4, 5]
    assert not PopulationSource.objects.exists()

    with pytest.raises(Unusable, match="'12,5' is not a number of people"):
        actions.import_population(b'characteristic,category,people\nage,16-24,"12,5"\n', **brought)
    actions.import_population(b"characteristic,category,people\nage,16-24,12\n", **brought)
    again = actions.import_population(b'characteristic,category,people\nage,16-24,"1,300"\n', **brought)

    assert PopulationShare.objects.get().people == 1300
    assert queries.population(again) == {"age": {"16-24": 1300}}
    assert queries.population_source(date(2026, 1, 1)) == again


def sheet(number: int) -> dict[str, str]:
    return {
        name: list(answers_of(name))[(number * (at + 3)) % len(answers_of(name))]
        for at, name in enumerate(sorted(ASKED))
    }


def test_equality_answers_are_counts_only_and_no_table_points_from_them_to_anybody() -> None:
    for number in range(25):
        actions.keep_equality(collection="round/x", answers=sheet(number), now=NOW)
    tally = EqualityTally.objects.get()

    assert tally.forms == 25
    assert all(sum(each.values()) == 25 for each in tally.counts.values())
    assert not [field for field in EqualityTally._meta.get_fields() if field.is_relation]
    assert {field.get_internal_type() for field in EqualityTally._meta.fields} == {
        "CharField",
        "PositiveIntegerField",
        "JSONField",
        "DateField",
    }


def test_what_may_be_read_moves_on_by_ten_forms_at_least() -> None:
    seen = []
    for number in range(45):
        actions.keep_equality(collection="round/x", answers=sheet(number), now=NOW + timedelta(days=number))
        seen.append(queries.equality("round/x").forms)

    assert seen[8] == 0
    steps = sorted(set(seen))
    assert steps == [0, 10, 20, 30, 40]


def test_a_form_without_answers_counts_nothing_and_an_answer_not_offered_is_refused() -> None:
    actions.keep_equality(collection="round/x", answers={"age": "", "sex": ""}, now=NOW)
    with pytest.raises(Invalid):
        actions.keep_equality(collection="round/x", answers={"age": "young"}, now=NOW)
    with pytest.raises(Invalid):
        actions.keep_equality(collection="round/x", answers={"shoe size": "9"}, now=NOW)

    assert not EqualityTally.objects.exists()


def test_many_forms_at_once_count_as_one_by_one() -> None:
    sheets = [sheet(number) for number in range(60)]
    assert actions.keep_many(collection="all", sheets=sheets, now=NOW) == 60
    for each in sheets:
        actions.keep_equality(collection="single", answers=each, now=NOW)
    together, single = EqualityTally.objects.get(pk="all"), EqualityTally.objects.get(pk="single")

    assert together.counts == single.counts


def test_an_answer_of_few_is_hidden_with_another_and_questions_answered_by_few_are_withheld() -> None:
    sheets = [{"sex": "female"}] * 30 + [{"sex": "male"}] * 20 + [{"sex": "rather-not"}] * 2
    sheets += [{"tenure": "owned"}, {"tenure": "other"}]
    actions.keep_many(collection="round/x", sheets=sheets, now=NOW)
    tables = {table.characteristic: table for table in queries.equality("round/x").tables}
    cells = {cell.code: cell.n for cell in tables["sex"].cells}

    assert cells == {"female": 30, "male": None, "rather-not": None}
    assert tables["tenure"].withheld
    assert {cell.n for cell in tables["tenure"].cells} == {None}


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["16-24", "25-34", "75-plus", "rather-not"]), min_size=10, max_size=60))
def test_no_table_shows_one_to_four(ages: list[str]) -> None:
    with transaction.atomic():
        actions.keep_many(collection="round/h", sheets=[{"age": age} for age in ages], now=NOW)
        (table,) = queries.equality("round/h").tables
        transaction.set_rollback(True)

    assert not {cell.n for cell in table.cells} & {1, 2, 3, 4}


def test_two_counts_at_the_same_time_are_both_counted() -> None:
    """The row is locked before it is changed (on SQLite the whole file is)."""
    actions.keep_equality(collection="round/x", answers={"sex": "female"}, now=NOW)
    with transaction.atomic():
        list(EqualityTally.objects.select_for_update().filter(pk="round/x"))
        assert connection.in_atomic_block
        actions.keep_equality(collection="round/x", answers={"sex": "male"}, now=NOW)

    assert EqualityTally.objects.get().counts == {"sex": {"female": 1, "male": 1}}
