"""Somebody who asked at the door to be rung asks us to forget them: found by number, name or reference."""

from __future__ import annotations

import pytest

from becontree.citizenship.outreach.models import CallBack
from becontree.citizenship.outreach.tests.conftest import SETUP, Outing
from becontree.foundations.forgetting import actions as forgetting
from becontree.foundations.forgetting import queries
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person


def officer(outing: Outing, name: str) -> Person:
    person = outing.person(name)
    people.grant_role(person=person, role="officer", team="information", by=SETUP, now=outing.now)
    return Person.objects.get(pk=person.pk)


def call(outing: Outing, name: str, telephone: str, *, done: bool = False) -> CallBack:
    day = outing.now.date()
    shift = outing.shift()
    return CallBack.objects.create(
        shift=shift, name=name, telephone=telephone, about="The kettle", asked_on=day, due_on=day,
        done_on=day if done else None,
    )  # fmt: skip


def asked(outing: Outing, given: str) -> Wish:
    wish: Wish = forgetting.take_down(
        given=given, came_by="phone", came_on=outing.now.date(), tell_by="phone", tell_to="020 7946 0012",
        by=officer(outing, "nia"), now=outing.now,
    )  # fmt: skip
    return wish


@pytest.mark.parametrize("given", ["+44 20 7946 0012", "(020) 79460012", "rita réed", "reference"])
@pytest.mark.parametrize("done", [True, False])
def test_a_call_is_found_and_emptied_and_one_still_to_make_goes_whole(outing: Outing, given: str, done: bool) -> None:
    hers = call(outing, "Rita Reed", "020 7946 0012", done=done)
    other = call(outing, "Rita Read", "020 7946 0013")
    wish = asked(outing, hers.handle.upper() if given == "reference" else given)
    held = queries.held(wish)
    assert [(one.kind.label, one.row.pk) for one in held] == [("outreach", hers.pk)]
    assert ("Telephone", "020 7946 0012") in held[0].kind.facts(held[0].row)

    checked = forgetting.check(wish=wish, how="facts", by=officer(outing, "nia"), now=outing.now)
    told = forgetting.confirm(wish=checked, by=officer(outing, "sol"), now=outing.now)

    if done:
        hers.refresh_from_db()
        assert (hers.name, hers.telephone, hers.about) == ("", "", "")
    else:
        assert not CallBack.objects.filter(pk=hers.pk).exists()
    other.refresh_from_db()
    assert (other.name, other.telephone, other.about) == ("Rita Read", "020 7946 0013", "The kettle")
    assert "That somebody spoke to us at a door is still counted" in told.words  # to be read out on the telephone
    assert not Message.objects.exists()


def test_an_emptied_call_is_found_under_nothing(outing: Outing) -> None:
    call(outing, "", "", done=True)
    for given in ("020 7946 0012", "Rita Reed"):
        assert queries.held(asked(outing, given)) == []
