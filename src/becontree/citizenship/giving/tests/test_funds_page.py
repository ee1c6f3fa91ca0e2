"""The page of all funds: whose money is to be had comes first, and each rule is a sentence."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.tests.conftest import Town

pytestmark = pytest.mark.django_db


def test_a_fund_with_nothing_left_stands_after_those_with_money(town: Town, client: Client) -> None:
    town.fund("An empty pot", pence=0)
    town.fund("Zebra pot")
    page = client.get("/funds/").content.decode()

    assert page.index("Zebra pot") < page.index("An empty pot")


@pytest.mark.parametrize(("decides", "said"), [("officer", "An officer says how"), ("panel", "A panel says how")])
def test_who_decides_is_said_in_a_sentence(town: Town, decides: str, said: str) -> None:
    fund = town.fund(decides=decides)

    assert queries.describe(fund)[0] == f"{said} much, and why."
