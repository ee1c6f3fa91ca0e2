"""The giver's way through the pages, and the door for messages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from becontree.foundations.payments.models import Inbox, Instruction
from becontree.foundations.payments.practice import remote
from becontree.foundations.payments.tests.conftest import HELD, begin, posted

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_giver_pays_and_comes_back(client, heard):
    instruction = begin(take="now", now=timezone.now())
    page = client.get(instruction.next_url, follow=True)
    assert "No money moves" in page.text
    back = client.post(page.request["PATH_INFO"], {"card": "pays"})
    instruction.refresh_from_db()

    assert (back.status_code, back.url) == (302, "/back/")
    assert (instruction.state, instruction.charges.get().state) == ("ready", "settled")
    assert posted(HELD) == 2500


def test_a_giver_who_turns_back_has_paid_nothing(client, heard):
    instruction = begin(now=timezone.now())
    page = client.get(instruction.next_url, follow=True)
    client.post(page.request["PATH_INFO"], {"leave": "1"})
    instruction.refresh_from_db()

    assert (instruction.state, instruction.failure) == ("cancelled", "turned_back")


def test_looking_at_the_pages_changes_nothing(client, heard):
    instruction = begin(now=timezone.now())
    for _ in range(3):
        client.get(instruction.next_url, follow=True)
    instruction.refresh_from_db()

    assert instruction.state == "new"


def test_the_page_waits_when_the_provider_is_silent(client, heard):
    from becontree.foundations.payments.practice import faults

    with faults.plan(lambda call, key, amount: faults.Fault(answer="unasked")):
        instruction = begin(now=timezone.now())
        page = client.get(instruction.next_url)

    assert "does not answer yet" in page.text
    assert Instruction.objects.get().state == "new"


def test_the_door_keeps_signed_messages_and_refuses_others(client, db):
    raw = b'{"id":"pe_1","about":"charge","type":"paid","object":"pp_1","key":"k"}'
    good = remote.sign(raw, now=timezone.now())
    answers = [
        client.post("/payments/hooks/practice/", raw, "application/json", headers={"Practice-Signature": signature})
        for signature in (good, good, "nonsense")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert Inbox.objects.count() == 1
    assert client.post("/payments/hooks/nobody/", raw, "application/json").status_code == 404
    assert client.get("/payments/hooks/practice/").status_code == 405


def test_messages_come_over_http_as_well(live_server, settings, heard, client):
    from becontree.foundations.payments import actions
    from becontree.foundations.payments.practice import post

    settings.PRACTICE_HOOK_URL = f"{live_server.url}/payments/hooks/practice/"
    now = timezone.now()
    instruction = begin(now=now)
    instruction.refresh_from_db()
    remote.answer_page(setup=instruction.remote_id, card="pays", now=now)
    assert post.send_due(now=now) == 1
    actions.process_inbox(now=timezone.now())
    instruction.refresh_from_db()

    assert instruction.state == "ready"
