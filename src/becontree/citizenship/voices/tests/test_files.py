"""A file of answers: which column is what, what is wrong on which line, all or nothing, undone."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.models import Batch, Response, Round, Voice
from becontree.citizenship.voices.tests.conftest import NOW, SETUP, Listening
from becontree.formats.tests.test_xlsx import MAIN, workbook
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.measures.models import EqualityTally

HEAD = ["Id", "What do you like here?", "hope", "Method", "Ward", "Date", "Consent", "Email"]


def table(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    return out.getvalue().encode()


def brought(listening: Listening, data: bytes, **more: Any) -> tuple[Round, Batch]:
    round_ = Round.objects.filter(slug="twenty-years").first() or listening.round()
    return round_, actions.bring(round=round_, data=data, name="answers.csv", by=SETUP, now=NOW, **more)


def pointing(text: str) -> str:
    return f"<sst {MAIN}><si><t>{text}</t></si></sst>"


def taken(batch: Batch) -> Any:
    actions.map_columns(batch=batch, mapping=batch.mapping, defaults={"language": "en"}, by=SETUP, now=NOW)
    batch.refresh_from_db()
    return actions.take_in(batch=batch, by=SETUP, now=NOW)


def test_what_the_columns_are_is_guessed(listening: Listening) -> None:
    round_, batch = brought(listening, table(["1", "Trees", "Pool", "paper", "", "2026-05-01", "yes", ""]))
    like, _, hope = round_.questions.all()

    assert batch.mapping == {
        "Id": "key", "What do you like here?": f"q:{like.pk}", "hope": f"q:{hope.pk}", "Method": "channel",
        "Ward": "ward", "Date": "said_on", "Consent": "may_quote", "Email": "contact",
    }  # fmt: skip


def test_a_file_is_taken_in_with_everything_that_it_says(listening: Listening) -> None:
    ward = listening.ward
    _, batch = brought(
        listening,
        table(
            ["1", "Trees", "Pool", "Paper", ward.name.upper(), "1/5/2026", "Yes", ""],
            ["2", "", "Benches", "online", ward.code, "2026-05-02", "no", "a@example.org"],
            ["3", "Skylarks", "", "Primary school", "", "", "", ""],
            ["4", " ", "", "paper", "", "", "", ""],
        ),
    )
    found = taken(batch)
    rows = {row.key.rpartition(":")[2]: row for row in Response.objects.all()}

    assert (found.new, found.before) == (3, 0)
    assert [(rows[n].channel, rows[n].source, rows[n].ward, rows[n].may_quote) for n in "123"] == [
        ("paper", "", ward, True), ("web", "online", ward, False), ("school", "Primary school", None, False),
    ]  # fmt: skip
    assert (rows["1"].said_on.isoformat(), rows["2"].said_on.isoformat()) == ("2026-05-01", "2026-05-02")
    assert rows["2"].contact is not None
    batch.refresh_from_db()
    assert (batch.state, batch.content) == ("done", None)


def test_the_same_file_twice_counts_once(listening: Listening) -> None:
    data = table(["", "Trees", "", "paper", "", "", "", ""], ["", "Trees", "", "paper", "", "", "", ""])
    _, first = brought(listening, data)
    taken(first)
    _, again = brought(listening, data)
    preview = actions.preview(again, now=NOW)

    assert (preview.before, preview.new) == (2, 0)
    assert taken(again).new == 0
    assert Response.objects.count() == 2


WRONG = {
    "channel": (["1", "Trees", "", "pigeon", "", "", "", ""], "Method", "pigeon"),
    "ward": (["1", "Trees", "", "paper", "Atlantis", "", "", ""], "Ward", "Atlantis"),
    "day": (["1", "Trees", "", "paper", "", "31/2/2026", "", ""], "Date", "31/2/2026"),
    "day outside": (["1", "Trees", "", "paper", "", "2026-01-01", "", ""], "Date", "27 April 2026"),
    "quote": (["1", "Trees", "", "paper", "", "", "perhaps", ""], "Consent", "perhaps"),
    "address": (["1", "Trees", "", "paper", "", "", "", "nobody"], "Email", "e-mail"),
    "class address": (["1", "Trees", "", "school", "", "", "", "a@example.org"], "Email", "no names"),
    "number": (["0", "Trees", "", "paper", "", "", "", ""], "Id", "already"),
    "long": (["1", "x" * 4_001, "", "paper", "", "", "", ""], "What do you like here?", "4,001"),
}


@pytest.mark.parametrize(("row", "column", "said"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_by_line_and_column_and_nothing_is_taken_in(
    listening: Listening, row: list[str], column: str, said: str
) -> None:
    good = ["0", "Benches", "", "paper", "", "", "", ""]
    _, batch = brought(listening, table(good, ["", "", "", "", "", "", "", ""], row))
    with pytest.raises(Invalid) as refused:
        taken(batch)

    (where,) = refused.value.errors
    assert where == f"4:{column}"
    assert said in refused.value.errors[where]
    assert Response.objects.count() == 0
    assert Batch.objects.get().state == "draft"


def test_a_file_is_undone_as_one(listening: Listening) -> None:
    _, batch = brought(listening, table(*[[str(n), "Trees", "", "paper", "", "", "", ""] for n in range(40)]))
    taken(batch)

    assert actions.undo_batch(batch=batch, by=listening.officer(), now=NOW) == 40
    assert (Response.objects.count(), Voice.objects.count()) == (0, 0)


BROKEN = {
    "empty": (b"", "empty"),
    "a heading only": (b"a,b\r\n", "no row"),
    "NUL": (b"a,b\r\nx\0,y\r\n", "NUL"),
    "not a workbook": (b"PK\x03\x04nonsense", "workbook"),
    "a cell of a megabyte": (b"like\n" + b"x" * 1_000_000 + b"\n", "line 2"),
    "ragged": (b'a,b\r\n"x,y\r\n', ""),
}


@pytest.mark.parametrize(("data", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_in_plain_words(listening: Listening, data: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        brought(listening, data)

    assert said in refused.value.errors["file"]
    assert Batch.objects.count() == 0


def test_a_workbook_is_read_like_a_table(listening: Listening) -> None:
    _, batch = brought(listening, workbook([HEAD, ["1", "Trees", "", "paper", "", "2026-05-01", "yes", ""]]))

    assert taken(batch).new == 1
    assert Response.objects.get().said_on.isoformat() == "2026-05-01"


def test_formulas_and_markup_come_in_as_plain_words(listening: Listening) -> None:
    texts = ['=HYPERLINK("http://evil")', "<script>alert(1)</script>", "\u202egnp.exe", "@SUM(1)"]
    _, batch = brought(listening, table(*[[str(n), text, "", "paper", "", "", "", ""] for n, text in enumerate(texts)]))
    taken(batch)
    kept = [voice.words for voice in Voice.objects.order_by("response__key")]

    assert kept == [texts[0], texts[1], "gnp.exe", texts[3]]


def test_the_real_mix_of_2814_comes_in_from_a_file_in_seconds(listening: Listening) -> None:
    real = {"paper": 1_091, "online": 564, "secondary": 624, "primary": 535}
    rows = [["", f"Trees {how} {n}", "", how, "", "", "", ""] for how, count in real.items() for n in range(count)]
    began = time.process_time()
    round_, batch = brought(listening, table(*rows))
    found = taken(batch)
    spent = time.process_time() - began
    mix = queries.mix(round_)
    shares = {row.value: row.share for row in queries.tables(mix)[1].rows}

    assert found.new == mix.people == 2_814
    assert mix.by["source"] == {"paper": 1_091, "secondary": 624, "online": 564, "primary": 535}
    assert shares == {"paper": "38.8", "secondary": "22.2", "online": "20.0", "primary": "19.0"}
    assert spent < 15


def test_only_the_team_brings_files_and_only_while_the_round_takes_them(listening: Listening) -> None:
    round_ = listening.round()
    with pytest.raises(NotAllowed):
        actions.bring(round=round_, data=b"a\n1\n", name="x", by=listening.person("rita"), now=NOW)
    Round.objects.filter(pk=round_.pk).update(state="draft")
    round_.refresh_from_db()
    with pytest.raises(Clash):
        actions.bring(round=round_, data=b"a\n1\n", name="x", by=SETUP, now=NOW)


def test_a_file_brought_again_is_gone_on_with_as_it_was_left(listening: Listening) -> None:
    data = table(["1", "Trees", "", "paper", "", "", "", ""])
    _, first = brought(listening, data)
    actions.map_columns(
        batch=first, mapping=first.mapping | {"Ward": ""}, defaults={"language": "ro"}, by=SETUP, now=NOW
    )
    _, again = brought(listening, data)

    assert (again.pk, again.mapping["Ward"], again.kept["language"]) == (first.pk, "", "ro")
    assert actions.undo_batch(batch=again, by=SETUP, now=NOW) == 0
    assert Batch.objects.count() == 0


AGES = ("42", "1984", "1/5/2010", "2/5/2010", "18-24", "75+", "prefer not to say", "")


def aged(listening: Listening, *ages: str) -> tuple[Round, Batch]:
    round_ = Round.objects.filter(slug="twenty-years").first() or listening.round()
    Round.objects.filter(pk=round_.pk).update(asks_equality=True)
    round_.refresh_from_db()
    rows = [["like", "method", "Year of birth", "date"], *(["Trees", "paper", age, "2026-05-01"] for age in ages)]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return round_, actions.bring(round=round_, data=out.getvalue().encode(), name="ages.csv", by=SETUP, now=NOW)


def test_ages_and_years_of_birth_are_counted_in_our_bands_and_apart(listening: Listening) -> None:
    round_, batch = aged(listening, *AGES)
    assert batch.mapping["Year of birth"] == "age"
    taken(batch)
    tally = EqualityTally.objects.get(collection=f"round/{round_.slug}")

    assert tally.counts == {"age": {"16-24": 2, "35-49": 2, "75-plus": 1, "rather-not": 1, "under-16": 1}}
    assert tally.forms == 7
    batch.refresh_from_db()
    assert batch.content is None  # nothing joins an age to what was said

    actions.undo_batch(batch=batch, by=SETUP, now=NOW)
    _, again = aged(listening, *AGES)
    assert taken(again).new == 8
    assert EqualityTally.objects.get().forms == 7  # the count stayed, so it is not made twice


def test_an_age_that_lies_in_none_of_our_bands_is_told_by_its_line(listening: Listening) -> None:
    _, batch = aged(listening, "42", "20-30", "65+", "1850")
    with pytest.raises(Invalid) as refused:
        taken(batch)

    assert sorted(refused.value.errors) == [f"{line}:Year of birth" for line in (3, 4, 5)]
    assert "16 to 24" in refused.value.errors["3:Year of birth"]
    assert not EqualityTally.objects.exists()


def test_a_round_that_does_not_ask_takes_no_ages(listening: Listening) -> None:
    round_ = listening.round()
    data = b"like,method,age\nTrees,paper,42\n"
    batch = actions.bring(round=round_, data=data, name="a.csv", by=SETUP, now=NOW)

    assert batch.mapping["age"] == ""
    with pytest.raises(Invalid) as refused:
        actions.map_columns(batch=batch, mapping=batch.mapping | {"age": "age"}, defaults={}, by=SETUP, now=NOW)
    assert set(refused.value.errors) == {"age"}


def test_a_small_workbook_that_stands_for_a_large_table_is_refused_and_nothing_is_kept(listening: Listening) -> None:
    head, text = '<row r="1"><c t="inlineStr"><is><t>hope</t></is></c></row>', "a " * 450_000
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(2, 42))
    bombs = {
        "xlsx.cell": workbook([], sheet=head + rows, strings=pointing(text)),
        "xlsx.text": workbook([], sheet=head + rows * 6, strings=pointing(text[:49_000])),
        "import.cells": workbook([["hope"] + [""] * 198 + ["x"], *[["x"]] * 10_100]),
        "table.cells": (",".join(f"c{n}" for n in range(200)) + "\n" + "x\n" * 10_100).encode(),
    }
    for code, data in bombs.items():
        with pytest.raises(Invalid) as refused:
            brought(listening, data)
        (said,) = refused.value.__cause__.findings  # type: ignore[union-attr]

        assert said.code == code
        assert str(refused.value) == str(refused.value.__cause__)
    assert not Batch.objects.exists()
