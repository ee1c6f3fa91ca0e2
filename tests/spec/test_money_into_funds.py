"""Money into a fund above the council's figure counts only when a second person of finance has confirmed it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from becontree.citizenship.giving import queries
from becontree.citizenship.giving.actions import paying_in
from becontree.citizenship.giving.models import Fund, PayIn
from becontree.citizenship.giving.tests.conftest import SETUP, Town, town
from becontree.citizenship.giving.tests.test_payouts import match, statement, who
from becontree.citizenship.giving.tests.test_reversals import last, reverse
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger.models import Journal
from becontree.foundations.ledger.queries import balance
from becontree.foundations.policy import actions as policy
from becontree.foundations.record.models import Entry
from tests.spec.test_desk_budgets import at_the_desk
from tests.spec.two_people import in_the_same_moment, read_on

__all__ = ["town"]
LARGE, LIMIT = 2_000_000, 1_000_000
LIST = "/desk/giving/pay-ins/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(town: Town) -> Fund:
    """A fund with nothing in it, and two of finance: fin and bob."""
    town.now = timezone.now().replace(microsecond=0)  # pages ask the clock
    for name in ("fin", "bob"):
        town.officer(name, "finance")
    return town.fund(pence=0)


def write(town: Town, fund: Fund, by: str = "fin", **more: Any) -> PayIn:
    facts = {"pence": LARGE, "reference": "BANK-1", "on": town.now.date(), "now": town.now} | more
    return paying_in.pay_in(fund=fund, by=who(town, by), **facts)


def confirm(town: Town, waits: PayIn, by: str = "bob", **more: Any) -> PayIn:
    read = {"read": queries.as_read(PayIn.objects.select_related("fund").get(pk=waits.pk)), "now": town.now} | more
    return paying_in.confirm_pay_in(written=waits, by=who(town, by), **read)


def held(fund: Fund) -> tuple[int, int, int]:
    """(what the fund has, entries in its books, what the record says was paid in)."""
    written = Journal.objects.filter(subject=fund.ref)
    return balance(fund.account).posted, written.count(), Entry.objects.filter(kind="fund.paid-in").count()


def test_on_the_pages_one_writes_down_and_another_confirms(town: Town, fund: Fund) -> None:
    fin, bob = at_the_desk(town, "fin", "finance"), at_the_desk(town, "bob", "finance")
    where = f"/desk/giving/funds/{fund.slug}/pay-in/"
    assert "Above £10,000" in fin.get(where).text
    sent = {"pence": "20,000", "reference": "BANK-1", "on": town.now.date().isoformat()}
    said = fin.post(where, sent, follow=True).text
    assert "It does not count yet" in said
    assert "this waits for a second person" in said
    assert held(fund) == (0, 0, 0)

    waits = PayIn.objects.get()
    page = f"{LIST}{waits.pk}/"
    what = "Money into funds to confirm"
    assert what in bob.get("/desk/").text
    assert what in bob.get("/desk/giving/").text
    assert page in bob.get("/desk/giving/").text
    assert page not in fin.get("/desk/giving/").text
    assert "another person of finance must confirm it" in fin.get(page).text
    shown = bob.get(page).text
    for words in ("£20,000.00", "BANK-1", "Council pot", "by Fin"):
        assert words in shown
    done = bob.post(page, {"do": "confirm", "read": read_on(shown)}, follow=True).text
    assert "£20,000.00 into Council pot counts from now on" in done
    assert held(fund) == (LARGE, 1, 1)
    assert "There is nothing more to decide" in bob.get(page).text
    assert page not in bob.get("/desk/giving/").text
    assert "this waits for a second person" not in fin.get(f"/desk/giving/funds/{fund.slug}/").text


def test_small_sums_count_at_once_and_so_do_those_of_the_software(town: Town, fund: Fund) -> None:
    assert write(town, fund, pence=LIMIT).state == "alone"
    assert held(fund) == (LIMIT, 1, 1)
    made = paying_in.pay_in(fund=fund, pence=LARGE, reference="B9", on=town.now.date(), by=SETUP, now=town.now)
    assert (made.state, held(fund)) == ("alone", (LIMIT + LARGE, 2, 2))


def test_a_large_sum_in_slices_waits_too(town: Town, fund: Fund) -> None:
    other = town.fund("Another pot", pence=0)
    assert write(town, fund, pence=600_000).state == "alone"
    assert write(town, fund, pence=400_000, reference="B2").state == "alone"
    assert write(town, fund, pence=1, reference="B3").state == "waits"
    assert write(town, fund, pence=600_000, reference="B4", by="bob").state == "alone"  # each for themselves
    assert write(town, other, pence=600_000, reference="B5").state == "alone"
    town.now += timedelta(days=7)
    assert write(town, fund, pence=600_000, reference="B6").state == "alone"
    assert held(fund)[0] == 2_200_000


def test_the_figure_is_the_councils(town: Town, fund: Fund) -> None:
    policy.set_council(
        key="giving.pay_in_alone", value=0, since=town.now.date(), reason="As agreed.", by=SETUP, now=town.now
    )
    assert write(town, fund, pence=1).state == "waits"
    assert held(fund) == (0, 0, 0)


def test_never_the_same_person_nor_another_role(town: Town, fund: Fund) -> None:
    waits = write(town, fund)
    with pytest.raises(NotAllowed, match="You wrote this down yourself"):
        confirm(town, waits, "fin")
    with pytest.raises(NotAllowed, match="You wrote this down yourself"):
        paying_in.decline_pay_in(written=waits, why_not="Oh no", by=who(town, "fin"), now=town.now)
    with pytest.raises(NotAllowed, match="decline it instead"):
        paying_in.stop_pay_in(written=waits, by=who(town, "bob"), now=town.now)
    for name, role, team in (("fay", "officer", "funding"), ("aud", "auditor", ""), ("adm", "administrator", "")):
        other = town.officer(name, role, team)
        with pytest.raises(NotAllowed, match="keep the accounts"):
            confirm(town, waits, name)
        assert at_the_desk(town, name, role, team).get(f"{LIST}{waits.pk}/").status_code == 403
        with pytest.raises(NotAllowed):
            paying_in.stop_pay_in(written=waits, by=other, now=town.now)
    with pytest.raises(NotAllowed):
        paying_in.confirm_pay_in(written=waits, read=queries.as_read(waits), by=SETUP, now=town.now)
    mine = at_the_desk(town, "fin", "finance").post(
        f"{LIST}{waits.pk}/", {"do": "confirm", "read": queries.as_read(waits)}
    )
    assert mine.status_code == 403
    assert held(fund) == (0, 0, 0)
    for decided_by in ("", waits.written_by):  # nor does the database take it
        with pytest.raises(IntegrityError), transaction.atomic():
            PayIn.objects.filter(pk=waits.pk).update(state="confirmed", decided_by=decided_by, decided_at=town.now)


@pytest.mark.parametrize("changed", [{"pence": LARGE * 2}, {"reference": "BANK-2"}, {"on": "2026-01-01"}])
def test_what_is_confirmed_is_what_was_read(town: Town, fund: Fund, changed: dict[str, Any]) -> None:
    waits, bob = write(town, fund), at_the_desk(town, "bob", "finance")
    page = f"{LIST}{waits.pk}/"
    read = read_on(bob.get(page).text)
    PayIn.objects.filter(pk=waits.pk).update(**changed)
    again = bob.post(page, {"do": "confirm", "read": read})
    assert again.status_code == 422
    assert "This is not what you read" in again.text
    assert read_on(again.text) != read
    assert bob.post(page, {"do": "confirm"}).status_code == 422
    assert held(fund) == (0, 0, 0)


@pytest.mark.parametrize("sent", [{}, {"do": ""}, {"do": "nonsense", "why_not": "I mean it"}])
def test_a_form_sent_without_one_of_its_buttons_decides_nothing(town: Town, fund: Fund, sent: dict[str, str]) -> None:
    waits = write(town, fund)
    answer = at_the_desk(town, "bob", "finance").post(f"{LIST}{waits.pk}/", sent | {"read": queries.as_read(waits)})
    waits.refresh_from_db()
    assert (answer.status_code, waits.state) == (200, "waits")


def test_one_taken_back_and_written_anew_is_another(town: Town, fund: Fund) -> None:
    first = write(town, fund)
    read = queries.as_read(first)
    fin = at_the_desk(town, "fin", "finance")
    assert "Taken back." in fin.post(f"{LIST}{first.pk}/", {"do": "take-back"}, follow=True).text
    second = write(town, fund)
    with pytest.raises(Clash, match="not what you read"):
        confirm(town, second, read=read)
    with pytest.raises(Clash, match="decided already"):
        confirm(town, first, read=read)
    assert held(fund) == (0, 0, 0)


@pytest.mark.parametrize("again", ["BANK-1", "bank -1", " Bank-1\t"])
def test_a_reference_counts_once_also_while_it_waits(town: Town, fund: Fund, again: str) -> None:
    waits = write(town, fund)
    for pence in (100, LARGE):
        with pytest.raises(Clash, match="waits for a second person already"):
            write(town, fund, pence=pence, reference=again, by="bob")
    confirm(town, waits)
    with pytest.raises(Clash, match="recorded already"):
        write(town, fund, pence=100, reference=again)
    assert held(fund)[0] == LARGE


def test_what_was_declined_says_why_counts_nothing_and_may_be_written_anew(town: Town, fund: Fund) -> None:
    waits, bob = write(town, fund), at_the_desk(town, "bob", "finance")
    page = f"{LIST}{waits.pk}/"
    refused = bob.post(page, {"do": "decline", "why_not": "No"})
    assert refused.status_code == 422
    assert 'value="No"' in refused.text
    assert "Declined." in bob.post(page, {"do": "decline", "why_not": "It is not on the statement"}, follow=True).text
    assert "It is not on the statement" in at_the_desk(town, "fin", "finance").get(LIST).text
    with pytest.raises(Clash, match="decided already"):
        confirm(town, waits)
    assert held(fund) == (0, 0, 0)
    confirm(town, write(town, fund))
    assert held(fund)[0] == LARGE


def test_a_day_that_has_become_too_old_while_it_waited_is_declined(town: Town, fund: Fund) -> None:
    waits = write(town, fund, on=town.now.date() - timedelta(days=730))
    town.now += timedelta(days=1)
    with pytest.raises(Invalid, match="dated back"):
        confirm(town, waits)
    paying_in.decline_pay_in(written=waits, why_not="Too old", by=who(town, "bob"), now=town.now)
    assert held(fund) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_in_the_same_moment_one_does(town: Town, fund: Fund) -> None:
    two = [who(town, "bob"), town.officer("rut", "finance")]
    waits = write(town, fund)

    answers = in_the_same_moment(lambda person: confirm(town, waits, person.name.lower()), two)

    assert answers == ["done", "fund.pay-in-decided"]
    assert held(fund) == (LARGE, 1, 1)


def test_the_banks_own_line_of_what_waits_counts_it_once_and_needs_no_second_person(town: Town, fund: Fund) -> None:
    waits = write(town, fund)
    (line,) = statement(town, ("ALDERSEY", "20000.00"))
    match(town, line, fund.ref, by="bob")
    waits.refresh_from_db()
    assert (waits.state, held(fund)[0]) == ("found", LARGE)
    with pytest.raises(Clash, match="decided already"):
        confirm(town, waits)
    with pytest.raises(Clash, match="recorded already"):
        write(town, fund)  # written down once more, though the line is matched
    assert held(fund)[0] == LARGE
    reverse(town, last("bank-match"))
    assert held(fund)[0] == 0
    assert write(town, fund).state == "waits"


def test_a_line_that_comes_after_the_second_person_is_found_against_what_they_confirmed(town: Town, fund: Fund) -> None:
    confirm(town, write(town, fund))
    (line,) = statement(town, ("ALDERSEY", "20000.00"))
    match(town, line, fund.ref, by="bob")
    assert (held(fund)[0], balance("asset:clearing:desk").posted) == (LARGE, 0)


def test_a_line_of_the_bank_alone_takes_no_second_person_here(town: Town, fund: Fund) -> None:
    (line,) = statement(town, ("ALDERSEY", "20000.00"))
    match(town, line, fund.ref, by="bob")
    assert (held(fund)[0], PayIn.objects.count()) == (LARGE, 0)


def test_what_was_reversed_says_so_and_may_be_written_down_again(town: Town, fund: Fund) -> None:
    for _ in range(2):
        done = confirm(town, write(town, fund))
        reverse(town, last("fund.paid-in"))
        done.refresh_from_db()
        assert (done.state, held(fund)[0]) == ("reversed", 0)
        town.now += timedelta(minutes=1)
    assert "reversed in the accounts" in at_the_desk(town, "bob", "finance").get(LIST).text


def test_auditors_read_all_of_it_and_take_it_away(town: Town, fund: Fund) -> None:
    waits = write(town, fund, reference="=BANK")
    confirm(town, write(town, fund, reference="B2"))
    auditor = at_the_desk(town, "aud", "auditor")
    page = auditor.get(LIST).text
    for words in ("waits for a second person", "confirmed by a second person", "by Bob", "B2"):
        assert words in page
    assert f"{LIST}{waits.pk}/" not in page
    text = b"".join(auditor.get("/desk/giving/pay-ins.csv").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["bank's reference"][-2:]: row["decided by"] for row in rows} == {"B2": "Bob", "NK": ""}
    assert {row["pounds"] for row in rows} == {"20000.00"}
    assert not [cell for row in rows for cell in row.values() if cell[:1] == "="]
    assert Client().get(LIST).status_code == 302
    assert at_the_desk(town, "fay", "officer", "funding").get(LIST).status_code == 403


@pytest.mark.parametrize("many", [1, 9])
def test_the_pages_keep_their_budget(
    town: Town, fund: Fund, many: int, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(many):
        waits = write(town, fund, reference=f"B{number}", by=("fin", "bob")[number % 2])
    client = at_the_desk(town, "rut", "finance")
    for path, most in (
        (LIST, 12), (f"{LIST}{waits.pk}/", 15), ("/desk/giving/", 15), ("/desk/", 15),
        (f"/desk/giving/funds/{fund.slug}/", 15), (f"/desk/giving/funds/{fund.slug}/pay-in/", 15),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            client.get(path)
