"""Closing the books takes two people: one proposes with a reason, another looks at the same sums and confirms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import actions, queries
from becontree.foundations.ledger.models import Month, Proposal
from becontree.foundations.ledger.testing import money
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person, RoleHeld

NOW = datetime(2026, 9, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 2, 12, 0, tzinfo=UTC)
SEPTEMBER = date(2026, 9, 30)
CLOSE = "/desk/ledger/close/"
WHY = "Every bank line is explained."
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def posted() -> None:
    actions.open_account(code="asset:bank:main", name="Bank", kind="asset")
    actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=True)
    money(key="gift", debit="asset:bank:main", credit="fund:pot", amount=7_770, now=NOW)


def person(name: str, role: str = "finance") -> Person:
    found, new = Person.objects.get_or_create(email=f"{name}@example.org", defaults={"name": name.title()})
    if new:
        RoleHeld.objects.create(person=found, role=role, granted_at=NOW, grant_reason="test")
    return found


def desk(name: str, role: str = "finance") -> Client:
    client = Client()
    client.force_login(person(name, role), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = timezone.now().timestamp()
    session.save()
    return client


def read() -> dict[str, str]:
    """What a page shown now carries."""
    waits = queries.proposal()
    assert waits is not None
    return {"proposal": str(waits.pk), "entries": str(queries.entries_to_close(waits.last_day))}


def hidden(page: str) -> dict[str, str]:
    """What a page that was shown carries."""
    return dict(re.findall(r'<input type="hidden" name="(proposal|entries)" value="([^"]*)"', page))


def propose(by: str = "tom", now: datetime = LATER) -> Proposal:
    return actions.propose_closing(month=SEPTEMBER, reason=WHY, by=person(by), now=now)


def test_one_proposes_and_another_confirms() -> None:
    waits = propose()
    assert queries.closed_up_to() is None
    assert (queries.closings_to_confirm(person("tom")), queries.closings_to_confirm(person("ruth"))) == (0, 1)

    with pytest.raises(NotAllowed):
        actions.confirm_closing(proposal=waits, entries=1, by=person("tom"), now=LATER)
    closed = actions.confirm_closing(proposal=waits, entries=1, by=person("ruth"), now=LATER)

    assert (closed.last_day, closed.reason) == (SEPTEMBER, WHY)
    assert (closed.proposed_by, closed.actor) == (str(person("tom").pk), str(person("ruth").pk))
    with pytest.raises(Clash):
        actions.confirm_closing(proposal=waits, entries=1, by=person("ruth"), now=LATER)


def test_nobody_closes_alone_whatever_the_software_says() -> None:
    tom = str(person("tom").pk)
    for proposer in ("", tom):
        with pytest.raises(IntegrityError), transaction.atomic():
            Month.objects.create(last_day=SEPTEMBER, actor=tom, closed_at=LATER, proposed_by=proposer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            last_day=SEPTEMBER, reason=WHY, entries=1, proposed_by=tom, proposed_at=LATER, state="confirmed",
            decided_by=tom, decided_at=LATER,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.close_month(month=SEPTEMBER, by=person("tom"), now=LATER)
    actions.close_month(month=SEPTEMBER, by=System("tests"), now=LATER)

    assert queries.closed_up_to() == SEPTEMBER


def test_one_proposal_waits_at_a_time_and_only_for_the_next_month_that_is_over() -> None:
    with pytest.raises(Invalid):
        actions.propose_closing(month=date(2026, 10, 1), reason=WHY, by=person("tom"), now=LATER)
    with pytest.raises(Invalid):
        actions.propose_closing(month=SEPTEMBER, reason="So", by=person("tom"), now=LATER)
    with pytest.raises(NotAllowed):
        actions.propose_closing(month=SEPTEMBER, reason=WHY, by=person("ines", "auditor"), now=LATER)
    propose()
    with pytest.raises(Clash):
        propose("ruth")


def test_what_was_written_since_they_looked_must_be_looked_at() -> None:
    waits = propose()
    money(key="late", debit="asset:bank:main", credit="fund:pot", amount=5, now=NOW)

    with pytest.raises(Clash):
        actions.confirm_closing(proposal=waits, entries=1, by=person("ruth"), now=LATER)
    assert queries.closed_up_to() is None
    actions.confirm_closing(proposal=waits, entries=2, by=person("ruth"), now=LATER)


def test_the_second_person_declines_with_a_reason_and_the_first_takes_back() -> None:
    waits = propose()
    with pytest.raises(Invalid):
        actions.decline_closing(proposal=waits, why_not="", by=person("ruth"), now=LATER)
    with pytest.raises(NotAllowed):
        actions.take_closing_back(proposal=waits, by=person("ruth"), now=LATER)
    actions.decline_closing(proposal=waits, why_not="A line is missing.", by=person("ruth"), now=LATER)
    assert queries.last_declined() == waits
    again = propose(now=LATER + timedelta(minutes=1))
    actions.take_closing_back(proposal=again, by=person("tom"), now=LATER)

    assert (queries.closed_up_to(), queries.proposal(), queries.last_declined()) == (None, None, None)


def test_through_the_pages_two_people_close_the_month_and_each_reads_who_waits_for_whom() -> None:
    tom, ruth, ines = desk("tom"), desk("ruth"), desk("ines", "auditor")
    shown = tom.get("/desk/ledger/close/").text
    assert "£77.70" in shown
    assert "Propose to close the books" in shown
    tom.post("/desk/ledger/close/", {"month": "2026-09-30"})  # without a reason
    tom.post("/desk/ledger/close/", {"month": "2026-08-31", "reason": "An old page"})
    assert queries.proposal() is None
    tom.post("/desk/ledger/close/", {"month": "2026-09-30", "reason": WHY})
    assert queries.closed_up_to() is None

    for address in ("/desk/ledger/", "/desk/ledger/close/"):
        assert "Tom proposed" in ruth.get(address).text
        assert "a second person of finance" in ines.get(address).text
    assert "It waits for another person of finance" in tom.get("/desk/ledger/").text
    assert "Closing of the books to confirm" in ruth.get("/desk/").text
    assert "Confirm, and close" not in tom.get("/desk/ledger/close/").text
    assert "Confirm, and close" not in ines.get("/desk/ledger/close/").text

    assert tom.post("/desk/ledger/close/", read() | {"do": "confirm"}).status_code == 403
    assert ines.post("/desk/ledger/close/", read() | {"do": "confirm"}).status_code == 403
    wrong = ruth.post("/desk/ledger/close/", read() | {"entries": "9", "do": "confirm"})
    assert "Something was written" in wrong.text
    assert "Say why" in ruth.post("/desk/ledger/close/", read() | {"do": "decline"}).text
    assert queries.closed_up_to() is None
    ruth.post("/desk/ledger/close/", read() | {"do": "confirm"})

    assert queries.closed_up_to() == SEPTEMBER
    assert WHY in tom.get("/desk/ledger/").text


def test_a_declined_proposal_says_why_where_the_next_is_made() -> None:
    tom, ruth = desk("tom"), desk("ruth")
    tom.post("/desk/ledger/close/", {"month": "2026-09-30", "reason": WHY})
    ruth.post("/desk/ledger/close/", read() | {"do": "decline", "why_not": "A bank line is missing."})

    assert "A bank line is missing." in tom.get("/desk/ledger/").text
    assert "A bank line is missing." in tom.get("/desk/ledger/close/").text
    tom.post("/desk/ledger/close/", {"month": "2026-09-30", "reason": WHY})
    tom.post("/desk/ledger/close/", read() | {"do": "take-back"})
    assert queries.proposal() is None


@pytest.mark.parametrize("do", ["confirm", "decline"])
def test_an_old_page_decides_nothing_about_a_proposal_that_came_after_it(do: str) -> None:
    """The first is taken back and another made while the second person's page is open."""
    tom, ruth = desk("tom"), desk("ruth")
    tom.post(CLOSE, {"month": "2026-09-30", "reason": WHY})
    old = hidden(ruth.get(CLOSE).text) | {"do": do, "why_not": "A line is missing."}
    tom.post(CLOSE, hidden(tom.get(CLOSE).text) | {"do": "take-back"})

    gone = ruth.post(CLOSE, old, follow=True).text
    assert "no longer waits" in gone
    tom.post(CLOSE, {"month": "2026-09-30", "reason": "Another reason, which she never read."})
    answer = ruth.post(CLOSE, old).text

    assert "This is not the proposal that you read" in answer
    assert "Another reason, which she never read." in answer
    assert (queries.closed_up_to(), Proposal.objects.get(state="waits").reason[:7]) == (None, "Another")
    ruth.post(CLOSE, hidden(answer) | {"do": do, "why_not": "A line is missing."})
    assert queries.proposal() is None


def test_a_page_without_its_proposal_decides_nothing() -> None:
    propose()
    ruth = desk("ruth")
    ruth.post(CLOSE, {"entries": "1", "do": "confirm"})
    ruth.post(CLOSE, {"entries": "1", "proposal": "nonsense", "do": "confirm"})

    assert queries.closed_up_to() is None
