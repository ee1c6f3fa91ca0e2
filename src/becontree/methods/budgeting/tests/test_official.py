"""Official outcomes of real votes, as the files have them in `selected`, under the rule that the file names."""

from pathlib import Path

import pytest

from becontree.formats import pb
from becontree.methods.budgeting import count, preset

SHARED = Path(__file__).parents[6] / "shared" / "data" / "pabulib"
FILES = sorted(SHARED.glob("*.pb"))

pytestmark = [pytest.mark.shared, pytest.mark.usefixtures("shared")]  # fails in CI where the data is missing

PRESET = {
    "greedy": "greedy",
    "greedy-no-skip": "greedy-no-skip",
    "greedy-threshold": "greedy-threshold",
    "greedy-custom": "poznan",
    "equalshares/add1": "assen-2024",
    "equalshares/add1-comparison": "wieliczka-2023",
}


# Where life differed from the rule that the file names: funded by the rule alone, funded officially alone.
OTHERWISE = {
    # The file says why: projects in the same place excluded each other.
    "Poland_Warszawa_2024": ({"1018", "1378", "1498"}, {"130", "306", "638"}),
    # The city had removed this project; the file keeps it, says so in its name, and gives it a cost of 0.
    "older_poland_gdynia_2020_grabowek-large": ({"5"}, set()),
}


def outcomes(rule):
    """(file name, funded by the rule, funded officially) of every file that names this rule and an outcome."""
    found = []
    for path in FILES:
        # Looked for in the first lines, so that only the files of this rule are read whole.
        with path.open(encoding="utf-8") as lines:
            head = [line.strip() for _, line in zip(range(60), lines)]
        if f"rule;{rule}" in head:
            file = pb.read(path)
            if not file.selected():
                continue
            official = {id_ for id_, value in file.selected().items() if value == 1}
            rule_ = preset(PRESET[rule], file.election.ballot_type)
            found.append((path.stem, set(count(file.election, rule_).funded), official))
    return found


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        ("greedy", 24),
        ("greedy-no-skip", 17),
        ("greedy-threshold", 20),
        ("greedy-custom", 7),
        ("equalshares/add1", 1),
        ("equalshares/add1-comparison", 1),
    ],
)
def test_official_outcomes_are_those_of_the_rule_that_the_file_names(rule, files):
    found = outcomes(rule)

    assert len(found) == files
    for name, ours, official in found:
        assert (ours - official, official - ours) == OTHERWISE.get(name, (set(), set())), name


def test_assen_has_its_nine_winners():
    [(_, ours, official)] = outcomes("equalshares/add1")

    assert len(ours) == 9
    assert ours == official
