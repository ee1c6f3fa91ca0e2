"""What a losing project is told."""

from fractions import Fraction

from becontree.formats import pb
from becontree.methods.budgeting import Rule, count
from becontree.methods.budgeting.why_not import why_not

TIED = (
    "META\nkey;value\nnum_projects;2\nnum_votes;3\nbudget;90\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    "cheap;60\ndear;80\nVOTES\nvoter_id;vote\na;cheap,dear\nb;cheap,dear\nc;cheap,dear\n"
)


def told(ties):
    election = pb.read_text(TIED).election
    outcome = count(election, Rule(ties=ties))
    return outcome, why_not(election, outcome, next(p.id for p in election.projects if p.id not in outcome.funded))


def test_a_project_that_lost_a_tie_is_told_which_and_by_what():
    outcome, why = told(("min-cost",))

    assert outcome.funded == ("cheap",)
    assert why.effective >= 1
    assert "In round 1 it tied with cheap, and cheap was taken by min-cost." in why.words
    assert not [line for line in why.words if "100 % wins" in line]


def test_one_more_vote_is_one_person():
    _, why = told(("max-cost",))

    assert why.lower_cost is None or why.lower_cost < Fraction(60)
    assert not [line for line in why.words if "1 more people" in line]
    assert [line for line in why.words if line.startswith("1 more person")]
