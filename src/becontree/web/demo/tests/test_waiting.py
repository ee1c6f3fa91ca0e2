"""What finance can try in the example borough: a list for a second person, and an account too newly checked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from becontree.foundations.payments import actions as payments
from becontree.foundations.payments import arrivals, queries
from becontree.foundations.payments.models import BankLine, Charge, PaymentList, Payout
from becontree.web.demo import load, story, tales
from becontree.web.demo.borough import Borough


@pytest.fixture
def town(db: None) -> Borough:
    """The borough with only the two tales whose money is half out."""
    town = Borough(timezone.now())
    load._places(town)
    load._people(town)
    load._voices(town)
    tales.funds_of(town)
    for tale in story.TALES:
        if tale.rest:
            tales.tell(town, tale)
    tales.what_waits(town)
    return town


def test_a_list_waits_for_another_than_who_made_it(town: Borough) -> None:
    tom, ruth = town.people["tom"], town.people["ruth"]
    listed = queries.lists_waiting(ruth).get()
    assert [line.about for line in queries.pay_lines(listed)] == ["A library of things"]
    assert not queries.lists_waiting(tom).exists()
    released = payments.release_list(listed=listed, by=ruth, now=town.today)

    assert released.state == PaymentList.State.RELEASED


def test_a_payout_waits_until_the_new_account_has_been_known_long_enough(town: Borough) -> None:
    payout = queries.payouts_waiting(town.people["ruth"]).get()
    (line,) = queries.payout_lines([payout], town.today)
    assert (line.title, payout.state) == ("Hawthorn history walk", Payout.State.PROPOSED)
    assert "was checked less than 48 hours ago" in line.waits
    (later,) = queries.payout_lines([payout], town.today + timedelta(days=2))

    assert later.waits == ""


def test_the_first_halves_were_paid_by_the_statement(town: Borough) -> None:
    assert Payout.objects.filter(state=Payout.State.PAID).count() == 2


def test_what_givers_paid_has_reached_the_bank(town: Borough) -> None:
    assert arrivals.still_with_providers() == {}
    assert arrivals.paid_ahead(Payout.objects.all()) == {}
    lines = BankLine.objects.filter(matched="provider", matched_to="practice")
    charged = Charge.objects.filter(state="settled").aggregate(n=Sum("amount"))["n"]

    assert charged
    assert sum(line.amount for line in lines) == charged
