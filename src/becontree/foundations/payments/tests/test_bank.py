"""Bank transfers: statements in, matched, sent back; refunds and lists by two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.payments import actions, queries
from becontree.foundations.payments.models import BankLine, Charge, PaymentList, Refund
from becontree.foundations.payments.practice import remote
from becontree.foundations.payments.reference import shown
from becontree.foundations.payments.tests.conftest import HELD, NOON, posted, settle_down
from becontree.foundations.payments.tests.statements import (
    BANK,
    CLEARING,
    SET_UP,
    SUSPENSE,
    asked,
    bring_in,
    gift_line,
    paid_gift,
)
from becontree.foundations.people.models import Person
from becontree.methods.findings import Unusable

pytestmark = pytest.mark.django_db


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
