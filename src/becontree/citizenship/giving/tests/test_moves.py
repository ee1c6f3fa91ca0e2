"""Every move of a campaign and of a pledge, cell by cell, and who may use each verb."""

from __future__ import annotations

from typing import Any

import pytest

from becontree.citizenship.giving.actions import campaigns, elsewhere, funds, grants, paying_in, pledges
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.models import Need
from becontree.foundations.kit.errors import Clash, NotAllowed
from conftest import ROOT

P, C = Pledge.State, Campaign.State

# What withdrawing and delivering do to a pledge in each state while its campaign is open.
WITHDRAW = {
    P.BEGUN: P.RELEASED,
    P.FIRM: P.RELEASED,
    P.DELIVERED: Clash,
    P.RELEASED: P.RELEASED,
    P.FAILED: Clash,
    P.REFUNDED: P.REFUNDED,
}
DELIVER = {
    P.BEGUN: Clash,
    P.FIRM: P.DELIVERED,
    P.DELIVERED: P.DELIVERED,
    P.RELEASED: Clash,
}


def promise(town: Town, state: str) -> Pledge:
    project = town.project()
    need = Need.objects.create(project=project, kind="hours", what="Digging", quantity=10)
    town.campaign(project)
    pledge = pledges.offer_help(need=need, quantity=2, by=town.person("ada"), now=town.now)
    Pledge.objects.filter(pk=pledge.pk).update(state=state)
    pledge.refresh_from_db()
    return pledge


@pytest.mark.parametrize(("state", "then"), WITHDRAW.items())
def test_withdrawing(town: Town, state: str, then: Any) -> None:
    kind = "hours" if state in (P.FIRM, P.DELIVERED, P.RELEASED, P.BEGUN) else "money"
    if kind == "hours":
        pledge = promise(town, state)
    else:
        pledge = town.gives("ada", town.campaign(), 1_000)
        Pledge.objects.filter(pk=pledge.pk).update(state=state)
    if isinstance(then, str):
        assert pledges.withdraw(pledge=pledge, by=town.person("ada"), now=town.now).state == then
    else:
        with pytest.raises(then):
            pledges.withdraw(pledge=pledge, by=town.person("ada"), now=town.now)


@pytest.mark.parametrize(("state", "then"), DELIVER.items())
def test_saying_that_help_was_given(town: Town, state: str, then: Any) -> None:
    pledge = promise(town, state)
    if isinstance(then, str):
        assert pledges.delivered(pledge=pledge, by=town.person("olive"), now=town.now).state == then
    else:
        with pytest.raises(then):
            pledges.delivered(pledge=pledge, by=town.person("olive"), now=town.now)


@pytest.mark.parametrize("state", [state for state in C if state != C.LIVE])
def test_only_an_open_campaign_is_closed_called_off_or_given_to(town: Town, state: str) -> None:
    campaign = town.campaign()
    Campaign.objects.filter(pk=campaign.pk).update(state=state)

    assert campaigns.close(campaign=campaign, now=campaign.closes_at).state == state
    with pytest.raises(Clash):
        campaigns.call_off(campaign=campaign, reason="rain", by=town.person("olive"), now=town.now)
    with pytest.raises(Clash):
        pledges.offer_money(campaign=campaign, pence=500, by=town.person("ada"), now=town.now, return_url="/x/")


def verbs(town: Town, campaign: Campaign, gift: Pledge) -> dict[str, Any]:
    now = town.now
    return {
        "withdraw a gift": lambda by: pledges.withdraw(pledge=gift, by=by, now=now),
        "call a campaign off": lambda by: campaigns.call_off(campaign=campaign, reason="rain", by=by, now=now),
        "claim money from elsewhere": lambda by: elsewhere.claim(
            project=campaign.project, source="A", kind="trust", part="capital", pence=5, on=now.date(),
            evidence_note="Letter", by=by, now=now,
        ),
        "open a fund": lambda by: funds.open_fund(
            name="F", kind="council", funder=town.council, purpose="p", opens_on=now.date(), by=by, now=now
        ),
        "pay into a fund": lambda by: paying_in.pay_in(
            fund=town.fund("X", 0), pence=5, reference="r", on=now.date(), by=by, now=now
        ),
        "ask for a payout": lambda by: grants.ask_payout(campaign=campaign, pence=5, by=by, now=now),
    }  # fmt: skip


MAY = {
    "withdraw a gift": {"giver"},
    "call a campaign off": {"organiser", "officer"},
    "claim money from elsewhere": {"organiser", "officer"},
    "open a fund": {"officer"},
    "pay into a fund": {"finance"},
    "ask for a payout": {"officer", "finance"},
}


@pytest.mark.parametrize("verb", MAY)
@pytest.mark.parametrize("who", ["resident", "giver", "organiser", "officer", "other-team", "finance"])
def test_who_may(town: Town, verb: str, who: str) -> None:
    campaign = town.campaign()
    gift = town.gives("ada", campaign, 1_000)
    by = {
        "resident": lambda: town.person("zoe"),
        "giver": lambda: town.person("ada"),
        "organiser": lambda: town.person("olive"),
        "officer": lambda: town.officer("fay", "officer", "funding"),
        "other-team": lambda: town.officer("eli", "officer", "engagement"),
        "finance": lambda: town.officer("fin", "finance"),
    }[who]()
    act = verbs(town, campaign, gift)[verb]
    if who not in MAY[verb]:
        with pytest.raises(NotAllowed):
            act(by)
    elif verb == "ask for a payout":
        with pytest.raises(Clash):  # allowed, and refused for the campaign's state only
            act(by)
    else:
        act(by)
        assert Pledge.objects.count() == 1


def table(model: Any) -> list[str]:
    """A state table as the docs print it."""
    lines = ["| from | to |", "|---|---|"]
    for state in model.State:
        onward = ", ".join(sorted(str(each) for each in model.MOVES[state])) or "nothing more"
        lines.append(f"| {state.value} | {onward} |")
    return lines


def test_the_docs_print_the_tables_as_they_are() -> None:
    page = (ROOT / "docs/rooms/giving.md").read_text()

    for model in (Campaign, Pledge):
        assert "\n".join(table(model)) in page
