"""`becontree count`, from the file to the exit status."""

import json

import pytest

from becontree.cli import main
from becontree.formats.pb.tests.test_broken import BROKEN, GOOD, POINTS

KEYS = {"method", "funded", "cost", "budget", "steps", "ties", "findings"}


@pytest.fixture
def ward(tmp_path):
    path = tmp_path / "ward.pb"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_json_keeps_the_contract(ward, capsys):
    assert main(["count", str(ward), "--rule", "equal-shares", "--utility", "cost", "--completion", "none", "--preset",
                 "pabutools", "--json"]) == 0  # fmt: skip

    made = json.loads(capsys.readouterr().out)
    assert made.keys() >= KEYS
    assert made["funded"] == ["2"]
    assert made["cost"] == 40
    assert made["method"] == "equal-shares/cost/none@1"


@pytest.mark.parametrize("rule", ["equal-shares", "greedy", "phragmen", "bos", "greedy-no-skip", "poznan"])
def test_every_rule_runs_from_the_command_line(ward, capsys, rule):
    assert main(["count", str(ward), "--rule", rule]) == 0
    assert "projects funded for" in capsys.readouterr().out


def test_points_are_used_when_the_ballots_have_them(tmp_path, capsys):
    path = tmp_path / "points.pb"
    path.write_text(POINTS, encoding="utf-8")

    assert main(["count", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["method"] == "equal-shares/points/add1+greedy@1"


def test_a_broken_file_gives_its_lines_and_status_1(tmp_path, capsys):
    path = tmp_path / "broken.pb"
    path.write_text(BROKEN["unknown project"][0], encoding="utf-8")

    assert main(["count", str(path), "--json"]) == 1

    out = capsys.readouterr()
    assert "broken.pb, line 16, vote: The ballot names project '9'" in out.err
    assert json.loads(out.out)["findings"][0]["code"] == "pb.vote.unknown"
    assert main(["count", str(path), "--lenient"]) == 1  # counted, with a vote left out: somebody should look
    assert "warning: broken.pb, line 16, vote:" in capsys.readouterr().out


def test_misuse_has_status_2(ward, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["count", str(ward), "--rule", "dice"])

    assert stopped.value.code == 2


def test_an_amount_with_a_comma_that_may_mean_two_things_is_refused_with_both(ward, capsys):
    ward.write_text(GOOD.replace("budget;100", "budget;100,000"), encoding="utf-8")

    assert main(["count", str(ward)]) == 1
    assert capsys.readouterr().err == (
        f"becontree count: {ward.name}, line 6, budget: The budget '100,000' is not a number that can be read in one "
        "way only. Write 100000 if it is a thousand times 100, or 100.000 if the comma stands for a decimal point.\n"
    )
    with pytest.raises(SystemExit):
        main(["count", str(ward), "--completion", "add1", "--increment", "1,000"])
    assert "Write 1000 if" in capsys.readouterr().err


def test_the_record_is_accepted_by_verify_and_a_changed_one_is_not(ward, tmp_path, capsys):
    record = tmp_path / "decision.json"
    assert main(["count", str(ward), "--completion", "add1", "--record", str(record)]) == 0
    assert main(["verify", str(record)]) == 0

    changed = json.loads(record.read_text(encoding="utf-8"))
    changed["result"]["funded"].reverse()
    changed["result"]["cost"] = "1"
    record.write_text(json.dumps(changed), encoding="utf-8")

    assert main(["verify", str(record)]) == 1


def test_verify_says_what_it_did_not_repeat(ward, tmp_path, capsys, monkeypatch):
    record = tmp_path / "decision.json"
    main(["count", str(ward), "--completion", "add1", "--record", str(record)])
    monkeypatch.setattr("becontree.verify.count.PATIENCE", 1)
    capsys.readouterr()

    assert main(["verify", str(record)]) == 0
    assert "increments before the last were not counted again" in capsys.readouterr().out
    assert main(["verify", str(record), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["notes"]) == 1


def test_the_page_is_whole_escaped_and_self_contained(tmp_path):
    path, page = tmp_path / "ward.pb", tmp_path / "page.html"
    path.write_text(GOOD.replace("Bench", "<script>alert(1)</script>"), encoding="utf-8")

    assert main(["count", str(path), "--html", str(page)]) == 0

    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert text.count("<svg") == text.count("</svg>") >= 3
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "Effective support" in text


def test_why_and_receipt_answer_in_plain_words(ward, capsys):
    assert main(["count", str(ward), "--completion", "none", "--why", "1", "--receipt", "a"]) == 0

    out = capsys.readouterr().out
    assert "Its effective support is" in out
    assert "Your share was 25." in out


def test_questions_about_nobody_are_refused(ward, capsys):
    assert main(["count", str(ward), "--why", "77"]) == 2
    assert main(["count", str(ward), "--receipt", "nobody"]) == 1
    assert "--why: There is no project '77' in ward.pb. Its projects are 1, 2, 3" in capsys.readouterr().err


def test_side_by_side_names_every_rule(ward, capsys):
    assert main(["count", str(ward), "--compare"]) == 0

    out = capsys.readouterr().out
    assert "phragmen@1" in out
    assert "bos/cost/none@1" in out


def test_an_interrupted_count_leaves_no_half_file(ward, tmp_path, monkeypatch, capsys):
    record = tmp_path / "decision.json"
    monkeypatch.setattr("becontree.cli.count.count", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))

    assert main(["count", str(ward), "--record", str(record)]) == 130
    assert not record.exists()
