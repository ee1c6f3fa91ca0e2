"""A wish to be forgotten that came by letter or telephone: two officers, a clock, an answer, and nothing left over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from becontree.foundations.access.models import ReadEvent
from becontree.foundations.forgetting import actions, queries
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import actions as letters
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions as people
from becontree.foundations.people import shredders
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SETUP = System("test")

pytestmark = pytest.mark.django_db


def somebody(name: str, role: str = "", team: str = "") -> Person:
    person = people.register(email=f"{name}@example.org", name=name.title(), by=SETUP, now=NOW)
    if role:
        people.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW)
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def nia() -> Person:
    return somebody("nia", "officer", "information")


@pytest.fixture
def sol() -> Person:
    return somebody("sol", "officer", "information")


@pytest.fixture
def ada() -> Person:
    return somebody("ada")


def asked(by: Person, given: str = "ada@example.org", **more: Any) -> Wish:
    told: dict[str, Any] = {
        "came_by": "letter", "came_on": NOW.date(),
        "tell_by": "print", "tell_to": "Ada Lovegood\n3 Thimble Row\nF1 1AA",
    }  # fmt: skip
    return actions.take_down(given=given, by=by, now=NOW, **told | more)


def checked(by: Person, **more: Any) -> Wish:
    return actions.check(wish=asked(by, **more), how="facts", check_note="kettle-note", by=by, now=NOW)


def test_two_officers_forget_somebody_who_wrote_and_the_letter_goes_to_their_envelope(
    nia: Person, sol: Person, ada: Person
) -> None:
    wish = checked(nia)
    assert [one.pk for one in queries.to_confirm(sol)] == [wish.pk]
    assert not queries.to_confirm(nia).exists()

    wish = actions.confirm(wish=wish, by=sol, now=NOW + timedelta(days=1))

    ada.refresh_from_db()
    assert ada.erased_at == NOW + timedelta(days=1)
    assert (wish.state, wish.checked_by, wish.decided_by) == ("forgotten", str(nia.pk), str(sol.pk))
    wish.refresh_from_db()
    assert (wish.tell_to, wish.check_note, wish.words, wish.told_at is not None) == ("", "", "", True)
    letter = Message.objects.get(template="forgetting/forgotten")
    assert (letter.person, letter.channel, letter.team, letter.state) == (None, "print", "information", "waiting")
    assert letter.envelope == "Ada Lovegood\n3 Thimble Row\nF1 1AA"
    assert "You asked us on 4 May 2026 to forget you." in letter.body
    assert "A random number in place of your name" in letter.body
    letters.print_letter(message=letter, by=nia, now=NOW)
    assert actions.clear_letters(NOW) == 1
    letter.refresh_from_db()
    assert (letter.body, letter.subject, letter.envelope, letter.state) == ("", "", "", "sent")


def test_an_answer_by_e_mail_goes_to_the_address_they_gave_and_is_emptied_once_it_went(
    nia: Person, sol: Person, ada: Person
) -> None:
    wish = checked(nia, tell_by="email", tell_to="elsewhere@example.org")
    actions.confirm(wish=wish, by=sol, now=NOW)
    assert actions.clear_letters(NOW) == 0  # it has not gone yet
    letters.deliver(NOW)
    assert [one.to for one in mail.outbox] == [["elsewhere@example.org"]]
    assert actions.clear_letters(NOW) == 1
    assert not Message.objects.exclude(address="").exists()


def test_an_answer_by_telephone_waits_to_be_said_and_is_gone_then(nia: Person, sol: Person, ada: Person) -> None:
    wish = checked(nia, came_by="phone", tell_by="phone", tell_to="020 7946 0000")
    wish = actions.confirm(wish=wish, by=sol, now=NOW)
    wish.refresh_from_db()
    assert (wish.tell_to, wish.check_note, wish.told_at) == ("020 7946 0000", "", None)
    assert "We have done it" in wish.words
    assert [one.pk for one in queries.to_tell(nia)] == [wish.pk]
    wish = actions.say_told(wish=wish, by=nia, now=NOW)
    wish.refresh_from_db()
    assert (wish.tell_to, wish.words, wish.told_by) == ("", "", str(nia.pk))
    assert not queries.to_tell(nia).exists()


@pytest.mark.parametrize("role", [("officer", "funding"), ("finance", ""), ("auditor", ""), ("administrator", "")])
@pytest.mark.parametrize("given", ["ada@example.org", "nobody@example.org"])
def test_the_wrong_role_is_refused_before_anything_is_looked_up(ada: Person, role: tuple[str, str], given: str) -> None:
    wrong = somebody("wrong", *role)
    with pytest.raises(NotAllowed) as refused:
        asked(wrong, given=given)
    assert (refused.value.code, Wish.objects.count(), ReadEvent.objects.count()) == ("forgetting.role", 0, 0)


@pytest.mark.parametrize(
    "verb",
    [
        lambda **who: actions.check(how="facts", **who),
        actions.confirm,
        actions.send_back,
        lambda **who: actions.refuse(reason="law", words="No.", **who),
        actions.close_empty,
        actions.say_told,
        lambda **who: actions.look_again(given="ada@example.org", **who),
    ],
)
def test_no_step_is_anybody_elses(verb: Callable[..., Any], nia: Person, ada: Person) -> None:
    wish = checked(nia)
    for wrong in (somebody("fay", "officer", "funding"), somebody("ros"), somebody("hel", "auditor")):
        with pytest.raises(NotAllowed) as refused:
            verb(wish=wish, by=wrong, now=NOW)
        assert refused.value.code == "forgetting.role"
    wish.refresh_from_db()
    assert wish.state == "checked"


def test_whoever_checked_does_not_confirm_not_even_in_the_database(nia: Person, ada: Person) -> None:
    wish = checked(nia)
    with pytest.raises(NotAllowed, match="second person"):
        actions.confirm(wish=wish, by=nia, now=NOW)
    ada.refresh_from_db()
    assert ada.erased_at is None
    with pytest.raises(IntegrityError, match="one_pair_of_eyes"), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(
            state="forgotten", decided_by=str(nia.pk), decided_at=NOW, told_at=NOW, tell_to="", check_note=""
        )


def test_the_second_may_send_it_back_to_be_checked_again(nia: Person, sol: Person, ada: Person) -> None:
    wish = actions.send_back(wish=checked(nia), by=sol, now=NOW)
    assert (wish.state, wish.check_note, wish.checked_by) == ("taken", "", "")
    with pytest.raises(Clash):
        actions.confirm(wish=wish, by=sol, now=NOW)


def test_the_same_wish_twice_is_said_with_the_first_ones_reference(nia: Person, ada: Person) -> None:
    first = asked(nia)
    with pytest.raises(Clash, match=first.handle):
        asked(nia, given=str(ada.pk))
    assert Wish.objects.count() == 1


def test_nobody_found_is_a_wish_too_and_is_answered(nia: Person) -> None:
    wish = asked(nia, given="nobody@example.org")
    with pytest.raises(Clash, match="Nothing is held"):
        actions.check(wish=wish, how="facts", by=nia, now=NOW)
    wish = actions.close_empty(wish=wish, by=nia, now=NOW)
    assert wish.state == "nothing"
    assert "hold nothing about you" in Message.objects.get().body


def test_another_address_may_find_them_after_all(nia: Person, ada: Person) -> None:
    wish = asked(nia, given="old@example.org")
    assert actions.look_again(wish=wish, given="older@example.org", by=nia, now=NOW) == 0
    assert actions.look_again(wish=wish, given=" ADA@example.org ", by=nia, now=NOW) == 1
    with pytest.raises(Clash, match="Something is held"):
        actions.close_empty(wish=wish, by=nia, now=NOW)


def test_somebody_forgotten_already_is_told_that_nothing_is_held(nia: Person, ada: Person) -> None:
    people.erase(person=ada, by=ada, now=NOW)
    wish = asked(nia, given=str(ada.pk))
    with pytest.raises(Clash, match="Nothing is held"):
        actions.check(wish=wish, how="facts", by=nia, now=NOW)
    assert actions.close_empty(wish=wish, by=nia, now=NOW).state == "nothing"


def test_who_forgets_themself_meanwhile_ends_the_wish_and_leaves_no_address_in_it(nia: Person, ada: Person) -> None:
    wish = checked(nia)
    people.erase(person=ada, by=ada, now=NOW)
    wish.refresh_from_db()
    assert (wish.state, wish.tell_to, wish.check_note, wish.decided_by) == ("forgotten", "", "", str(ada.pk))


def test_every_look_is_written_down_found_or_not(nia: Person, ada: Person) -> None:
    asked(nia)
    asked(nia, given="nobody@example.org")
    found = ReadEvent.objects.order_by("id").values_list("reader", "subject", "kind", "purpose")
    assert list(found) == [
        (nia.pk, ada.pk, "people.person", "forgetting"),
        (nia.pk, None, "people.person", "forgetting"),
    ]


def test_nobody_deals_with_their_own_home(nia: Person, sol: Person, ada: Person) -> None:
    people.make_household(members=[nia, ada], by=SETUP, now=NOW)
    with pytest.raises(NotAllowed, match="somebody you live with"):
        asked(nia)
    wish = checked(sol)
    with pytest.raises(NotAllowed, match="somebody you live with"):
        actions.confirm(wish=wish, by=nia, now=NOW)
    assert not queries.due(nia).exists()
    assert queries.due(sol).count() == 1


def test_what_must_be_finished_first_stops_it_and_changes_nothing(nia: Person, sol: Person) -> None:
    somebody("dan", "administrator")
    wish = checked(nia, given="dan@example.org")
    with pytest.raises(Clash, match="only administrator"):
        actions.confirm(wish=wish, by=sol, now=NOW)
    wish.refresh_from_db()
    assert (wish.state, wish.tell_to != "", Message.objects.count()) == ("checked", True, 0)


def test_a_refusal_says_why_and_where_to_complain(nia: Person, ada: Person) -> None:
    wish = actions.refuse(wish=asked(nia), reason="law", words="Your gift of 2025 stays six years.", by=nia, now=NOW)
    body = Message.objects.get().body
    assert "The law says that we must keep" in body
    assert "Your gift of 2025 stays six years." in body
    assert "Information Commissioner" in body
    assert "court" in body
    wish.refresh_from_db()
    assert (wish.state, wish.reason, wish.tell_to) == ("refused", "law", "")
    ada.refresh_from_db()
    assert ada.erased_at is None


def test_a_refusal_without_a_reason_or_words_is_none(nia: Person, ada: Person) -> None:
    wish = asked(nia)
    for reason, words, field in (("", "No.", "reason"), ("law", " ", "words")):
        with pytest.raises(Invalid) as refused:
            actions.refuse(wish=wish, reason=reason, words=words, by=nia, now=NOW)
        assert set(refused.value.errors) == {field}


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (date(2026, 1, 5), date(2026, 2, 5)),
        (date(2026, 1, 31), date(2026, 3, 2)),  # February has no 31st, and its last day is a Saturday
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, its substitute, a weekend
    ],
)
def test_the_clock_is_one_month_to_a_working_day(came: date, due: date) -> None:
    assert actions.due_on(came) == due


def test_a_day_to_come_or_long_past_is_no_day_to_ask(nia: Person) -> None:
    for came_on in (NOW.date() + timedelta(days=1), NOW.date() - timedelta(days=400)):
        with pytest.raises(Invalid) as refused:
            asked(nia, came_on=came_on)
        assert set(refused.value.errors) == {"came_on"}


@pytest.mark.parametrize(
    ("tell_by", "tell_to"), [("email", "no address"), ("phone", "ring me"), ("print", "Ada"), ("pigeon", "x\ny")]
)
def test_an_answer_that_cannot_arrive_is_said_at_once(nia: Person, tell_by: str, tell_to: str) -> None:
    with pytest.raises(Invalid):
        asked(nia, tell_by=tell_by, tell_to=tell_to)
    assert not ReadEvent.objects.exists()


def test_a_person_takes_their_wish_away_with_their_data(nia: Person, ada: Person) -> None:
    wish = checked(nia)
    shredder = next(one for one in shredders.every() if one.label == "forgetting")
    assert [(one["reference"], one["state"]) for one in shredder.export(ada)] == [
        (wish.handle, "waits for a second person")
    ]


def test_the_table_says_nothing_of_anybody(nia: Person, sol: Person, ada: Person) -> None:
    wish = actions.confirm(wish=checked(nia), by=sol, now=NOW)
    assert list(queries.table()) == [
        (wish.handle, "by letter", "2026-05-04", "2026-06-04", "", "", "forgotten", "", "2026-05-04", "2026-05-04")
    ]
