"""Payouts: proposed by one, agreed to by another, on a list, and paid when the bank's own statement says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.queries import balance
from becontree.foundations.payments import actions, queries
from becontree.foundations.payments.models import BankLine, Payout
from becontree.foundations.payments.tests.conftest import HELD, NOON, posted
from becontree.foundations.payments.tests.statements import (
    BANK,
    CLEARING,
    SUSPENSE,
    bring_in,
    paid_gift,
)
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def club():
    return Organisation.objects.create(
        slug="club", name="Swings Club", kind="charity", added_by="x", added_at=NOON, verified_at=NOON,
        verified_by="x", verified_how="seen", bank_verified_at=NOON - timedelta(days=3), bank_verified_by="x",
        bank_verified_how="telephoned",
    )  # fmt: skip


def propose(club, by, *, amount=2000, key="p1", now=NOON):
    return actions.propose_payout(
        payee=club, amount=amount, purpose="gift/1", from_account=HELD, key=key, by=by, now=now
    )


def test_a_payout_is_reserved_agreed_listed_paid_and_found_in_the_bank(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    payout = propose(club, ann)
    assert propose(club, ann) == payout
    assert (balance(HELD).posted, balance(HELD).available) == (2500, 500)
    with pytest.raises(ledger.Overdrawn):
        propose(club, ann, amount=501, key="p2")
    with pytest.raises(NotAllowed):
        actions.approve_payout(payout=payout, by=ann, now=NOON)
    actions.approve_payout(payout=payout, by=bob, now=NOON)
    made = actions.make_list(by=ann, now=NOON)
    assert queries.pay_lines(made)[0].payee == "Swings Club"
    line = ("22/11/2026", f"BILL PAYMENT {payout.reference}", "-20.00")
    bring_in(("22/11/2026", f"TOO EARLY {payout.reference}", "-20.00"))  # the list is not released: a person must look
    assert BankLine.objects.get(amount=-2000).matched == ""
    actions.release_list(listed=made, by=bob, now=NOON)
    again = actions.release_list(listed=made, by=bob, now=NOON + timedelta(seconds=1))  # a double click
    assert (again.state, again.released_at) == ("released", NOON)
    with pytest.raises(Clash):
        actions.release_list(listed=made, by=finance("eve"), now=NOON)
    assert (posted(HELD), balance(HELD).available) == (2500, 500)  # set aside, and not paid before the bank says so
    BankLine.objects.filter(amount=-2000).update(line_hash="of another test")
    bring_in(line)
    payout.refresh_from_db()
    made.refresh_from_db()

    assert (payout.state, payout.paid_on.isoformat(), made.state) == ("paid", "2026-11-22", "paid")
    assert heard["payout paid", payout.pk] == 1
    assert (posted(HELD), posted(CLEARING), posted(SUSPENSE), posted(BANK)) == (500, 0, -2000, 500 - 2000)


def test_a_refused_payout_frees_its_money(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    actions.refuse_payout(payout=propose(club, ann), reason="Wrong sum", by=bob, now=NOON)

    assert balance(HELD).available == 2500
    assert Payout.objects.get().state == "refused"


def checked_again(club, when, **change):
    """The group's bank details were changed and checked anew."""
    Organisation.objects.filter(pk=club.pk).update(bank_verified_at=when, **change)
    club.refresh_from_db()


def test_an_unchecked_bank_account_is_not_proposed_for(heard, finance, club):
    paid_gift()
    checked_again(club, None, bank_verified_by="", bank_verified_how="")
    with pytest.raises(Invalid) as refused:
        propose(club, finance("ann"))

    assert refused.value.code == "payments.payee-unchecked"
    assert balance(HELD).available == 2500


def test_a_fresh_bank_account_waits_its_hours_before_anybody_agrees(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    checked_again(club, NOON)
    payout = propose(club, ann)
    with pytest.raises(Invalid) as refused:
        actions.approve_payout(payout=payout, by=bob, now=NOON + timedelta(hours=47, minutes=59))
    approved = actions.approve_payout(payout=payout, by=bob, now=NOON + timedelta(hours=48))

    assert refused.value.code == "payments.payee-cooling"
    assert approved.state == "approved"


def test_bank_details_changed_after_agreeing_hold_the_money_back_and_ask_again(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    payout = actions.approve_payout(payout=propose(club, ann), by=bob, now=NOON)
    checked_again(club, NOON + timedelta(hours=1))
    with pytest.raises(Invalid):
        actions.make_list(by=ann, now=NOON + timedelta(hours=2))
    later = NOON + timedelta(hours=50)
    with pytest.raises(Invalid):  # the wait is over, but nobody has agreed to the new account
        actions.make_list(by=ann, now=later)
    assert "agreed to again" in queries.payout_lines([payout], later)[0].waits
    actions.approve_payout(payout=payout, by=bob, now=later)
    made = actions.make_list(by=ann, now=later)

    assert made.total == 2000


def test_bank_details_changed_after_listing_stop_the_list_and_its_file(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    actions.approve_payout(payout=propose(club, ann), by=bob, now=NOON)
    made = actions.make_list(by=ann, now=NOON)
    checked_again(club, NOON + timedelta(hours=1))
    with pytest.raises(Clash):
        actions.release_list(listed=made, by=bob, now=NOON + timedelta(hours=2))
    checked_again(club, NOON - timedelta(days=3))  # as it was
    actions.release_list(listed=made, by=bob, now=NOON + timedelta(hours=2))
    checked_again(club, NOON + timedelta(hours=3))
    made.refresh_from_db()
    with pytest.raises(Clash):
        actions.fit_to_send(made, NOON + timedelta(hours=4))
    with pytest.raises(Invalid):
        actions.withdraw_list(listed=made, reason=" ", by=ann, now=NOON)
    actions.withdraw_list(listed=made, reason="Another bank", by=ann, now=NOON + timedelta(hours=4))

    assert Payout.objects.get().state == "approved"
    assert balance(HELD).available == 500
    with pytest.raises(Clash):
        actions.withdraw_list(listed=made, reason="Again", by=ann, now=NOON + timedelta(hours=4))


def test_a_list_that_was_partly_paid_is_not_withdrawn(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    one, other = (propose(club, ann, amount=500, key=key) for key in ("p1", "p2"))
    for payout in (one, other):
        actions.approve_payout(payout=payout, by=bob, now=NOON)
    made = actions.release_list(listed=actions.make_list(by=ann, now=NOON), by=bob, now=NOON)
    bring_in(("22/11/2026", one.reference, "-5.00"))
    with pytest.raises(Clash):
        actions.withdraw_list(listed=made, reason="Changed our minds", by=ann, now=NOON)
    made.refresh_from_db()

    assert (made.state, queries.left_of(made)) == ("released", 500)


def test_a_bulk_line_pays_a_whole_list_and_only_for_its_exact_sum(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    for key in ("p1", "p2"):
        actions.approve_payout(payout=propose(club, ann, amount=500, key=key), by=bob, now=NOON)
    made = actions.release_list(listed=actions.make_list(by=ann, now=NOON), by=bob, now=NOON)
    bring_in(("22/11/2026", "BULK PAYMENTS", "-10.00"), ("22/11/2026", "BULK PAYMENTS", "-9.99"))
    whole, less = BankLine.objects.get(amount=-1000), BankLine.objects.get(amount=-999)
    assert [label for _, rows in queries.offers(whole) for label, _ in rows] == [
        f"list:{made.number}",
        "provider:practice",
    ]
    with pytest.raises(Invalid):
        actions.match_line(line=less, kind="list", to=str(made.number), by=ann, now=NOON)
    actions.match_line(line=whole, kind="list", to=str(made.number), by=ann, now=NOON)
    with pytest.raises(Invalid):
        actions.match_line(line=less, kind="list", to=str(made.number), by=ann, now=NOON)
    made.refresh_from_db()

    assert made.state == "paid"
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    assert (posted(HELD), posted(CLEARING), posted(SUSPENSE)) == (1500, 0, -999)


def test_a_payout_is_never_paid_twice_by_two_lines(heard, finance, club):
    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    payout = actions.approve_payout(payout=propose(club, ann), by=bob, now=NOON)
    actions.release_list(listed=actions.make_list(by=ann, now=NOON), by=bob, now=NOON)
    bring_in(
        ("22/11/2026", payout.reference, "-20.00"),
        ("23/11/2026", payout.reference, "-20.00"),
        now=NOON + timedelta(days=1),
    )
    second = BankLine.objects.get(matched="", amount=-2000)
    with pytest.raises(Invalid):
        actions.match_line(line=second, kind="payout", to=str(payout.pk), by=ann, now=NOON)

    assert (posted(HELD), posted(SUSPENSE)) == (500, -2000)


def test_a_statement_in_a_closed_month_still_pays(heard, finance, club):
    from datetime import date

    ann, bob = finance("ann"), finance("bob")
    paid_gift()
    payout = actions.approve_payout(payout=propose(club, ann), by=bob, now=NOON)
    actions.release_list(listed=actions.make_list(by=ann, now=NOON), by=bob, now=NOON)
    december = NOON + timedelta(days=12)
    ledger.close_month(month=date(2026, 11, 1), by=System("tests"), now=december)
    bring_in(("23/11/2026", payout.reference, "-20.00"), now=december)
    payout.refresh_from_db()

    assert (payout.state, posted(HELD)) == ("paid", 500)
