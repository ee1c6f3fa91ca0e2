"""Real surveys come in whole as rounds of their own, wait to be read, and can be undone; what is broken is told."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.actions import surveys
from becontree.citizenship.voices.models import Batch, Response, Round, Ruling, Voice
from becontree.citizenship.voices.tests.conftest import NOW, SETUP, Listening, day
from becontree.cli import main
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.places import screening
from becontree.foundations.record.models import Entry
from becontree.methods.findings import Unusable

REAL = {"austin-community-survey-2016-2017.csv": 3_178, "polis-statements-en.csv": 4_501}
FEW = (
    b"id,area,said\r\n1,,More trees\r\n2,,  \r\n"
    b"3,,My neighbour John Smith at 14 Brook Street parks on the path\r\n4,,A late bus\r\n"
)


def given(listening: Listening, **more: Any) -> surveys.Survey:
    kept: dict[str, Any] = {"column": "said", "owner": listening.officer(), "source": "A town", "licence": "CC BY 4.0"}
    return surveys.Survey(**(kept | more))


def brought(listening: Listening, data: bytes = FEW, **more: Any) -> surveys.Brought:
    flags = {name: more.pop(name) for name in ("publish_clear", "progress", "by") if name in more}
    return actions.bring_survey(
        data=data, name="few.csv", survey=given(listening, **more), **({"by": SETUP, "now": NOW} | flags)
    )


def states() -> dict[str, str]:
    return dict(Voice.objects.values_list("words", "state"))


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_real_survey_comes_in_with_every_row_and_waits(
    listening: Listening, shared: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared / "freetext" / name
    with path.open(encoding="utf-8-sig", newline="") as handle:
        texts = sorted(surveys.plain(row["text"]) for row in csv.DictReader(handle))
    who = listening.officer().email
    assert main(["import", "voices", str(path), "--column", "text", "--owner", who, "--licence", "CC", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    made = Round.objects.get()

    assert said["imported"] == said["rows"] == len(texts) == REAL[name]
    assert sorted(Voice.objects.values_list("words", flat=True)) == texts
    assert set(Voice.objects.values_list("state", flat=True)) == {"waiting"}
    assert made.state == "closed"
    assert made.title.startswith("Real public data: ")
    assert 0 < said["marked"] < 0.05 * len(texts)
    assert queries.mix(made).people == len(texts)


@pytest.mark.shared
def test_no_survey_is_left_out(shared: Path) -> None:
    assert {path.name for path in (shared / "freetext").glob("*.csv")} == set(REAL)


@pytest.mark.shared
def test_of_real_answers_only_the_clear_ones_are_published_and_can_be_themed(
    listening: Listening, shared: Path
) -> None:
    lines = (shared / "freetext" / "austin-community-survey-2016-2017.csv").read_bytes().splitlines(keepends=True)
    found = brought(listening, b"".join(lines[:601]), column="text", publish_clear=True)
    screen = screening.screen()
    out = list(Voice.objects.filter(state="published"))

    assert (found.taken, found.published) == (600, len(out))
    assert 0 < found.marked == found.waiting < 30
    assert not any(screen.find(voice.words) for voice in out)
    assert all(screen.find(voice.words) for voice in Voice.objects.filter(state="waiting"))
    assert len(list(queries.texts(found.round))) == len(out)


def test_what_the_screen_marks_waits_and_the_rest_goes_out_with_its_reason(listening: Listening) -> None:
    found = brought(listening, publish_clear=True)
    (marked,) = [words for words, state in states().items() if state == "waiting"]

    assert (found.rows, found.taken, found.empty, found.marked, found.published, found.waiting) == (4, 3, 1, 1, 2, 1)
    assert "John Smith" in marked
    assert set(Ruling.objects.values_list("outcome", "note", "by")) == {
        ("published", surveys.CLEAR_NOTE, "system:tests")
    }
    assert Entry.objects.filter(kind="voice.heard").count() == 2
    assert "No person has read" in found.round.moderation


def test_by_default_everything_waits_and_the_round_says_where_it_is_from(listening: Listening) -> None:
    found = brought(listening, title="A town asks")

    assert set(states().values()) == {"waiting"}
    assert (found.round.state, found.round.title) == ("closed", "Real public data: A town asks")
    assert "A town" in found.round.why
    assert {voice.get_channel_display() for voice in Voice.objects.all()} == {"somewhere else"}
    assert "CC BY 4.0" in found.round.why
    assert set(Response.objects.values_list("ward", "may_quote", "contact", "person")) == {(None, True, None, None)}
    assert not Ruling.objects.exists()


def test_without_a_licence_words_are_counted_and_never_quoted(listening: Listening) -> None:
    brought(listening, licence=" ", publish_clear=True)

    assert [voice.shown for voice in queries.published()] == ["", ""]


def test_the_pages_show_the_published_ones_and_none_of_the_waiting(listening: Listening, client: Any) -> None:
    found = brought(listening, publish_clear=True)
    other = listening.responds(None, "Said at any time")
    actions.publish(voice=other.voices.get(), by=SETUP, now=NOW)
    listed = client.get(f"/voices/?round={found.round.slug}").content.decode()
    everything = client.get("/voices/?round=").content.decode()
    page = client.get(found.round.get_absolute_url()).content.decode()

    assert "A late bus" in listed
    assert "Said at any time" not in listed
    assert f'<option value="{found.round.slug}" selected>' in listed
    assert "Said at any time" in everything
    assert "A late bus" in everything
    for wrong in ("nowhere", "%00", "a'b"):
        assert client.get(f"/voices/?round={wrong}").status_code == 422, wrong
    assert "John Smith" not in listed + page
    assert "brought in to look at" in page
    assert "CC BY 4.0" in page


def test_it_is_undone_as_one_and_may_come_again_but_never_twice(listening: Listening) -> None:
    first = brought(listening)
    with pytest.raises(Clash, match=f"here already, in {first.round.get_absolute_url()}"):
        brought(listening)
    assert actions.undo_batch(batch=first.batch, by=listening.officer(), now=NOW) == 3
    assert (Response.objects.count(), Voice.objects.count()) == (0, 0)

    assert brought(listening).taken == 3
    assert Response.objects.count() == 3


def test_what_is_published_is_not_undone_as_one(listening: Listening) -> None:
    found = brought(listening, publish_clear=True)
    with pytest.raises(Clash, match="2 of these"):
        actions.undo_batch(batch=found.batch, by=listening.officer(), now=NOW)


def test_a_ward_is_taken_where_the_file_names_ours_and_told_where_it_does_not(listening: Listening) -> None:
    name = listening.ward.name
    brought(listening, f"area,said\n{name},Trees\n,Pool\n".encode(), ward="area")
    assert sorted(Response.objects.values_list("ward__name", flat=True), key=str) == sorted([name, None], key=str)

    with pytest.raises(Unusable) as refused:
        brought(listening, b"area,said\n,Trees\nAtlantis,Pool\n", ward="area")
    (wrong,) = refused.value.findings
    assert (wrong.file, wrong.line, wrong.field) == ("few.csv", 3, "area")
    assert "Atlantis" in wrong.message


BROKEN = {
    "no such column": (FEW, "Answer", 1, "'id', 'area', 'said'"),
    "an empty column": (FEW, "area", None, "--column"),
    "a heading only": (b"id,said\n", "said", None, ""),
    "nothing": (b"", "said", None, ""),
    "NUL": (b"said\nx\0y\n", "said", None, ""),
    "no workbook": (b"PK\x03\x04nonsense", "said", None, ""),
    "an open quote": (b'id,said\n1,"never closed\n', "said", 2, 'Write a quote inside a cell twice: "".'),
    "a cell of a megabyte": (b"said\n" + b"x" * 1_000_000 + b"\n", "said", 2, ""),
    "an answer of 4,001 letters": (b"said\nTrees\n" + b"x" * 4_001 + b"\n", "said", 3, ""),
}


@pytest.mark.parametrize(("data", "column", "line", "fix"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_with_its_place_and_leaves_nothing(
    listening: Listening, data: bytes, column: str, line: int | None, fix: str
) -> None:
    with pytest.raises(Unusable) as refused:
        brought(listening, data, column=column)
    first = refused.value.findings[0]

    assert first.file == "few.csv"
    assert line is None or first.line == line
    assert fix in first.fix
    assert (Round.objects.count(), Batch.objects.count(), Voice.objects.count()) == (0, 0, 0)


def test_a_column_of_figures_is_refused_with_the_columns_of_words(listening: Listening) -> None:
    data = b"agrees,said\r\n" + b"".join(b"%d,More trees on our street\r\n" % at for at in range(20))

    with pytest.raises(
        Unusable, match=r"few\.csv, agrees: This column holds numbers.*Name the column of words: 'said'"
    ):
        brought(listening, data, column="agrees")
    assert not Round.objects.exists()


def test_the_day_is_the_survey_s_own_where_it_is_known_and_never_in_the_future(listening: Listening) -> None:
    found = brought(listening, day=day("2017-12-31"))
    assert set(Response.objects.values_list("said_on", flat=True)) == {day("2017-12-31")}
    assert found.round.closes_on == day("2017-12-31")

    with pytest.raises(Invalid, match="future"):
        brought(listening, FEW + b"5,,Benches\r\n", day=day("2026-05-05"))


def test_markup_formulas_and_turned_letters_are_plain_words(listening: Listening, client: Any) -> None:
    hostile = ["=HYPERLINK(1)", "<script>alert(1)</script>", "\u202egnp.exe", "\U0001f333" * 3]
    found = brought(listening, "\n".join(["said", *hostile]).encode(), publish_clear=True)
    listed = client.get(f"/voices/?round={found.round.slug}").content.decode()

    assert set(states()) == {"=HYPERLINK(1)", "<script>alert(1)</script>", "gnp.exe", "\U0001f333" * 3}
    assert "<script>alert(1)" not in listed
    assert "&lt;script&gt;alert(1)" in listed


def test_only_the_team_brings_it_and_only_for_an_owner_of_the_team(listening: Listening) -> None:
    with pytest.raises(NotAllowed):
        brought(listening, by=listening.person("rita"))
    with pytest.raises(Invalid):
        brought(listening, owner=listening.person("rita"))

    assert not Round.objects.exists()


def test_stopped_half_way_nothing_has_changed(
    listening: Listening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_what: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "few.csv"
    path.write_bytes(FEW)
    monkeypatch.setattr(surveys, "publish_many", stop)
    asked = ["import", "voices", str(path), "--column", "said", "--owner", listening.officer().email]

    assert main([*asked, "--publish-clear"]) == 130
    assert "Nothing was changed by half" in capsys.readouterr().err
    assert (Round.objects.count(), Voice.objects.count(), Entry.objects.filter(kind="round.opened").count()) == (
        0,
        0,
        0,
    )


def test_the_command_says_what_to_do_and_its_status_tells(
    listening: Listening, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "few.csv"
    path.write_bytes(FEW)
    who = ["--owner", listening.officer().email]
    asked = ["import", "voices", str(path)]
    refused = {
        "--column is missing": (2, [*asked, *who]),
        "--owner is missing": (2, [*asked, "--column", "said"]),
        "not the address of an officer": (2, [*asked, "--column", "said", "--owner", listening.person("rita").email]),
        "choose one of web, paper": (2, [*asked, *who, "--column", "said", "--channel", "pigeon"]),
        "write it like 2017-12-31": (2, [*asked, *who, "--column", "said", "--day", "1/5/2017"]),
        "--column is for voices, not for wards": (2, ["import", "wards", str(path), "--column", "said"]),
        "cannot be read": (2, ["import", "voices", str(tmp_path / "none.csv"), *who, "--column", "said"]),
        "There is no example borough": (2, [*asked, *who, "--column", "said", "--home", str(tmp_path)]),
        "few.csv, line 1, Answer: There is no such column. The file has 'id', 'area', 'said'.": (
            1, [*asked, *who, "--column", "Answer"],
        ),
    }  # fmt: skip
    for said, (status, arguments) in refused.items():
        assert main(arguments) == status
        assert said in capsys.readouterr().err
    assert not Round.objects.exists()

    assert main([*asked, *who, "--column", "said", "--check"]) == 0
    assert "3 voices can be imported" in capsys.readouterr().out
    assert not Round.objects.exists()
    assert main([*asked, *who, "--column", "said", "--publish-clear"]) == 0
    out = capsys.readouterr().out
    assert "3 voices were imported" in out
    assert "marked 1. 2 were published, 1 wait for a moderator" in out
    assert "No licence was given" in out
