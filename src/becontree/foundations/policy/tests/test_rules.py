"""Dated rules: what holds on a day, and files that cannot stand."""

from datetime import date

import pytest

from becontree.foundations import policy
from becontree.foundations.policy import rules

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("subsidy.minimal_assistance", 31_500_000, "£315,000.00"),
        ("money.publish_spending_over", 50_000, "£500.00"),
        ("money.publish_contracts_over", 500_000, "£5,000.00"),
        ("levy.neighbourhood_share", 15, "15%"),
        ("levy.neighbourhood_cap_per_dwelling", 10_000, "£100.00"),
        ("data.subject_access", 1, "1 month"),
        ("accessibility.standard", "WCAG 2.2 AA", "WCAG 2.2 AA"),
    ],
)
def test_rules_in_force_today(key, value, shown):
    found = policy.at(TODAY).value(key)

    assert (found.value, found.shown) == (value, shown)
    assert found.source


def test_the_levy_oracle_comes_out_of_the_rules():
    on = policy.at(TODAY)
    receipts, dwellings = 100_000_000, 1_200
    share = receipts * on.whole("levy.neighbourhood_share") // 100
    cap = dwellings * on.whole("levy.neighbourhood_cap_per_dwelling")

    assert share == 15_000_000
    assert min(share, cap) == 12_000_000
    assert receipts * on.whole("levy.neighbourhood_share_with_plan") // 100 == 25_000_000


def test_every_rule_says_where_it_comes_from_and_since_when():
    values = [value for versions in rules.rules().values() for value in versions]

    assert len(values) >= 30
    assert all(value.source and value.title and value.unit for value in values)
    assert {value.standing for value in values} <= set(rules.STANDINGS)


@pytest.mark.django_db
def test_an_unknown_key_is_named():
    with pytest.raises(rules.UnknownKey, match=r"'subsidy.maximal'"):
        policy.at(TODAY).get("subsidy.maximal")


def test_a_day_without_a_value_is_named_with_the_days_that_have_one():
    with pytest.raises(rules.NotInForce, match=r"subsidy.minimal_assistance has no value on 2022-12-31.*2023-01-04"):
        policy.at(date(2022, 12, 31)).get("subsidy.minimal_assistance")


ROW = """
[[rule]]
key = "{key}"
title = "A rule"
from = {since}
{until}
value = {value}
unit = "{unit}"
source = "An Act, section 1"
standing = "law"
confirmed = true
"""


def written(tmp_path, *rows):
    text = "".join(
        ROW.format(key="a.b", value=row.get("value", 1), unit=row.get("unit", "days"), since=row["since"],
                   until=f"to = {row['until']}" if "until" in row else "")
        for row in rows
    )  # fmt: skip
    (tmp_path / "test.toml").write_text(text)
    return rules.read(tmp_path.glob("*.toml"))


def test_a_rule_that_changed_has_each_value_on_its_own_days(tmp_path):
    found = written(
        tmp_path,
        {"since": "2020-01-01", "until": "2024-11-20", "value": 136_400},
        {"since": "2024-11-21", "value": 38_000},
    )["a.b"]

    assert rules.in_force(found, date(2019, 12, 31)) is None
    assert rules.in_force(found, date(2024, 11, 20)).value == 136_400
    assert rules.in_force(found, date(2024, 11, 21)).value == 38_000


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"since": "2020-01-01"}, {"since": "2021-01-01"}], "two values hold on 2021-01-01"),
        ([{"since": "2020-01-01", "until": "2021-01-01"}, {"since": "2021-01-01"}], "two values"),
        (
            [{"since": "2020-01-01", "until": "2020-12-31"}, {"since": "2021-01-01", "unit": "weeks"}],
            "changes its unit",
        ),
        ([{"since": "2020-01-01", "until": "2019-01-01"}], "in that order"),
        ([{"since": "2020-01-01", "value": "1.5"}], "a value is whole"),
        ([{"since": "'2020-01-01'"}], "are dates"),
    ],
)
def test_a_file_that_breaks_the_rules_is_refused_by_name(tmp_path, rows, said):
    with pytest.raises(rules.BadPolicy, match=said):
        written(tmp_path, *rows)


def test_a_file_that_is_not_toml_or_lacks_a_field_is_refused_by_name(tmp_path):
    (tmp_path / "broken.toml").write_text("[[rule]\n")
    with pytest.raises(rules.BadPolicy, match=r"broken.toml"):
        rules.read(tmp_path.glob("*.toml"))

    (tmp_path / "broken.toml").write_text('[[rule]]\nkey = "a.b"\n')
    with pytest.raises(rules.BadPolicy, match=r"lacks .*source"):
        rules.read(tmp_path.glob("*.toml"))
