"""Today at the desk: what waits, or what there is to look at where nothing does."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from becontree.citizenship.giving import queries as giving
from becontree.citizenship.giving.actions import pledges
from becontree.citizenship.giving.tests.conftest import SETUP, Town, town
from becontree.citizenship.projects.models import Need
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Round
from becontree.citizenship.voices.tests.conftest import NOW, Listening, listening
from becontree.citizenship.voices.tests.test_piles import KEPT, form
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import PaymentList, Payout
from becontree.foundations.people.models import Person

__all__ = ["listening", "town"]


def desk(town: Town, role: str, team: str = "", name: str = "otto") -> Client:
    client = Client()
    person = town.person(name)
    client.force_login(person if person.has_role(role, team) else town.officer(name, role, team))
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def today(town: Town, role: str, team: str = "", name: str = "otto") -> str:
    page = desk(town, role, team, name).get("/desk/").text
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize(
    ("role", "opens", "shut"),
    [
        ("auditor", ["/desk/payments/", "/desk/ledger/", "/desk/access/", "/record/"], "/desk/people/"),
        ("administrator", ["/desk/people/", "/desk/policy/", "/record/"], "/desk/payments/"),
    ],
)
def test_whoever_nothing_waits_for_is_shown_what_their_role_opens(
    town: Town, role: str, opens: list[str], shut: str
) -> None:
    page = today(town, role)

    assert "Nothing waits for you" in page
    assert [address for address in opens if f'href="{address}"' not in page] == []
    assert f'href="{shut}"' not in page


def test_finance_sees_how_many_bank_lines_wait_to_be_explained(town: Town) -> None:
    text = f"Date,Description,Amount\n{date(2026, 5, 1):%d/%m/%Y},FEE,-6.00\n01/05/2026,WHO,7.00\n"
    payments.import_statement(raw=text.encode(), file_name="s.csv", by=SETUP, now=town.now)
    page = today(town, "finance")

    assert '<a href="/desk/payments/lines/">2</a>' in page
    assert "Nothing waits for you" not in page
    assert "People to ring back" not in page


def test_who_listens_sees_how_many_people_to_ring_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<a href="/desk/outreach/calls/">0</a>' in today(town, "officer", "engagement")
    monkeypatch.setattr(
        "becontree.citizenship.outreach.queries.open_calls", lambda: Person.objects.filter(name="Olive")
    )
    assert '<a href="/desk/outreach/calls/">1</a>' in today(town, "officer", "engagement")


def line(page: str, what: str) -> str:
    """What stands beside `what` among that which waits: its link and its number, or nothing."""
    found = re.search(rf'<dt>{re.escape(what)}</dt><dd><a href="([^"]*)">([\d,]*)</a>', page)
    return f"{found[1]} {found[2]}" if found else ""


def test_help_that_should_have_come_waits_for_who_runs_funds_and_for_nobody_else(town: Town) -> None:
    what = "Promised time, skills and things: have they come?"
    town.now = timezone.now() - timedelta(days=70)
    project = town.project(pence=1_000)
    needs = [Need.objects.create(project=project, kind=kind, what=kind, quantity=10) for kind in ("hours", "things")]
    campaign = town.campaign(project)
    given = [pledges.offer_help(need=need, quantity=3, by=town.person("ada"), now=town.now) for need in needs]
    town.gives("bob", campaign, 1_000)
    town.later(days=31)
    assert line(today(town, "officer", "funding"), what) == "/desk/giving/help/ 2"
    assert what not in today(town, "finance", name="fay") + today(town, "officer", "engagement", "eve")
    page = desk(town, "officer", "funding").get("/desk/giving/help/").text
    assert "3 hours, 3 items" in page
    for pledge in given:
        pledges.delivered(pledge=pledge, by=town.person("olive"), now=town.now)

    assert line(today(town, "officer", "funding"), what) == "/desk/giving/help/ 0"


def test_help_is_not_asked_after_before_its_day(town: Town) -> None:
    town.now = timezone.now() - timedelta(days=58)
    project = town.project(pence=1_000)
    campaign = town.campaign(project)
    need = Need.objects.create(project=project, kind="hours", what="Digging", quantity=10)
    pledges.offer_help(need=need, quantity=3, by=town.person("ada"), now=town.now)
    town.gives("bob", campaign, 1_000)
    town.later(days=31)

    assert giving.help_due(campaign.closes_at + timedelta(days=27)) == []
    assert [due.promises for due in giving.help_due(campaign.closes_at + timedelta(days=29))] == [1]


def test_a_closed_round_waits_for_its_answer_until_it_is_given(town: Town, listening: Listening) -> None:
    listening.now = timezone.now()
    found = listening.round(closed_at=listening.now, state="closed")
    page = today(town, "officer", "engagement")
    assert line(page, "Closed rounds to answer") == "/desk/voices/rounds/ 1"
    assert '<a href="/desk/voices/rounds/twenty-years/came-of-it/">What came of Twenty years</a>' in page
    Round.objects.filter(pk=found.pk).update(state="answered", answered_at=listening.now, said="x", did="y")

    assert line(today(town, "officer", "engagement"), "Closed rounds to answer") == "/desk/voices/rounds/ 0"


def test_the_first_voices_that_wait_are_named_and_linked_without_their_words(
    town: Town, listening: Listening, django_assert_max_num_queries: Any
) -> None:
    said = [f"Hidden words {number}" for number in range(5)]
    round_ = listening.round()
    first = listening.responds(round_, *said[:3])
    listening.now += timedelta(hours=1)
    listening.responds(round_, *said[3:])
    handles = [voice.handle for voice in first.voices.order_by("position")]
    client = desk(town, "officer", "engagement")
    client.get("/desk/")
    with django_assert_max_num_queries(15):
        page = client.get("/desk/").text

    assert line(page, "Voices to read") == "/desk/voices/ 5"
    shown = re.findall(r'<li><a href="/desk/voices/([^/"]+)/">([^<]*)</a>', page)
    assert [handle for handle, _name in shown] == handles[:3]
    assert all(name.startswith(f"{handle}, came ") and name.endswith(f": {round_.title}") for handle, name in shown)
    assert not [words for words in said if words in page]
    assert client.get(f"/desk/voices/{shown[0][0]}/").status_code == 200


def test_paper_waits_for_another_clerk_and_then_for_whoever_settles_it(town: Town, listening: Listening) -> None:
    again, settle = "Paper forms to type again", "Paper forms typed in two ways, to settle"
    round_ = listening.round()
    Round.objects.filter(pk=round_.pk).update(double_entry=True)
    round_.refresh_from_db()
    otto, marcus = town.officer("otto", "officer", "engagement"), listening.officer()
    pile = voices.begin_pile(round=round_, by=otto, now=NOW, kept=KEPT)
    for key, by in (("k1", otto), ("k2", marcus)):
        voices.type_in(batch=pile, form=form(round_, "The trees", key), by=by, now=NOW)
    assert line(today(town, "officer", "engagement"), again) == "/desk/voices/piles/ 1"  # not what Otto typed himself
    voices.type_again(batch=pile, number=2, form=form(round_, "The bees"), by=otto, now=NOW)

    page = today(town, "officer", "engagement")
    assert [line(page, what) for what in (again, settle)] == ["/desk/voices/piles/ 0", "/desk/voices/piles/ 1"]


def test_what_waits_for_a_second_person_of_finance_does_not_wait_for_the_first(town: Town) -> None:
    first, second = town.officer("fay", "finance"), town.officer("otto", "finance")
    for number, by in enumerate((first, second)):
        PaymentList.objects.create(number=number + 1, made_by=str(by.pk), made_at=NOW, total=100)
        Payout.objects.create(
            key=f"p{number}", payee=town.group.pk, purpose="campaign/x", amount=5, from_account="x", reference="X",
            proposed_by=str(by.pk), proposed_at=NOW,
        )  # fmt: skip
    page = today(town, "finance")

    assert line(page, "Lists for the bank to release") == "/desk/payments/lists/?state=made 1"
    assert line(page, "Payments to approve") == "/desk/payments/payouts/ 1"
    assert line(page, "Refunds to agree to") == "/desk/payments/refunds/ 0"


def test_an_auditor_is_told_of_broken_glass(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("becontree.foundations.access.breakglass.waiting", lambda: Person.objects.filter(name="Olive"))

    assert line(today(town, "auditor"), "Broken glass to review") == "/desk/access/glass/ 1"


@pytest.mark.parametrize(
    ("role", "team"), [("officer", "engagement"), ("officer", "funding"), ("finance", ""), ("auditor", "")]
)
def test_today_takes_few_queries(town: Town, role: str, team: str, django_assert_max_num_queries: Any) -> None:
    client = desk(town, role, team)
    client.get("/desk/")
    with django_assert_max_num_queries(15):
        client.get("/desk/")
