"""Money that a person writes down for a fund: on a day that can be, and once, however its reference is typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions import elsewhere, paying_in
from becontree.citizenship.giving.models import Contribution
from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.models import Journal
from becontree.foundations.ledger.queries import balance
from becontree.foundations.policy import actions as policy


def pays(town: Town, fund: Any, **more: Any) -> None:
    facts = {"pence": 100, "reference": "REF-T1", "on": town.now.date()} | more
    paying_in.pay_in(fund=fund, by=town.officer("fin", "finance"), now=town.now, **facts)


@pytest.mark.parametrize("again", ["REF-T1", "ref-t1", "REF -T1", " Ref-t 1\t", "\uff32ef-T1"])
def test_one_reference_counts_once_however_it_is_typed(town: Town, again: str) -> None:
    fund = town.fund(pence=0)
    pays(town, fund)
    with pytest.raises(Clash) as refused:
        pays(town, fund, reference=again)

    assert (refused.value.field, balance(fund.account).posted) == ("reference", 100)


@pytest.mark.parametrize("typed", ["REF-T1", "ref-t1"])
def test_a_reference_from_before_is_known_as_it_was_typed(town: Town, typed: str) -> None:
    """Keys made before hold the reference with its capitals and spaces."""
    fund = town.fund(pence=0)
    old = f"fund:{fund.slug}:in:REF -T1"
    books.pay_in(fund, 100, old, town.now.date(), SETUP, town.now)
    with pytest.raises(Clash):
        pays(town, fund, reference=typed)
    ledger.reverse(journal=Journal.objects.get(key=old), reason="It never came", by=SETUP, now=town.now)
    pays(town, fund, reference=typed)  # reversed: it may be written down again, once
    with pytest.raises(Clash):
        pays(town, fund, reference=typed)

    assert balance(fund.account).posted == 100


@pytest.mark.parametrize("days", [1, 36, 402, -731, -3_650, -36_500])
def test_a_day_that_cannot_be_is_refused_beside_its_field(client: Any, town: Town, days: int) -> None:
    town.now = timezone.now()
    fund = town.fund(pence=0)
    client.force_login(town.officer("fin", "finance"), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    sent = {"pence": "1.00", "reference": "B1", "on": (town.now.date() + timedelta(days=days)).isoformat()}
    page = client.post(f"/desk/giving/funds/{fund.slug}/pay-in/", sent)

    assert page.status_code == 422
    assert ("in the future" if days > 0 else "Look at the year again") in page.text
    assert sent["on"] in page.text  # nothing typed is lost
    assert balance(fund.account).posted == 0


def test_how_far_back_is_the_councils_to_say(town: Town) -> None:
    fund = town.fund(pence=0)
    policy.set_council(
        key="giving.days_back", value=31, since=town.now.date(), reason="As agreed.", by=SETUP, now=town.now
    )
    pays(town, fund, on=town.now.date() - timedelta(days=31))
    with pytest.raises(Invalid):
        pays(town, fund, reference="B2", on=town.now.date() - timedelta(days=32))


def test_money_from_elsewhere_cannot_be_dated_a_century_back(town: Town) -> None:
    project = town.project()
    with pytest.raises(Invalid) as refused:
        elsewhere.claim(
            project=project, source="A trust", kind="trust", part="capital", pence=100, on=date(1900, 1, 1),
            evidence_note="Letter", by=town.person("olive"), now=town.now,
        )  # fmt: skip

    assert list(refused.value.errors) == ["on"]
    assert Contribution.objects.count() == 0
