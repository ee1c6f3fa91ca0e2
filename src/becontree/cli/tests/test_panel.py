"""`becontree panel`: one panel of a sealed lottery, drawn in public, with a receipt; each broken promise is refused."""

import json
import shutil
from pathlib import Path

import pytest

from becontree.cli import main

EXAMPLE = Path(__file__).resolve().parents[4] / "docs" / "examples" / "sortition"
POOL = ["people.csv", "--quotas", "quotas.csv", "--seats", "6", "--panels", "100", "--secret", "secret.txt"]
PANEL = ["panel", "lottery.json", "--secret", "secret.txt", "--sealed", "sealed.json"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        beacon = ["--commitment", commitment(), "--beacon", "round-a.json", "--round", "657413"]
        sealing = ["--record", "lottery.json", "--seal", "sealed.json", "--next-round", "3311596"]

        assert main(["select", *POOL, *beacon, *sealing]) == 0
    return folder


def commitment():
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()) as out:
        assert main(["select", *POOL, "--commit", "--json"]) == 0
    return json.loads(out.getvalue())["commitment"]


@pytest.fixture
def folder(made, tmp_path, monkeypatch):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [["--beacon", "round-b.json"], ["--dice", "7,1"], ["--seed", "the evening numbers of 3 May: 4 8 15 16 23 42"]],
    ids=["beacon", "dice", "words"],
)
def test_the_panel_drawn_has_a_receipt_that_verify_works_out_again(folder, capsys, source):
    status = main([*PANEL, *source, "--record", "panel.json", "--html", "panel.html", "--json"])
    answer = json.loads(capsys.readouterr().out)
    lottery = json.loads((folder / "lottery.json").read_text())

    assert status == (0 if "--beacon" in source else 1)  # round B was named in advance, and something else was used
    assert answer["panel"] == lottery["result"]["panels"][answer["number"]]
    assert "--dice" not in source or answer["number"] == 71
    assert main(["verify", "panel.json"]) == status  # a number that was not left to that round may have been chosen
    assert answer["panel"][0] in (folder / "panel.html").read_text()
    assert len((folder / "panel.json").read_text()) < 4000  # one panel, and hashes of the others


def test_what_is_published_before_the_draw_names_nobody(folder):
    published = (folder / "sealed.json").read_text()
    people = json.loads((folder / "lottery.json").read_text())["inputs"]["people"]

    assert not [name for name, *_ in people if f'"{name}"' in published]


def test_the_lottery_of_a_fixed_pool_verifies_with_its_seed(folder, capsys):
    assert main(["verify", "lottery.json"]) == 0


LIES = [
    ("a salt", lambda r: r["randomness"]["salts"].update({"1280": "00" * 32}), "not those of the commitment"),
    ("the seed", lambda r: r["randomness"].update(seed="00" * 32), "The seed does not follow"),
    ("a person's answer", lambda r: r["inputs"]["people"][0][1].reverse(), ""),
    ("the commitment", lambda r: r["randomness"].update(commitment="00" * 32), "not those of the commitment"),
    ("the round", lambda r: r["randomness"]["beacon"].update(round=5), "does not carry drand's signature"),
    ("a salt is gone", lambda r: r["randomness"]["salts"].pop("1280"), "not one salt for each person"),
    ("the purpose", lambda r: r["randomness"].update(purpose="panel"), "not made for a lottery of panels"),
]


@pytest.mark.parametrize(("change", "says"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_a_lottery_whose_beginning_was_changed_is_refused(folder, capsys, change, says):
    record = json.loads((folder / "lottery.json").read_text())
    record["randomness"]["salts"] = {"1280": record["randomness"]["salts"].pop("1280"), **record["randomness"]["salts"]}
    change(record)
    (folder / "lottery.json").write_text(json.dumps(record))

    assert main(["verify", "lottery.json"]) == 1
    assert says in capsys.readouterr().out


def test_another_lottery_than_the_one_that_was_sealed_is_refused(folder, capsys):
    record = json.loads((folder / "lottery.json").read_text())
    record["result"]["panels"].reverse()
    (folder / "lottery.json").write_text(json.dumps(record))

    assert main([*PANEL, "--beacon", "round-b.json", "--record", "panel.json"]) == 1
    assert "not those that were sealed before the draw" in capsys.readouterr().err
    assert not (folder / "panel.json").exists()


def test_another_round_than_the_one_that_was_named_is_refused(folder, capsys):
    assert main([*PANEL, "--beacon", "round-a.json"]) == 1
    assert "round 3311596 was named in advance, but this is round 657413" in capsys.readouterr().err


def test_people_who_were_not_fixed_are_refused(folder, capsys):
    published = commitment()
    people = (folder / "people.csv").read_text().splitlines()
    (folder / "people.csv").write_text("\n".join(people[:-1]) + "\n")
    beacon = ["--commitment", published, "--beacon", "round-a.json", "--round", "657413"]

    assert main(["select", *POOL, *beacon]) == 1
    assert "the people are not those that were fixed before the draw" in capsys.readouterr().err


def test_a_panel_that_was_never_sealed_is_drawn_with_a_warning(folder, capsys):
    assert main(["panel", "lottery.json", "--dice", "7,1", "--record", "panel.json"]) == 1
    assert "warning: No --sealed was given" in capsys.readouterr().out
    assert main(["verify", "panel.json", "--html", "checked.html"]) == 0
    said = capsys.readouterr().out
    assert "adds up, but does not prove that the draw was fair" in said
    assert "names no source that was published before the draw" in said
    assert "does not prove that the draw was fair" in (folder / "checked.html").read_text()


def test_a_wording_tried_until_the_wanted_panel_comes_is_not_called_good(folder, capsys):
    """The attack: a round was named, then wordings were tried; the receipt holds no beacon."""
    lottery = json.loads((folder / "lottery.json").read_text())
    wanted = lottery["result"]["people"][0] if "people" in lottery["result"] else lottery["result"]["panels"][0][0]
    for tried in range(40):
        main([*PANEL, "--seed", f"numbers of the national lottery, 3 May: {tried}", "--record", "panel.json"])
        if wanted in json.loads((folder / "panel.json").read_text())["result"]["panel"]:
            break
    capsys.readouterr()

    assert main(["verify", "panel.json", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["agrees"] is False
    assert answer["problems"][0].startswith("Round 3311596 was named in advance, but the number came from words")


def test_any_past_round_without_a_sealed_file_proves_nothing(folder, capsys):
    """The attack: no --sealed, and the round that gives the wanted panel."""
    for past in ("round-a.json", "round-b.json"):
        main(["panel", "lottery.json", "--secret", "secret.txt", "--beacon", past, "--record", "panel.json"])
        capsys.readouterr()
        main(["verify", "panel.json", "--json"])
        answer = json.loads(capsys.readouterr().out)

        assert len(answer["unproved"]) == 2
        assert answer["notes"] == []


def test_the_secret_is_made_once_for_its_owner_alone(folder):
    (folder / "secret.txt").unlink()

    first, again = commitment(), commitment()

    assert first == again
    assert (folder / "secret.txt").stat().st_mode & 0o777 == 0o600
    assert len((folder / "secret.txt").read_text().strip()) == 64


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ([*PANEL], 2, "one of --beacon, --dice and --seed"),
        ([*PANEL, "--dice", "1", "--seed", "x"], 2, "one of --beacon, --dice and --seed"),
        ([*PANEL, "--dice", "1"], 2, "cannot give 100 different numbers"),
        ([*PANEL, "--dice", "9,9", "--sides", "11"], 1, "throw again"),
        (["panel", "nowhere.json", "--dice", "7,1"], 2, "no such file"),
        (["panel", "people.csv", "--dice", "7,1"], 1, "This is not JSON"),
        (["panel", "sealed.json", "--dice", "7,1"], 1, "not the record of a lottery"),
        (["panel", "lottery.json", "--sealed", "lottery.json", "--dice", "7,1"], 1, "missing or not of its kind"),
        (["panel", "lottery.json", "--secret", "nowhere", "--dice", "7,1"], 2, "no such file"),
        (["panel", "lottery.json", "--secret", "people.csv", "--dice", "7,1"], 1, "not a secret"),
        (["select", *POOL[:-2], "--commit"], 2, "need --secret"),
        (["select", *POOL, "--seal", "s.json"], 2, "--next-round N or --next-source"),
        (["select", *POOL, "--beacon", "round-a.json", "--seed", "x"], 2, "either --beacon or --seed"),
        (["select", *POOL, "--commit", "--html", "x.html"], 2, "only prints what to publish"),
    ],
)
def test_misuse_and_broken_files_are_said_plainly(folder, capsys, words, status, says):
    assert main(words) == status
    assert says in capsys.readouterr().err
