"""The loop back: to everybody who left a way to be reached, at most weekly, until they leave or their time is over."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client, override_settings

from becontree.citizenship.voices import actions, queries, shred
from becontree.citizenship.voices.actions.leaving import forget_expired
from becontree.citizenship.voices.actions.telling import close_due, tell_everybody
from becontree.citizenship.voices.models import Appeal, Contact, Response, Round, Ruling, Voice
from becontree.citizenship.voices.tests.conftest import NOW, SETUP, Listening
from becontree.foundations.messages.actions import deliver
from becontree.foundations.messages.models import Message, NewsItem
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry


def heard(listening: Listening) -> Round:
    """A closed round of three: an address that answered twice, another address, a person with an account."""
    round_ = listening.round()
    record.thing(ref=round_.ref, kind="round", title=round_.title, url=round_.get_absolute_url())
    listening.responds(round_, "Trees", contact="rita@example.org")
    listening.responds(round_, "Pools", contact="Rita@example.org")
    listening.responds(round_, "Noise", contact="omar@example.org")
    listening.responds(round_, "Benches", channel="web", by=listening.person("ada"))
    return actions.close_round(round=round_, by=SETUP, now=NOW)


def letters(address: str) -> list[Message]:
    return list(Message.objects.filter(template="voices/came_of_it", address=address).order_by("made_at"))


def test_everybody_who_can_be_reached_is_told_once(listening: Listening) -> None:
    round_ = heard(listening)
    later = NOW + timedelta(hours=2)
    actions.update(round=round_, step="heard", words="Most asked for trees.", by=SETUP, now=later)
    for _ in range(3):
        tell_everybody(later)

    assert len(letters("rita@example.org")) == len(letters("omar@example.org")) == 1
    assert "Most asked for trees." in letters("omar@example.org")[0].body
    assert [item.person for item in NewsItem.objects.all()] == [listening.person("ada")]


def test_news_of_one_week_comes_in_one_letter_and_nothing_comes_twice(listening: Listening) -> None:
    round_ = heard(listening)
    actions.update(round=round_, step="heard", words="First.", by=SETUP, now=NOW + timedelta(hours=1))
    tell_everybody(NOW + timedelta(hours=2))
    actions.update(round=round_, step="decided", words="Second.", by=SETUP, now=NOW + timedelta(days=1))
    actions.update(round=round_, step="came", words="Third.", by=SETUP, now=NOW + timedelta(days=3))
    tell_everybody(NOW + timedelta(days=4))
    assert len(letters("omar@example.org")) == 1
    tell_everybody(NOW + timedelta(days=8))
    tell_everybody(NOW + timedelta(days=20))
    first, second = letters("omar@example.org")

    assert "First." in first.body
    assert "First." not in second.body
    assert "Second." in second.body
    assert "Third." in second.body


def test_one_click_and_the_address_is_gone(listening: Listening) -> None:
    round_ = heard(listening)
    actions.update(round=round_, step="heard", words="First.", by=SETUP, now=NOW + timedelta(hours=1))
    tell_everybody(NOW + timedelta(hours=2))
    letter = letters("rita@example.org")[0]
    from becontree.foundations.messages import leaving

    assert Client().post(f"/letters/leave/{leaving.token(letter)}/").status_code == 200
    actions.update(round=round_, step="came", words="Last.", by=SETUP, now=NOW + timedelta(days=9))
    tell_everybody(NOW + timedelta(days=9))

    assert not Contact.objects.filter(address="rita@example.org").exists()
    assert Contact.objects.filter(address="omar@example.org").exists()
    assert not Message.objects.filter(address="rita@example.org").exists()
    assert Response.objects.count() == 4


def test_addresses_go_when_their_time_is_over(listening: Listening) -> None:
    round_ = heard(listening)
    assert round_.closes_on is not None
    last = NOW + (round_.closes_on - NOW.date()) + timedelta(days=730)

    assert forget_expired(last) == 0
    assert forget_expired(last + timedelta(days=1)) == 3
    assert not Message.objects.exclude(address="").filter(person=None).exists()
    assert Response.objects.filter(round=round_).count() == 4


def test_a_round_closes_by_itself_after_its_last_day(listening: Listening) -> None:
    round_ = listening.round()
    record.thing(ref=round_.ref, kind="round", title=round_.title)

    assert close_due(NOW + timedelta(days=30)) == 0
    assert close_due(NOW + timedelta(days=31)) == 1
    round_.refresh_from_db()
    assert round_.state == "closed"


@pytest.fixture
def post_office() -> Iterator[tuple[int, list[Any]]]:
    """A real mail server, and what it took."""
    taken: list[Any] = []

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, taken
    controller.stop()


def test_the_answer_arrives_by_real_mail_with_one_click_to_leave(
    listening: Listening, post_office: tuple[int, list[Any]]
) -> None:
    port, taken = post_office
    round_ = heard(listening)
    actions.answer_round(
        round=round_, asked="What?", said="Trees.", did="We plant forty.", by=SETUP, now=NOW + timedelta(hours=1)
    )
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port
    ):
        tell_everybody(NOW + timedelta(hours=2))
        deliver(now=NOW + timedelta(hours=2))
        deadline = time.monotonic() + 10
        while len(taken) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
    answers = [mail for to, mail in taken if to == ["omar@example.org"] and "came of" in str(mail["Subject"])]

    (mail,) = answers
    assert "We plant forty." in mail.get_payload(decode=True).decode()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    thanked = sorted(to[0] for to, mail in taken if "heard" in str(mail["Subject"]))
    assert thanked == ["ada@example.invalid", "omar@example.org", "rita@example.org", "rita@example.org"]


# Being forgotten


def test_to_be_forgotten_takes_words_notes_and_addresses_and_leaves_the_counts(listening: Listening) -> None:
    round_ = listening.round()
    ada = listening.person("ada")
    form = listening.responds(round_, "Thanks to Irena", "Noise", channel="web", by=ada, place="Library", ward=None)
    first, second = form.voices.order_by("position")
    actions.publish(voice=second, by=SETUP, now=NOW)
    actions.hold(voice=first, reason="personal", by=listening.officer(), now=NOW, note="Irena")
    actions.appeal(voice=first, words="She agreed", by=ada, now=NOW)
    before, entries = queries.mix(round_), list(Entry.objects.values_list("pk", "title", "facts"))
    assert len(shred.export(ada)) == 2
    shred.erase(ada, NOW)
    form.refresh_from_db()

    assert (form.person, form.place, form.contact) == (None, "", None)
    assert set(Voice.objects.values_list("words", "masked", "state")) == {("", "", "withdrawn")}
    assert Appeal.objects.count() == 0
    assert set(Ruling.objects.values_list("note", flat=True)) == {""}
    assert queries.mix(round_) == before
    assert list(Entry.objects.values_list("pk", "title", "facts")) == entries
    assert shred.export(ada) == []
    assert list(queries.texts(round_)) == []
