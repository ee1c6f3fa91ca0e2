"""Somebody who left an address without an account asks us by letter to forget them."""

from __future__ import annotations

from becontree.citizenship.conversations import actions
from becontree.citizenship.conversations.models import Contact, Participant, Vote
from becontree.citizenship.conversations.tests.conftest import Talk
from becontree.foundations.forgetting import actions as forgetting
from becontree.foundations.forgetting import queries
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person


def officer(talk: Talk, name: str) -> Person:
    person = talk.person(name)
    people.grant_role(person=person, role="officer", team="information", by=System("tests"), now=talk.now)
    return Person.objects.get(pk=person.pk)


def asked(talk: Talk, given: str) -> Wish:
    wish: Wish = forgetting.take_down(
        given=given, came_by="letter", came_on=talk.now.date(), tell_by="print", tell_to="Rita\n3 Thimble Row",
        by=officer(talk, "nia"), now=talk.now,
    )  # fmt: skip
    return wish


def test_who_left_an_address_is_found_by_it_and_forgotten_and_nobody_else(talk: Talk) -> None:
    rita, ben = talk.joins("rita"), talk.joins("ben")
    for who, address in ((rita, "rita@example.org"), (ben, "ben@example.org")):
        actions.leave_address(participant=who, address=address, now=talk.now)
        talk.votes(who, 1)
    wish = asked(talk, "Rita@Example.org")
    assert [(one.kind.label, one.row.pk) for one in queries.held(wish)] == [("conversations", rita.pk)]
    facts = dict(queries.held(wish)[0].kind.facts(queries.held(wish)[0].row))
    assert facts["E-mail address"] == "rita@example.org"

    checked = forgetting.check(wish=wish, how="answered", by=officer(talk, "nia"), now=talk.now)
    forgetting.confirm(wish=checked, by=officer(talk, "sol"), now=talk.now)

    assert list(Contact.objects.values_list("address", flat=True)) == ["ben@example.org"]
    gone, stays = (Participant.objects.get(pk=one.pk) for one in (rita, ben))
    assert (gone.erased_at is not None, gone.key_hash, stays.erased_at) == (True, None, None)
    assert list(Vote.objects.values_list("participant", flat=True)) == [ben.pk]
    assert "Counts that were published stand" in Message.objects.get(template="forgetting/forgotten").body
    assert queries.held(asked(talk, "rita@example.org")) == []


def test_the_address_of_somebody_signed_in_finds_their_account(talk: Talk) -> None:
    rita = talk.person("rita")
    actions.leave_address(participant=talk.joins("x", person=rita), address="other@example.org", now=talk.now)
    wish = asked(talk, "other@example.org")
    assert list(wish.parts.values_list("kind", "key")) == [("account", str(rita.pk))]
