"""Reminders of meetings: to those who asked and nobody else, once, the day before; then they are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from becontree.citizenship.hubs import actions, jobs, shred
from becontree.citizenship.hubs.models import Meeting, Reminder
from becontree.citizenship.hubs.tests.conftest import Neighbourhood
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.messages.actions import deliver
from becontree.foundations.messages.models import Message


def run(name: str, now: datetime) -> int:
    return {job: act for job, _, act in jobs.JOBS}[name](now)


def test_who_asked_is_written_to_once_the_day_before_and_forgotten_the_day_after(town: Neighbourhood) -> None:
    meeting = town.plan(starts_at=town.now + timedelta(days=5))
    actions.remind(meeting=meeting, to="Ann@Example.org ", now=town.now)
    actions.remind(meeting=meeting, to="ann@example.org", now=town.now)
    actions.remind(meeting=meeting, to=town.person("rita"), now=town.now)
    before = meeting.starts_at - timedelta(hours=24)

    assert run("hubs.remind", before - timedelta(minutes=1)) == 0
    assert run("hubs.remind", before) == 2
    assert run("hubs.remind", before + timedelta(minutes=10)) == 0
    deliver(before + timedelta(minutes=20))
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ann@example.org", "rita@example.invalid"]
    assert meeting.get_absolute_url() in str(mail.outbox[0].body)
    assert "9 May 2026, 19:00" in str(mail.outbox[0].body)
    assert run("hubs.drop_reminders", meeting.starts_at) == 0
    assert run("hubs.drop_reminders", meeting.starts_at + timedelta(hours=25)) == 2
    assert not Reminder.objects.exists()


def test_nobody_is_reminded_of_what_is_over_or_cancelled_and_who_asked_is_told(town: Neighbourhood) -> None:
    meeting = town.plan(starts_at=town.now + timedelta(hours=30))
    actions.remind(meeting=meeting, to="ann@example.org", now=town.now)
    actions.cancel(meeting=meeting, by=town.person("lena"), now=town.now)

    assert run("hubs.remind", town.now + timedelta(hours=20)) == 0
    assert [one.template for one in Message.objects.all()] == ["hubs/cancelled"]
    assert run("hubs.drop_reminders", town.now) == 1
    meeting.refresh_from_db()
    with pytest.raises(Clash):
        actions.remind(meeting=meeting, to="ann@example.org", now=town.now)


@pytest.mark.parametrize("bad", ["", "ann", "ann@", "a b@example.org", "ann@example.org\nBcc: all@example.org"])
def test_an_address_that_cannot_be_is_refused(town: Neighbourhood, bad: str) -> None:
    with pytest.raises(Invalid):
        actions.remind(meeting=town.plan(), to=bad, now=town.now)
    assert not Reminder.objects.exists()


def test_by_the_meetings_page_with_and_without_an_account(today: Neighbourhood, client: Client) -> None:
    meeting = today.plan(starts_at=today.now + timedelta(days=3))
    page = meeting.get_absolute_url()

    assert client.post(page, {"address": "nowhere"}).status_code == 422
    assert client.post(page, {"address": "ann@example.org"}).status_code == 302
    rita = Client()
    rita.force_login(today.person("rita"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Remind me the day before" in rita.get(page).content.decode()
    assert rita.post(page).status_code == 302
    assert "Do not write to me" in rita.get(page).content.decode()
    assert Reminder.objects.count() == 2
    assert {"reminder of", "asked"} <= set(shred.export(today.person("rita"))[0])
    rita.post(page, {"do": "dont"})
    assert Reminder.objects.get().address == "ann@example.org"
    Meeting.objects.update(state="cancelled")
    assert client.post(page, {"address": "ben@example.org"}).status_code == 302
    assert Reminder.objects.count() == 1


def test_who_is_forgotten_is_not_reminded(town: Neighbourhood) -> None:
    rita = town.person("rita")
    actions.remind(meeting=town.plan(), to=rita, now=town.now)

    assert shred.erase(rita, town.now) == 1
    assert not Reminder.objects.exists()
