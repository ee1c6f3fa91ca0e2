"""`becontree map` and `becontree themes` as people and machines call them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from becontree.cli import main
from becontree.methods.suppression import few


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A small conversation: twenty people, ten statements, two camps."""
    folder = tmp_path / "hall"
    folder.mkdir()
    lines = ["comment-id,moderated,comment-body"]
    lines += [f'{at},1,"Statement <b>{at}</b>, with ""quotes"""' for at in range(10)]
    (folder / "comments.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    votes = ["comment-id,voter-id,vote"]
    votes += [f"{s},{p},{1 if s < 5 or p < 12 else -1}" for p in range(20) for s in range(10) if (p * 7 + s) % 9]
    (folder / "votes.csv").write_text("\n".join(votes) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.csv"
    said = ["The bus is late", "More buses at night", "Plant trees in the park", "The park needs trees"]
    rows = [f'{at},"{said[at % 4]}, case {at}"' for at in range(40)]
    file.write_text("ref,answer\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def as_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    status = main([str(one) for one in arguments])
    out = capsys.readouterr().out

    assert status == 0
    return json.loads(out)


def test_map_json_has_the_promised_shape(hall: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "map", hall, "--json")

    assert (found["participants"], found["statements"]) == (20, 10)
    assert found["votes"] == sum(1 for _ in (hall / "votes.csv").open()) - 1
    assert len(found["variance_explained"]) == 2
    assert {group["id"] for group in found["groups"]} == {"A", "B"}
    assert set(found["assignment"].values()) == {"A", "B"}
    assert all(len(place) == 2 for place in found["position"].values())
    assert {entry["statement"] for entry in found["common_ground"]} <= {"0", "1", "2", "3", "4"}
    assert {entry["statement"] for entry in found["divisive"]} == {"5", "6", "7", "8", "9"}
    assert found["groups"][0]["representative"][0]["text"].startswith("Statement <b>")


def test_map_is_byte_identical_whatever_the_order_of_rows(hall: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["map", str(hall), "--json"])
    first = capsys.readouterr().out
    head, *rows = (hall / "votes.csv").read_text().splitlines()
    (hall / "votes.csv").write_text("\n".join([head, *rows[::-1]]) + "\n")
    main(["map", str(hall), "--json"])

    assert capsys.readouterr().out == first


def test_map_says_it_in_words_with_stability(hall: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["map", str(hall), "--stability", "3"])
    out = capsys.readouterr().out

    assert status == 0
    assert all(word in out for word in ("GROUP A", "COMMON GROUND", "DIVISIVE", "without a tenth of the people"))


def test_map_page_is_whole_escaped_and_has_a_table_for_its_picture(hall: Path, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    main(["map", str(hall), "--html", str(page), "--stability", "0"])
    text = page.read_text(encoding="utf-8")

    assert "<svg" in text
    assert text.count("<table") >= 4
    assert "<b>" not in text
    assert not re.search(r"(?:src|href)=", text)


def test_map_of_fewer_than_fifty_people_draws_no_person(hall: Path, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    main(["map", str(hall), "--html", str(page), "--stability", "0"])

    assert page.read_text(encoding="utf-8").count("<circle") == 2  # the two groups


def test_the_page_of_a_map_gives_no_few_people_away(hall: Path, tmp_path: Path) -> None:
    """0018: neither a place, nor a group, nor an answer of a group of 1 to 4 people."""
    from becontree.cli.map_page import page
    from becontree.formats import polis
    from becontree.methods import opinion

    conversation = polis.read(hall, agree=1)
    found = opinion.draw_map(conversation.votes)
    text = page(conversation, found, None)
    for hits, seen in ((int(a), int(b)) for a, b in re.findall(r'class="n">(\d+) of (\d+)</td>', text)):
        assert not few(hits, seen - hits)
    for share, seen in re.findall(r'class="n">(\d+) % of (\d+)</td>', text):
        told = round(int(share) * int(seen) / 100)
        assert not few(told, int(seen) - told)
    left = len(conversation.votes.participants) - sum(found.sizes)
    assert few(left, *found.sizes) == bool(re.search(r"Group \w, some people", text))


def test_map_takes_given_groups(hall: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "groups.csv"
    given.write_text("participant,group\n0,north\n1,south\n")
    found = as_json(capsys, "map", hall, "--given", given, "--json")

    assert found["assignment"] == {"0": "north", "1": "south"}


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["map", "nowhere"], 2, "no such file or folder"),
        (["map", ".", "--groups", "2", "--exported"], 2, "only one of"),
        (["map", ".", "--least-votes", "0"], 2, "--least-votes"),
        (["themes", "nowhere.csv", "--text", "x"], 2, "no such file"),
        (["themes", ".", "--text", "x"], 2, "folder"),
        (["themes", "x.csv", "--text", "x", "--themes", "0"], 2, "--themes must be"),
    ],
    ids=["map-missing", "map-two-groupings", "map-least", "themes-missing", "themes-folder", "themes-none"],
)
def test_misuse_is_said_plainly(
    arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    assert says in capsys.readouterr().err


def test_themes_json_has_the_promised_shape(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "themes", answers, "--text", "answer", "--id", "ref", "--themes", "2", "--json")

    assert found["texts"] == 40
    assert {"id", "label", "size", "quotes", "members"} <= found["themes"][0].keys()
    assert sum(theme["size"] for theme in found["themes"]) + len(found["unplaced"]) >= 40


def test_themes_keep_what_people_decided(answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = as_json(capsys, "themes", answers, "--text", "answer", "--themes", "2", "--json")
    (tmp_path / "run.json").write_text(json.dumps(first))
    acts = [{"act": "rename", "theme": first["themes"][0]["id"], "label": "Our own name"}]
    (tmp_path / "acts.json").write_text(json.dumps(acts))
    with answers.open("a", encoding="utf-8") as handle:
        handle.write("99,An answer about buses at night\n")
    again = as_json(
        capsys, "themes", answers, "--text", "answer", "--previous", tmp_path / "run.json",
        "--edits", tmp_path / "acts.json", "--json",
    )  # fmt: skip

    assert again["themes"][0]["label"] == "Our own name"
    assert again["texts"] == 41


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "This is not JSON"),
        ("3", "must hold a list of acts"),
        ("[3]", "Act 1 must be an object"),
        ('[{"theme": "t1"}]', "Act 1 must be an object with an act"),
        ('[{"act": "rename", "theme": 1}]', "theme must be text"),
        ('[{"act": "merge", "themes": "t1"}]', "themes must be a list"),
        ('[{"act": "rename", "colour": "red"}]', "which means nothing here"),
        ('[{"act": "rename", "theme": "t77", "label": "x"}]', "Act 1 names theme t77"),
        ('[{"act": "dance"}]', "Act 1 is 'dance'"),
        ("[" * 5000, "This is not JSON"),
    ],
    ids=["cut", "number", "no-object", "no-act", "theme-number", "themes-text", "field", "theme", "act", "deep"],
)
def test_broken_acts_are_refused_with_their_number(
    content: str, says: str, answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "acts.json").write_text(content)

    assert main(["themes", str(answers), "--text", "answer", "--edits", str(tmp_path / "acts.json")]) == 1
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": "becontree-themes/1"}', '{"format": "becontree-themes/1", "memory": {"placed": 3}}'],
)
def test_what_is_no_earlier_run_is_refused(
    content: str, answers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.json").write_text(content)

    assert main(["themes", str(answers), "--text", "answer", "--previous", str(tmp_path / "run.json")]) == 1
    assert "run.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"ref,answer\n", "There is no text"),
        (b"ref,other\n1,x\n", "answer"),
        (b'ref,answer\n1,"open\n', "line 2"),
        (b"ref,answer\n1,a,b\n", "line 2"),
        (b"ref,answer\n1,\0\n", "NUL"),
        (b"answer,answer\n1,2\n", "answer"),
        (b"ref,answer\n1,\n2, \n", "There is no text"),
        (b"PK\x03\x04\xff\xfe", "answers.csv"),
    ],
    ids=["empty", "heading", "column", "quote", "long-row", "nul", "column-twice", "blank", "zip"],
)
def test_broken_answer_files_say_where_and_what(
    content: bytes, says: str, answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers.write_bytes(content)

    assert main(["themes", str(answers), "--text", "answer"]) == 1
    assert says in capsys.readouterr().err


def test_themes_page_is_whole_and_escaped(answers: Path, tmp_path: Path) -> None:
    with answers.open("a", encoding="utf-8") as handle:
        handle.write("99,<script>alert(1)</script> The bus is late\n")
    page = tmp_path / "themes.html"
    main(["themes", str(answers), "--text", "answer", "--html", str(page)])
    text = page.read_text(encoding="utf-8")

    assert "<script" not in text
    assert "<svg" in text
    assert "<table" in text


@pytest.mark.parametrize("people", [1, 4])
def test_a_map_of_fewer_people_than_any_page_shows_is_refused(
    people: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{person},s{statement},1" for person in range(people) for statement in range(9)]
    (tmp_path / "votes.csv").write_text("participant,statement,vote\n" + "\n".join(rows) + "\n", encoding="utf-8")

    for extra in ([], ["--json"], ["--html", str(tmp_path / "map.html")]):
        assert main(["map", str(tmp_path / "votes.csv"), *extra]) == 1
        said = capsys.readouterr()
        assert "a map of so few would tell how each did. Come back when at least 5 have." in said.err
        assert "s1" not in said.out
    assert not (tmp_path / "map.html").exists()


@pytest.mark.parametrize(
    ("column", "cells"),
    [("agrees", "0 17 3 22 5 1"), ("moderated", "-1 1 1 0 -1 1"), ("seen", "true false true true no yes"),
     ("at", "2016-11-02 1480118399 12:30 3/4/2016 2017-01-01T10:00:00Z 7"), ("share", "75% £1,200.50 0.5 -3 +4 1e")],
)  # fmt: skip
def test_a_column_of_figures_is_refused_with_the_columns_of_words(
    column: str, cells: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = cells.split() * 20 if not cells.endswith("1e") else cells.split()[:-1] * 20
    rows = [f'"{each}",en,We want more buses at night' for each in figures]
    (tmp_path / "said.csv").write_text(f"{column},lang,comment-body\n" + "\n".join(rows) + "\n", encoding="utf-8")

    assert main(["themes", str(tmp_path / "said.csv"), "--text", column]) == 1
    assert capsys.readouterr().err == (
        f"becontree themes: said.csv, {column}: This column holds numbers, dates or yes and no, not what people wrote. "
        "Name the column of words: 'comment-body'.\n"
    )


def test_words_with_some_figures_among_them_are_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["More buses at night", "15"] * 10
    (tmp_path / "said.csv").write_text("answer\n" + "\n".join(rows) + "\n", encoding="utf-8")

    assert main(["themes", str(tmp_path / "said.csv"), "--text", "answer"]) == 0


def test_what_excel_saves_on_windows_is_read_as_by_import_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "said.csv").write_bytes("answer\nA café by the park please\n".encode("cp1252"))

    assert main(["themes", str(tmp_path / "said.csv"), "--text", "answer"]) == 1
    assert "The file is not UTF-8; it was read as cp1252" in capsys.readouterr().out
