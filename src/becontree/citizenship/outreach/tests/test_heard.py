"""Who was heard, held against who lives here; and the plan that goes where listening is thinnest."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.citizenship.outreach import actions, heard, planning, queries
from becontree.citizenship.outreach.doors import doors, tidy
from becontree.citizenship.outreach.models import Street, Visit
from becontree.citizenship.outreach.tests.conftest import SETUP, Outing, box, key
from becontree.citizenship.voices.models import Response, Round
from becontree.foundations.measures import actions as measures
from becontree.methods.findings import Unusable
from becontree.methods.suppression import Sum, bounds

HERE = {"16-24": 1200, "25-34": 1600, "35-49": 2200, "50-64": 1500, "75-plus": 3500}


def ages(**counts: int) -> heard.Table:
    return heard.table(
        "age", "Age", labels={}, here=HERE, counts={key.replace("_", "-"): n for key, n in counts.items()}
    )


def test_a_group_heard_less_is_named_in_a_plain_sentence() -> None:
    found = heard.table(
        "age", "Age", labels={"16-24": "People aged 16 to 24"}, here={"16-24": 12, "older": 88},
        counts={"16-24": 20, "older": 380},
    )  # fmt: skip
    (young, older) = found.groups

    assert (young.verdict, older.verdict) == ("less", "more")
    assert young.sentence == "People aged 16 to 24: 12% of the borough and 5.0% of those heard."
    assert round(young.expected) == 48
    assert found.least == young


def test_chance_is_not_called_less() -> None:
    assert {
        group.verdict for group in ages(**{"16_24": 11, "25_34": 17, "35_49": 22, "50_64": 15, "75_plus": 35}).groups
    } == {"alike"}


def test_a_small_group_has_no_number_no_share_and_no_interval() -> None:
    found = ages(**{"16_24": 3, "25_34": 40, "35_49": 60, "50_64": 30, "75_plus": 90})
    young = found.groups[0]

    assert (young.heard, young.share, young.low, young.verdict) == (None, None, None, "hidden")
    assert "do not show the number" in young.sentence
    assert sum(group.heard is None for group in found.groups) >= 2


@settings(max_examples=80)
@given(st.lists(st.integers(0, 12), min_size=6, max_size=6))
def test_everything_said_of_a_table_together_gives_no_small_count_away(values: list[int]) -> None:
    """The attacker knows the total, the base of the shares, every number shown, and that a hidden one is not nought."""
    keys = [*HERE, "rather-not"]
    counts = dict(zip(keys, values, strict=True))
    found = heard.table("age", "Age", labels={}, here=HERE, counts=counts)
    shown: dict[str, int | None] = {group.code: group.heard for group in found.groups}
    shown["rather-not"] = found.rather_not
    shown[""] = found.answered
    bases = {group.base for group in found.groups}
    assert bases in ({found.answered}, {found.answered - (found.rather_not or 0)})
    hidden = [key for key in keys if shown[key] is None]
    if found.withheld:
        assert set(hidden) == set(keys)
        return
    floor = {} if any(counts[key] == 0 for key in hidden) else dict.fromkeys(hidden, 1)
    for cell, interval in bounds(shown, [Sum("", tuple(keys))], floor=floor).items():
        if 0 < counts[cell] < 5:
            assert interval.high is not None
            assert interval.high >= 5
            assert interval.width > counts[cell]


def closed(outing: Outing, sheets: list[dict[str, str]]) -> Round:
    round = outing.round()
    measures.keep_many(collection=round.ref, sheets=sheets, now=outing.now)
    Round.objects.filter(pk=round.pk).update(state="closed", closed_at=outing.now)
    return Round.objects.get(pk=round.pk)


def test_pages_and_files_show_the_same_and_nothing_small(outing: Outing, client: Client) -> None:
    sheets = [{"age": "16-24", "sex": "female"}] * 3 + [{"age": "35-49", "sex": "male"}] * 40
    sheets += [{"age": "75-plus", "sex": "female", "tenure": "owned"}] * 30 + [{"age": "25-34"}] * 9
    closed(outing, sheets)
    body = client.get("/outreach/").content.decode()
    table = b"".join(client.get("/outreach/heard.csv").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(table)))
    given = json.loads(b"".join(client.get("/outreach/heard.json").streaming_content))  # type: ignore[attr-defined]

    assert "hidden" in body
    young = next(row for row in rows if row["group"] == "16-24")
    assert (young["heard"], young["share_heard"], young["low"]) == ("", "", "")
    assert not {row["heard"] for row in rows} & {"1", "2", "3", "4"}
    assert len(given) == len(rows)


def test_what_a_tablet_sends_after_the_close_moves_no_figure(outing: Outing, client: Client) -> None:
    """Ten forms with a rare answer, after the close, would tell how many gave it before."""
    shift = outing.shift("stall")
    device, _ = outing.device(shift)
    closed(outing, [{"tenure": "owned"}] * 38 + [{"tenure": "other"}] * 2)
    before = b"".join(client.get("/outreach/heard.csv").streaming_content)  # type: ignore[attr-defined]
    late = [
        {"key": key(), "day": str(outing.now.date()), "voice": outing.voice(equality={"tenure": "other"})}
        for _ in range(10)
    ]
    taken = actions.take(device=device, boxes=[box(shift, what) for what in late], now=outing.now)

    assert {each.what for each in taken} == {"taken"}
    assert b"tenure" in before
    assert b"".join(client.get("/outreach/heard.csv").streaming_content) == before  # type: ignore[attr-defined]


@pytest.mark.parametrize("many", [0, 8, 1_159])
def test_the_ages_say_that_classes_are_not_asked_however_many_wrote_at_school(
    outing: Outing, client: Client, many: int
) -> None:
    """The same words each time: beside the mix itself, nothing public depends on how somebody reached us."""
    closed(outing, [{"age": "35-49"}] * 30)
    round_ = outing.round()
    for channel, n in (("paper", 30), ("school", many)):
        Response.objects.bulk_create(
            Response(
                round=round_, key=f"{channel}-{at}", channel=channel, said_on=round_.opens_on, entered_at=outing.now
            )
            for at in range(n)
        )
    body = " ".join(client.get("/outreach/").content.decode().split())

    assert "Children and students who write in a class are not asked their age." in body


def test_few_answers_of_children_are_not_held_against_anybody(outing: Outing, client: Client) -> None:
    """They write in a class, where nobody is asked: the share is shown, and not as one that was heard less."""
    closed(outing, [{"age": "35-49"}] * 400)
    (ages,) = (table for table in queries.who_was_heard(outing.round()).tables if table.code == "age")
    said = {group.code: group.verdict for group in ages.groups}

    assert said["under-16"] == "unknown"
    assert said["16-24"] == "less"
    assert ages.least is not None
    assert ages.least.code != "under-16"


def test_while_a_round_is_open_only_the_desk_sees_who_was_heard(outing: Outing, client: Client) -> None:
    measures.keep_many(collection=outing.round().ref, sheets=[{"age": "16-24"}] * 30, now=outing.now)

    assert b"Twenty years" not in client.get("/outreach/").content
    assert client.get("/outreach/?round=twenty-years").status_code == 404
    assert [table.answered for table in queries.who_was_heard(outing.round()).tables if table.code == "age"] == [30]


def test_streets_come_from_a_file_used_whole_or_not_at_all(outing: Outing) -> None:
    with pytest.raises(Unusable) as refused:
        actions.import_streets(
            b"street,ward,doors\n,F01,1\nHeron Road,Z9,1-5\nElm,F01,9-1\nElm,F01,2\n", by=SETUP, now=outing.now
        )

    assert [finding.line for finding in refused.value.findings] == [2, 3, 4, 5]
    assert not Street.objects.exists()
    assert [street.door_count for street in outing.streets()] == [20, 11, 40]
    actions.import_streets(b"street,ward,doors\nHeron Road,F01,1-3\n", by=SETUP, now=outing.now)
    assert [street.name for street in queries.streets(outing.now.date())] == ["Heron Road"]
    assert Street.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-7 odd", ("1", "3", "5", "7")),
        ("2-5 even; 9", ("2", "4", "9")),
        ("4a, Flat 3", ("4A", "Flat 3")),
        ("1, 1, 1-2", ("1", "2")),
        ("", ()),
    ],
)
def test_doors_are_written_short(text: str, expected: tuple[str, ...]) -> None:
    assert doors(text) == expected


@pytest.mark.parametrize("text", ["9-1", "1-99999", "<b>", "1-1300", "=cmd()", "١-٩"])
def test_what_is_no_door_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="door"):
        doors(text)
    assert tidy("<b>") == ""


def place(name: str, ward: str, doors: int = 30, last: date | None = None) -> planning.Place:
    return planning.Place(name, name, ward, doors, last)


GIVEN: dict[str, Any] = {"door_minutes": 4, "answer_percent": 20}


def test_the_plan_goes_first_to_the_ward_furthest_below_its_share_and_there_to_the_street_that_waited_longest() -> None:
    streets = [
        place("Full", "A"),
        place("Lately", "B", last=date(2026, 4, 1)),
        place("Long ago", "B", last=date(2024, 4, 1)),
        place("Never", "B"),
    ]
    found = planning.plan(streets, heard={"A": 90, "B": 10}, people={"A": 100, "B": 100}, minutes=10_000, **GIVEN)

    assert [stop.place.name for stop in found.stops] == ["Never", "Long ago", "Lately", "Full"]
    assert (found.stops[0].heard, found.stops[0].due) == (10, 50)


def test_the_plan_keeps_to_its_minutes_and_passes_over_what_does_not_fit() -> None:
    streets = [place("Long", "A", 100), place("Short", "A", 5), place("Next", "B", 20)]
    found = planning.plan(streets, heard={}, people={"A": 100, "B": 100}, minutes=130, **GIVEN)

    assert {stop.place.name for stop in found.stops} == {"Short", "Next"}
    assert found.minutes == 30 + 90
    assert found.left_out == 1


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(1, 60), st.integers(0, 800)), max_size=25),
    st.integers(0, 2_000),
    st.randoms(use_true_random=False),
)
def test_the_plan_is_the_same_whatever_the_order_and_never_over_its_time(rows: Any, minutes: int, shuffle: Any) -> None:
    streets = [
        place(str(at), ward, count, date(2024, 1, 1) + timedelta(days=days) if days else None)
        for at, (ward, count, days) in enumerate(rows)
    ]
    given = {"heard": {"A": 5, "B": 50}, "people": {"A": 100, "B": 90, "C": 10}, "minutes": minutes, **GIVEN}
    first = planning.plan(streets, **given)
    shuffle.shuffle(streets)

    assert planning.plan(streets, **given) == first
    assert sum(stop.minutes for stop in first.stops) == first.minutes <= minutes


def test_a_street_has_waited_since_somebody_there_was_last_asked(outing: Outing) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    boxes = [box(shift, outing.knock(shift, "1", "not-home")), box(shift, outing.knock(shift, "3", "refused"))]
    actions.take(device=device, boxes=boxes[:1], now=outing.now)
    today = outing.now.date()
    assert queries.streets(today).get(name="Heron Road").last is None
    actions.take(device=device, boxes=boxes, now=outing.now)

    assert queries.streets(today).get(name="Heron Road").last == today
    assert [street.name for street in queries.streets(today)][-1] == "Heron Road"
    assert Visit.objects.count() == 2
    plan = queries.next_plan(today=today, minutes=600, door_minutes=4, answer_percent=20)
    assert plan.stops


def test_wards_stand_by_the_day_they_were_last_heard_and_weeks_are_said_in_words(
    outing: Outing, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = timezone.localdate()
    days = {"F01": 8, "F02": 12, "F03": 2, "F04": 21}
    monkeypatch.setattr(queries, "ward_last", lambda: {code: today - timedelta(days=n) for code, n in days.items()})
    page = client.get("/outreach/").content.decode()
    table = page.split("Longest ago first")[1].split("</table>")[0]
    order = re.findall(r"/places/(F\d\d)/", table)

    assert order[-4:] == ["F04", "F02", "F01", "F03"]
    assert re.findall(r"<td>([^<]*)</td></tr>", table)[-4:] == ["3 weeks", "1 week", "1 week", "less than a week"]
    assert ": 1 week<" in page
    assert "1 weeks" not in page
