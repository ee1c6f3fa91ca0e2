"""What an officer sees today: statements to read, answers due, appeals, those who ask to count again."""

from __future__ import annotations

from typing import Any

from django.test import Client

from becontree.citizenship.conversations import actions
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.citizenship.conversations.tests.test_banning import _desk


def test_today_has_every_clock_of_conversations_and_what_waits(talk: Talk, client: Client) -> None:
    ann, ben = talk.joins("ann"), talk.joins("ben")
    say: dict[str, Any] = {"conversation": talk.conversation, "now": talk.now}
    actions.suggest(participant=ann, words="More bins.", **say)
    held = actions.suggest(participant=ann, words="Mr X is a thief.", **say)
    actions.hold(statement=held, reason="accuses", by=SETUP, now=talk.now)
    appeal = actions.appeal(statement=held, participant=ann, words="It is a play.", now=talk.now)
    actions.ban(participant=ben, reason="hate", by=SETUP, now=talk.now)
    actions.appeal_ban(participant=ben, words="No.", now=talk.now)
    slug = talk.conversation.slug
    talk.close()
    officer = talk.officer()
    page = _desk(client, officer).get("/desk/").content.decode()
    front = client.get("/desk/conversations/")

    due = [(one.kind, one.slug, one.key) for one in front.context["clocks"]]
    assert sorted(due) == [("answer", slug, 0), ("appeal", slug, appeal.pk), ("ban", slug, ben.pk)]
    assert [one.due for one in front.context["clocks"]] == sorted(one.due for one in front.context["clocks"])
    assert f"/desk/conversations/{slug}/appeals/{appeal.pk}/" in front.content.decode()
    assert f"Appeal about statement {held.number}" in front.content.decode()
    assert f"/desk/conversations/{slug}/appeals/{appeal.pk}/" in page
    assert f"/desk/conversations/{slug}/bans/{ben.pk}/" in page
    assert f"/desk/conversations/{slug}/answer/" in page
    assert '<a href="/desk/conversations/">1</a>' in page


def test_another_team_sees_none_of_it(talk: Talk, client: Client) -> None:
    from becontree.foundations.people import actions as people
    from becontree.foundations.people.models import Person

    ann = talk.joins("ann")
    actions.suggest(conversation=talk.conversation, participant=ann, words="More bins.", now=talk.now)
    fay = talk.person("fay")
    people.grant_role(person=fay, role="officer", team="funding", reason="test", by=SETUP, now=talk.now)
    page = _desk(client, Person.objects.get(pk=fay.pk)).get("/desk/").content.decode()

    assert "/desk/conversations/" not in page.split("<main", 1)[1]
