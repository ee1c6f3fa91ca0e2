"""Whole payments through the practice provider: each way that a card can behave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.payments import actions
from becontree.foundations.payments.models import Charge, Dispute, Inbox, Outbox, Refund
from becontree.foundations.payments.port import SignatureRefused
from becontree.foundations.payments.practice import faults, remote
from becontree.foundations.payments.practice.models import PracticePayment
from becontree.foundations.payments.tests.conftest import HELD, MINUTE, NOON, begin, posted, saved, settle_down
from becontree.foundations.people.actors import System

pytestmark = pytest.mark.django_db
ROOM = System("test.room")


def charged(instruction, *, now=NOON, key="c1", amount=None):
    charge = actions.charge(instruction=instruction, amount=amount or instruction.amount, key=key, by=ROOM, now=now)
    settle_down(now)
    charge.refresh_from_db()
    return charge


def later(charge, minutes):
    now = NOON + minutes * MINUTE
    settle_down(now)
    actions.sweep(now=now)
    settle_down(now)
    charge.refresh_from_db()
    return charge


def test_a_card_is_saved_and_charged_and_the_money_is_held(heard, books_agree):
    instruction = saved()
    assert (instruction.state, instruction.card_kind) == ("ready", "debit")
    assert heard["ready", instruction.pk] == 1
    charge = charged(instruction)

    assert (charge.state, charge.account) == ("settled", HELD)
    assert heard["settled", charge.pk] == 1
    assert posted(HELD) == 2500
    books_agree()


def test_paying_at_once_makes_ready_and_settled_in_one_visit(heard, books_agree):
    instruction = saved(take="now")
    charge = instruction.charges.get()

    assert (instruction.state, charge.state) == ("ready", "settled")
    assert (heard["ready", instruction.pk], heard["settled", charge.pk]) == (1, 1)
    books_agree()


def test_a_declined_card_tells_the_room_once(heard):
    later_take = saved("gift/1", card="declines")
    at_once = saved("gift/2", card="declines", take="now")

    assert (later_take.state, at_once.state) == ("failed", "failed")
    assert heard["failed", None] == 1
    assert heard["failed", at_once.charges.get().pk] == 1


def test_a_card_that_declines_later_fails_the_charge_and_another_charge_may_follow(heard, books_agree):
    instruction = saved(card="declines-later")
    charge = charged(instruction)
    assert (charge.state, charge.failure) == ("failed", "card_declined")
    with faults.plan(lambda call, key, amount: faults.Fault()):
        second = charged(instruction, key="c2")

    assert second.state == "settled"
    assert heard["failed", charge.pk] == 1
    books_agree()


@pytest.mark.parametrize("card", ["twice", "backwards", "late", "never", "lost-answer"])
def test_each_awkward_card_settles_once(heard, books_agree, card):
    instruction = saved(card=card)
    if instruction.state == "new":  # no message ever comes: the sweep asks
        actions.sweep(now=NOON + 16 * MINUTE)
        instruction.refresh_from_db()
    charge = later(charged(instruction, now=NOON), 40)

    assert charge.state == "settled"
    assert heard["settled", charge.pk] == 1
    assert (posted(HELD), PracticePayment.objects.count()) == (2500, 1)
    books_agree()


def test_a_dead_line_is_tried_again_until_the_provider_would_forget_and_then_called_failed(heard):
    instruction = saved(card="lost-request")
    charge = charged(instruction)
    assert charge.state == "unknown"
    for hours in range(26):
        settle_down(NOON + timedelta(hours=hours), times=1)
    assert Outbox.objects.get(kind="charge").state == "dead"
    actions.sweep(now=NOON + timedelta(hours=27))
    charge.refresh_from_db()

    assert (charge.state, charge.failure) == ("failed", "never_arrived")
    assert heard["failed", charge.pk] == 1
    assert PracticePayment.objects.count() == 0


def test_money_that_comes_after_it_was_called_failed_goes_to_suspense_and_back(heard, books_agree):
    instruction = saved(card="turns-round")
    charge = later(charged(instruction), 20)
    refund = Refund.objects.get(charge=charge)

    assert (charge.state, charge.late, charge.account) == ("settled", True, "liability:suspense")
    assert (refund.state, refund.amount) == ("settled", 2500)
    assert heard["settled", charge.pk] == 0
    assert (posted(HELD), posted("liability:suspense"), posted("liability:refunds")) == (0, 0, 0)
    assert remote.balance() == 0
    books_agree()


def test_the_magic_amounts_behave_like_their_cards(heard):
    instruction = saved(amount=1301)

    assert charged(instruction).state == "failed"


def test_a_dispute_leaves_the_clearing_account_at_once_and_ends_either_way(heard, books_agree):
    first, second = (charged(saved(f"gift/{n}", card="disputed"), key=f"c{n}") for n in (1, 2))
    assert posted("asset:disputes:practice") == 5000
    books_agree()
    for dispute, state in zip(Dispute.objects.order_by("opened_at", "charge__key"), ("won", "lost"), strict=True):
        remote.close_dispute(dispute=dispute.remote_id, state=state, now=NOON)
    settle_down(NOON)

    assert sorted(Dispute.objects.values_list("state", flat=True)) == ["lost", "won"]
    assert (posted("asset:disputes:practice"), posted(HELD)) == (0, 2500)
    assert heard["open", first.pk] == heard["open", second.pk] == 1
    books_agree()


def test_a_refund_goes_to_the_source_and_never_above_the_payment(heard, books_agree):
    charge = charged(saved())
    give = {"charge": charge, "reason": "The swings were not built", "by": ROOM, "now": NOON}
    actions.refund(amount=1500, key="r1", **give)
    with pytest.raises(Invalid, match=r"£10\.00"):
        actions.refund(amount=1001, key="r2", **give)
    again = actions.refund(amount=1500, key="r1", **give)
    settle_down(NOON)
    again.refresh_from_db()

    assert again.state == "settled"
    assert Refund.objects.count() == 1
    assert posted(HELD) == 1000
    assert heard["refunded", again.pk] == 1
    books_agree()


def test_a_refund_that_the_provider_refuses_is_owed_until_it_is_tried_again(heard, books_agree, finance):
    charge = charged(saved())
    with faults.plan(lambda call, key, amount: faults.Fault(outcome="declined") if call == "refund" else None):
        refund = actions.refund(charge=charge, amount=2500, key="r1", reason="Failed", by=ROOM, now=NOON)
        settle_down(NOON)
    refund.refresh_from_db()
    assert (refund.state, posted("liability:refunds")) == ("failed", 2500)
    actions.retry_refund(refund=refund, by=finance("ann"), now=NOON)
    settle_down(NOON)
    refund.refresh_from_db()

    assert (refund.state, refund.attempt, posted("liability:refunds")) == ("settled", 2, 0)
    books_agree()


def test_the_pretend_provider_itself_refuses_more_back_than_was_paid(heard):
    charge = charged(saved())
    with pytest.raises(remote.No, match="refund_above_payment"):
        remote.give_back(key="x", payment=charge.remote_id, amount=2501, now=NOON)

    assert PracticePayment.objects.get().refunded == 0


def test_the_fee_is_a_line_of_its_own(heard, books_agree):
    instruction = saved()
    with faults.plan(lambda call, key, amount: faults.Fault(fee=55)):
        charged(instruction)

    assert (posted(HELD), posted("expense:fees:practice")) == (2500, 55)
    books_agree()


def test_the_same_key_is_the_same_payment_and_another_use_is_refused(heard):
    first = begin()

    assert begin() == first
    with pytest.raises(Clash):
        begin(amount=2600)


def test_a_giver_is_never_charged_more_than_they_agreed_to(heard):
    instruction = saved(amount=2500)
    charged(instruction, amount=2000)
    with pytest.raises(Invalid, match="not more"):
        actions.charge(instruction=instruction, amount=501, key="c2", by=ROOM, now=NOON)

    assert Charge.objects.count() == 1


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "javascript:alert(1)", "/\\example.org"])
def test_the_giver_only_ever_comes_back_to_this_site(db, address):
    with pytest.raises(Invalid) as refused:
        actions.begin(payer="x", amount=500, purpose="gift/1", return_url=address, key="k", now=NOON)

    assert refused.value.code == "payments.return"


def test_a_gift_too_small_is_refused(db):
    with pytest.raises(Invalid) as refused:
        begin(amount=199)

    assert refused.value.code == "payments.least"


def test_a_lottery_takes_no_credit_card(heard):
    instruction = begin(for_lottery=True)
    settle_down(NOON)
    instruction.refresh_from_db()
    remote.answer_page(setup=instruction.remote_id, card="credit", now=NOON)
    settle_down(NOON)
    instruction.refresh_from_db()

    assert (instruction.state, instruction.failure) == ("failed", "debit_cards_only")


def test_an_unfinished_visit_is_let_go_after_a_day(heard):
    instruction = begin()
    settle_down(NOON)
    actions.sweep(now=NOON + timedelta(hours=23))
    instruction.refresh_from_db()
    assert instruction.state == "new"
    actions.sweep(now=NOON + timedelta(hours=25))
    instruction.refresh_from_db()

    assert (instruction.state, instruction.failure) == ("cancelled", "abandoned")
    assert heard["failed", None] == 1


def test_a_message_is_kept_once_however_often_it_comes(heard):
    instruction = begin()
    settle_down(NOON)
    instruction.refresh_from_db()
    remote.answer_page(setup=instruction.remote_id, card="pays", now=NOON)
    message = next(remote.due_messages(now=NOON))
    new = [actions.receive(provider="practice", raw=message.raw, headers=message.headers, now=NOON) for _ in range(3)]

    assert new == [1, 0, 0]
    assert Inbox.objects.count() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw, headers: (raw + b" ", headers),
        lambda raw, headers: (raw, {}),
        lambda raw, headers: (raw, {"Practice-Signature": "t=1,v1=" + "0" * 64}),
        lambda raw, headers: (raw, {"Practice-Signature": headers["Practice-Signature"][:-1] + "x"}),
    ],
    ids=["altered", "unsigned", "old", "wrong"],
)
def test_a_message_that_is_not_rightly_signed_is_refused(db, spoil):
    raw = b'{"id":"pe_1","about":"charge","type":"paid","object":"pp_1","key":"k"}'
    raw, headers = spoil(raw, {"Practice-Signature": remote.sign(raw, now=NOON)})
    with pytest.raises(SignatureRefused):
        actions.receive(provider="practice", raw=raw, headers=headers, now=NOON)

    assert not Inbox.objects.exists()


def test_an_empty_secret_is_refused(settings):
    settings.MODE, settings.PRACTICE_SECRET = "production", ""
    with pytest.raises(ImproperlyConfigured, match="BECONTREE_PRACTICE_SECRET"):
        remote.secret()


def test_a_message_about_something_unknown_is_kept_for_a_person(heard):
    raw = b'{"id":"pe_1","about":"charge","type":"paid","object":"pp_1","key":"nobody"}'
    actions.receive(provider="practice", raw=raw, headers={"Practice-Signature": remote.sign(raw, now=NOON)}, now=NOON)
    for hours in range(14):
        actions.process_inbox(now=NOON + timedelta(hours=hours))

    assert Inbox.objects.get().state == "strange"


def test_a_room_that_breaks_undoes_everything_and_is_asked_again(heard, monkeypatch):
    from becontree.foundations.payments import purposes

    instruction = saved()
    good = purposes._registered["gift"]

    def broken(**facts):
        raise RuntimeError("the room is on fire")

    purposes.register("gift", credit_account=good.credit_account, on_settled=broken)
    charge = actions.charge(instruction=instruction, amount=2500, key="c1", by=ROOM, now=NOON)
    with pytest.raises(RuntimeError):
        actions.deliver(now=NOON)
    charge.refresh_from_db()
    assert (charge.state, posted(HELD)) == ("created", 0)
    purposes._registered["gift"] = good
    charge = later(charge, 30)

    assert charge.state == "settled"
    assert (heard["settled", charge.pk], posted(HELD)) == (1, 2500)


def test_practice_payments_do_not_exist_where_payments_are_real(settings):
    settings.MODE = "production"
    with pytest.raises(Invalid):
        begin()
