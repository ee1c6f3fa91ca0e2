"""A resident votes on 25 statements, sees the map and its table; the host answers; the answer comes by real SMTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from becontree.citizenship.conversations import actions
from becontree.citizenship.conversations.models import Conversation, Participant, Statement, Vote
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.messages.actions import deliver
from becontree.foundations.messages.tests.test_outbox import postman
from becontree.foundations.people import actions as people
from tests.journeys.conftest import Visitor
from tests.journeys.test_giving import SAID, tab_to

__all__ = ["postman"]

pytestmark = pytest.mark.browser

SEEDS = [f"Statement {number}: the street should change in way {number}." for number in range(1, 31)]
# a card to vote on, or a pause: not the moment between
READY = "#card .rest, #card .choices-three button:not([disabled])"


@pytest.fixture
def talk(borough: Town) -> Talk:
    """An open conversation of thirty statements in which two camps have voted."""
    found = Talk(seeds=SEEDS).open()
    for number in range(16):
        who = found.joins(f"key-{number}")
        found.answers(who, lambda at, number=number: 1 if at <= 4 or number % 2 else -1, most=14)
    return found


def vote(page: Page, times: int, *, keys: bool) -> None:
    """Vote so often, passing over the pauses, by keyboard alone or with the thumb."""
    done = 0
    while done < times:
        page.locator(READY).first.wait_for()
        for words in ("Five more", "Carry on voting"):
            if page.get_by_role("link", name=words, exact=True).count():
                page.get_by_role("link", name=words, exact=True).click()
        before = Vote.objects.count()
        choice = ("Agree", "Disagree", "Pass, or not sure")[done % 3]
        button = page.get_by_role("button", name=choice, exact=True)
        button.wait_for()
        if keys:
            tab_to(page, choice)
            page.keyboard.press("Enter")
        else:
            button.click()
        for _ in range(200):
            if Vote.objects.count() > before:
                break
            page.wait_for_timeout(25)
        done += 1


@pytest.mark.parametrize(
    ("script", "keys"), [(True, False), (False, False), (True, True)], ids=["phone", "without-script", "keyboard"]
)
def test_vote_on_25_see_the_map_be_answered_by_letter(
    visitor: Visitor, talk: Talk, postman: Any, script: bool, keys: bool
) -> None:
    page = visitor(phone=True, script=script)
    page.goto("/conversations/")
    page.get_by_role("link", name="What should change on the high street?").click()
    page.get_by_role("button", name="Take part").click()
    before = Vote.objects.count()
    vote(page, 25, keys=keys)

    assert Vote.objects.count() == before + 25
    page.goto(f"/conversations/{talk.conversation.slug}/address/")
    page.get_by_label("Your e-mail address").fill("rita@example.org")
    page.get_by_role("button", name="Send it to me").click()
    assert "We send it to rita@example.org" in page.content()
    assert page.locator(".code-big").inner_text().count("-") == 2
    talk.draw()
    page.goto(f"/conversations/{talk.conversation.slug}/map/")
    assert page.locator("svg.opinion").count() == 1
    assert page.get_by_role("row").filter(has_text="You are here").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    officer = talk.person("oona")
    people.grant_role(person=officer, role="officer", team="engagement", reason="test", by=SETUP, now=talk.now)
    desk = visitor(officer)
    desk.goto(f"/desk/conversations/{talk.conversation.slug}/")
    desk.get_by_role("button", name="Close the voting now").click()
    desk.get_by_role("link", name="Answer it").click()
    desk.get_by_label("We have decided").check()
    desk.get_by_label("In one sentence").fill("The street gets trees")
    desk.get_by_label("The answer and its reasons").fill("Thirty limes, planted next winter.")
    desk.get_by_role("button", name="Publish the answer").click()
    assert Conversation.objects.get().state == "answered"
    deliver(talk.now + timedelta(minutes=1))

    assert [letter["To"] for letter in postman.letters] == ["rita@example.org"]
    assert "Thirty limes" in postman.letters[0].get_payload(decode=True).decode()
    page.goto(f"/conversations/{talk.conversation.slug}/")
    assert "The street gets trees" in page.content()
    assert page.evaluate(SAID) is not None


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_what_waits_is_read_with_its_marks_and_who_was_taken_out_asks_and_counts_again(
    visitor: Visitor, talk: Talk
) -> None:
    """On a phone and without script on both sides."""
    page = visitor(phone=True, script=False)
    page.goto(f"/conversations/{talk.conversation.slug}/")
    page.get_by_role("button", name="Take part").click()
    vote(page, 3, keys=False)
    me = Participant.objects.order_by("-pk").first()
    assert me is not None
    say = {"conversation": talk.conversation, "participant": me, "now": talk.now}
    plain = actions.suggest(words="More bins near the bus stop.", **say)
    marked = actions.suggest(words="Mrs Patel at 14 Heron Road should mow her lawn.", **say)
    desk = visitor(talk.officer("oona"), phone=True, script=False)
    desk.goto("/desk/")
    desk.get_by_role("link", name="2", exact=True).click()
    assert desk.locator("mark").all_inner_texts() == ["Patel", "14 Heron Road"]
    desk.get_by_role("button", name="Show what is ticked").click()
    assert [Statement.objects.get(pk=one.pk).state for one in (plain, marked)] == ["live", "waiting"]
    desk.get_by_role("link", name="Leave a part out, or hold it").click()
    assert fits(desk)
    desk.get_by_label("What everybody reads and votes on").fill("[left out] should mow her lawn.")
    desk.get_by_role("button", name="Show this").click()
    marked.refresh_from_db()
    assert (marked.words, marked.state) == ("[left out] should mow her lawn.", "live")

    desk.goto(f"/desk/conversations/{talk.conversation.slug}/statements/{plain.number}/")
    desk.get_by_text("Its author no longer counts").click()
    desk.locator("details").filter(has_text="Its author no longer counts").get_by_label("It sells something").check()
    desk.get_by_role("button", name="Take this person out").click()
    page.goto(f"/conversations/{talk.conversation.slug}/mine/")
    page.get_by_role("link", name="Ask us to look again").first.click()
    page.get_by_label("Why should your votes count?").fill("I sell nothing.")
    page.get_by_role("button", name="Ask another person").click()
    assert "Another person is looking at it again" in page.content()
    assert fits(page)

    other = visitor(talk.officer("omar"), phone=True, script=False)
    other.goto("/desk/")
    other.get_by_role("link", name="asks to count again").click()
    other.get_by_label("They count again, with all their votes").check()
    other.get_by_label("Your reasons, to them").fill("You are right.")
    assert fits(other)
    other.get_by_role("button", name="Decide").click()
    page.reload()
    assert "Your votes count again, all of them." in page.content()
    me.refresh_from_db()
    assert me.counts
    page.goto(f"/conversations/{talk.conversation.slug}/vote/")
    vote(page, 1, keys=False)
    assert Vote.objects.filter(participant=me).count() == 4
