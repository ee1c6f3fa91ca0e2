"""An address left to be reminded of a meeting, without an account, goes when its owner asks by letter."""

from __future__ import annotations

from becontree.citizenship.hubs import actions
from becontree.citizenship.hubs.actions import reminding
from becontree.citizenship.hubs.models import Reminder
from becontree.citizenship.hubs.tests.conftest import SETUP, Neighbourhood
from becontree.foundations.forgetting import actions as forgetting
from becontree.foundations.forgetting import queries
from becontree.foundations.messages.models import Message
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person


def officer(town: Neighbourhood, name: str) -> Person:
    person = town.person(name)
    people.grant_role(person=person, role="officer", team="information", by=SETUP, now=town.now)
    return Person.objects.get(pk=person.pk)


def test_a_reminder_and_the_letter_that_went_are_found_and_go_and_nobody_elses(town: Neighbourhood) -> None:
    meeting = town.plan()
    for to in ("rita@example.org", "ben@example.org", town.person("ada")):
        actions.remind(meeting=meeting, to=to, now=town.now)
    reminding.send_due(town.now)
    nia, sol = officer(town, "nia"), officer(town, "sol")
    wish = forgetting.take_down(
        given="RITA@example.org", came_by="email", came_on=town.now.date(), tell_by="email",
        tell_to="rita@example.org", by=nia, now=town.now,
    )  # fmt: skip
    held = queries.held(wish)
    assert sorted(one.kind.label for one in held) == ["hubs", "letters"]
    assert ("E-mail address", "rita@example.org") in held[0].kind.facts(held[0].row)

    forgetting.confirm(
        wish=forgetting.check(wish=wish, how="answered", by=nia, now=town.now), by=sol, now=town.now
    )  # fmt: skip

    assert set(Reminder.objects.values_list("address", flat=True)) == {"", "ben@example.org"}
    reminders = Message.objects.filter(template="hubs/reminder", person=None)
    assert {(one.address, bool(one.body)) for one in reminders} == {("", False), ("ben@example.org", True)}
    assert Message.objects.get(template="forgetting/forgotten").address == "rita@example.org"
