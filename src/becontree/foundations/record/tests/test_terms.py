"""What a decision's page says: plain names for every key, and money in pounds."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

import pytest
from django.test import Client

from becontree.formats import fund as funds
from becontree.foundations.record import actions, facts, terms
from becontree.foundations.record.tests.conftest import BY, NOW
from becontree.methods.matching import Pledge, Project, Terms

RULE = funds.Fund(
    name="Play places pot", method="capped-ratio", pot=3_900_000,
    terms=Terms(ratio=Fraction(7), per_project=3_900_000, min_backers=2), projects=(Project("play", 26_959_800),),
)  # fmt: skip
GIFTS = [Pledge("g1", "play", 300_000), Pledge("g2", "play", 259_900)]


def frozen() -> dict:
    return funds.record(RULE, GIFTS, funds.apply(RULE, GIFTS))


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_every_key_of_a_match_has_its_plain_name_whatever_its_terms() -> None:
    record = frozen()
    found = keys(record["parameters"]) | keys(record["result"]) | {field.name for field in fields(Terms)}

    assert found >= {"pot", "per_project", "crowd", "limits", "wanted"}
    assert {key for key in found if terms.name_of("match", key) is None} == set()
    assert terms.MONEY["match"] >= funds.MONEY


@pytest.mark.django_db
def test_the_page_of_a_match_says_its_money_in_pounds_and_the_limit_that_bit_in_words() -> None:
    actions.thing(ref="award/pot/1", kind="award", title="Granted £39,000 to the green", url="/projects/play/")
    actions.thing(ref="project/play", kind="project", title="A play area on the green", url="/projects/play/")
    record = frozen()
    entry = actions.decide(
        thing="award/pot/1", title="Granted £39,000 to the green", kind="award.granted", family="match",
        method=record["method"],
        record=record, authority="The rule", reasons="The rule.", because=[], facts={"pence": 3_900_000},
        on=NOW.date(), by=BY, now=NOW,
    )  # fmt: skip
    page = Client().get(f"/record/decision/{entry.pk}/").content.decode()

    for name, value in (
        ("Given by the crowd", "£5,599.00"), ("Match before any limit", "£39,193.00"), ("Granted", "£39,000.00"),
        ("Limit that bit", "at most £39,000 to one project"), ("What there was to share out", "£39,000.00"),
        ("For each pound given", "£7.00"), ("What the crowd gives first", "£0.00"), ("Fewest givers", "2"),
        ("Project", "A play area on the green"),
    ):  # fmt: skip
        assert f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' in page
    assert '<dd><a href="/projects/play/">A play area on the green</a></dd>' in page  # not the heading over again
    assert page.count("Granted £39,000 to the green") == 3  # the name of the tab, the heading, the knot of the thread
    assert page.count('<th scope="row">Granted</th>') == 1  # one match: the sum of all would say it again
    for code in ("per_project", "per project", "crowd first 0", "3,900,000", "559,900"):
        assert code not in page
    assert (
        '<th scope="row">amount</th><td>£39,000.00</td>' in Client().get(f"/record/entry/{entry.pk}/").content.decode()
    )


def test_what_no_table_knows_is_shown_as_it_is() -> None:
    assert list(facts.rows({"some_key": 1_000, "deep": [{"x": 1}]}, family="other")) == [
        ("some key", "1,000"),
        ("deep 1, x", "1"),
    ]


def test_an_adoption_says_shares_and_days() -> None:
    told = {"adopted_on": "2025-11-18", "agreement": ["1/2", "2/3"], "least_agreement": None}

    assert list(facts.rows(told, family="adoption")) == [
        ("Day it was adopted", "18 November 2025"),
        ("Who agrees, by group", "50%, 66.67%"),
        ("The group that agrees least", "none"),
    ]


def test_a_fact_that_is_a_day_reads_as_one_and_an_empty_one_says_so() -> None:
    assert list(facts.rows({"closes_on": "2027-01-12", "extra_use": "", "given_on": "soon"})) == [
        ("closes on", "12 January 2027"),
        ("extra use", "none"),
        ("given on", "soon"),
    ]


@pytest.mark.django_db
def test_an_entry_says_in_words_what_its_codes_mean_and_names_things_by_their_titles() -> None:
    actions.thing(ref="campaign/shed", kind="campaign", title="Campaign for a shed")
    actions.thing(ref="project/shed", kind="project", title="A shed for the lamp post choir")
    entry = actions.enter(
        thing="campaign/shed", title="Opened", kind="campaign.opened", step="facilitated", because=[],
        facts={"model": "all-or-nothing", "strategy": "save-and-charge", "leads_to": "project/shed"},
        on=NOW.date(), by=BY, now=NOW,
    )  # fmt: skip
    page = Client().get(f"/record/entry/{entry.pk}/").content.decode()

    for name, value in (
        ("What happens if the target is missed", "all or nothing: nobody pays, or everybody is paid back"),
        ("When gifts are taken", "after the campaign has closed as planned, not before"),
        ("leads to", "A shed for the lamp post choir"),
    ):
        assert f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' in page
    assert "save-and-charge" not in page
