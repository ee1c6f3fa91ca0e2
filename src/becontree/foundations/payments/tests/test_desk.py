"""Finance's pages."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.payments import actions
from becontree.foundations.payments.models import BankLine, Charge, Comparison, Refund
from becontree.foundations.payments.tests.conftest import begin, posted, settle_down
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

pytestmark = pytest.mark.django_db
PAGES = ["", "charges/", "lines/", "lines/?show=all", "lines/import/", "refunds/", "payouts/", "lists/"]
ROOM = System("test.room")


@pytest.fixture
def at_the_desk(client, finance):
    def sit(name="ann"):
        client.force_login(finance(name) if not Person.objects.filter(name=name) else Person.objects.get(name=name))
        session = client.session
        session[SECOND_FACTOR_KEY] = True
        session.save()
        return client

    return sit


def busy():
    """Sixty gifts by bank, a third of them paid, and lines that nobody knows."""
    now = timezone.now()
    text = "Date,Description,Amount\n"
    for number in range(60):
        row = begin(f"gift/{number}", purpose=f"gift/{number}", provider="bankfile", amount=2500, now=now)
        text += f"{now:%d/%m/%Y},{row.reference if number % 3 == 0 else 'NOBODY ' + str(number)},25.00\n"
    settle_down(now, times=1)
    actions.import_statement(raw=text.encode(), file_name="s.csv", by=ROOM, now=now)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_answers_in_few_queries_however_much_there_is(
    at_the_desk, heard, address, django_assert_max_num_queries
):
    client = at_the_desk()
    busy()
    with django_assert_max_num_queries(15 if not address else 12):
        page = client.get(f"/desk/payments/{address}")

    assert page.status_code == 200


@pytest.fixture
def audits(client):
    """An auditor at the desk."""
    person = Person.objects.create_user("aud@example.invalid", name="Aud")
    people.grant_role(person=person, role="auditor", by=ROOM, now=timezone.now())
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def owed(finance):
    """A refund that waits for a second person, and one that failed."""
    ann = finance("ann")
    for state in ("proposed", "failed"):
        charge = Charge.objects.filter(state="settled", refunds__isnull=True).first()
        Refund.objects.create(
            key=state, charge=charge, amount=2500, reason="Twice.", state=state, proposed_by=str(ann.pk),
            proposed_at=timezone.now(),
        )  # fmt: skip


def test_an_auditor_is_shown_only_what_they_may_follow(audits, heard, finance):
    busy()
    owed(finance)
    shut, forms, known = {}, [], {}
    for address in [address for address in PAGES if "import" not in address] + ["lines/?show=charge"]:
        page = audits.get(f"/desk/payments/{address}").text
        main = page[page.index("<main") : page.index("</main>")]
        forms += [address] if 'method="post"' in main else []
        for link in {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', main)}:
            known[link] = known.get(link) or audits.get(link).status_code
            shut |= {} if known[link] == 200 else {(address, link): known[link]}

    assert (shut, forms) == ({}, [])


TABLES = [
    ("charges", "", 60),
    ("charges", "?state=settled", 20),
    ("charges", "?provider=practice", 0),
    ("charges", "?until=2020-01-01", 0),
    ("lines", "", 40),
    ("lines", "?show=all", 60),
    ("lines", "?show=charge&who=system", 20),
    ("lines", "?words=nobody+1", 8),
    ("lines", "?who=system", 20),
    ("refunds", "", 2),
    ("refunds", "?state=failed", 1),
    ("refunds", "?role=finance", 2),
    ("refunds", "?who=system", 0),
    ("payouts", "?state=proposed", 0),
    ("lists", "?role=finance&since=2026-01-01", 0),
]


def test_an_auditor_narrows_a_table_and_takes_it_away(audits, heard, finance):
    busy()
    owed(finance)
    wrong = {}
    for table, asked, left in TABLES:
        page = audits.get(f"/desk/payments/{table}/{asked}").text
        lines = b"".join(audits.get(f"/desk/payments/{table}.csv{asked}")).decode().splitlines()
        if f"{left} found." not in page or len(lines) - 1 != left:
            wrong[table, asked] = len(lines) - 1

    assert wrong == {}


def test_amounts_taken_away_can_be_added_up(audits, heard, finance):
    busy()
    owed(finance)
    now = timezone.now()
    text = f"Date,Description,Amount\n{now:%d/%m/%Y},=FEE(),-1234.50\n"
    actions.import_statement(raw=text.encode(), file_name="f.csv", by=ROOM, now=now)
    sums = {}
    for table, column in (("lines", "amount"), ("charges", "amount"), ("refunds", "amount"), ("lists", "total")):
        taken = b"".join(audits.get(f"/desk/payments/{table}.csv{'?show=all' if table == 'lines' else ''}")).decode()
        sums[table] = sum(Decimal(row[f"{column} in pounds"]) for row in csv.DictReader(io.StringIO(taken)))
        assert table != "lines" or "'=FEE()" in taken

    assert sums["lines"] == 60 * 25 - Decimal("1234.50")
    assert sums["charges"] == 60 * 25


def test_tables_say_how_it_stands_in_words(audits, heard, finance):
    busy()
    owed(finance)
    lines = b"".join(audits.get("/desk/payments/refunds.csv")).decode()

    assert "Waits for a second person" in lines
    assert "ann" in lines
    assert "asked,purpose,about,amount in pounds,why,state,asked by,agreed by,list" in lines


def test_what_is_open_is_listed_with_its_age(at_the_desk, heard):
    busy()
    page = at_the_desk().get("/desk/payments/").text

    assert "NOBODY 1" in page
    assert "£1,000.00" in page  # forty lines in suspense


def test_where_the_books_differ_the_page_says_what_to_do_and_where(at_the_desk, heard):
    sums = Comparison.objects.create(provider="practice", at=timezone.now(), ours=500, theirs=500)
    assert "What to do where sums differ" not in at_the_desk().get("/desk/payments/").text
    Comparison.objects.filter(pk=sums.pk).update(theirs=400)
    page = at_the_desk().get("/desk/payments/").text

    assert "Compare again in an hour" in page
    for link in ("/desk/payments/charges/", "asset:clearing:practice/"):
        assert link in page.partition("What to do where sums differ")[2].partition("</div>")[0]


@pytest.mark.parametrize("address", PAGES)
def test_nobody_but_finance_comes_in(client, address):
    person = Person.objects.create_user("r@example.invalid")
    stranger = client.get(f"/desk/payments/{address}")
    client.force_login(person)

    assert stranger.status_code == 302
    assert client.get(f"/desk/payments/{address}").status_code == 403


def test_a_statement_is_brought_in_and_a_line_matched_through_the_pages(at_the_desk, heard):
    client = at_the_desk()
    row = begin(provider="bankfile", now=timezone.now())
    settle_down(timezone.now(), times=1)
    file = SimpleUploadedFile("s.csv", f"Date,Description,Amount\n{timezone.now():%d/%m/%Y},GRAN,25.00\n".encode())
    client.post("/desk/payments/lines/import/", {"file": file})
    line = BankLine.objects.get()
    address = f"/desk/payments/lines/{line.pk}/"
    assert row.reference in client.get(address).text
    done = client.post(address, {"what": f"charge:{Charge.objects.get().pk}"})

    assert done.status_code == 302
    assert Charge.objects.get().state == "settled"


def test_money_that_went_out_is_said_without_a_minus(at_the_desk, heard):
    client = at_the_desk()
    file = SimpleUploadedFile("s.csv", f"Date,Description,Amount\n{timezone.now():%d/%m/%Y},FEE,-12.00\n".encode())
    client.post("/desk/payments/lines/import/", {"file": file})
    page = client.get(f"/desk/payments/lines/{BankLine.objects.get().pk}/").text

    assert re.search(r"<h1>\W*£12\.00\W* went out</h1>", page)


def test_what_the_bank_charges_is_matched_by_choosing_it_from_the_list(at_the_desk, heard):
    client = at_the_desk()
    file = SimpleUploadedFile("s.csv", f"Date,Description,Amount\n{timezone.now():%d/%m/%Y},FEE,-6.00\n".encode())
    client.post("/desk/payments/lines/import/", {"file": file})
    line = BankLine.objects.get()
    address = f"/desk/payments/lines/{line.pk}/"
    page = client.get(address)
    offered = dict(page.context["form"].fields["account"].choices)

    assert offered["expense:bank"] == "Bank charges"
    assert not {"asset:bank:main", "liability:suspense"} & set(offered)
    assert not [code for code in offered if code.startswith(("fund:", "liability:held:", "memo:"))]
    nowhere = client.post(address, {"what": "other", "account": "expense:nowhere", "note": "Charge for November"})
    assert "Charge for November" in nowhere.text
    done = client.post(address, {"what": "other", "account": "expense:bank", "note": "Charge for November"})
    assert done.status_code == 302
    assert posted("expense:bank") == 600
    assert posted("liability:suspense") == 0


def test_a_spoilt_statement_says_which_line_and_what_to_do(at_the_desk):
    file = SimpleUploadedFile("s.csv", b"Date,Description,Amount\n99/99/2026,x,1\n")
    page = at_the_desk().post("/desk/payments/lines/import/", {"file": file})

    assert "line 2" in page.text
    assert "day first" in page.text
    assert not BankLine.objects.exists()


def test_two_people_refund_through_the_pages(at_the_desk, heard, finance):
    busy()
    charge = Charge.objects.filter(state="settled").first()
    ann = finance("ann")
    refund = Refund.objects.create(
        key="r", charge=charge, amount=2500, reason="x", state="proposed", proposed_by=str(ann.pk),
        proposed_at=timezone.now(),
    )  # fmt: skip
    address = f"/desk/payments/refunds/{refund.pk}/approve/"

    assert at_the_desk("ann").post(address).status_code == 403
    assert "Agreed: £25.00 goes back where it came from (" in at_the_desk("bob").post(address, follow=True).text
    refund.refresh_from_db()
    assert refund.state == "created"


def a_list(by, now, reason):
    """A refund of a gift by bank, on a list that waits for its second person."""
    row = begin(provider="bankfile", now=now)
    settle_down(now, times=1)
    text = f"Date,Description,Amount\n{now:%d/%m/%Y},=HYPERLINK(1) {row.reference},25.00\n"
    actions.import_statement(raw=text.encode(), file_name="s.csv", by=ROOM, now=now)
    actions.refund(charge=Charge.objects.get(), amount=2500, key="r", reason=reason, by=ROOM, now=now)
    settle_down(now, times=1)
    return actions.make_list(by=by, now=now)


def test_only_the_second_person_is_offered_the_second_step(at_the_desk, heard, finance):
    made = a_list(finance("bob"), timezone.now(), "Asked for")
    address = f"/desk/payments/lists/{made.number}/"
    first = at_the_desk("bob").get(address).text
    ann = at_the_desk("ann")
    second = ann.get(address).text

    assert "Release it for the bank" not in first
    assert "a second person must do this one" in first
    assert "Release it for the bank" in second
    assert "(if you like)" not in second
    assert "Why not, if you refuse?" in second
    after = ann.post(address, {"do": "release"}, follow=True).text
    assert "Why do you withdraw it?" in after
    assert "Why not, if you refuse?" not in after


def test_the_list_for_the_bank_is_safe_to_open_in_a_spreadsheet(at_the_desk, heard, finance):
    now = timezone.now()
    made = a_list(finance("bob"), now, "=1+1")
    early = at_the_desk().get(f"/desk/payments/lists/{made.number}/payments.csv")
    assert (early.status_code, early["Location"]) == (302, f"/desk/payments/lists/{made.number}/")
    actions.release_list(listed=made, by=finance("eve"), now=now)
    text = at_the_desk().get(f"/desk/payments/lists/{made.number}/payments.csv").text

    assert "'=1+1" in text
    assert "25.00" in text


def test_where_every_line_is_matched_the_page_says_how_many_there_are(audits, heard, finance):
    now = timezone.now()
    row = begin("gift/1", purpose="gift/1", provider="bankfile", amount=2500, now=now)
    settle_down(now, times=1)
    text = f"Date,Description,Amount\n{now:%d/%m/%Y},{row.reference},25.00\n"
    actions.import_statement(raw=text.encode(), file_name="s.csv", by=ROOM, now=now)
    page = audits.get("/desk/payments/lines/").text

    assert 'Every line is matched. There is <a href="?show=all">1 line in all</a>.' in page
    assert "There are none." not in page
    assert "There are none." in audits.get("/desk/payments/lines/?show=refund").text
