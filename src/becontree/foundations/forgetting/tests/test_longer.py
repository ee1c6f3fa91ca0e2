"""Two months more, once, where somebody is told why within the first month (UK GDPR article 12(3))."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from becontree.foundations.forgetting import actions, queries
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.forgetting.tests.test_pages import at_work
from becontree.foundations.forgetting.tests.test_wishes import NOW, asked, checked, somebody
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import actions as letters
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person

pytestmark = pytest.mark.django_db

LAST = datetime(2026, 6, 4, 22, 59, tzinfo=UTC)  # 23:59 in London on the last day of the first month
AFTER = LAST + timedelta(minutes=1)
PHONE = {"came_by": "phone", "tell_by": "phone", "tell_to": "020 7946 0000"}
EMAIL = {"tell_by": "email", "tell_to": "reply@example.org"}


@pytest.fixture
def nia() -> Person:
    return somebody("nia", "officer", "information")


@pytest.fixture(autouse=True)
def ada() -> Person:
    return somebody("ada")


def longer(wish: Wish, by: Person, now: datetime = NOW, **more: Any) -> Wish:
    words = {"why": "complex", "words": "You spoke at nine meetings. We read the notes of each."}
    return actions.take_longer(wish=wish, by=by, now=now, **words | more)


@pytest.mark.parametrize(
    ("came", "first", "later"),
    [
        (date(2026, 5, 4), date(2026, 6, 4), date(2026, 8, 4)),
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 30)),  # from the day it came, not from the moved first day
        (date(2026, 11, 30), date(2026, 12, 30), date(2027, 3, 1)),  # February has no 30th; the 28th is a Sunday
        (date(2025, 10, 3), date(2025, 11, 3), date(2026, 1, 5)),  # a Saturday
    ],
)
def test_the_later_day_is_three_months_from_the_day_it_came(came: date, first: date, later: date) -> None:
    assert (actions.due_on(came), actions.later_due_on(came)) == (first, later)


def test_by_e_mail_the_later_day_holds_once_the_letter_went(nia: Person) -> None:
    wish = longer(asked(nia, **EMAIL), nia)
    assert (wish.due_on, wish.longer, wish.longer_waits) == (date(2026, 6, 4), "complex", True)
    assert actions.note_told_longer(NOW) == 0  # it waits in the outbox
    letters.deliver(LAST)
    assert [one.to for one in mail.outbox] == [["reply@example.org"]]
    body = str(mail.outbox[0].body)
    for said in (
        "You asked us on 4 May 2026 to forget you.", "What you ask is hard to look through.", "at nine meetings",
        "by 4 August 2026", "Information Commissioner", "court", wish.handle,
    ):  # fmt: skip
        assert said in body
    assert actions.note_told_longer(LAST) == 1
    assert actions.note_told_longer(LAST) == 0
    wish.refresh_from_db()
    assert (wish.due_on, wish.longer_told_at, wish.longer_waits) == (date(2026, 8, 4), LAST, False)
    assert wish.tell_to == "reply@example.org"  # the answer itself is still to come
    assert actions.clear_letters(LAST) == 1
    assert not Message.objects.exclude(body="", address="").exists()


def test_a_letter_that_was_posted_after_the_first_month_gives_no_more_time(nia: Person) -> None:
    wish = longer(asked(nia), nia, LAST)
    letter = Message.objects.get(template="forgetting/longer")
    assert (letter.channel, letter.team, letter.envelope) == ("print", "information", wish.tell_to)
    letters.print_letter(message=letter, by=nia, now=AFTER)
    assert actions.note_told_longer(AFTER) == 0
    wish.refresh_from_db()
    assert (wish.due_on, wish.longer_told_at) == (date(2026, 6, 4), None)


def test_a_letter_that_was_posted_on_the_last_day_gives_it(nia: Person) -> None:
    wish = longer(asked(nia), nia, LAST)
    letters.print_letter(message=Message.objects.get(), by=nia, now=LAST)
    assert actions.note_told_longer(AFTER) == 1
    wish.refresh_from_db()
    assert (wish.due_on, wish.longer_told_at) == (date(2026, 8, 4), LAST)


def test_by_telephone_the_later_day_holds_once_somebody_rang_in_time(nia: Person) -> None:
    wish = longer(asked(nia, **PHONE), nia)
    assert "by 4 August 2026" in wish.words
    assert not Message.objects.exists()
    assert [one.pk for one in queries.to_tell_longer(nia, LAST.date())] == [wish.pk]
    assert not queries.to_tell_longer(nia, date(2026, 6, 5)).exists()
    with pytest.raises(Clash, match="told by 4 June 2026"):
        actions.say_longer(wish=wish, by=nia, now=AFTER)
    wish = actions.say_longer(wish=wish, by=nia, now=LAST)
    wish.refresh_from_db()
    assert (wish.due_on, wish.words, wish.longer_told_at) == (date(2026, 8, 4), "", LAST)
    assert wish.tell_to == "020 7946 0000"
    assert not queries.to_tell_longer(nia, LAST.date()).exists()
    assert not queries.to_tell(nia).exists()


def test_it_can_be_said_on_the_last_day_of_the_first_month_and_not_after(nia: Person) -> None:
    wish = asked(nia)
    with pytest.raises(Clash, match="Too late"):
        longer(wish, nia, AFTER)
    wish.refresh_from_db()
    assert (wish.longer, Message.objects.count()) == ("", 0)
    assert longer(wish, nia, LAST).longer == "complex"


def test_it_can_be_said_once_only(nia: Person) -> None:
    wish = longer(asked(nia, **PHONE), nia)
    with pytest.raises(Clash, match="once"):
        longer(wish, nia, why="numerous")
    actions.say_longer(wish=wish, by=nia, now=NOW)
    with pytest.raises(Clash, match="once"):
        longer(wish, nia)
    wish.refresh_from_db()
    assert (wish.longer, wish.due_on) == ("complex", date(2026, 8, 4))


def test_it_needs_a_reason_of_the_law_and_words(nia: Person) -> None:
    wish = asked(nia)
    for why, words, field in (("", "Much.", "why"), ("busy", "We are busy.", "why"), ("complex", " ", "words")):
        with pytest.raises(Invalid) as refused:
            longer(wish, nia, why=why, words=words)
        assert set(refused.value.errors) == {field}
    with pytest.raises(IntegrityError, match="longer_says_why"), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(longer_told_at=NOW)


@pytest.mark.parametrize("verb", [longer, lambda wish, by: actions.say_longer(wish=wish, by=by, now=NOW)])
def test_it_is_nobody_elses_to_say(verb: Callable[..., Any], nia: Person) -> None:
    wish = asked(nia, **PHONE)
    for wrong in (somebody("fay", "officer", "funding"), somebody("hel", "auditor"), somebody("ros")):
        with pytest.raises(NotAllowed):
            verb(wish, wrong)


def test_an_answer_takes_back_a_letter_that_asks_to_wait(nia: Person) -> None:
    sol = somebody("sol", "officer", "information")
    wish = longer(checked(nia), nia)
    actions.confirm(wish=wish, by=sol, now=NOW)
    waits = Message.objects.get(template="forgetting/longer")
    assert (waits.state, waits.body, waits.envelope) == ("unwanted", "", "")
    assert Message.objects.get(template="forgetting/forgotten").state == "waiting"
    with pytest.raises(Clash, match="moved on"):
        longer(wish, nia)


def test_a_refusal_by_telephone_says_the_refusal_and_not_the_wait(nia: Person) -> None:
    wish = longer(asked(nia, **PHONE), nia)
    wish = actions.refuse(wish=wish, reason="identity", words="Show us a letter.", by=nia, now=NOW)
    wish.refresh_from_db()
    assert "We have not done it" in wish.words
    assert "longer" not in wish.words
    assert not queries.to_tell_longer(nia, NOW.date()).exists()


def test_who_forgets_themself_meanwhile_gets_no_letter_to_wait(nia: Person, ada: Person) -> None:
    longer(asked(nia), nia)
    people.erase(person=ada, by=ada, now=NOW)
    letter = Message.objects.get(template="forgetting/longer")
    assert (letter.state, letter.body, letter.envelope) == ("unwanted", "", "")


def test_the_page_takes_it_shows_the_clock_and_offers_it_no_second_time() -> None:
    officer = somebody("nia", "officer", "information")
    now = timezone.now()
    wish = actions.take_down(
        given="ada@example.org", came_by="phone", came_on=now.date(), tell_by="phone", tell_to="020 7946 0000",
        by=officer, now=now,
    )  # fmt: skip
    client = at_work(officer)
    url = wish.get_absolute_url()
    page = client.get(url).content.decode()
    assert "UK GDPR article 12(3)" in page
    answer = client.post(url, {"do": "longer", "longer-words": "We read nine notes."})
    assert answer.status_code == 422
    assert 'id="id_longer-why_error"' in answer.content.decode()
    assert "We read nine notes." in answer.content.decode()
    client.post(url, {"do": "longer", "longer-why": "complex", "longer-words": "We read nine notes."})
    page = client.get(url).content.decode()
    assert 'value="longer"' not in page
    assert "We read nine notes." in page
    assert "To ring up: it takes longer" in client.get("/desk/forgetting/").content.decode()
    assert "being forgotten takes longer" in client.get("/desk/").content.decode()
    client.post(url, {"do": "told-longer"})
    wish.refresh_from_db()
    assert wish.due_on == actions.later_due_on(now.date())
    assert "more time taken" in client.get("/desk/forgetting/").content.decode()
    assert "We read nine notes." not in client.get(url).content.decode()


def test_after_the_first_month_the_page_says_that_it_is_too_late() -> None:
    officer = somebody("nia", "officer", "information")
    now = timezone.now()
    wish = actions.take_down(
        given="ada@example.org", came_by="letter", came_on=now.date() - timedelta(days=60), tell_by="email",
        tell_to="reply@example.org", by=officer, now=now,
    )  # fmt: skip
    client = at_work(officer)
    page = client.get(wish.get_absolute_url()).content.decode()
    assert "It is too late for this" in page
    assert 'value="longer"' not in page
    answer = client.post(
        wish.get_absolute_url(), {"do": "longer", "longer-why": "complex", "longer-words": "We read nine notes."}
    )
    assert answer.status_code == 422
    assert "Too late. They had to be told by" in answer.content.decode()
    assert "We read nine notes." in answer.content.decode()


def test_the_table_says_that_it_took_longer_and_why(nia: Person) -> None:
    wish = actions.say_longer(wish=longer(asked(nia, **PHONE), nia), by=nia, now=NOW)
    assert list(queries.table()) == [
        (wish.handle, "by telephone", "2026-05-04", "2026-08-04", "What you ask is hard to look through.",
         "2026-05-04", "to be checked", "", "", "")
    ]  # fmt: skip
