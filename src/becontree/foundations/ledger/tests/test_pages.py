"""The accounts' pages: open to all, naming nobody; finance's, to finance."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger import actions, exports, queries, undoing, words
from becontree.foundations.ledger.actions import Line
from becontree.foundations.ledger.models import Journal, Reversal
from becontree.foundations.ledger.testing import money
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person, RoleHeld

NOW = datetime(2026, 9, 22, 12, 0, tzinfo=UTC)
SYSTEM = System("tests")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def posted() -> None:
    actions.open_account(code="asset:bank:main", name="Bank", kind="asset")
    actions.open_account(code="fund:pot", name="The pot", kind="fund", floor=True)
    actions.open_account(code="memo:pledges", name="Pledges", kind="memo")
    actions.open_account(code="memo:campaign:play", name="Play", kind="memo")
    actions.open_account(code="memo:hours", name="Hours", kind="memo", unit="hour")
    actions.open_account(code="memo:hours:play", name="Hours for play", kind="memo", unit="hour")
    giver = Person.objects.create_user("gladys@example.org", name="Gladys Invented")
    for n in range(60):
        money(key=f"gift:{n}", debit="asset:bank:main", credit="fund:pot", amount=100 + n, now=NOW)
    actions.post(
        key="pledge:secret-key",
        kind="pledge",
        occurred_on=NOW.date(),
        lines=[Line("memo:pledges", "memo:campaign:play", 2_500, pending=True)],
        subject="pledge/secret-handle",
        by=giver,
        now=NOW,
    )
    money(key="hours", debit="memo:hours", credit="memo:hours:play", amount=3, now=NOW, unit="hour")


def finance(client: Client, email: str) -> Person:
    person, new = Person.objects.get_or_create(email=email)
    if new:
        RoleHeld.objects.create(person=person, role="finance", granted_at=NOW, grant_reason="test")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = timezone.now().timestamp()
    session.save()
    return person


PUBLIC = [
    "/accounts/",
    "/accounts/?on=2026-09-21",
    "/accounts/trial-balance.csv",
    "/accounts/trial-balance.json",
    "/accounts/reversals/",
    "/accounts/reversals.csv",
    "/accounts/promised/",
    "/accounts/account/fund:pot/",
    "/accounts/account/fund:pot/?since=2026-01-01&until=2026-12-31&before=x",
    "/accounts/account/fund:pot.csv",
    "/accounts/account/fund:pot.json",
    "/accounts/account/memo:campaign:play/",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_everybody_may_read_the_accounts_and_nobody_is_named(client: Client, address: str) -> None:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    giver = Person.objects.get(email="gladys@example.org")

    assert answer.status_code == 200
    for secret in ("Gladys", "gladys", str(giver.pk), giver.pk.hex, "secret-handle", "secret-key"):
        assert secret.encode() not in body


def test_a_pledges_own_page_does_not_say_whose_it_is(client: Client) -> None:
    pledge = Journal.objects.get(key="pledge:secret-key")

    for address in (f"/accounts/journal/{pledge.pk}/", f"/accounts/journal/{pledge.pk}.json"):
        body = client.get(address).content
        assert b"secret" not in body
        assert str(Person.objects.get(email="gladys@example.org").pk).encode() not in body


def test_an_unknown_account_is_not_found(client: Client) -> None:
    assert client.get("/accounts/account/fund:none/").status_code == 404


def test_pages_keep_to_their_budget_of_queries(client: Client, django_assert_max_num_queries) -> None:
    for address in ("/accounts/", "/accounts/account/fund:pot/", "/accounts/promised/", "/accounts/reversals/"):
        with django_assert_max_num_queries(12):
            client.get(address)


def test_a_statement_pages_back_to_nothing(client: Client) -> None:
    first = client.get("/accounts/account/fund:pot/")
    older = first.context["statement"].older
    second = client.get(f"/accounts/account/fund:pot/?before={older}")

    assert len(first.context["lines"]) == 50
    assert len(second.context["lines"]) == 10
    assert second.context["statement"].opening == 0


def test_the_table_to_take_away_equals_the_trial_balance(client: Client) -> None:
    text = b"".join(client.get("/accounts/trial-balance.csv").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    data = json.loads(b"".join(client.get("/accounts/trial-balance.json").streaming_content))

    assert sum(float(row["debit"]) for row in rows if row["kind"] != "memo") == queries.trial_balance().debit / 100
    assert [row["code"] for row in data] == [row["code"] for row in rows]


def test_two_people_reverse_an_entry_through_the_pages(client: Client) -> None:
    journal = Journal.objects.get(key="gift:0")
    line = journal.transfers.get()
    finance(client, "one@example.org")
    said = client.post(f"/desk/ledger/reverse/{journal.pk}/", {"reason": "Paid in twice by the bank"}, follow=True).text
    asked = Reversal.objects.get()
    what = f"£{line.amount / 100:.2f} between {line.debit.name} and {line.credit.name}"
    assert f"Asked to reverse: {what}. Nothing has moved yet: another person of finance must approve it." in said

    assert client.post(f"/desk/ledger/reversal/{asked.pk}/", {"answer": "approve"}).status_code == 403
    finance(client, "two@example.org")
    assert b"Approve" in client.get("/desk/ledger/").content
    done = client.post(f"/desk/ledger/reversal/{asked.pk}/", {"answer": "approve"}, follow=True).text
    assert f"Reversed: {what}. A second entry undoes it. Nobody has to do anything more." in done
    assert "Paid in twice by the bank" in client.get("/accounts/reversals/").content.decode()
    assert queries.balance("fund:pot").posted == sum(100 + n for n in range(1, 60))


def test_finance_is_told_on_the_entry_where_another_step_is_the_right_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(_journal: Journal) -> None:
        raise Invalid("room.no", "Take the grant back instead.", "reason")

    address = f"/accounts/journal/{Journal.objects.get(key='gift:0').pk}/"
    finance(client, "one@example.org")
    page = client.get(address).content.decode()
    monkeypatch.setattr(undoing, "may", no)
    told = client.get(address).content.decode()

    assert "Ask for this to be reversed" in page
    assert "Ask for this to be reversed" not in told
    assert "Take the grant back instead." in told


def test_a_reversal_declined_says_what_stands_and_who_may_ask_again(client: Client) -> None:
    journal = Journal.objects.get(key="gift:0")
    finance(client, "one@example.org")
    client.post(f"/desk/ledger/reverse/{journal.pk}/", {"reason": "Paid in twice by the bank"})
    finance(client, "two@example.org")
    asked = Reversal.objects.get()
    said = client.post(f"/desk/ledger/reversal/{asked.pk}/", {"answer": "decline"}, follow=True).text

    assert f"Declined: {words.what_moved(journal)}. It stands as it was. Someone can ask again" in said
    assert queries.balance("fund:pot").posted == sum(100 + n for n in range(60))


def test_a_reversal_that_cannot_be_is_said_with_the_accounts_name_and_still_waits(client: Client) -> None:
    finance(client, "one@example.org")
    client.post(
        f"/desk/ledger/reverse/{Journal.objects.get(key='gift:0').pk}/", {"reason": "Paid in twice by the bank"}
    )
    money(key="spent", debit="fund:pot", credit="asset:bank:main", amount=queries.balance("fund:pot").posted, now=NOW)
    finance(client, "two@example.org")
    asked = Reversal.objects.get()
    said = client.post(f"/desk/ledger/reversal/{asked.pk}/", {"answer": "approve"}, follow=True).text
    asked.refresh_from_db()

    assert "There is not enough in The pot: its money was used since. Nothing was reversed" in said
    assert "fund:pot" not in said
    assert asked.state == "asked"


def test_a_long_entry_is_said_in_three_lines_and_how_many_more() -> None:
    for n in range(5):
        actions.open_account(code=f"fund:long{n}", name=f"Fund {n}", kind="fund")
    lines = [Line("asset:bank:main", f"fund:long{n}", 100) for n in range(5)]
    made = actions.post(key="long", kind="payment", occurred_on=NOW.date(), lines=lines, by=SYSTEM, now=NOW)

    said = words.what_moved(made)
    assert said.count("£1.00 between ") == 3
    assert said.endswith("; 2 lines more")


def test_finance_runs_the_audit(client: Client) -> None:
    finance(client, "one@example.org")
    client.post("/desk/ledger/audit/")

    assert queries.last_audit().faults == []
    assert b"no fault" in client.get("/accounts/").content


@pytest.mark.parametrize("address", ["/desk/ledger/", "/desk/ledger/transfers.csv", "/desk/ledger/ledger.beancount"])
def test_the_desk_is_not_for_everybody(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(
        Person.objects.get(email="gladys@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(address).status_code == 403


def test_the_whole_ledger_can_be_taken_away(client: Client) -> None:
    finance(client, "one@example.org")
    rows = b"".join(client.get("/desk/ledger/transfers.csv").streaming_content).decode()

    assert rows.count("\r\n") == 63
    assert "secret" not in rows


def test_the_beancount_text_opens_posts_and_asserts_each_account() -> None:
    text = exports.text_of(exports.beancount())

    assert "open Equity:Pot" in text
    assert "Assets:Bank--main  1.00 GBP" in text
    assert "balance Equity:Memorandum:Hours--play -3 HOUR" in text
    assert "secret" not in text


def test_no_two_accounts_share_a_name_in_beancount() -> None:
    actions.open_account(code="fund:a:b", name="One", kind="fund")
    actions.open_account(code="fund:a--b", name="Two", kind="fund")
    actions.open_account(code="fund:a.-b", name="Three", kind="fund")
    opened = [line.split()[2] for line in exports.beancount() if " open " in line]

    assert len(opened) == len(set(opened)) == 9


def test_an_entry_says_in_words_which_account_rises_and_which_falls(client: Client) -> None:
    actions.open_account(code="liability:suspense", name="Suspense", kind="liability")
    lines = [Line("liability:suspense", "fund:pot", 4_550)]
    journal = actions.post(
        key="match", kind="bank-match", occurred_on=NOW.date(), lines=lines, subject="fund/pot", by=SYSTEM, now=NOW
    )
    page = " ".join(client.get(f"/accounts/journal/{journal.pk}/").content.decode().split())

    assert "A bank line matched with what it is for" in page
    assert re.search(r"Suspense</a><br><span class=\"soft\">goes down", page)
    assert re.search(r"The pot</a><br><span class=\"soft\">goes up", page)
    assert "Posted at once" in page


def test_a_reversal_waits_on_the_second_person_s_list_with_what_it_would_undo(client: Client) -> None:
    one = finance(client, "one@example.org")
    Person.objects.filter(pk=one.pk).update(name="Una First")
    asked = actions.ask_reversal(journal=Journal.objects.get(key="gift:59"), reason="Paid in twice", by=one, now=NOW)
    assert queries.reversals_asked(one).count() == 0
    two = finance(client, "two@example.org")
    front, page = client.get("/desk/").content.decode(), client.get("/desk/ledger/").content.decode()

    assert queries.reversals_asked(two).get() == asked
    assert "Reversals to decide on" in front
    assert all(words in page for words in ("£1.59", "The pot", "Una First"))


def test_a_day_to_come_is_not_told_of(client: Client) -> None:
    page = client.get("/accounts/", {"on": "2999-12-31"}).text

    assert "31 December 2999 is still to come" in page
    assert "at the end of 31 December 2999" not in page
    for name in ("trial-balance-csv", "trial-balance-json"):
        assert client.get(reverse(f"ledger:{name}"), {"on": "2999-12-31"}).status_code == 404
        assert client.get(reverse(f"ledger:{name}"), {"on": "2026-09-22"}).status_code == 200


@pytest.mark.parametrize("on", ["2026-02-31", "yesterday", "31/01/2026"])
def test_a_file_of_no_day_is_not_todays(client: Client, on: str) -> None:
    """The attack: ask for the balance of 31 February, and be handed today's without a word."""
    page = client.get("/accounts/", {"on": on})
    assert "That was not a date" in page.text
    assert page.status_code == 422
    for name in ("trial-balance-csv", "trial-balance-json"):
        assert client.get(reverse(f"ledger:{name}"), {"on": on}).status_code == 422
    for name in ("account", "account-csv", "account-json"):  # as the whole statement was for a senseless "since"
        assert client.get(reverse(f"ledger:{name}", args=["fund:pot"]), {"since": on}).status_code == 422
