"""Who may follow a gift, what its pages tell, and which bank line a pound came with."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.access.models import ReadEvent
from becontree.foundations.ledger.models import Journal
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments import following
from becontree.foundations.payments.models import BankLine, Charge

GIVER = "Gideon Marrowbone"


def at_the_desk(town: Town, name: str, role: str, team: str = "") -> Client:
    client = Client()
    client.force_login(town.officer(name, role, team))
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


@pytest.fixture
def collected(town: Town) -> list[Charge]:
    """Two gifts that were charged when the campaign closed, one after the other."""
    campaign = town.campaign(town.project(pence=3_000), days=10)
    town.gives("gwen", campaign, 1_000)
    town.gives("hugh", campaign, 2_000)
    giver = town.person("gwen")
    giver.name = GIVER
    giver.save()
    town.later(days=11)
    return list(Charge.objects.filter(state="settled").order_by("settled_at", "created_at", "pk"))


def pay_in(town: Town, *pounds: str) -> list[BankLine]:
    """Sums of the provider's on the bank's statement, matched with it."""
    tom = town.officer("tom", "finance")
    text = "Date,Description,Amount\n" + "".join(f"{town.now:%d/%m/%Y},PAY-IN {n},{n}\n" for n in pounds)
    payments.import_statement(raw=text.encode(), file_name="s.csv", by=tom, now=town.now)
    lines = list(BankLine.objects.order_by("line_number"))
    for line in lines:
        payments.match_line(line=line, kind="provider", to="practice", by=tom, now=town.now)
    return lines


def test_a_gift_came_with_the_first_of_the_providers_sums_that_reaches_it(town: Town, collected: list[Charge]) -> None:
    taken = [following._taken_up_to(one) for one in collected]
    assert None not in taken
    assert taken[0] != taken[1]
    first, second = sorted(collected, key=lambda one: following._taken_up_to(one) or 0)
    assert following.line_of_charge(first) is None

    lines = pay_in(town, f"{first.amount / 100:.2f}", f"{second.amount / 100 - 5:.2f}", "5.00")
    assert following.line_of_charge(first) == lines[0]
    assert following.line_of_charge(second) == lines[2]


def test_an_auditor_reads_every_step_and_no_name_and_it_is_written_down(town: Town, collected: list[Charge]) -> None:
    (line,) = pay_in(town, "30.00")
    gwen = town.person("gwen")
    gift = gwen.pledges.get()
    charge = Charge.objects.get(purpose=gift.ref)
    client = at_the_desk(town, "ines", "auditor")
    entry = Journal.objects.get(key=f"charge:{charge.pk}:settled")
    pages = [
        "/desk/giving/gifts/", f"/desk/giving/gifts/{gift.handle}/", "/desk/giving/gifts.csv",
        f"/desk/payments/charges/{charge.pk}/", f"/desk/payments/lines/{line.pk}/", f"/accounts/journal/{entry.pk}/",
    ]  # fmt: skip
    for address in pages:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        assert GIVER not in body.decode(), address
    read = ReadEvent.objects.filter(subject=gwen).values_list("kind", "thing", "purpose")
    assert set(read) == {("giving.pledge", str(gift.pk), "audit")}
    assert len(read) == 2  # the gift's page and its charge's

    assert client.post(f"/desk/payments/lines/{line.pk}/", {"what": "provider:practice"}).status_code == 403


def test_nobody_follows_their_own_gift(town: Town, collected: list[Charge]) -> None:
    client = at_the_desk(town, "gwen", "auditor")
    mine, other = town.person("gwen").pledges.get(), town.person("hugh").pledges.get()

    assert client.get(f"/desk/giving/gifts/{mine.handle}/").status_code == 404
    assert mine.handle not in client.get("/desk/giving/gifts/").content.decode()
    assert client.get(f"/desk/giving/gifts/{other.handle}/").status_code == 200


def test_the_public_page_of_an_entry_leads_to_no_gift(town: Town, collected: list[Charge]) -> None:
    charge = collected[0]
    entry = Journal.objects.get(key=f"charge:{charge.pk}:settled")
    page = Client().get(f"/accounts/journal/{entry.pk}/").content.decode()

    assert str(charge.pk) not in page
    assert "/desk/" not in page
    officer = at_the_desk(town, "priya", "officer", "funding").get(f"/accounts/journal/{entry.pk}/").content.decode()
    assert str(charge.pk) not in officer


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_gifts_and_charges_are_for_finance_and_auditors(town: Town, collected: list[Charge], role: str) -> None:
    client = at_the_desk(town, "someone", role, "funding" if role == "officer" else "")
    gift = town.person("gwen").pledges.get()

    for address in ("/desk/giving/gifts/", f"/desk/giving/gifts/{gift.handle}/", "/desk/giving/gifts.csv"):
        assert client.get(address).status_code == 403
    assert client.get(f"/desk/payments/charges/{collected[0].pk}/").status_code == 403


def test_the_gift_that_opens_the_gate_says_what_was_held_back_until_then(town: Town) -> None:
    town.fund("Play pot", ratio=(2, 1), min_backers=2)
    campaign = town.campaign(town.project(pence=100_000))
    first = town.gives("gwen", campaign, 1_000)
    town.later(hours=1)
    second = town.gives("hugh", campaign, 3_000)
    desk = at_the_desk(town, "tom", "finance")

    held = desk.get(f"/desk/giving/gifts/{first.handle}/").content.decode()
    assert "Its part was held back until enough people, or enough money, had come." in held
    opened = desk.get(f"/desk/giving/gifts/{second.handle}/").content.decode()
    assert "£80.00. This gift opened the gate: £20.00 of it, for the gifts before, was held back until then." in opened
    client = Client()
    client.force_login(town.person("hugh"))
    mine = client.get(f"/my/giving/gifts/{second.handle}/").content.decode()
    assert "£20.00 of it was for the gifts before yours, and was held back until then." in mine
