"""Sealed panels, receipts, letters, replacements and alternates."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from becontree.methods.draw.commitment import check_receipt
from becontree.methods.draw.stream import Stream
from becontree.methods.findings import Unusable
from becontree.methods.sortition import Person, Pool, Quota, pool, select
from becontree.methods.sortition.later import (
    alternates_pool,
    batch_is_due,
    expected_shortfall,
    letters,
    rate_of,
    replacement_pool,
)
from becontree.methods.sortition.protocol import Sealed, check_opening, draw_number, fix_pool, seal, seed_for_panels


@cache
def people() -> Pool:
    quotas = [Quota("age", "old", 2, 3), Quota("age", "young", 3, 4), Quota("sex", "f", 3, 3), Quota("sex", "m", 3, 3)]
    rows = [
        Person(f"p{index:02d}", ("old" if index % 3 == 0 else "young", "f" if index % 2 else "m"), f"h{index // 2}")
        for index in range(24)
    ]
    return pool(rows, quotas, 6, ["age", "sex"])


def salt(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


@cache
def sealed() -> Sealed:
    fixed = fix_pool(people(), {person.id: salt(person.id) for person in people().people})
    selection = select(people(), panels=40, seed=seed_for_panels(fixed, b"round A"))
    return seal(selection, fixed, [salt(f"panel {number}") for number in range(40)])


def test_the_reports_number_comes_out(shared: Path) -> None:
    beacon = json.loads((shared / "sortition" / "drand-test-beacons.json").read_text(encoding="utf-8"))["quicknet"]
    root = hashlib.sha256(b"test commitment").digest()

    assert draw_number(root, 1000, bytes.fromhex(beacon["randomness"])) == 719


def test_the_panel_that_the_beacon_draws_opens_and_no_other() -> None:
    public = sealed().public(round_b=7)
    number = draw_number(sealed().commitment.root, 40, b"round B")

    assert check_opening(public, sealed().opened(number), b"round B") == []
    assert check_opening(public, sealed().opened((number + 1) % 40), b"round B") != []
    assert check_opening(public, replace(sealed().opened(number), salt=bytes(32)), b"round B") != []


def test_nothing_published_names_anyone() -> None:
    text = json.dumps(sealed().public(round_b=7))

    assert not any(person.id in text for person in people().people)


def test_a_receipt_shows_your_row_and_your_panels() -> None:
    paper, numbers = sealed().receipt_for("p05", salt("p05"))

    assert check_receipt(paper, sealed().fixed.root)
    assert paper.row["answers"] == {"age": "young", "sex": "f"}
    assert numbers == tuple(at for at, panel in enumerate(sealed().selection.panels) if "p05" in panel)


def test_salts_must_be_there_and_differ() -> None:
    with pytest.raises(Unusable):
        fix_pool(people(), {person.id: salt("same") for person in people().people})
    with pytest.raises(Unusable):
        seal(sealed().selection, sealed().fixed, [salt("same")] * 40)


def test_replacements_fill_what_the_confirmed_leave() -> None:
    panel = sealed().selection.panels[0]
    stay, gone = panel[:3], panel[3:]
    rest = replacement_pool(people(), stay, gone)
    again = select(rest, panels=5, seed=b"a round of its own")
    answers = {person.id: person.answers for person in people().people}
    whole = [answers[name] for name in (*stay, *again.panels[0])]

    assert not set(gone) & {person.id for person in rest.people}
    for quota in people().quotas:
        place = people().features.index(quota.feature)

        assert quota.least <= sum(row[place] == quota.value for row in whole) <= quota.most


def test_replacements_refuse_what_makes_no_sense() -> None:
    panel = sealed().selection.panels[0]
    for stay, gone, code in (
        (panel, [], "select.replace.full"),
        (["nobody"], [], "select.replace.who"),
        ([panel[0]], [panel[0]], "select.replace.who"),
        (["p01", "p03", "p05", "p07"], [], "select.replace.over"),
    ):
        with pytest.raises(Unusable) as refused:
            replacement_pool(people(), stay, gone)

        assert refused.value.findings[0].code == code


def test_a_batch_is_three_or_the_last_call() -> None:
    assert [batch_is_due(free) for free in (0, 2, 3)] == [False, False, True]
    assert batch_is_due(1, last_call=True)
    assert not batch_is_due(0, last_call=True)


def test_alternates_lower_the_expected_shortfall() -> None:
    panel = sealed().selection.panels[0]
    often = [("age", "young")]
    reserve = select(alternates_pool(people(), panel, 3, doubled=often), panels=5, seed=b"s")
    without = expected_shortfall(people(), panel, (), Stream(bytes(32)), doubled=often, trials=300)
    with_them = expected_shortfall(people(), panel, reserve.panels[0], Stream(bytes(32)), doubled=often, trials=300)

    assert reserve.status == "ok"
    assert with_them < without / 2
    assert rate_of(people().people[1], people().features, often) == Fraction(1, 5)


def test_letters_keep_every_addresss_chance_equal_in_its_stratum_and_add_up() -> None:
    addresses = {f"a{index:03d}": "deprived" if index < 100 else "other" for index in range(400)}
    drawn = letters(addresses, 100, Stream(bytes(32)), weights={"deprived": Fraction(2)})

    assert len(set(drawn.addresses)) == 100
    assert drawn.chance == {"deprived": Fraction(40, 100), "other": Fraction(60, 300)}
    assert letters(addresses, 400, Stream(bytes(32)), weights={"deprived": Fraction(9)}).chance["other"] == 1


def test_letters_refuse_more_than_there_are() -> None:
    with pytest.raises(Unusable):
        letters({"a": "x"}, 2, Stream(bytes(32)))
