"""What two people reverse is undone everywhere: the bank's line, the rows behind it, public figures, the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from becontree.citizenship.giving import books, queries
from becontree.citizenship.giving.actions import elsewhere, paying_in
from becontree.citizenship.giving.models import Award, Campaign, Contribution, Fund
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.giving.tests.test_payouts import match, statement, who
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.models import Journal
from becontree.foundations.ledger.queries import balance, trial_balance
from becontree.foundations.payments import queries as payments_queries
from becontree.foundations.payments.models import BankLine
from becontree.foundations.record.models import Entry

SUSPENSE = "liability:suspense"


@pytest.fixture
def two(town: Town) -> Town:
    for name in ("fin", "bob"):
        town.officer(name, "finance")
    return town


def reverse(town: Town, journal: Journal, why: str = "Matched with the wrong thing") -> Journal:
    asked = ledger.ask_reversal(journal=journal, reason=why, by=who(town, "fin"), now=town.now)
    done = ledger.approve_reversal(reversal=asked, by=who(town, "bob"), now=town.now)
    assert done.result is not None
    return done.result


def last(kind: str) -> Journal:
    return Journal.objects.filter(kind=kind).latest("recorded_at")


def money(fund: Fund) -> tuple[int, int, int, int]:
    (line,) = queries.fund_lines([fund])
    return line.paid_in, line.granted, line.promised, line.left


def test_a_line_whose_match_was_reversed_opens_again_and_is_matched_anew(two: Town) -> None:
    wrong, right = two.fund("Young people"), two.fund("Green streets")
    (line,) = statement(two, ("ANON", "45.50"))
    match(two, line, wrong.ref)
    two.later(hours=1)
    reverse(two, last("bank-match"))
    line.refresh_from_db()
    assert (line.matched, payments_queries.unexplained().count(), balance(SUSPENSE).posted) == ("", 1, 4_550)
    match(two, line, wrong.ref)
    two.later(hours=1)
    reverse(two, last("bank-match"), "Again the wrong fund")
    match(two, BankLine.objects.get(), right.ref)

    assert [(each.matched, each.matched_to) for each in line.undone.all()] == [("purpose", wrong.ref)] * 2
    assert (money(wrong)[0], money(right)[0], balance(SUSPENSE).posted) == (1_000_000, 1_004_550, 0)
    assert trial_balance().debit == trial_balance().credit


def test_money_in_that_was_reversed_was_never_paid_in_and_is_no_grant(two: Town) -> None:
    fund = two.fund(pence=600_000)
    (line,) = statement(two, ("ANON", "45.50"))
    match(two, line, fund.ref)
    before = money(fund)
    reverse(two, last("bank-match"))

    assert before == (604_550, 0, 0, 604_550)
    assert money(fund) == (600_000, 0, 0, 600_000)


def test_money_written_down_by_hand_and_reversed_may_be_written_down_again(two: Town) -> None:
    fund = two.fund(pence=0)
    facts: dict[str, Any] = {"fund": fund, "pence": 4_550, "reference": "B1", "on": two.now.date(), "now": two.now}
    paying_in.pay_in(by=who(two, "fin"), **facts)
    with pytest.raises(Clash):
        paying_in.pay_in(by=who(two, "fin"), **facts)
    reverse(two, last("fund.paid-in"))
    gone = money(fund)
    paying_in.pay_in(by=who(two, "fin"), **facts)

    assert gone == (0, 0, 0, 0)
    assert money(fund) == (4_550, 0, 0, 4_550)


def test_the_record_says_that_it_was_reversed_and_names_what_it_said(two: Town, client: Client) -> None:
    fund = two.fund()
    for _ in range(2):
        (line,) = statement(two, (f"ANON {_}", "45.50"))
        match(two, line, fund.ref)
    said = Entry.objects.filter(kind="fund.paid-in", facts__pence=4_550).order_by("pk")
    for journal in Journal.objects.filter(kind="bank-match"):
        reverse(two, journal)
    taken = Entry.objects.filter(kind="fund.paid-in.reversed")

    assert {each.facts["reverses"] for each in taken} == {str(each.pk) for each in said}
    assert all(each.title.startswith("Reversed: £45.50 paid into") for each in taken)
    assert str(taken[0].facts["reverses"]) in client.get(taken[0].get_absolute_url()).content.decode()
    assert "reversed" in client.get(said[0].get_absolute_url()).content.decode()


def test_a_promise_from_elsewhere_whose_line_was_the_wrong_one_is_promised_again(two: Town) -> None:
    campaign = two.campaign()
    fay = two.officer("fay", "officer", "funding")
    contribution = elsewhere.claim(
        project=campaign.project, source="A trust", kind="trust", part="capital", pence=10_000, on=two.now.date(),
        evidence_note="Their letter", by=two.person("olive"), now=two.now,
    )  # fmt: skip
    elsewhere.check(contribution=contribution, accept=True, by=fay, now=two.now)
    lines = statement(two, ("WRONG", "100.00"), ("RIGHT", "100.00"))
    match(two, lines[0], f"contribution/{contribution.pk}")
    reverse(two, last("bank-match"))
    contribution.refresh_from_db()
    assert (contribution.state, books.is_found(contribution)) == (Contribution.State.PROMISED, False)
    match(two, lines[1], f"contribution/{contribution.pk}")
    contribution.refresh_from_db()

    assert contribution.state == Contribution.State.RECEIVED
    assert (balance(campaign.held).posted, balance(SUSPENSE).posted) == (10_000, 10_000)


def test_a_grant_that_was_reversed_is_no_grant(two: Town) -> None:
    fund = two.fund()
    campaign = two.campaign(two.project(pence=50_000), days=10)
    two.gives("ada", campaign, 25_000)
    two.later(days=11)
    two.later(days=1)
    award = Award.objects.get()
    before = money(fund)
    assert before[1] == award.pence > 0
    reverse(two, Journal.objects.get(key=f"award:{award.pk}:granted"))
    award.refresh_from_db()

    assert money(fund) == (1_000_000, 0, 0, 1_000_000)
    assert award.state == Award.State.LAPSED
    assert not queries.granted_awards().exists()
    assert queries.counters_off() == []
    assert Entry.objects.get(kind="award.granted.reversed").facts["pence"] == award.pence


def test_gifts_and_payouts_are_undone_where_they_were_made(two: Town) -> None:
    campaign: Campaign = two.campaign(two.project(pence=50_000), days=10)
    two.gives("ada", campaign, 50_000)
    two.later(days=11)
    two.later(days=1)
    for kind in ("payment", "pledge.promised"):
        with pytest.raises(Invalid):
            ledger.ask_reversal(journal=last(kind), reason="A mistake", by=who(two, "fin"), now=two.now)
    (line,) = statement(two, ("ANON", "45.50"))
    with pytest.raises(Invalid):
        ledger.ask_reversal(journal=last("bank-line"), reason="A mistake", by=who(two, "fin"), now=two.now)
    assert line.matched == ""


def test_money_for_a_campaign_that_failed_is_said_on_the_matching_page_with_what_to_do(two: Town) -> None:
    campaign = two.campaign(days=10)
    fay = two.officer("fay", "officer", "funding")
    contribution = elsewhere.claim(
        project=campaign.project, source="A trust", kind="trust", part="capital", pence=10_000, on=two.now.date(),
        evidence_note="Their letter", by=two.person("olive"), now=two.now,
    )  # fmt: skip
    elsewhere.check(contribution=contribution, accept=True, by=fay, now=two.now)
    (line,) = statement(two, ("TRUST", "100.00"))
    before = payments_queries.cautions(payments_queries.offers(line))
    two.later(days=11)
    campaign.refresh_from_db()
    (said,) = payments_queries.cautions(payments_queries.offers(line))

    assert campaign.state == Campaign.State.FAILED
    assert before == []
    assert campaign.project.title in said
    assert "Refunds owed to givers" in said
