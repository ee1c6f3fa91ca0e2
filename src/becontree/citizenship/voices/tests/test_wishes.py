"""Forms without an account that somebody asks us by letter to forget."""

from __future__ import annotations

from typing import Any

import pytest

from becontree.citizenship.voices.models import Contact, Response, Voice
from becontree.citizenship.voices.tests.conftest import Listening
from becontree.foundations.forgetting import actions as forgetting
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.messages.models import Message
from becontree.foundations.people.models import Person


def asked(listening: Listening, given: str) -> Wish:
    wish: Wish = forgetting.take_down(
        given=given, came_by="letter", came_on=listening.now.date(), tell_by="print", tell_to="Rita\n3 Thimble Row",
        by=listening.officer("nia", "information"), now=listening.now,
    )  # fmt: skip
    return wish


def forgotten(listening: Listening, wish: Wish) -> Any:
    nia, sol = listening.officer("nia", "information"), listening.officer("sol", "information")
    checked = forgetting.check(wish=wish, how="facts", by=nia, now=listening.now)
    return forgetting.confirm(wish=checked, by=sol, now=listening.now)


@pytest.mark.parametrize("given", ["reference", "RITA@example.org"])
def test_a_paper_form_is_found_by_its_reference_or_its_address_and_forgotten(listening: Listening, given: str) -> None:
    held = listening.round()
    form = listening.responds(held, "Trees", contact="rita@example.org", place="Library")
    other = listening.responds(held, "Benches", contact="ben@example.org")

    wish = asked(listening, form.handle.upper() if given == "reference" else given)
    assert list(wish.parts.filter(kind="voices").values_list("key", flat=True)) == [str(form.pk)]
    assert set(wish.parts.values_list("kind", flat=True)) <= {"voices", "letters"}  # we wrote to the address
    forgotten(listening, wish)

    form.refresh_from_db()
    assert (form.place, form.contact) == ("", None)
    assert not form.voices.exclude(words="").exists()
    assert Contact.objects.get().address == "ben@example.org"
    assert other.voices.get().words == "Benches"
    assert Response.objects.count() == 2
    assert not Message.objects.filter(address="rita@example.org").exists()
    assert "somebody spoke is still counted" in Message.objects.get(template="forgetting/forgotten").body


def test_the_reference_of_a_form_that_came_from_an_account_finds_the_account(listening: Listening) -> None:
    rita = listening.person("rita")
    form = listening.responds(listening.round(), "Trees", channel="web", by=rita, contact="")
    assert form.person == rita
    wish = asked(listening, form.handle)
    assert list(wish.parts.values_list("kind", "key")) == [("account", str(rita.pk))]
    forgotten(listening, wish)
    assert Person.objects.get(pk=rita.pk).erased_at is not None
    assert Voice.objects.get().words == ""


def test_a_form_that_was_forgotten_already_is_nothing_that_is_held(listening: Listening) -> None:
    form = listening.responds(listening.round(), "Trees", contact="rita@example.org")
    forgotten(listening, asked(listening, form.handle))
    wish = asked(listening, form.handle)
    closed = forgetting.close_empty(wish=wish, by=listening.officer("nia", "information"), now=listening.now)
    assert closed.state == "nothing"
