"""Finance's pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.payments import actions
from becontree.foundations.payments.models import BankLine, Charge, Refund
from becontree.foundations.payments.tests.conftest import begin, settle_down
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


def test_what_is_open_is_listed_with_its_age(at_the_desk, heard):
    busy()
    page = at_the_desk().get("/desk/payments/").text

    assert "NOBODY 1" in page
    assert "£1,000.00" in page  # forty lines in suspense


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
    assert at_the_desk("bob").post(address).status_code == 302
    refund.refresh_from_db()
    assert refund.state == "created"


def test_the_list_for_the_bank_is_safe_to_open_in_a_spreadsheet(at_the_desk, heard, finance):
    now = timezone.now()
    row = begin(provider="bankfile", now=now)
    settle_down(now, times=1)
    text = f"Date,Description,Amount\n{now:%d/%m/%Y},=HYPERLINK(1) {row.reference},25.00\n"
    actions.import_statement(raw=text.encode(), file_name="s.csv", by=ROOM, now=now)
    actions.refund(charge=Charge.objects.get(), amount=2500, key="r", reason="=1+1", by=ROOM, now=now)
    settle_down(now, times=1)
    made = actions.make_list(by=finance("bob"), now=now)
    early = at_the_desk().get(f"/desk/payments/lists/{made.number}/payments.csv")
    assert (early.status_code, early["Location"]) == (302, f"/desk/payments/lists/{made.number}/")
    actions.release_list(listed=made, by=finance("eve"), now=now)
    text = at_the_desk().get(f"/desk/payments/lists/{made.number}/payments.csv").text

    assert "'=1+1" in text
    assert "25.00" in text
