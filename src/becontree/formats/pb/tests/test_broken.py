"""Broken .pb files: each with the finding it must give, its line, and what lenient reading makes of it."""

import re
from fractions import Fraction

import pytest

from becontree.formats import pb
from becontree.methods.findings import Unusable

GOOD = """META
key;value
description;A small ward
num_projects;3
num_votes;4
budget;100
vote_type;approval
PROJECTS
project_id;cost;votes;name
1;60;2;Park
2;40;3;Bench
3;25.50;1;"Tree; old"
VOTES
voter_id;vote
a;1,2
b;2
c;3,2
d;1
"""
POINTS = GOOD.replace("approval", "cumulative").replace("voter_id;vote\n", "voter_id;vote;points\n")
POINTS = POINTS.replace("a;1,2\n", "a;1,2;3,1\n").replace("b;2\n", "b;2;4\n").replace("c;3,2\n", "c;3,2;2,2\n")
POINTS = POINTS.replace("d;1\n", "d;1;4\n")


def change(old, new, text=GOOD):
    assert old in text
    return text.replace(old, new, 1)


# name -> (text, code, line, whether lenient reading goes on)
BROKEN = {
    "empty": ("", "pb.empty", None, False),
    "blank": ("\n \n", "pb.empty", None, False),
    "zero byte": (change("Bench", "Be\0nch"), "pb.nul", 11, False),
    "not a pb file": ("<html></html>\n", "pb.section.missing", 1, False),
    "a spreadsheet": ("id,cost\n1,2\n", "pb.section.missing", 1, False),
    "no META": (GOOD[GOOD.index("PROJECTS") :], "pb.section.missing", 1, False),
    "META alone": ("META\n", "pb.header.missing", 1, False),
    "META without key": (change("key;value", "name;value"), "pb.column.missing", 2, False),
    "META without value": (change("key;value", "key;what"), "pb.column.missing", 2, False),
    "META header twice": (change("key;value", "key;value;key"), "pb.column.twice", 2, False),
    "no PROJECTS": (GOOD[: GOOD.index("PROJECTS")], "pb.section.missing", None, False),
    "VOTES before PROJECTS": (change("PROJECTS\n", "VOTES\n"), "pb.section.order", 8, False),
    "META twice": (change("PROJECTS\n", "META\n"), "pb.section.order", 8, False),
    "no VOTES": (GOOD[: GOOD.index("VOTES")], "pb.section.missing", None, False),
    "PROJECTS twice": (change("VOTES\n", "PROJECTS\n"), "pb.section.order", 13, False),
    "PROJECTS after VOTES": (GOOD + "PROJECTS\n", "pb.section.order", 19, False),
    "cut in PROJECTS header": (GOOD[: GOOD.index("project_id")], "pb.header.missing", 8, False),
    "cut in VOTES header": (GOOD[: GOOD.index("voter_id")], "pb.header.missing", 13, False),
    "meta row without value": (change("num_votes;4", "num_votes"), "pb.row.short", 5, True),
    "meta key twice": (change("num_votes;4", "budget;90"), "pb.meta.twice", 6, True),
    "no budget": (change("budget;100\n", ""), "pb.meta.missing", None, False),
    "budget empty": (change("budget;100", "budget;"), "pb.meta.missing", 6, False),
    "budget in words": (change("budget;100", "budget;a lot"), "pb.budget.number", 6, False),
    "budget with exponent": (change("budget;100", "budget;1e6"), "pb.budget.number", 6, False),
    "budget with currency": (change("budget;100", "budget;£100"), "pb.budget.number", 6, False),
    "budget with commas": (change("budget;100", "budget;1,000,000"), "pb.budget.number", 6, False),
    "budget that is a hundred thousand or a hundred": (
        change("budget;100", "budget;100,000"),
        "pb.budget.number",
        6,
        False,
    ),
    "budget nan": (change("budget;100", "budget;nan"), "pb.budget.number", 6, False),
    "budget nought": (change("budget;100", "budget;0"), "pb.budget.positive", 6, False),
    "budget below nought": (change("budget;100", "budget;-5"), "pb.budget.positive", 6, False),
    "no vote type": (change("vote_type;approval\n", ""), "pb.meta.missing", None, False),
    "unknown vote type": (change(";approval", ";shouting"), "pb.vote_type.unknown", 7, False),
    "no project id column": (change("project_id;", "id;"), "pb.column.missing", 9, False),
    "no cost column": (change(";cost;", ";price;"), "pb.column.missing", 9, False),
    "column twice": (change("cost;votes;", "cost;cost;"), "pb.column.twice", 9, False),
    "project row short": (change("2;40;3;Bench", "2;40"), "pb.row.short", 11, True),
    "project row of one field": (change("2;40;3;Bench", "2"), "pb.row.short", 11, True),
    "project row long": (change("2;40;3;Bench", "2;40;3;Bench;;"), "pb.row.long", 11, True),
    "semicolon not quoted": (change('"Tree; old"', "Tree; old"), "pb.row.long", 12, True),
    "project without id": (change("2;40;3;Bench", ";40;3;Bench"), "pb.project.nameless", 11, True),
    "project twice": (change("3;25.50", "1;25.50"), "pb.project.twice", 12, True),
    "cost in words": (change("2;40;", "2;forty;"), "pb.cost.number", 11, True),
    "cost that is forty thousand or forty": (change("2;40;", "2;40,000;"), "pb.cost.number", 11, True),
    "limit that is a thousand or one": (
        change("budget;100", "budget;100\nmin_length;1,000"),
        "pb.meta.number",
        7,
        True,
    ),
    "threshold that is a thousand or one": (
        change("budget;100", "budget;100\nmin_project_score_threshold;1,000"),
        "pb.meta.number",
        7,
        True,
    ),
    "cost missing": (change("2;40;", "2;;"), "pb.cost.number", 11, True),
    "cost with exponent": (change("2;40;", "2;4E1;"), "pb.cost.number", 11, True),
    "cost infinite": (change("2;40;", "2;inf;"), "pb.cost.number", 11, True),
    "cost below nought": (change("2;40;", "2;-40;"), "pb.cost.negative", 11, True),
    "cost of a hundred digits": (change("2;40;", f"2;{'9' * 100};"), "pb.cost.number", 11, True),
    "no projects": (re.sub(r"(?m)^[123];.*\n", "", GOOD), "pb.projects.none", None, False),
    "no voter id column": (change("voter_id;vote", "voter;vote"), "pb.column.missing", 14, False),
    "no vote column": (change("voter_id;vote", "voter_id;votes"), "pb.column.missing", 14, False),
    "no votes": (GOOD[: GOOD.index("a;1,2")], "pb.votes.none", None, False),
    "ballot row short": (change("b;2\n", "b\n"), "pb.row.short", 16, True),
    "ballot row long": (change("b;2\n", "b;2;9\n"), "pb.row.long", 16, True),
    "ballot without voter": (change("b;2\n", ";2\n"), "pb.voter.nameless", 16, True),
    "voter twice": (change("b;2\n", "a;2\n"), "pb.voter.twice", 16, True),
    "unknown project": (change("b;2\n", "b;9\n"), "pb.vote.unknown", 16, True),
    "unknown project by case": (change("b;2\n", "b;2,X\n"), "pb.vote.unknown", 16, True),
    "two commas": (change("a;1,2\n", "a;1,,2\n"), "pb.vote.gap", 15, True),
    "comma at the end": (change("a;1,2\n", 'a;"1,2,"\n'), "pb.vote.gap", 15, True),
    "names split by semicolons": (change("a;1,2\n", "a;1;2\n"), "pb.row.long", 15, True),
    "choose-1 with two": (change("approval", "choose-1"), "pb.vote.several", 15, True),
    "fewer projects than said": (change("num_projects;3", "num_projects;4"), "pb.count.differs", 4, True),
    "fewer votes than said": (change("d;1\n", ""), "pb.count.differs", 5, True),
    "more votes than said": (GOOD + "e;1\n", "pb.count.differs", 5, True),
    "points column missing": (change("approval", "cumulative"), "pb.column.missing", 14, False),
    "too few points": (change("a;1,2;3,1", "a;1,2;3", POINTS), "pb.points.count", 15, True),
    "too many points": (change("b;2;4", "b;2;4,1", POINTS), "pb.points.count", 16, True),
    "points in words": (change("b;2;4", "b;2;four", POINTS), "pb.points.number", 16, True),
    "points below nought": (change("b;2;4", "b;2;-4", POINTS), "pb.points.number", 16, True),
    "points missing": (change("b;2;4", "b;2;", POINTS), "pb.points.count", 16, True),
    "stray carriage return": (change("b;2\n", "b\r;2\n"), "pb.row.short", 16, True),
}


@pytest.mark.parametrize("name", BROKEN)
def test_strict_reading_names_the_trouble_and_its_line(name):
    text, code, line, _ = BROKEN[name]

    with pytest.raises(Unusable) as caught:
        pb.read_text(text, name="ward.pb")

    found = {finding.code: finding for finding in reversed(caught.value.findings)}
    assert code in found, found
    assert line is None or found[code].line == line
    assert found[code].file == "ward.pb"
    assert found[code].message.endswith(".")
    assert found[code].fix.endswith((".", "..."))


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("100,000", "Write 100000 if it is a thousand times 100, or 100.000 if the comma stands for a decimal point."),
        ("1,000,000", "Leave out the commas between thousands: 1000000."),
        ("a lot", "Write digits, with a point for pence."),
    ],
)
def test_an_amount_that_may_be_either_of_two_is_refused_with_both(written, fix):
    for text, field, line in ((change("budget;100", f"budget;{written}"), "budget", 6),
                              (change("2;40;", f"2;{written};"), "cost", 11)):  # fmt: skip
        with pytest.raises(Unusable) as caught:
            pb.read_text(text, name="ward.pb")
        assert [(f.field, f.line, f.fix) for f in caught.value.findings if f.code.endswith(".number")] == [
            (field, line, fix)
        ]


@pytest.mark.parametrize(("written", "cost"), [("0,125", "1/8"), ("1234,567", "1234567/1000"), ("99,50", "199/2")])
def test_a_comma_that_can_only_be_a_decimal_point_is_one(written, cost):
    assert pb.read_text(change("2;40;", f"2;{written};")).election.projects[1].cost == Fraction(cost)


@pytest.mark.parametrize("name", BROKEN)
def test_lenient_reading_goes_on_where_it_can_and_says_what_it_left_out(name):
    text, code, _, goes_on = BROKEN[name]

    if goes_on:
        file = pb.read_text(text, lenient=True)

        assert code in {finding.code for finding in file.findings}
        assert file.election.voters >= 3
    else:
        with pytest.raises(Unusable):
            pb.read_text(text, lenient=True)


def test_bytes_that_are_not_utf8_are_refused_with_their_line():
    with pytest.raises(Unusable, match="line 11: The file is not UTF-8"):
        pb.read_bytes(GOOD.encode().replace(b"Bench", b"B\xe4nk"))


def test_a_missing_file_and_a_folder_are_refused_plainly(tmp_path):
    for path in (tmp_path / "none.pb", tmp_path):
        with pytest.raises(Unusable, match="cannot be read"):
            pb.read(path)


def test_all_troubles_are_named_at_once():
    text = change("b;2\n", "b;9\n").replace("d;1\n", "d;8\n")

    with pytest.raises(Unusable) as caught:
        pb.read_text(text)

    assert [(f.code, f.line) for f in caught.value.findings] == [("pb.vote.unknown", 16), ("pb.vote.unknown", 18)]


def test_the_corpus_is_large_enough():
    assert len(BROKEN) >= 65
