"""Bank transfers: statements in, matched, sent back, paid out; always by two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.queries import balance
from becontree.foundations.payments import actions, queries
from becontree.foundations.payments.models import BankLine, Charge, PaymentList, Payout, Refund
from becontree.foundations.payments.practice import remote
from becontree.foundations.payments.reference import shown
from becontree.foundations.payments.tests.conftest import HELD, NOON, begin, posted, settle_down
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Organisation, Person
from becontree.methods.findings import Unusable

pytestmark = pytest.mark.django_db
SET_UP = System("test")
CLEARING, SUSPENSE, BANK = "asset:clearing:bankfile", "liability:suspense", "asset:bank:main"


def asked(key="gift/1", amount=2500, now=NOON):
    instruction = begin(key, amount=amount, provider="bankfile", purpose=key, now=now)
    settle_down(now, times=1)
    instruction.refresh_from_db()
    return instruction


def bring_in(*lines, now=NOON, by=SET_UP):
    text = "Date,Description,Amount\n" + "".join(f"{on},{words},{amount}\n" for on, words, amount in lines)
    return actions.import_statement(raw=text.encode(), file_name="s.csv", by=by, now=now)


def gift_line(instruction, pounds="25.00"):
    return ("20/11/2026", f"FP {shown(instruction.reference)} A GIVER", pounds)


def test_a_transfer_with_its_reference_and_amount_is_matched_by_itself(heard):
    instruction = asked()
    bring_in(gift_line(instruction))
    charge = instruction.charges.get()
    instruction.refresh_from_db()

    assert (charge.state, instruction.state) == ("settled", "ready")
    assert (posted(HELD), posted(BANK), posted(SUSPENSE), posted(CLEARING)) == (2500, 2500, 0, 0)
    assert heard["settled", charge.pk] == heard["ready", instruction.pk] == 1


def test_importing_twice_changes_nothing(heard):
    instruction = asked()
    lines = [gift_line(instruction), ("20/11/2026", "CHARGES", "-3.00"), ("20/11/2026", "CHARGES", "-3.00")]
    first, second = bring_in(*lines), bring_in(*lines, ("21/11/2026", "MORE", "1.00"))

    assert (first.lines_new, second.lines_new) == (3, 1)
    assert posted(BANK) == 2500 - 600 + 100
    assert heard["settled", instruction.charges.get().pk] == 1


def test_a_bad_line_keeps_the_whole_file_out(heard):
    with pytest.raises(Unusable):
        bring_in(("20/11/2026", "fine", "1.00"), ("20/13/2026", "not fine", "1.00"))

    assert not BankLine.objects.exists()


def test_another_amount_or_a_second_transfer_waits_in_suspense_with_a_note(heard):
    one, other = asked("gift/1"), asked("gift/2")
    bring_in(
        gift_line(one, "20.00"), gift_line(other), ("21/11/2026", other.reference, "25.00"), ("21/11/2026", "?", "7")
    )
    notes = set(BankLine.objects.filter(matched="").values_list("note", flat=True))

    assert posted(SUSPENSE) == 2000 + 2500 + 700
    assert any("is for £25.00, not £20.00" in note for note in notes)
    assert any("paid before" in note for note in notes)
    assert one.charges.get().state == "sent"


def test_finance_matches_by_hand_once(heard, finance):
    instruction, ann = asked(), finance("ann")
    bring_in(("20/11/2026", "GRANNY FOR THE SWINGS", "25.00"))
    line, charge = BankLine.objects.get(), instruction.charges.get()
    assert list(queries.candidates(line)) == [charge]
    actions.match_line(line=line, kind="charge", to=str(charge.pk), by=ann, now=NOON)
    with pytest.raises(Clash):
        actions.match_line(line=line, kind="charge", to=str(charge.pk), by=ann, now=NOON)

    assert (posted(HELD), posted(SUSPENSE), posted(CLEARING)) == (2500, 0, 0)


@pytest.mark.parametrize(
    ("kind", "to", "note", "code"),
    [
        ("charge", "nonsense", "", "payments.match-unknown"),
        ("refund", "4e1a7d5e-0000-4000-8000-000000000001", "", "payments.match-unknown"),
        ("provider", "bankfile", "", "payments.provider"),
        ("other", "expense:nowhere", "coffee", "payments.account"),
        ("other", "liability:refunds", " ", "payments.note"),
    ],
)
def test_a_match_that_cannot_be_is_refused(heard, finance, kind, to, note, code):
    bring_in(("20/11/2026", "?", "25.00"))
    with pytest.raises(Invalid) as refused:
        actions.match_line(line=BankLine.objects.get(), kind=kind, to=to, note=note, by=finance("ann"), now=NOON)

    assert refused.value.code == code
    assert posted(SUSPENSE) == 2500


def test_only_finance_touches_bank_lines(heard):
    bring_in(("20/11/2026", "?", "25.00"))
    anyone = Person.objects.create_user("r@example.invalid")
    with pytest.raises(NotAllowed):
        actions.match_line(line=BankLine.objects.get(), kind="provider", to="practice", by=anyone, now=NOON)
    with pytest.raises(NotAllowed):
        bring_in(("20/11/2026", "x", "1.00"), by=anyone)

    assert not BankLine.objects.exclude(matched="").exists()


def test_a_transfer_after_the_time_is_up_goes_to_suspense_and_back_to_its_sender(heard, finance):
    instruction = asked()
    actions.sweep(now=NOON + timedelta(days=15))
    charge = instruction.charges.get()
    assert (charge.state, charge.failure) == ("failed", "abandoned")
    now = NOON + timedelta(days=16)
    text = f"Date,Description,Amount\n08/12/2026,{instruction.reference},25.00\n"
    actions.import_statement(raw=text.encode(), file_name="late.csv", by=SET_UP, now=now)
    settle_down(now, times=1)
    refund = Refund.objects.get()
    assert (refund.state, refund.charge.late, posted(SUSPENSE), posted("liability:refunds")) == ("sent", True, 0, 2500)
    made = actions.make_list(by=finance("ann"), now=now)
    assert [(line.kind, line.amount) for line in queries.pay_lines(made)] == [("refund", 2500)]
    assert "The sender of £25.00" in queries.pay_lines(made)[0].payee
    actions.release_list(listed=made, by=finance("bob"), now=now)
    text += f"08/12/2026,{shown(instruction.reference)},-25.00\n"
    actions.import_statement(raw=text.encode(), file_name="later.csv", by=SET_UP, now=now)

    assert {code: posted(code) for code in (BANK, SUSPENSE, CLEARING, "liability:refunds", HELD)} == {
        BANK: 0, SUSPENSE: 0, CLEARING: 0, "liability:refunds": 0, HELD: 0,
    }  # fmt: skip
    assert heard["settled", charge.pk] == 0


def test_a_list_is_released_by_somebody_else(heard, finance):
    ann = finance("ann")
    charge = paid_gift()
    actions.refund(charge=charge, amount=2500, key="r1", reason="Not built", by=SET_UP, now=NOON)
    settle_down(NOON, times=1)
    made = actions.make_list(by=ann, now=NOON)
    with pytest.raises(NotAllowed):
        actions.release_list(listed=made, by=ann, now=NOON)
    with pytest.raises(Invalid):
        actions.make_list(by=ann, now=NOON)
    with pytest.raises(Clash):
        actions.fit_to_send(made, NOON)

    assert Refund.objects.get().state == "sent"
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentList.objects.filter(pk=made.pk).update(released_by=made.made_by)


def paid_gift(key="gift/1", amount=2500):
    instruction = asked(key, amount)
    bring_in(gift_line(instruction, f"{amount // 100}.{amount % 100:02d}"))
    return Charge.objects.get(instruction=instruction)


def test_a_large_refund_waits_for_a_second_person_and_a_small_one_does_not(heard, finance):
    ann, bob = finance("ann"), finance("bob")
    charge = paid_gift(amount=30_000)
    give = {"charge": charge, "reason": "Asked for it", "by": ann, "now": NOON}
    small = actions.refund(amount=10_000, key="small", **give)
    large = actions.refund(amount=10_001, key="large", **give)
    assert (small.state, large.state) == ("created", "proposed")
    with pytest.raises(NotAllowed):
        actions.approve_refund(refund=large, by=ann, now=NOON)
    actions.approve_refund(refund=large, by=bob, now=NOON)
    with pytest.raises(Clash):
        actions.approve_refund(refund=large, by=bob, now=NOON)
    settle_down(NOON, times=1)

    assert set(Refund.objects.values_list("state", flat=True)) == {"sent"}


def test_the_database_itself_refuses_refunds_above_the_payment(heard):
    charge = paid_gift()
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(refunding=2501)
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.filter(pk=charge.pk).update(state="failed", refunding=1)

    assert Charge.objects.get(pk=charge.pk).refunding == 0


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


@pytest.mark.parametrize("to", ["gift/1", "nothing/at-all", "", "fund/../../etc", "contribution/not-an-id"])
def test_a_line_is_only_for_what_a_room_takes(heard, finance, to):
    bring_in(("22/11/2026", "?", "20.00"))
    with pytest.raises(Invalid):
        actions.match_line(line=BankLine.objects.get(), kind="purpose", to=to, by=finance("ann"), now=NOON)

    assert posted(SUSPENSE) == 2000


def test_a_provider_s_payout_to_the_bank_empties_its_clearing_account(heard, finance):
    from becontree.foundations.payments.tests.conftest import saved

    saved(take="now")
    bring_in(("21/11/2026", "PRACTICE PAYOUT", "25.00"))
    actions.match_line(line=BankLine.objects.get(), kind="provider", to="practice", by=finance("ann"), now=NOON)

    assert (posted("asset:clearing:practice"), posted(BANK), posted(SUSPENSE)) == (0, 2500, 0)
    assert remote.balance() == 0  # the pretend provider holds no longer what it has paid to our bank
