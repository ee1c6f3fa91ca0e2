"""`becontree match` and `becontree draw` as an officer meets them: words, machine output, exit status."""

import json

import pytest

from becontree.cli import main

FUND = """
name = "Council match"
pot = "39,000"
ratio = "39000:5599"
share = "15%"
[[project]]
id = "play"
target = "269,598"
"""
PLEDGES = "giver,project,amount\n" + "".join(f"g{n},play,100\n" for n in range(55)) + "g55,play,£99.00\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "fund.toml").write_text(FUND)
    (tmp_path / "pledges.csv").write_text(PLEDGES)
    (tmp_path / "tickets.csv").write_text("id\n" + "".join(f"t{n}\n" for n in range(30)))
    return tmp_path


def run(folder, *words):
    return main([str(folder / word) if "." in word and "/" not in word else word for word in words])


def test_the_play_facility_from_files_to_a_checked_record(folder, capsys):
    status = run(
        folder, "match", "pledges.csv", "--fund", "fund.toml", "--json", "--record", "r.json", "--html", "p.html"
    )
    answer = json.loads(capsys.readouterr().out)

    assert status == 0
    assert answer["matches"][0] | {"limits": []} == {
        "project": "play", "crowd": 5_599_00, "backers": 56, "wanted": 39_000_00, "paid": 39_000_00, "limits": [],
    }  # fmt: skip
    assert main(["verify", str(folder / "r.json")]) == 0
    page = (folder / "p.html").read_text()
    assert "£39,000.00" in page
    assert (folder / "p.html").stat().st_mode & 0o444 == 0o444
    assert "http" not in page


def test_the_words_name_what_held_a_match_back(folder, capsys):
    (folder / "fund.toml").write_text(FUND.replace('"39,000"', '"100"') + "\n")
    status = run(folder, "match", "pledges.csv", "--fund", "fund.toml")
    words = capsys.readouterr().out

    assert status == 0
    assert "paid £100.00, left £0.00" in words
    assert "the size of the pot" in words


def test_bad_files_are_refused_with_line_and_way_out(folder, capsys):
    (folder / "pledges.csv").write_text("giver,project,amount\na,play,five\n,play,5\n")
    status = run(folder, "match", "pledges.csv", "--fund", "fund.toml")
    words = capsys.readouterr().err

    assert status == 1
    assert "line 2, amount: 'five' is not a sum of money" in words
    assert "line 3, giver: This cell is empty" in words


def test_a_draw_by_dice_says_who_won_and_warns_without_a_commitment(folder, capsys):
    status = run(folder, "draw", "tickets.csv", "--winners", "1", "--dice", "0,7", "--html", "d.html")
    words = capsys.readouterr().out

    assert status == 1
    assert "t15" in words  # number 7 of the ids in text order: t0 t1 t10 t11 t12 t13 t14 t15
    assert "warning: No --commitment" in words
    assert "t15" in (folder / "d.html").read_text()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--winners", "1"], 2, "either --beacon or --dice"),
        (["--dice", "1"], 2, "either --winners K or --table"),
        (["--winners", "31", "--dice", "1,1"], 2, "cannot be drawn from 30"),
        (["--winners", "2", "--dice", "1,1"], 2, "dice choose one"),
        (["--winners", "1", "--dice", "9,9"], 1, "throw again"),
        (["--winners", "1", "--dice", "a"], 2, "with commas"),
        (["--winners", "1", "--dice", "1"], 2, "cannot give 30 different numbers"),
        (["--winners", "1", "--dice", "1,1", "--commitment", "00" * 32], 1, "Nothing was drawn"),
        (["--winners", "1", "--dice", "1,1", "--commitment", "00"], 2, "64 hexadecimal"),
        (["--winners", "1", "--beacon", "5:aa" + "00" * 47, "--round", "5"], 1, "does not carry drand's signature"),
        (["--winners", "1", "--beacon", "5:aa", "--round", "6"], 1, "round 6 was named in advance"),
        (["--winners", "1", "--beacon", "none"], 2, "There is no such file"),
        (["--liability"], 2, "needs --table"),
    ],
)
def test_misuse_and_broken_promises_are_said_plainly(folder, capsys, words, status, said):
    assert run(folder, "draw", "tickets.csv", *words) == status
    assert said in capsys.readouterr().err


def test_the_liability_of_a_file(folder, capsys):
    (folder / "prizes.toml").write_text(
        'name = "t"\ndigits = 3\nrule = "ends"\nticket_pence = 100\nprizes = [{match = 3, pence = 1000}]\n'
    )
    (folder / "numbers.csv").write_text("id,number\na,001\nb,001\nc,900\n")
    status = run(folder, "draw", "numbers.csv", "--table", "prizes.toml", "--liability", "--simulate", "2000", "--json")
    answer = json.loads(capsys.readouterr().out)

    assert status == 0
    assert (answer["mean_pence"], answer["worst_pence"], answer["chance_of_a_jackpot"]) == ("3/1", 2000, "1/500")
    assert answer["simulated"]["draws"] == 2000
