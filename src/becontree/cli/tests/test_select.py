"""`becontree select`: the contract of its output, its page, its record and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from becontree.cli import main

PEOPLE = "id,age,sex\n" + "".join(
    f"p{index:02d},{'old' if index % 3 == 0 else 'young'},{'f' if index % 2 else 'm'}\n" for index in range(24)
)
QUOTAS = "feature,value,min,max\nage,old,2,3\nage,young,3,4\nsex,f,3,3\nsex,m,3,3\n"
KEYS = {
    "status", "probability", "min_selectable", "max", "gini", "geometric_mean_selectable", "unselectable", "bound",
    "attained", "panels", "conflicts",
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "quotas.csv").write_text(QUOTAS, encoding="utf-8")
    return [str(tmp_path / "people.csv"), "--quotas", str(tmp_path / "quotas.csv")]


def test_json_has_what_the_contract_names(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["select", *files, "--seats", "6", "--panels", "50", "--seed", "round 7", "--json"])
    told = json.loads(capsys.readouterr().out)

    assert status == 0
    assert set(told) >= KEYS
    assert told["status"] == "ok"
    assert len(told["panels"]) == 50
    assert all(len(set(panel)) == 6 for panel in told["panels"])
    assert abs(sum(told["probability"].values()) - 6) < 1e-6
    assert told["attained"] == pytest.approx(told["bound"], abs=1e-6)


def test_panels_without_public_chance_are_given_with_a_warning(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["select", *files, "--seats", "6", "--panels", "20", "--json"])
    found = [each for each in json.loads(capsys.readouterr().out)["findings"] if each["code"] == "select.seed.none"]

    assert status == 1
    assert [(each["level"], each["message"]) for each in found] == [
        ("warning", "No --beacon and no --seed was given, so nobody can tell that the panels were made by chance.")
    ]


def test_probabilities_only_stops_there(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["select", *files, "--seats", "6", "--probabilities-only", "--json"])
    told = json.loads(capsys.readouterr().out)

    assert status == 0
    assert told["panels"] == []
    assert len(told["probability"]) == 24


def test_the_record_is_accepted_by_verify(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "record.json")
    status = main(["select", *files, "--seats", "6", "--panels", "20", "--seed", "round 7", "--record", out])

    assert status == 0
    assert "smallest chance" in capsys.readouterr().out
    assert main(["verify", out]) == 0


def test_the_page_fetches_nothing_and_names_nobody(files: list[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    main(["select", *files, "--seats", "6", "--panels", "20", "--html", str(page)])
    text = page.read_text(encoding="utf-8")

    assert "<svg" in text
    assert "<table" in text
    assert "http" not in text
    assert "p05" not in text


def test_quotas_that_conflict_give_status_1_and_the_way_out(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["select", *files, "--seats", "9", "--json"])
    told = json.loads(capsys.readouterr().out)

    assert status == 1
    assert told["status"] == "infeasible"
    assert told["conflicts"]
    assert told["relaxation"]


def test_a_broken_file_gives_status_1_and_its_line(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE + "p00,old,f\n", encoding="utf-8")
    status = main(["select", *files, "--seats", "6"])

    assert status == 1
    assert "line 26, id" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--seats", "x"], ["--seats", "6", "--panels", "0"], []])
def test_misuse_gives_status_2(files: list[str], wrong: list[str]) -> None:
    try:
        status = main(["select", *files, *wrong])
    except SystemExit as stopped:
        status = int(stopped.code or 0)

    assert status == 2
