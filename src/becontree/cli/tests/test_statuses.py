"""One set of exit statuses for every command: 0 done, 1 for a person to put right, 2 misuse; never a traceback."""

import json
import signal
import subprocess
import sys
import time

import pytest

from becontree.cli import main

PB = (
    "META\nkey;value\nnum_projects;2\nnum_votes;2\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    "1;60\n2;60\nVOTES\nvoter_id;vote\na;1\nb;2\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ward.pb").write_text(PB)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "pledges.csv").write_text("giver,project,amount\ng1,play,5\n")
    (tmp_path / "fund.toml").write_text('pot = "10"\nratio = "1:1"\n')
    (tmp_path / "tickets.csv").write_text("id\nt1\nt2\n")
    (tmp_path / "votes.csv").write_text(
        "participant,statement,vote\n" + "".join(f"{n},s{n % 2},1\n" for n in range(60))
    )
    (tmp_path / "answers.csv").write_text("answer\nmore buses please\n")
    (tmp_path / "people.csv").write_text("id,sex\na,f\nb,m\nc,f\nd,m\n")
    (tmp_path / "quotas.csv").write_text("feature,value,min,max\nsex,f,1,1\nsex,m,1,1\n")
    return tmp_path


def status(*words):
    try:
        return main(words)
    except SystemExit as stopped:
        return stopped.code


FILES = {  # a command, and what else it needs
    "count": ("count", "FILE"),
    "select": ("select", "FILE", "--quotas", "quotas.csv", "--seats", "2"),
    "quotas": ("select", "people.csv", "--quotas", "FILE", "--seats", "2"),
    "map": ("map", "FILE"),
    "given": ("map", "votes.csv", "--given", "FILE"),
    "themes": ("themes", "FILE", "--text", "answer"),
    "edits": ("themes", "answers.csv", "--text", "answer", "--edits", "FILE"),
    "previous": ("themes", "answers.csv", "--text", "answer", "--previous", "FILE"),
    "match": ("match", "FILE", "--fund", "fund.toml"),
    "fund": ("match", "pledges.csv", "--fund", "FILE"),
    "draw": ("draw", "FILE", "--commit"),
    "table": ("draw", "tickets.csv", "--table", "FILE", "--commit"),
    "beacon": ("draw", "tickets.csv", "--winners", "1", "--beacon", "FILE"),
    "verify": ("verify", "FILE"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_there_is_misuse_and_is_named(folder, capsys, name):
    assert status(*("nowhere.x" if word == "FILE" else word for word in FILES[name])) == 2

    err = capsys.readouterr().err
    assert err.startswith(f"becontree {FILES[name][0]}: nowhere.x: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_for_a_person_to_put_right_and_is_named(folder, capsys, name):
    assert status(*("empty.csv" if word == "FILE" else word for word in FILES[name])) == 1
    assert "empty.csv" in capsys.readouterr().err


@pytest.mark.parametrize("name", FILES)
def test_a_device_without_end_does_not_fill_the_memory(folder, capsys, name, monkeypatch):
    for module in ("pb.reader.LARGEST", "fund.LARGEST", "tickets.LARGEST"):
        monkeypatch.setattr(f"becontree.formats.{module}", 10_000)
    monkeypatch.setattr("becontree.verify.command.LARGEST", 10_000)
    monkeypatch.setattr("becontree.formats.tables.read_bytes.__kwdefaults__", {"limit": 10_000})

    assert status(*("/dev/zero" if word == "FILE" else word for word in FILES[name])) == 1
    assert "more than" in capsys.readouterr().err.replace("larger than", "more than")


@pytest.mark.parametrize("name", ["count", "select", "map", "themes", "match", "draw", "verify"])
def test_refused_input_is_data_too_with_json(folder, capsys, name):
    status(*("empty.csv" if word == "FILE" else word for word in FILES[name]), "--json")

    assert all(finding["code"] and finding["message"] for finding in json.loads(capsys.readouterr().out)["findings"])


@pytest.mark.parametrize(
    "words",
    [
        ("count", "ward.pb", "--ties", "coin"),
        ("count", "ward.pb", "--completion", "add1", "--increment", "0"),
        ("count", "ward.pb", "--completion", "add1", "--increment", "-1"),
        ("count", "ward.pb", "--minimum-votes", "-1"),
        ("count", "ward.pb", "--rule", "greedy", "--completion", "add1"),
        ("select", "people.csv", "--quotas", "quotas.csv", "--seats", "0"),
        ("select", "people.csv", "--quotas", "quotas.csv", "--seats", "2", "--cap", "2"),
        ("select", "people.csv", "--quotas", "quotas.csv", "--seats", "2", "--cap", "nan"),
        ("count", "ward.pb", "--seed", "x", "--ties", "id"),
        ("count", "ward.pb", "--html", "nowhere/page.html"),
        ("map", "votes.csv", "--least-votes", "0"),
        ("themes", "answers.csv", "--text", "answer", "--themes", "0"),
        ("draw", "tickets.csv", "--winners", "1", "--dice", "1", "--sides", "1"),
        ("count", "ward.pb", "--html", "/dev/null/page.html"),
        ("match", "pledges.csv", "--fund", "fund.toml", "--record", "/dev/null/record.json"),
        ("match", "pledges.csv", "--fund", "fund.toml", "--html", "."),
    ],
    ids=" ".join,
)
def test_options_that_mean_nothing_are_misuse(folder, words):
    assert status(*words) == 2


def test_a_folder_that_is_not_there_is_named_and_not_made(folder, capsys):
    assert status("count", "ward.pb", "--ties", "id", "--record", "nowhere/record.json") == 2
    assert "nowhere/record.json cannot be written: there is no folder nowhere" in capsys.readouterr().err
    assert not (folder / "nowhere").exists()


def test_manage_hands_its_options_to_django(folder, capfd):
    assert main(["manage", "--help"]) == 0
    assert "Available subcommands" in capfd.readouterr().out


def test_misuse_is_data_too_with_json(folder, capsys):
    assert status("draw", "tickets.csv", "--json") == 2
    assert json.loads(capsys.readouterr().out)["findings"] == [
        {"code": "command.misuse", "message": "say either --winners K or --table PRIZES.toml.", "level": "error"}
    ]


WARNED = {  # a command whose answer carries a warning, and the words of the warning
    "count": (("count", "said.pb"), "'1' is said to have 5 votes; 1 were counted"),
    "select": (("select", "people.csv", "--quotas", "none.csv", "--seats", "1"), "2 of 4 people can never serve"),
    "map": (("map", "flat.csv", "--stability", "0"), "there is nothing to map"),
    "draw": (("draw", "tickets.csv", "--winners", "1", "--dice", "1"), "No --commitment was given"),
}


@pytest.mark.parametrize("name", WARNED)
def test_an_answer_with_a_warning_is_given_whole_and_ends_with_status_1(folder, capsys, name):
    (folder / "said.pb").write_text(PB.replace("project_id;cost", "project_id;cost;votes").replace(";60\n", ";60;5\n"))
    (folder / "none.csv").write_text("feature,value,min,max\nsex,f,1,1\nsex,m,0,0\n")
    (folder / "flat.csv").write_text("participant,statement,vote\n" + "".join(f"{n},s{n % 2},1\n" for n in range(60)))
    (folder / "tickets.csv").write_text("id\n" + "".join(f"t{n}\n" for n in range(5)))
    words, said = WARNED[name]

    assert status(*words) == 1
    assert any(line.startswith("warning: ") and said in line for line in capsys.readouterr().out.splitlines())
    assert status(*words, "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert "method" in answer
    assert [found for found in answer["findings"] if found["level"] == "warning" and said in found["message"]]


def test_a_note_does_not_change_the_status(folder, capsys):
    (folder / "rich.pb").write_text(PB.replace("budget;100", "budget;1000"))

    assert status("count", "rich.pb", "--ties", "id") == 0
    assert "note: rich.pb, line 5, budget: The budget is enough for every project." in capsys.readouterr().out


def test_each_status_is_documented_once(folder):
    """The table in docs/rooms/formats.md is the one place; other pages point to it."""
    import re
    from pathlib import Path

    docs = Path(__file__).resolve().parents[4] / "docs"
    tables = [path.name for path in docs.rglob("*.md") if "| Exit status |" in path.read_text(encoding="utf-8")]
    table = (docs / "rooms" / "formats.md").read_text(encoding="utf-8")

    assert tables == ["formats.md"]
    assert re.findall(r"^\| (\d+) \|", table, re.M)[:4] == ["0", "1", "2", "130"]


def test_a_reader_who_stops_reading_is_no_finding_and_no_traceback(folder):
    (folder / "wide.csv").write_text("giver,project,amount\n" + "".join(f"g{n},p{n},5\n" for n in range(5000)))
    code = "import sys; from becontree.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["match", "wide.csv", "--fund", "fund.toml", "--json"]
    running = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    running.stdout.readline()
    running.stdout.close()

    assert running.stderr.read() == ""
    assert running.wait(timeout=60) == 141


@pytest.mark.parametrize(
    "words",
    [
        ("draw", "tickets.csv", "--commit"),
        ("draw", "numbers.csv", "--table", "prizes.toml", "--liability"),
        ("verify", "record.json"),
    ],
    ids=" ".join,
)
def test_each_answer_is_a_page_too(folder, capsys, words):
    (folder / "numbers.csv").write_text("id,number\nt1,12\nt2,13\n")
    (folder / "prizes.toml").write_text(
        'name = "two"\ndigits = 2\nrule = "ends"\nticket_pence = 100\nprizes = [{match = 1, pence = 250}]\n'
    )
    status("count", "ward.pb", "--record", "record.json")

    assert status(*words, "--html", "page.html") == 0
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "http" not in page


def test_a_page_of_a_record_that_does_not_agree_says_so(folder, capsys):
    status("count", "ward.pb", "--record", "record.json")
    record = json.loads((folder / "record.json").read_text())
    record["result"]["cost"] = "61"
    (folder / "record.json").write_text(json.dumps(record))

    assert status("verify", "record.json", "--html", "page.html") == 1
    assert "does NOT agree" in (folder / "page.html").read_text()


def test_long_work_says_on_a_terminal_for_how_long_it_goes_on_and_nothing_in_a_pipe():
    import io

    from becontree.cli.console import waiting

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal, pipe = Terminal(), io.StringIO()
    with waiting("working it out again", every=0.01, stream=terminal):
        while "working" not in terminal.getvalue():
            time.sleep(0.005)
    with waiting("working it out again", every=0.01, stream=pipe):
        time.sleep(0.03)

    assert terminal.getvalue().startswith("\r   0 s  working it out again")
    assert terminal.getvalue().endswith("\r" + " " * 78 + "\r")
    assert pipe.getvalue() == ""


def test_a_tie_that_nothing_decides_is_for_a_person_to_put_right(folder, capsys):
    """The outcome stands, and says that the file's order made it."""
    assert status("count", "ward.pb", "--rule", "phragmen") == 1
    assert "was not decided by the rule" in capsys.readouterr().out
    assert status("count", "ward.pb", "--rule", "phragmen", "--seed", "round 657413") == 0


def test_a_map_without_groups_does_not_praise_how_firm_they_are(folder, capsys):
    assert status("map", "votes.csv", "--least-votes", "100") == 1  # all alike: nothing to map
    assert "hold firm" not in capsys.readouterr().out


@pytest.mark.parametrize("after", [0.05, 0.2, 0.5])
def test_stopping_at_any_moment_leaves_no_traceback_and_no_half_file(folder, after):
    """Also while NumPy is still being read in."""
    rows = "".join(f"v{n};{n % 60},{n * 7 % 60}\n".replace(f"{n % 60},{n % 60}", f"{n % 60}") for n in range(40_000))
    projects = "".join(f"{n};{1000 + n}\n" for n in range(60))
    head = "META\nkey;value\nnum_projects;60\nnum_votes;40000\nbudget;20000\nvote_type;approval\nPROJECTS\n"
    (folder / "city.pb").write_text(f"{head}project_id;cost\n{projects}VOTES\nvoter_id;vote\n{rows}")
    # A shell that runs CI in the background has its children ignore the signal.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from becontree.cli import main; print('go', flush=True); sys.exit(main(sys.argv[1:]))"
    )
    words = ["count", "city.pb", "--completion", "add1", "--increment", "0.0000001", "--record", "record.json"]
    running = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    running.stdout.readline()
    time.sleep(after)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)

    assert (running.returncode, err.strip()) == (130, "becontree count: stopped. Nothing was changed by half.")
    assert not [file.name for file in folder.iterdir() if "record" in file.name]


def test_an_id_that_stands_twice_is_named_with_its_line(folder, capsys):
    (folder / "twice.csv").write_text("nr,answer\n1,buses\n2,trees\n1,parks\n,benches\n")

    assert status("themes", "twice.csv", "--text", "answer", "--id", "nr") == 1

    err = capsys.readouterr().err
    assert "twice.csv, line 4, nr: This id is already used on line 2." in err
    assert "twice.csv, line 5, nr: This answer has no id." in err


def test_acts_that_cannot_be_done_name_their_file(folder, capsys):
    (folder / "acts.json").write_text('[{"act": "merge", "themes": ["t1"]}]')

    assert status("themes", "answers.csv", "--text", "answer", "--edits", "acts.json") == 1
    assert "acts.json, themes: Act 1 merges fewer than two themes." in capsys.readouterr().err


def test_the_page_of_a_draw_says_each_prize_once(folder, capsys):
    (folder / "numbers.csv").write_text("id,number\nt1,12\nt2,13\nt3,99\n")
    (folder / "prizes.toml").write_text(
        'name = "two"\ndigits = 2\nrule = "ends"\nticket_pence = 100\nprizes = [{match = 1, pence = 250, '
        "free_tickets = 1}]\n"
    )
    words = ["draw", "numbers.csv", "--table", "prizes.toml", "--dice", "1,7", "--html", "page.html"]

    assert status(*words) == 1  # no commitment was published
    assert "t1 (12): 1 digit, £2.50 and 1 free ticket" in capsys.readouterr().out
    page = (folder / "page.html").read_text()
    assert page.count(">t1<") == 1
    assert page.count("£2.50 and 1 free ticket<") == 2
