"""360Giving: what is written validates against the standard's schemas and is read back; what is broken is named."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.formats import threesixty
from becontree.formats.threesixty import Award, Organisation
from becontree.methods.findings import Unusable

PLAY = Award(
    id="360G-example-1",
    title="Play facility, council match",
    description="Match of 39,000 pounds for 5,599 pounds from the crowd.",
    pence=39_000_00,
    awarded=date(2026, 3, 2),
    recipient=Organisation("GB-CHC-0000000", "Friends of the invented park", charity_number="0000000"),
    funder=Organisation("GB-LAE-XXX", "Example borough"),
    programme=("crowd", "Crowd match"),
    location=("Heath", "E05000036", "WD"),
    planned=(date(2026, 4, 1), None),
    open_call=True,
    modified="2026-11-22T09:00:00Z",
)
SMALL = Award("360G-example-2", "=Tools", "Hand tools, £10.55", 1055, date(2026, 5, 1), PLAY.recipient, PLAY.funder)


@pytest.mark.shared
def test_what_is_written_validates_and_what_is_broken_does_not(shared):
    schemas = shared / "360giving"
    package = threesixty.package([PLAY, SMALL], title="Example")
    broken = json.loads(json.dumps(package))
    del broken["grants"][1]["recipientOrganization"][0]["name"]
    broken["grants"][0]["awardDate"] = "2 March"

    assert threesixty.validate(package, schemas) == []
    assert {finding.field for finding in threesixty.validate(broken, schemas)} == {
        "grants/0/awardDate", "grants/1/recipientOrganization/0",
    }  # fmt: skip
    assert threesixty.validate({"grants": []}, schemas)[0].field == "grants"


def test_json_is_read_back_as_it_was():
    assert threesixty.read_json(threesixty.write_json([PLAY, SMALL]).encode()) == (PLAY, SMALL)


def test_csv_is_read_back_as_it_was_and_is_safe_to_open():
    written = threesixty.write_csv([PLAY, SMALL])

    assert threesixty.read_csv(written.encode()) == (PLAY, SMALL)
    assert "'=Tools" in written
    assert ",10.55," in written


@given(st.integers(0, 10**14))
def test_pence_survive_both_forms(pence):
    award = Award("a-1", "t", "d", pence, date(2026, 1, 1), PLAY.recipient, PLAY.funder)

    assert threesixty.read_json(threesixty.write_json([award]).encode())[0].pence == pence
    assert threesixty.read_csv(threesixty.write_csv([award]).encode())[0].pence == pence


GRANT = threesixty.grant(PLAY)
BROKEN = [
    ("not json", b"{", "360.json", "not JSON"),
    ("not json at all", b"\x89PNG\r\n\x1a\n", "table.encoding", "not UTF-8"),
    ("a list", b"[]", "360.grants", "no list of grants"),
    ("no grants", b'{"grants": []}', "360.grants", "no list of grants"),
    ("a grant that is text", b'{"grants": ["x"]}', "360.grant", "not an object"),
    ("NaN", b'{"grants": [NaN]}', "360.json", "can be read"),
    ("deep nesting", b"[" * 100_000, "360.json", "can be read"),
    ("huge number", b'{"grants": [{"amountAwarded": 1' + b"0" * 5000 + b"}]}", "360.json", "can be read"),
    ("no id", {"id": None}, "360.field", "grants/0/id: It is missing"),
    ("number as title", {"title": 5}, "360.field", "grants/0/title: This is not text"),
    ("no amount", {"amountAwarded": None}, "360.field", "grants/0/amountAwarded: It is missing"),
    ("true amount", {"amountAwarded": True}, "360.field", "amountAwarded: It is missing or not a number"),
    ("part of a penny", {"amountAwarded": 1.005}, "360.field", "whole pence"),
    ("below zero", {"amountAwarded": -1}, "360.field", "whole pence"),
    ("beyond counting", {"amountAwarded": 1e30}, "360.field", "whole pence"),
    ("amount as words", {"amountAwarded": "lots"}, "360.field", "whole pence"),
    ("date in words", {"awardDate": "yesterday"}, "360.field", "This is not a date"),
    ("no such day", {"awardDate": "2026-02-30"}, "360.field", "This is not a date"),
    ("no recipient", {"recipientOrganization": []}, "360.field", "recipientOrganization/0/id: It is missing"),
    ("recipient is text", {"recipientOrganization": "me"}, "360.field", "recipientOrganization/0/id: It is missing"),
    ("funder without name", {"fundingOrganization": [{"id": "x"}]}, "360.field", "fundingOrganization/0/name"),
    ("open call maybe", {"fromOpenCall": "Maybe"}, "360.field", "neither Yes nor No"),
]


@pytest.mark.parametrize(("data", "code", "words"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_package_is_refused_with_its_field(data, code, words):
    source = data if isinstance(data, bytes) else json.dumps({"grants": [GRANT | data]}).encode()
    with pytest.raises(Unusable) as refused:
        threesixty.read_json(source, file="g.json")

    assert refused.value.findings[0].code == code
    assert words in str(refused.value)


def test_a_grant_listed_twice_is_refused():
    with pytest.raises(Unusable, match="listed twice"):
        threesixty.read_json(json.dumps({"grants": [GRANT, GRANT]}).encode())


def test_a_broken_row_of_the_spreadsheet_is_named_by_its_line():
    written = threesixty.write_csv([PLAY, SMALL]).replace("10.55", "ten")
    with pytest.raises(Unusable, match=r"g.csv, line 3, amountAwarded: This is not a sum"):
        threesixty.read_csv(written.encode(), file="g.csv")
