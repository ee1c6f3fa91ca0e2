"""Funds, pledges, tickets, prizes and beacons as files: what is broken is refused with its place and a way out."""

from fractions import Fraction

import pytest

from becontree.formats import fund, tickets
from becontree.methods.findings import Unusable

GOOD = 'pot = "39,000"\nratio = "39000:5599"\n'


def test_a_fund_is_read_exactly():
    read = fund.read_fund((GOOD + 'share = "15%"\n[[project]]\nid = "play"\ntarget = 269598\n').encode())

    assert (read.pot, read.terms.ratio, read.terms.share) == (39_000_00, Fraction(39000, 5599), Fraction(3, 20))
    assert read.projects[0].target == 269_598_00


FUNDS = [
    ("not toml", "pot = ", "fund.toml", "This is not TOML"),
    ("a table of pounds", "giver,project\n", "fund.toml", "This is not TOML"),
    ("no pot", 'ratio = "1:1"', "fund.missing", "pot: It is missing"),
    (
        "a word for a ratio",
        'pot = "5"\nratio = "abc"',
        "fund.ratio",
        "'abc' is not a ratio or a share. Write \"39000:5599\"",
    ),
    ("no ratio", 'pot = "5"', "fund.missing", "ratio: It is missing"),
    ("pot as decimal", "pot = 1.5\nratio = '1:1'", "fund.money", "pot: This is not a sum of money"),
    ("pot below zero", "pot = -5\nratio = '1:1'", "fund.money", "'-5' is not a sum of money"),
    ("pot as list", "pot = []\nratio = '1:1'", "fund.money", "pot"),
    ("huge number", "pot = 1" + "0" * 5000, "fund.toml", "This is not TOML"),
    ("deep list", "pot = " + "[" * 100_000, "fund.toml", ""),
    ("unknown method", GOOD + 'method = "magic"', "fund.choice", "Choose capped-ratio, quadratic"),
    ("method as list", GOOD + "method = []", "fund.choice", "method"),
    ("misspelt limit", GOOD + 'per_projet = "5"', "fund.key", "per_projet: The method capped-ratio has no such key"),
    ("limit of another method", 'pot = "5"\nmethod = "quadratic"\nratio = "1:1"', "fund.key", "quadratic has no such"),
    ("ratio as decimal", 'pot = "5"\nratio = 0.5', "fund.ratio", "stays exact"),
    ("ratio of nothing", 'pot = "5"\nratio = "1:0"', "fund.ratio", "divides by zero"),
    ("ratio zero", 'pot = "5"\nratio = "0"', "match.ratio", "not above zero"),
    ("share over one", GOOD + 'share = "115%"', "match.share", "not between 0 and 1"),
    ("backers in words", GOOD + 'min_backers = "ten"', "fund.count", "not a whole number"),
    ("backers below zero", GOOD + "min_backers = -1", "match.limit", "below zero"),
    ("when short", GOOD + 'when_short = "later"', "fund.choice", "Choose first, share"),
    ("projects as text", GOOD + 'project = "play"', "fund.project", "Projects are tables"),
    ("project without id", GOOD + "[[project]]\ntarget = 5", "fund.project.id", "has no id"),
    ("project twice", GOOD + '[[project]]\nid = "a"\n[[project]]\nid = "a"', "fund.project.twice", "twice"),
    ("project key", GOOD + '[[project]]\nid = "a"\ngoal = 5', "fund.key", "goal: A project has no such key"),
    ("lot", GOOD + 'lot = "a, b"', "fund.lot", "not a list"),
    ("lot twice", GOOD + 'lot = ["a", "a"]', "fund.lot", "twice"),
    ("groups", 'pot = "5"\nmethod = "cluster"\ngroups = 5', "fund.groups", "lists of givers"),
]


@pytest.mark.parametrize(("text", "code", "words"), [row[1:] for row in FUNDS], ids=[row[0] for row in FUNDS])
def test_a_broken_fund_is_refused(text, code, words):
    with pytest.raises(Unusable) as refused:
        fund.read_fund(text.encode(), file="fund.toml")

    assert code in [finding.code for finding in refused.value.findings]
    assert words in str(refused.value)
    assert all(finding.file == "fund.toml" for finding in refused.value.findings)


TICKETS = [
    ("no id column", "number\n000001\n", "table.column.missing", "id"),
    ("no tickets", "id,number\n", "tickets.none", "no tickets"),
    ("empty id", "id,number\n,000001\n", "tickets.id", "line 2"),
    ("id twice", "id,number\na,000001\na,000002\n", "tickets.twice", "already used on line 2"),
    ("lost zeros", "id,number\na,1\n", "tickets.number", "Keep leading zeros"),
    ("letters", "id,number\na,00000x\n", "tickets.number", "6 digits"),
    ("salt", "id,number,salt\na,000001,xyz\n", "tickets.salt", "hexadecimal"),
]


@pytest.mark.parametrize(("text", "code", "words"), [row[1:] for row in TICKETS], ids=[row[0] for row in TICKETS])
def test_broken_tickets_are_refused(text, code, words):
    with pytest.raises(Unusable) as refused:
        tickets.read_tickets(text.encode(), file="t.csv", digits=6)

    assert refused.value.findings[0].code == code
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("reader", "data", "code"),
    [
        (tickets.read_beacon, b"{", "draw.beacon.json"),
        (tickets.read_beacon, b"[]", "draw.beacon.json"),
        (tickets.read_beacon, b"{}", "draw.beacon.round"),
        (tickets.read_beacon, b'{"round": 1e999, "signature": "ab"}', "draw.beacon.round"),
        (tickets.read_prizes, b"digits = ", "draw.table.toml"),
        (tickets.read_prizes, b"digits = 6", "draw.table.field"),
        (tickets.read_prizes, b"\xff", "table.encoding"),
        (fund.read_pledges, b"giver,project,amount\na,,5\n", "fund.pledge"),
        (fund.read_pledges, b"giver,project,amount\na,p,0\n", "fund.pledge"),
        (fund.read_pledges, b"giver,project,amount\na,p,-5\n", "table.cell.money"),
    ],
)
def test_other_broken_files_are_refused(reader, data, code):
    with pytest.raises(Unusable) as refused:
        reader(data, file="f")

    assert refused.value.findings[0].code == code
