"""Letters are made once, sent at least once over real SMTP, tried again, and never to those who do not want them."""

from __future__ import annotations

import email
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import Message as Received
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.db import connection

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import actions, jobs, leaving, queries
from becontree.foundations.messages.models import Message, NewsItem, Preference
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person
from becontree.web.environment import email as email_settings

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)  # a Wednesday
SETUP = System("test")
ITEMS = {"items": [{"title": "The slide is up", "text": "", "url": "/projects/park"}]}

pytestmark = pytest.mark.django_db


def somebody(name: str = "ada", *roles: tuple[str, str], **more: Any) -> Person:
    person = people.register(email=f"{name}@example.org", name=name.title(), by=SETUP, now=NOW, **more)
    for role, team in roles:
        people.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return person


def letter(to: Person | str, key: str = "k", **more: Any) -> Message:
    return actions.send(to=to, template="messages/digest", context=ITEMS, key=key, now=more.pop("now", NOW), **more)


class Postman:
    """A mail server's hands: takes letters, and refuses as it is told."""

    def __init__(self) -> None:
        self.letters: list[Received] = []
        self.refuse_address = ""
        self.refuse_letter = ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.refuse_address:
            return self.refuse_address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuse_letter:
            return self.refuse_letter
        self.letters.append(email.message_from_bytes(envelope.content or b""))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def use_server(settings: Any, port: int) -> None:
    for name, value in email_settings(f"smtp://127.0.0.1:{port}?timeout=5").items():
        setattr(settings, name, value)


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    hands = Postman()
    controller = Controller(hands, hostname="127.0.0.1", port=free_port())
    controller.start()
    use_server(settings, controller.port)
    yield hands
    controller.stop()


def test_a_key_makes_one_letter() -> None:
    first, again = letter(somebody()), letter("other@example.org")

    assert again == first
    assert Message.objects.count() == 1


def test_the_first_line_is_the_subject_and_no_line_can_be_added_to_it(settings: Any) -> None:
    settings.COUNCIL_NAME = "Fairlop\nBcc: all@example.org"

    made = letter(somebody())

    assert made.subject == "What became of it: your news from Fairlop"
    assert "\n" not in made.subject


def test_words_are_not_escaped_as_if_for_a_page() -> None:
    made = actions.send(
        to=somebody(),
        template="messages/digest",
        context={"items": [{"title": "Tom & Jerry's <park>"}]},
        key="k",
        now=NOW,
    )

    assert "Tom & Jerry's <park>" in made.body


@pytest.mark.parametrize("template", ["messages/none", "../settings", "messages/digest.txt", "digest"])
def test_a_template_that_is_not_there_is_found_at_once(template: str) -> None:
    with pytest.raises(ValueError):
        actions.send(to=somebody(), template=template, context={}, key="k", now=NOW)


def test_a_context_is_plain() -> None:
    with pytest.raises(TypeError):
        actions.send(to=somebody(), template="messages/digest", context={"who": object()}, key="k", now=NOW)


def test_a_letter_arrives_through_a_real_server(postman: Postman) -> None:
    letter(somebody())

    assert actions.deliver(NOW) == 1
    came = postman.letters[0]
    made = Message.objects.get()
    assert came["To"] == "ada@example.org"
    assert "What became of it" in came["Subject"]
    assert came["Message-ID"].startswith(f"<{made.pk}@")
    assert came["Auto-Submitted"] == "auto-generated"
    assert came["List-Unsubscribe"] is None
    assert (made.state, made.sent_at, made.attempts) == ("sent", NOW, 1)
    assert actions.deliver(NOW) == 0


def test_a_letter_arrives_in_the_mailbox_of_a_server_in_another_process(settings: Any, tmp_path: Path) -> None:
    port, box = free_port(), tmp_path / "box"
    server = subprocess.Popen(
        [
            sys.executable,
            *f"-W ignore -m aiosmtpd -n -l 127.0.0.1:{port} -c aiosmtpd.handlers.Mailbox".split(),
            str(box),
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        use_server(settings, port)
        made = letter(somebody())
        for attempt in range(50):
            if actions.deliver(NOW + timedelta(days=attempt)):
                break
            Message.objects.update(attempts=0, state="waiting")
            time.sleep(0.2)
        found = list((box / "new").iterdir())
    finally:
        server.terminate()
        server.wait(10)

    assert len(found) == 1
    assert str(made.pk) in found[0].read_text()


def test_many_letters_go_in_one_batch(postman: Postman) -> None:
    for number in range(25):
        letter(f"p{number}@example.org", key=str(number))

    assert actions.deliver(NOW, limit=10) == 10
    assert actions.deliver(NOW, limit=100) == 15
    assert len({came["To"] for came in postman.letters}) == 25


def test_a_letter_is_not_sent_before_it_is_due(postman: Postman) -> None:
    letter(somebody(), due_at=NOW + timedelta(hours=1))

    assert actions.deliver(NOW) == 0
    assert actions.deliver(NOW + timedelta(hours=1)) == 1


def test_an_address_that_does_not_exist_is_not_tried_again(postman: Postman) -> None:
    letter(somebody())
    postman.refuse_address = "550 No such person"

    assert actions.deliver(NOW) == 0
    made = Message.objects.get()
    assert (made.state, made.error) == ("failed", "The mail server refused the address (550).")


def test_one_refused_letter_does_not_hold_up_the_next(postman: Postman) -> None:
    letter(somebody(), key="1")
    postman.refuse_letter = "554 Not this one"
    actions.deliver(NOW)
    postman.refuse_letter = ""
    letter("next@example.org", key="2")

    assert actions.deliver(NOW) == 1
    assert {made.key: made.state for made in Message.objects.all()} == {"1": "failed", "2": "sent"}


def test_a_full_mailbox_is_tried_later_and_later_then_somebody_has_to_look(postman: Postman) -> None:
    letter(somebody())
    postman.refuse_address = "451 Try later"
    at, tries = NOW, []
    for _ in range(6):
        actions.deliver(at)
        made = Message.objects.get()
        tries.append((made.state, (made.due_at - at).total_seconds() / 60))
        at = made.due_at

    assert [minutes for _, minutes in tries] == [1, 5, 30, 120, 720, 0]
    assert tries[-1][0] == "failed"
    officer = somebody("olu", ("officer", "engagement"))
    postman.refuse_address = ""
    actions.again(message=made, by=officer, now=at)
    assert actions.deliver(at) == 1
    with pytest.raises(Clash):
        actions.again(message=made, by=officer, now=at)


def test_a_server_that_is_away_loses_nothing(settings: Any) -> None:
    use_server(settings, free_port())
    letter(somebody())

    assert actions.deliver(NOW) == 0
    made = Message.objects.get()
    assert (made.state, made.attempts) == ("waiting", 1)
    assert "cannot be reached" in made.error


def test_a_letter_whose_worker_was_killed_goes_again(postman: Postman) -> None:
    letter(somebody())
    actions._claim(NOW, 10)

    assert actions.deliver(NOW) == 0
    assert actions.deliver(NOW + actions.LEASE + timedelta(seconds=1)) == 1


def test_news_carries_the_one_click_headers(postman: Postman) -> None:
    letter(somebody(), purpose="news")
    actions.deliver(NOW)
    came = postman.letters[0]

    assert came["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert came["List-Unsubscribe"].strip().startswith("<http")
    assert "/letters/leave/" in came["List-Unsubscribe"]
    assert "No more news?" in came.get_payload()


def test_who_left_gets_no_news_but_service() -> None:
    ada = somebody()
    leaving.leave(leaving.token(letter(ada, purpose="news", key="1")), now=NOW)

    assert letter(ada, purpose="news", key="2").state == "unwanted"
    assert letter(ada, purpose="service", key="3").state == "waiting"


def test_an_address_without_an_account_can_leave_and_only_its_hash_is_kept() -> None:
    made = letter("bob@example.org", purpose="news", key="1")
    leaving.leave(leaving.token(made), now=NOW)

    assert letter("BOB@example.org", purpose="news", key="2").state == "unwanted"
    assert "bob" not in leaving.token(made)


def test_a_forged_token_is_refused() -> None:
    with pytest.raises(Invalid):
        leaving.leave("cDox:forged:token", now=NOW)
    assert not Preference.objects.exists()


def test_without_an_address_the_letter_is_printed() -> None:
    person = people.register(name="Doorstep", by=SETUP, now=NOW)

    assert letter(person).channel == "print"


def test_a_text_message_has_no_adapter_and_says_so() -> None:
    with pytest.raises(Invalid) as refused:
        letter(somebody(), channel="sms")
    assert refused.value.code == "messages.channel"


def test_erasing_stops_what_waits_and_empties_what_went(postman: Postman) -> None:
    ada = somebody()
    letter(ada, key="1")
    actions.deliver(NOW)
    letter(ada, key="2")
    actions.news(person=ada, title="Something", key="n", now=NOW)

    people.erase(person=ada, by=ada, now=NOW)

    assert actions.deliver(NOW) == 0
    assert {(made.state, made.body, made.address) for made in Message.objects.all()} == {
        ("sent", "", ""),
        ("nobody", "", ""),
    }
    assert not NewsItem.objects.exists()
    assert letter(ada, key="3").state == "nobody"


def test_a_person_erased_while_a_batch_is_under_way_is_not_written_to(postman: Postman) -> None:
    from becontree.foundations.messages.channels import Email

    ada = somebody()
    letter(ada)
    claimed = actions._claim(NOW, 10)
    people.erase(person=ada, by=ada, now=NOW)
    channel = Email()
    channel.open()

    assert actions._send_one(channel, claimed[0], NOW) == 0
    assert not postman.letters


def test_the_weeks_news_is_one_letter() -> None:
    ada = somebody()
    sunday = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    monday = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    actions.news(person=ada, title="The slide is up", url="/projects/park", key="1", now=sunday)
    actions.news(person=ada, title="The swing is up", key="2", now=sunday)
    actions.news(person=ada, title="The swing is up", key="2", now=sunday)
    actions.news(person=ada, title="This week's", key="3", now=monday)

    assert actions.digest(NOW) == 1
    assert actions.digest(NOW) == 0
    made = Message.objects.get()
    assert made.purpose == "news"
    assert made.body.index("The slide is up") < made.body.index("The swing is up")
    assert "/projects/park" in made.body
    assert "This week's" not in made.body
    assert actions.digest(NOW + timedelta(days=7)) == 1


def test_news_that_is_not_wanted_is_put_away() -> None:
    ada = somebody()
    leaving.wish(person=ada, wanted=False, now=NOW)
    actions.news(person=ada, title="x", key="1", now=NOW - timedelta(days=7))

    assert actions.digest(NOW) == 0
    assert not NewsItem.objects.filter(message__isnull=True).exists()


def test_an_officer_prints_their_teams_letters_only() -> None:
    person = people.register(name="Doorstep", by=SETUP, now=NOW)
    theirs, free = letter(person, key="1", team="homes"), letter(person, key="2")
    eve = somebody("eve", ("officer", "funding"))

    assert list(Message.objects.visible_to(eve, "letter")) == [free]
    with pytest.raises(NotAllowed):
        actions.print_letter(message=theirs, by=eve, now=NOW)
    assert actions.print_letter(message=free, by=eve, now=NOW).state == "sent"
    with pytest.raises(Clash):
        actions.print_letter(message=free, by=eve, now=NOW)


def test_the_words_of_old_letters_are_emptied(postman: Postman) -> None:
    letter(somebody())
    actions.deliver(NOW)

    assert actions.prune(NOW + timedelta(days=89)) == 0
    assert actions.prune(NOW + timedelta(days=91)) == 1
    assert Message.objects.get().body == ""
    assert actions.prune(NOW + timedelta(days=92)) == 0


def test_the_jobs_run_on_an_empty_house() -> None:
    assert [run(NOW) for _, _, run in jobs.JOBS] == [0, 0, 0]


def test_the_example_borough_writes_to_nobody(settings: Any) -> None:
    settings.DEMO, settings.EMAIL_URL = True, ""
    letter(somebody())

    assert actions.deliver(NOW) == 1
    assert not mail.outbox


def test_the_log_holds_nobodys_words() -> None:
    letter(somebody())

    row = queries.log().get()

    assert {"subject", "body", "address", "person_id"} <= row.get_deferred_fields()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, False, False)),
        ("smtp://u:p%40ss@mail.example.org?tls=1", ("mail.example.org", 587, True, False)),
        ("smtps://mail.example.org", ("mail.example.org", 465, False, True)),
        ("smtp://mail.example.org:2525?tls=1", ("mail.example.org", 2525, True, False)),
    ],
)
def test_a_mail_address_of_the_installation(url: str, expected: tuple[Any, ...]) -> None:
    found = email_settings(url)

    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == expected


def test_a_mail_address_that_cannot_be_says_what_it_should_look_like() -> None:
    assert email_settings("smtp://u:p%40ss@h")["EMAIL_HOST_PASSWORD"] == "p@ss"
    with pytest.raises(ValueError, match="smtp://user"):
        email_settings("mail.example.org")


def test_what_one_worker_holds_another_does_not_take() -> None:
    for number in range(5):
        letter(f"p{number}@example.org", key=str(number))

    first, second = actions._claim(NOW, 3), actions._claim(NOW, 3)

    assert (len(first), len(second)) == (3, 2)
    assert not {made.pk for made in first} & {made.pk for made in second}


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(postman: Postman) -> None:
    for number in range(30):
        letter(f"p{number}@example.org", key=str(number))

    def work(_: int) -> int:
        try:
            return sum(actions.deliver(NOW, limit=4) for _ in range(10))
        finally:
            connection.close()  # Django leaves one in memory open

    # SQLite in memory has one connection for all threads: there the workers take turns.
    memory = connection.vendor == "sqlite" and connection.is_in_memory_db()
    with ThreadPoolExecutor(1 if memory else 2) as pool:
        sent = list(pool.map(work, range(2)))

    assert sum(sent) == 30
    assert len({came["Message-ID"] for came in postman.letters}) == len(postman.letters) == 30
