"""From what is held to the group's bank and back: two people, a list, the bank's own statement, and no pound twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from becontree.citizenship.giving import books, queries
from becontree.citizenship.giving.actions import elsewhere, grants
from becontree.citizenship.giving.models import Campaign, Contribution
from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.foundations.access import conflicts
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions as ledger
from becontree.foundations.ledger.models import Transfer
from becontree.foundations.ledger.queries import balance, trial_balance
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments import queries as payments_queries
from becontree.foundations.payments.models import BankLine, Payout
from becontree.foundations.people import actions as people
from becontree.foundations.record.models import Entry

DESK, SUSPENSE = "asset:clearing:desk", "liability:suspense"


@pytest.fixture
def funded(town: Town) -> Campaign:
    """A funded campaign of £500 with its agreement signed."""
    campaign = town.campaign(town.project(pence=50_000), days=10)
    for name in ("ada", "ben"):
        town.gives(name, campaign, 25_000)
    town.later(days=11)
    town.later(days=1)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FUNDED
    agreement = campaign.agreement
    grants.sign(agreement=agreement, by=town.person("olive"), now=town.now)
    grants.sign(agreement=agreement, by=town.officer("fay", "officer", "funding"), now=town.now)
    for name in ("fin", "bob"):
        town.officer(name, "finance")
    return campaign


def who(town: Town, name: str) -> Any:
    return type(town.person(name)).objects.get(pk=town.person(name).pk)


def statement(town: Town, *lines: tuple[str, str]) -> list[BankLine]:
    """Bring in lines of (words, pounds) of today; the new ones, in their order."""
    text = "Date,Description,Amount\n" + "".join(f"{town.now:%d/%m/%Y},{words},{sum_}\n" for words, sum_ in lines)
    made = payments.import_statement(raw=text.encode(), file_name="s.csv", by=who(town, "fin"), now=town.now)
    return list(BankLine.objects.filter(statement=made).order_by("line_number"))


def match(town: Town, line: BankLine, to: str, by: str = "fin") -> BankLine:
    return payments.match_line(line=line, kind="purpose", to=to, by=who(town, by), now=town.now)


def pay(town: Town, campaign: Campaign, pence: int) -> Payout:
    """All the way to the bank's statement."""
    payout = grants.ask_payout(campaign=campaign, pence=pence, by=who(town, "fin"), now=town.now)
    payments.approve_payout(payout=payout, by=who(town, "bob"), now=town.now)
    listed = payments.make_list(by=who(town, "fin"), now=town.now)
    payments.release_list(listed=listed, by=who(town, "bob"), now=town.now)
    statement(town, (f"BACS {payout.reference}", f"-{pence / 100:.2f}"))
    payout.refresh_from_db()
    return payout


def test_the_ledger_and_the_record_say_paid_when_the_bank_does_and_not_before(town: Town, funded: Campaign) -> None:
    payout = grants.ask_payout(campaign=funded, pence=50_000, by=who(town, "fin"), now=town.now)
    payments.approve_payout(payout=payout, by=who(town, "bob"), now=town.now)
    listed = payments.make_list(by=who(town, "fin"), now=town.now)
    payments.release_list(listed=listed, by=who(town, "bob"), now=town.now)
    before = (balance(funded.held).posted, queries.held(funded), Entry.objects.filter(kind="project.paid").count())
    town.later(days=2)
    statement(town, (payout.reference, "-500.00"))
    payout.refresh_from_db()

    assert before == (50_000, 0, 0)
    assert (payout.state, payout.paid_on) == ("paid", town.now.date())
    assert balance(funded.held).posted == 0
    assert Entry.objects.get(kind="project.paid").facts["pence"] == 50_000
    assert trial_balance().debit == trial_balance().credit


def test_money_paid_says_why_and_leads_back_to_the_project_and_to_every_grant(town: Town) -> None:
    fund = town.fund(pence=500_000)
    campaign = town.campaign(days=10)
    town.gives("ada", campaign, 50_000)
    town.later(days=11)
    town.later(days=1)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FUNDED
    grants.payout_paid(campaign=campaign, pence=100_000, on=town.now.date(), now=town.now)
    paid = Entry.objects.get(kind="project.paid")

    causes = {because.cause_id for because in paid.because.all()}
    assert causes == {campaign.project.ref, f"award/{fund.slug}/1"}
    page = Client().get(f"/record/entry/{paid.pk}/").content.decode()
    assert "Council pot granted £500" in page.split("<h2>Why</h2>")[1].split("<h2>")[0]


def test_one_form_asks_once_and_never_for_more_than_is_held(town: Town, funded: Campaign) -> None:
    ask = {"campaign": funded, "by": who(town, "fin"), "now": town.now}
    first = grants.ask_payout(pence=30_000, once="bcdfghjkmn", **ask)
    again = grants.ask_payout(pence=30_000, once="bcdfghjkmn", **ask)
    with pytest.raises(Invalid):
        grants.ask_payout(pence=20_001, once="another234", **ask)
    payments.refuse_payout(payout=first, reason="Wrong sum", by=who(town, "bob"), now=town.now)
    grants.ask_payout(pence=50_000, once="third23456", **ask)

    assert first == again
    assert Payout.objects.count() == 2


def test_those_who_run_the_project_or_have_an_interest_do_not_move_its_money(town: Town, funded: Campaign) -> None:
    payout = grants.ask_payout(campaign=funded, pence=1_000, by=who(town, "fin"), now=town.now)
    olive = town.officer("olive", "finance")
    eve = town.officer("eve", "finance")
    conflicts.declare(person=eve, ref=funded.project.ref, nature="My brother leads it.", by=SETUP, now=town.now)
    for by in (olive, eve):
        with pytest.raises(NotAllowed):
            grants.ask_payout(campaign=funded, pence=1_000, by=by, now=town.now)
        with pytest.raises(NotAllowed):
            payments.approve_payout(payout=payout, by=by, now=town.now)
        with pytest.raises(NotAllowed):
            payments.refuse_payout(payout=payout, reason="no", by=by, now=town.now)
    payments.approve_payout(payout=payout, by=who(town, "bob"), now=town.now)
    listed = payments.make_list(by=who(town, "fin"), now=town.now)
    for by in (olive, eve):
        with pytest.raises(NotAllowed):
            payments.release_list(listed=listed, by=by, now=town.now)

    assert queries.held(funded) == 49_000


def test_a_payout_waits_after_the_group_s_bank_details_changed(town: Town, funded: Campaign) -> None:
    people.withdraw_verification(organisation=town.group, reason="Moved banks", by=SETUP, now=town.now)
    with pytest.raises(Clash):
        grants.ask_payout(campaign=funded, pence=1_000, by=who(town, "fin"), now=town.now)
    people.verify_organisation(organisation=town.group, how="seen", by=SETUP, now=town.now)
    people.verify_bank(organisation=town.group, how="telephoned", by=SETUP, now=town.now)
    payout = grants.ask_payout(campaign=funded, pence=1_000, by=who(town, "fin"), now=town.now)
    with pytest.raises(Invalid) as refused:
        payments.approve_payout(payout=payout, by=who(town, "bob"), now=town.now + timedelta(hours=47))
    payments.approve_payout(payout=payout, by=who(town, "bob"), now=town.now + timedelta(hours=48))

    assert refused.value.code == "payments.payee-cooling"


def test_money_for_a_fund_comes_straight_from_the_statement(town: Town, funded: Campaign) -> None:
    fund = town.fund("New pot", 0)
    (line,) = statement(town, ("FROM THE COUNCIL", "1000.00"))
    offered = [value for _, rows in payments_queries.offers(line) for value, _ in rows]
    match(town, line, fund.ref)

    assert f"purpose:{fund.ref}" in offered
    assert books.available(fund) == 100_000
    assert (balance(SUSPENSE).posted, balance(DESK).posted) == (0, 0)
    assert Entry.objects.filter(kind="fund.paid-in", thing__ref=fund.ref).count() == 1


def test_what_finance_wrote_down_by_hand_is_not_counted_again_from_the_statement(town: Town, funded: Campaign) -> None:
    fund = town.fund("New pot", 100_000)
    one, other = statement(town, ("FROM THE COUNCIL", "1000.00"), ("FROM THE COUNCIL AGAIN", "1000.00"))
    match(town, one, fund.ref)
    assert (books.available(fund), balance(DESK).posted) == (100_000, 0)
    match(town, other, fund.ref)

    assert (books.available(fund), balance(DESK).posted) == (200_000, 0)
    assert Entry.objects.filter(kind="fund.paid-in", thing__ref=fund.ref).count() == 2


def promised(town: Town, campaign: Campaign, pence: int = 30_000) -> Contribution:
    claimed = elsewhere.claim(
        project=campaign.project, source="A trust", kind="trust", part="running", pence=pence, on=town.now.date(),
        evidence_note="Letter", by=town.person("olive"), now=town.now,
    )  # fmt: skip
    return elsewhere.check(contribution=claimed, accept=True, by=who(town, "fay"), now=town.now)


@pytest.mark.parametrize("by_hand_first", [False, True])
def test_money_from_elsewhere_is_found_in_the_bank_once(town: Town, funded: Campaign, by_hand_first: bool) -> None:
    trust = promised(town, funded)
    if by_hand_first:
        elsewhere.mark_received(contribution=trust, by=who(town, "fin"), now=town.now)
    line, second, less = statement(town, ("A TRUST", "300.00"), ("A TRUST TWICE", "300.00"), ("A TRUST", "299.99"))
    with pytest.raises(Invalid):
        match(town, less, f"contribution/{trust.pk}")
    match(town, line, f"contribution/{trust.pk}")
    with pytest.raises(Clash):
        match(town, second, f"contribution/{trust.pk}")
    trust.refresh_from_db()

    assert trust.state == Contribution.State.RECEIVED
    assert queries.held(funded) == 80_000
    assert balance(DESK).posted == 0
    assert f"purpose:contribution/{trust.pk}" not in [v for _, rows in payments_queries.offers(second) for v, _ in rows]


@pytest.mark.parametrize("by_hand", [True, False])
def test_money_from_elsewhere_is_held_from_the_day_it_came_though_the_month_of_its_letter_is_closed(
    town: Town, funded: Campaign, by_hand: bool
) -> None:
    trust = promised(town, funded)
    letter, before = town.now.date(), queries.held(funded)
    town.later(days=45)
    ledger.close_month(month=letter, by=SETUP, now=town.now)
    if by_hand:
        elsewhere.mark_received(contribution=trust, by=who(town, "fin"), now=town.now)
    else:
        (line,) = statement(town, ("A TRUST", "300.00"))
        match(town, line, f"contribution/{trust.pk}")

    written = Transfer.objects.get(credit__code=funded.held, amount=30_000)
    assert (written.occurred_on, written.journal.occurred_on) == (town.now.date(), town.now.date())
    assert trial_balance(letter).rows != trial_balance(town.now.date()).rows
    assert (before, queries.held(funded)) == (50_000, 80_000)


def test_only_finance_says_that_money_has_come_and_never_for_a_project_of_their_own(
    town: Town, funded: Campaign
) -> None:
    trust = promised(town, funded)
    olive = town.officer("olive", "finance")
    (line,) = statement(town, ("A TRUST", "300.00"))
    for by in (who(town, "fay"), olive, town.person("zoe")):
        with pytest.raises(NotAllowed):
            elsewhere.mark_received(contribution=trust, by=by, now=town.now)
    with pytest.raises(NotAllowed):
        match(town, line, f"contribution/{trust.pk}", by="olive")
    line.refresh_from_db()

    assert line.matched == ""
    assert queries.held(funded) == 50_000


def test_a_payment_that_comes_back_is_held_again_and_never_more_than_was_paid(town: Town, funded: Campaign) -> None:
    early, *_ = statement(town, ("UNKNOWN", "100.00"))
    with pytest.raises(Invalid):
        match(town, early, funded.ref)
    pay(town, funded, 40_000)
    back, most = statement(town, ("RETURNED", "300.00"), ("RETURNED", "100.01"))
    match(town, back, funded.ref)
    with pytest.raises(Invalid):
        match(town, most, funded.ref)

    assert queries.held(funded) == 10_000 + 30_000
    assert Entry.objects.get(kind="project.repaid").facts["pence"] == 30_000
    assert trial_balance().debit == trial_balance().credit


def test_money_out_is_never_matched_to_a_fund_or_a_promise(town: Town, funded: Campaign) -> None:
    fund = town.fund("New pot", 100_000)
    (line,) = statement(town, ("OUT", "-300.00"))
    for to in (fund.ref, f"contribution/{promised(town, funded).pk}", funded.ref):
        with pytest.raises(Invalid):
            match(town, line, to)

    assert books.available(fund) == 100_000


def test_the_desk_walks_a_payout_to_the_bank(client: Any, town: Town, funded: Campaign, settings: Any) -> None:
    from django.utils import timezone

    from becontree.foundations.access.gates import SECOND_FACTOR_KEY

    settings.CLOCK_SHIFT = town.now - timezone.now()
    settings.THROTTLE_OFF = True

    def sit(name: str) -> Any:
        client.force_login(who(town, name), backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return client

    page = sit("fin").get(f"/desk/giving/campaigns/{funded.slug}/pay/")
    assert "£500.00" in page.text
    once = page.context["form"].initial["once"]
    sit("fin").post(f"/desk/giving/campaigns/{funded.slug}/pay/", {"pence": "500.00", "once": once})
    payout = Payout.objects.get()
    address = f"/desk/payments/payouts/{payout.pk}/"
    assert funded.project.title in sit("bob").get(address).text
    assert sit("fin").post(address, {"do": "approve"}).status_code == 403
    said = sit("bob").post(address, {"do": "refuse", "reason": ""})
    assert (said.status_code, "Say why" in said.text) == (200, True)
    assert sit("bob").post(address, {"do": "approve"}).status_code == 302
    made = sit("fin").post("/desk/payments/lists/")["Location"]
    assert sit("fin").post(made, {"do": "release"}).status_code == 403
    assert sit("bob").post(made, {"do": "release"}).status_code == 302
    file = sit("bob").get(f"{made}payments.csv")

    assert payout.reference in file.text
    assert "500.00" in file.text
    page = sit("olive").get(f"/my/giving/projects/{funded.project.slug}/").text
    assert "on a list for the bank" in page
    assert "</span> closed " in page  # It is over: there is no day on which it closes.
