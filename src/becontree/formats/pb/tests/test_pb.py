"""Reading and writing whole elections."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.formats import pb
from becontree.formats.pb.tests.test_broken import GOOD, POINTS
from becontree.methods.findings import Unusable

FILES = sorted((Path(__file__).parents[6] / "shared" / "data" / "pabulib").glob("*.pb"))


def codes(file):
    return {finding.code for finding in file.findings}


def test_a_good_file_reads_without_findings():
    file = pb.read_text(GOOD)

    assert codes(file) == set()
    assert file.election.votes == (2, 3, 1)
    assert file.election.projects[2].cost == Fraction(51, 2)
    assert file.election.projects[2].name == "Tree; old"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_windows_line_ends_and_a_byte_order_mark_make_no_difference(end):
    data = b"\xef\xbb\xbf" + GOOD.replace("\n", end).encode()

    file = pb.read_bytes(data)

    assert file.election.votes == (2, 3, 1)
    assert file.line_end == end


def test_decimal_commas_are_exact():
    assert pb.read_text(GOOD.replace("budget;100", "budget;100,10")).election.budget == Fraction(1001, 10)


def test_blanks_after_commas_and_around_fields_are_left_out():
    assert pb.read_text(GOOD.replace("a;1,2", "a; 1, 2 ")).election.votes == (2, 3, 1)


def test_a_repeated_id_counts_once_and_is_reported_with_its_line():
    file = pb.read_text(GOOD.replace("b;2\n", "b;2,2\n"))

    assert file.election.votes == (2, 3, 1)
    assert [(f.code, f.line, f.level) for f in file.findings] == [("pb.vote.repeated", 16, "warning")]


def test_a_blank_ballot_is_reported_and_counts_as_a_voter():
    file = pb.read_text(GOOD.replace("d;1\n", "d;\n"))

    assert file.election.voters == 4
    assert "pb.vote.blank" in codes(file)


@pytest.mark.parametrize(
    ("cost", "code"), [("0", "pb.cost.zero"), ("999999999", "pb.cost.withdrawn"), ("101", "pb.cost.dear")]
)
def test_odd_costs_are_reported(cost, code):
    assert code in codes(pb.read_text(GOOD.replace("2;40;", f"2;{cost};")))


def test_ballots_outside_the_limits_are_reported_and_counted():
    file = pb.read_text(GOOD.replace("vote_type", "max_length;1\nvote_type"))

    assert [(f.code, f.line) for f in file.findings] == [("pb.vote.above", 16), ("pb.vote.above", 18)]
    assert file.election.voters == 4


def test_points_outside_the_limits_are_reported():
    file = pb.read_text(POINTS.replace("vote_type", "max_sum_points;3\nmin_points;2\nvote_type"))

    assert {"pb.vote.above", "pb.vote.below"} <= codes(file)


def test_a_votes_column_that_differs_from_the_ballots_is_reported():
    assert "pb.votes.differ" in codes(pb.read_text(GOOD.replace("1;60;2;", "1;60;7;")))


def test_equal_ballots_written_differently_are_one():
    file = pb.read_text(GOOD.replace("c;3,2", "c;2,1"))

    assert len(file.election.ballots) == 3
    assert sorted(file.election.ballots.people.tolist()) == [1, 1, 2]


def test_ordinal_ballots_keep_their_order():
    file = pb.read_text(GOOD.replace("approval", "ordinal").replace("c;3,2", "c;2,1"))

    assert len(file.election.ballots) == 4


def test_decimal_points_are_exact():
    file = pb.read_text(POINTS.replace("b;2;4", "b;2;0.5"))

    assert file.election.ballots.unit == 2


def test_the_quick_and_the_careful_path_agree(monkeypatch):
    texts = [GOOD, POINTS, GOOD.replace("approval", "ordinal")]
    quick = [pb.read_text(text).election for text in texts]
    monkeypatch.setattr(pb.ballots, "quick", lambda *_: None)
    careful = [pb.read_text(text).election for text in texts]

    for one, other in zip(quick, careful):
        assert as_set(one.ballots) == as_set(other.ballots)


def as_set(ballots):
    found = set()
    for number, people in enumerate(ballots.people.tolist()):
        span = slice(int(ballots.starts[number]), int(ballots.starts[number + 1]))
        values = () if ballots.values is None else tuple(ballots.values[span].tolist())
        found.add((people, tuple(ballots.projects[span].tolist()), values, ballots.unit))
    return found


@pytest.mark.shared
@pytest.mark.usefixtures("shared")
def test_real_files_read_strictly_and_are_written_back_with_every_field():
    assert len(FILES) == 129
    for path in FILES:
        file = pb.read(path)
        if path.stat().st_size > 500_000:
            continue  # reading is enough here; writing large files back only takes time
        again = pb.read_text(pb.write_text(file))

        assert (again.meta, again.project_fields, again.project_rows) == (
            file.meta,
            file.project_fields,
            file.project_rows,
        )
        assert list(map(tuple, again.vote_rows)) == list(map(tuple, file.vote_rows))
        assert as_set(again.election.ballots) == as_set(file.election.ballots)


@pytest.mark.parametrize("text", [GOOD, POINTS, GOOD.replace("approval", "ordinal")])
def test_an_election_of_ours_becomes_a_file_that_reads_back(text):
    election = pb.read_text(text).election

    again = pb.read_text(pb.write_text(pb.from_election(election)))

    assert as_set(again.election.ballots) == as_set(election.ballots)
    assert again.election.projects == election.projects
    assert codes(again) == set()


LINES = st.sampled_from(GOOD.splitlines() + POINTS.splitlines() + ["", ";", '"', "VOTES", "META", "a;1;2;3", "1,2"])


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=25), st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_order_of_lines_gives_anything_but_a_file_or_findings(lines, lenient, end):
    refuses_or_reads(end.join(lines), lenient)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(POINTS)), st.integers(0, 12), st.text(max_size=6), st.booleans())
def test_no_small_damage_gives_anything_but_a_file_or_findings(at, gone, new, lenient):
    refuses_or_reads(POINTS[:at] + new + POINTS[at + gone :], lenient)


def refuses_or_reads(text, lenient):
    try:
        file = pb.read_text(text, lenient=lenient)
    except Unusable as unusable:
        assert unusable.findings  # noqa: PT017 - reading is as good an outcome
    else:
        assert file.election.voters == sum(file.election.ballots.people)
