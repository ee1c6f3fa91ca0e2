"""Campaigns from the first promise to the grant: what is taken, what is matched, what goes back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from becontree.citizenship.giving import books, queries, views
from becontree.citizenship.giving.actions import elsewhere, funds, pledges
from becontree.citizenship.giving.models import Award, Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.citizenship.projects.models import Need
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.ledger.queries import balance, trial_balance
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import Charge
from becontree.foundations.payments.practice import faults
from becontree.foundations.policy import actions as policy
from becontree.foundations.record.models import Decision
from becontree.verify import match as verify_match


def sums(campaign: Campaign) -> tuple[int, int, int, int, int]:
    campaign.refresh_from_db()
    return (
        campaign.crowd_promised,
        campaign.crowd_collected,
        campaign.match_promised,
        campaign.elsewhere,
        campaign.backers,
    )


def in_balance() -> bool:
    found = trial_balance()
    return found.debit == found.credit and queries.counters_off() == []


def test_a_promise_counts_and_takes_nothing(town: Town) -> None:
    campaign = town.campaign()

    pledge = town.gives("ada", campaign, 2_500)

    assert pledge.state == Pledge.State.FIRM
    assert sums(campaign) == (2_500, 0, 0, 0, 1)
    assert balance(campaign.held).posted == 0
    assert in_balance()


def test_a_promise_brings_its_match_and_the_pot_holds_it(town: Town) -> None:
    campaign, fund = town.campaign(), town.fund()

    town.gives("ada", campaign, 2_500)

    assert sums(campaign) == (2_500, 0, 2_500, 0, 1)
    assert books.available(fund) == 1_000_000 - 2_500
    assert in_balance()


def test_a_funded_campaign_collects_grants_and_publishes_a_decision_that_recomputes(town: Town) -> None:
    campaign = town.campaign()
    fund = town.fund()
    for name in ("ada", "ben", "cyd", "dev", "eve"):
        town.gives(name, campaign, 10_000)

    town.later(days=31)

    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FUNDED
    assert sums(campaign) == (0, 50_000, 50_000, 0, 5)
    assert balance(campaign.held).posted == 100_000
    assert balance(fund.account).posted == 1_000_000 - 50_000
    award = Award.objects.get()
    assert (award.state, award.pence, award.number) == (Award.State.GRANTED, 50_000, 1)
    assert verify_match.check(Decision.objects.get().record) == []
    assert campaign.project.campaigns.get().project.state == "delivering"
    assert in_balance()


def test_all_or_nothing_takes_nothing_when_the_target_is_missed(town: Town) -> None:
    campaign, fund = town.campaign(), town.fund()
    pledge = town.gives("ada", campaign, 10_000)

    town.later(days=31)

    pledge.refresh_from_db()
    campaign.refresh_from_db()
    assert (campaign.state, pledge.state) == (Campaign.State.FAILED, Pledge.State.RELEASED)
    assert books.available(fund) == 1_000_000
    assert balance(campaign.held).posted == 0
    assert in_balance()


def test_keep_what_you_raise_keeps_the_crowds_money_and_lets_the_councils_lapse(town: Town) -> None:
    campaign = town.campaign(model="keep-what-you-raise")
    fund = town.fund()
    town.gives("ada", campaign, 10_000)

    town.later(days=31)

    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.PART
    assert sums(campaign) == (0, 10_000, 0, 0, 1)
    assert books.available(fund) == 1_000_000
    assert balance(campaign.held).posted == 10_000
    assert in_balance()


def test_charge_and_refund_gives_everything_back_when_the_target_is_missed(town: Town) -> None:
    campaign = town.campaign(strategy="charge-and-refund")
    pledge = town.gives("ada", campaign, 10_000)
    assert pledge.state == Pledge.State.COLLECTED
    assert balance(campaign.held).posted == 10_000

    town.later(days=31)

    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.REFUNDED
    assert balance(campaign.held).posted == 0
    assert in_balance()


def test_a_card_that_never_pays_is_tried_for_a_week_and_its_match_goes_with_it(town: Town) -> None:
    campaign = town.campaign(town.project(pence=100_000))
    town.fund()
    for name in ("ada", "ben", "cyd", "dev"):
        town.gives(name, campaign, 12_000)
    bad = town.gives("eve", campaign, 2_000, card="declines-later")

    town.later(days=31)
    for _ in range(10):
        town.later(days=1)

    bad.refresh_from_db()
    campaign.refresh_from_db()
    assert bad.state == Pledge.State.FAILED
    assert bad.tries == 4
    assert campaign.state == Campaign.State.FUNDED  # short by 4,000 of 100,000: within the tolerance
    assert sums(campaign) == (0, 48_000, 48_000, 0, 4)
    assert in_balance()


def test_too_many_failures_refund_those_who_paid(town: Town) -> None:
    campaign = town.campaign(town.project(pence=100_000))
    good = town.gives("ada", campaign, 50_000)
    town.gives("ben", campaign, 50_000, card="declines-later")

    town.later(days=31)
    for _ in range(10):
        town.later(days=1)

    good.refresh_from_db()
    campaign.refresh_from_db()
    assert (campaign.state, good.state) == (Campaign.State.FAILED, Pledge.State.REFUNDED)
    assert balance(campaign.held).posted == 0
    assert in_balance()


def test_the_match_never_goes_beyond_the_target(town: Town) -> None:
    campaign = town.campaign(town.project(pence=10_000))
    town.fund(ratio=(7, 1))

    town.gives("ada", campaign, 4_000)

    assert sums(campaign) == (4_000, 0, 6_000, 0, 1)
    with pytest.raises(Clash) as refused:
        town.gives("ben", campaign, 1_000)
    assert refused.value.code == "pledge.reached"


def test_the_gate_opens_for_everybody_at_once_and_closes_when_its_opener_leaves(town: Town) -> None:
    campaign = town.campaign()
    fund = town.fund(min_backers=3)
    town.gives("ada", campaign, 1_000)
    town.gives("ben", campaign, 1_000)
    assert sums(campaign)[2] == 0

    third = town.gives("cyd", campaign, 1_000)
    assert sums(campaign)[2] == 3_000

    pledges.withdraw(pledge=third, by=town.person("cyd"), now=town.now)
    assert sums(campaign) == (2_000, 0, 0, 0, 2)
    assert books.available(fund) == 1_000_000
    assert in_balance()


def test_when_an_early_giver_leaves_no_fund_gives_more_than_its_rule(town: Town) -> None:
    campaign = town.campaign()
    town.fund(min_backers=2)
    first = town.gives("ada", campaign, 5_000)
    town.gives("ben", campaign, 1_000)
    town.gives("cyd", campaign, 1_000)
    assert sums(campaign)[2] == 7_000

    pledges.withdraw(pledge=first, by=town.person("ada"), now=town.now)

    assert sums(campaign) == (2_000, 0, 2_000, 0, 2)
    assert in_balance()


def test_ratio_share_cap_and_givers_cap_are_separate(town: Town) -> None:
    campaign = town.campaign(town.project(pence=100_000))
    town.fund(name="By share", ratio=(2, 1), share_percent=10, priority=1)
    town.fund(name="By cap", ratio=(1, 1), per_project=3_000, priority=2)
    town.fund(name="By giver", ratio=(1, 1), per_giver=500, priority=3)

    town.gives("ada", campaign, 8_000)

    got = dict(Award.objects.values_list("fund__name", "pence"))
    assert got == {"By share": 10_000, "By cap": 3_000, "By giver": 500}


def test_a_projects_own_people_give_without_bringing_match(town: Town) -> None:
    campaign = town.campaign()
    town.fund()

    town.gives("olive", campaign, 5_000)

    assert sums(campaign) == (5_000, 0, 0, 0, 1)


def test_money_from_elsewhere_counts_once_another_person_has_checked_it(town: Town) -> None:
    project = town.project()
    campaign = town.campaign(project)
    claimed = elsewhere.claim(
        project=project, source="A trust", kind="trust", part="capital", pence=30_000, on=town.now.date(),
        evidence_note="Letter", by=town.person("olive"), now=town.now,
    )  # fmt: skip
    assert sums(campaign)[3] == 0

    elsewhere.check(contribution=claimed, accept=True, by=town.officer("fay", "officer", "funding"), now=town.now)
    elsewhere.mark_received(contribution=claimed, by=town.officer("fin", "finance"), now=town.now)

    assert sums(campaign)[3] == 30_000
    assert balance(campaign.held).posted == 30_000
    assert in_balance()


def test_money_to_run_it_never_enters_the_capital_sum(town: Town) -> None:
    project = town.project()
    campaign = town.campaign(project)
    claimed = elsewhere.claim(
        project=project, source="A trust", kind="trust", part="running", pence=10_000, on=town.now.date(),
        evidence_note="Letter", by=town.person("olive"), now=town.now,
    )  # fmt: skip

    elsewhere.check(contribution=claimed, accept=True, by=SETUP, now=town.now)
    elsewhere.mark_received(contribution=claimed, by=SETUP, now=town.now)

    campaign.refresh_from_db()
    assert campaign.raised == 0
    assert sum(one.pence for one in queries.running_money(project)) == 10_000


def test_the_form_sent_twice_is_one_gift(town: Town) -> None:
    campaign = town.campaign()
    given = {"campaign": campaign, "pence": 1_000, "by": town.person("ada"), "now": town.now, "return_url": "/x/"}

    first, _ = pledges.offer_money(**given, once="bcdfghjkmn")
    second, _ = pledges.offer_money(**given, once="bcdfghjkmn")

    assert first.pk == second.pk
    assert Pledge.objects.count() == 1


@pytest.mark.parametrize("pence", [1, 199])
def test_a_gift_below_the_least_is_refused(town: Town, pence: int) -> None:
    campaign = town.campaign()

    with pytest.raises(Invalid) as refused:
        pledges.offer_money(campaign=campaign, pence=pence, by=town.person("ada"), now=town.now, return_url="/x/")

    assert refused.value.field == "amount"


def test_a_gift_that_finance_sends_back_by_hand_no_longer_counts(town: Town) -> None:
    campaign, fund = town.campaign(strategy="charge-and-refund"), town.fund()
    pledge = town.gives("ada", campaign, 5_000)
    charge = Charge.objects.get(purpose=pledge.ref)

    payments.refund(charge=charge, amount=5_000, key="by-hand", reason="Asked by letter.", by=SETUP, now=town.now)
    town.settle()

    pledge.refresh_from_db()
    assert pledge.state == Pledge.State.REFUNDED
    assert sums(campaign) == (0, 0, 0, 0, 0)
    assert books.available(fund) == 1_000_000
    assert in_balance()


@pytest.mark.parametrize(("days", "said"), [(0, "at least"), (2, "at least"), (85, "at most")])
def test_a_campaign_lasts_as_long_as_people_need_and_no_longer(town: Town, days: int, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        town.campaign(days=days)

    assert said in refused.value.errors["closes_on"]


@pytest.mark.parametrize(
    ("ratio", "field"), [((21, 1), "ratio_of"), ((7_000_000, 1), "ratio_of"), ((1, 101), "ratio_to")]
)
def test_a_fund_with_an_absurd_ratio_is_refused(town: Town, ratio: tuple[int, int], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        town.fund(ratio=ratio)

    assert field in refused.value.errors
    assert town.fund("Seven", ratio=(7, 1)).ratio_of == 7


@pytest.mark.parametrize(
    ("needed", "said"), [(1, "One hour is still needed."), (4, "From 1 to 4 hours are still needed.")]
)
def test_too_much_help_is_refused_in_plain_words(town: Town, needed: int, said: str) -> None:
    project = town.project()
    need = Need.objects.create(project=project, kind="hours", what="Digging", quantity=needed)
    town.campaign(project)
    with pytest.raises(Invalid) as refused:
        pledges.offer_help(need=need, quantity=needed + 1, by=town.person("ada"), now=town.now)

    assert refused.value.message == said


@pytest.mark.parametrize(("who", "held"), [("council", 50_000), ("project", 49_700)])
def test_who_bears_what_paying_costs_is_the_councils_to_say(town: Town, who: str, held: int) -> None:
    by = town.officer("adi", "administrator")
    policy.set_council(
        key="giving.fees_borne_by", value=who, since=town.now.date(), reason="As agreed.", by=by, now=town.now
    )
    with faults.plan(lambda call, key, amount: faults.Fault(fee=150)):
        campaign = town.campaign(town.project(pence=50_000), days=10)
        for name in ("ada", "ben"):
            town.gives(name, campaign, 25_000)
        town.later(days=11)
        town.later(days=1)
    campaign.refresh_from_db()

    assert campaign.state == Campaign.State.FUNDED
    assert Charge.objects.filter(fee=150).count() == 2
    assert balance(campaign.held).posted == held
    assert balance("expense:fees:practice").posted == held - 49_700
    assert in_balance()


def test_a_campaign_that_fails_pays_back_in_full_whoever_bears_the_fees(town: Town) -> None:
    by = town.officer("adi", "administrator")
    policy.set_council(
        key="giving.fees_borne_by", value="project", since=town.now.date(), reason="As agreed.", by=by, now=town.now
    )
    with faults.plan(lambda call, key, amount: faults.Fault(fee=150)):
        campaign = town.campaign(town.project(pence=50_000), days=10, strategy="charge-and-refund")
        pledge = town.gives("ada", campaign, 25_000)
        town.later(days=11)
        town.later(days=1)
    pledge.refresh_from_db()

    assert pledge.state == Pledge.State.REFUNDED
    assert balance(campaign.held).posted == 0
    assert in_balance()


def test_an_award_too_large_says_which_limit_binds(town: Town) -> None:
    fund = town.fund(decides="officer", per_project=30_000)
    campaign = town.campaign(town.project(pence=60_000))
    town.gives("ada", campaign, 50_000)
    award = {"fund": fund, "campaign": campaign, "authority": "The meeting of May", "reasons": "Good.", "by": SETUP}
    with pytest.raises(Invalid) as refused:
        funds.award(pence=40_000, now=town.now, **award)

    assert "£100" in str(refused.value)
    assert "all that the project still needs" in str(refused.value)
    assert "The fund pays one project" not in str(refused.value)


def test_the_page_of_the_money_adds_up_to_its_headlines(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.fund(ratio=(1, 1), per_project=10_000)
    project = town.project(pence=60_000)
    campaign = town.campaign(project)
    given = elsewhere.claim(
        project=project, source="The Pond Trust", kind="trust", part="capital", pence=30_000, on=town.now.date(),
        evidence_note="Letter", by=town.person("olive"), now=town.now,
    )  # fmt: skip
    elsewhere.check(contribution=given, accept=True, by=town.officer("fay", "officer", "funding"), now=town.now)
    town.gives("ada", campaign, 20_000)
    town.later(days=31)
    campaign.refresh_from_db()
    totals, raised = queries.totals(), list(queries.raised_by_project())

    assert campaign.state == "funded"
    assert totals["crowd"] == sum(one["crowd"] for one in raised) == 20_000
    assert totals["match"] == sum(one["match"] for one in raised) == 10_000
    assert totals["match"] == sum(one["pence"] for one in queries.newest_grants())
    assert totals["elsewhere"] == sum(one.pence for one in queries.from_elsewhere()) == 30_000
    page = BeautifulSoup(client.get("/money/").content, "html.parser")
    feet = [[cell.text.strip() for cell in foot.find_all("td")] for foot in page.find_all("tfoot")]
    assert feet == [["£200.00", "£100.00", "£300.00"], ["£300.00"]]
    assert "The Pond Trust" in page.text
    assert page.find("a", href=project.get_absolute_url()) is not None
    assert page.find("a", href="?all=1") is None
    monkeypatch.setattr(views, "AT_FIRST", 1)  # as many as there are: there may be more
    assert len(BeautifulSoup(client.get("/money/").content, "html.parser").find_all("a", href="?all=1")) == 2
    assert BeautifulSoup(client.get("/money/?all=1").content, "html.parser").find("a", href="?all=1") is None
