"""A resident answers a round in under a minute; a clerk types thirty forms; an officer opens a round."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest

from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.citizenship.voices import actions
from becontree.citizenship.voices.models import Response, Round, Voice
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


def listening(borough: Town, **more: Any) -> Round:
    """A round that is open, from the recipe for twenty years."""
    made = actions.draft(recipe="twenty-years", by=SETUP, now=borough.now)
    owner = borough.officer("marcus", "officer", "engagement")
    made = actions.edit(
        round=made, by=SETUP, now=borough.now, owner=owner, answerer="The cabinet", team="Engagement", **more
    )
    actions.previewed(round=made, by=SETUP, now=borough.now)
    return actions.open_round(round=Round.objects.get(pk=made.pk), by=SETUP, now=borough.now)


def test_a_resident_answers_in_under_a_minute_on_a_phone_without_an_account_or_script(
    visitor: Visitor, borough: Town
) -> None:
    made = listening(borough)
    page = visitor(phone=True, has_touch=True, script=False)
    began = time.monotonic()
    page.goto("/voices/rounds/")
    page.get_by_role("link", name=made.title).tap()
    page.get_by_role("link", name="Answer now").tap()
    page.get_by_label("What do you like about living here?").fill("The trees by the station.")
    page.get_by_label("What do you hope for").fill("A pool.")
    page.get_by_label("You may show my words").check()
    page.get_by_label("An e-mail address").fill("rita@example.org")
    page.get_by_role("button", name="Look it over").tap()
    page.get_by_role("heading", name="Is this right?").wait_for()
    assert "The trees by the station." in page.locator("main").inner_text()
    page.get_by_role("button", name="Send it").tap()
    page.wait_for_url("**/thanks/")
    spent = time.monotonic() - began

    form = Response.objects.get()
    assert form.handle in page.locator("main").inner_text()
    assert [voice.words for voice in form.voices.order_by("position")] == ["The trees by the station.", "A pool."]
    assert (form.channel, form.may_quote, form.round) == ("web", True, made)
    assert spent < 60
    page.get_by_role("link", name="a page of your own").tap()
    page.get_by_role("heading", name="What you said").wait_for()
    page.locator("summary", has_text="Take it back").first.tap()
    page.get_by_role("button", name="Take my words back").first.tap()
    page.get_by_text("Your words are gone.").wait_for()
    assert form.voices.filter(words="").count() == 1


def test_one_question_a_page_by_keyboard_alone_and_back_again_loses_nothing(visitor: Visitor, borough: Town) -> None:
    made = listening(borough, layout="each")
    page = visitor(script=False)
    page.goto(f"/voices/rounds/{made.slug}/answer/")
    for words in ("Trees", "Noise", "A pool"):
        page.get_by_role("textbox").first.focus()
        page.keyboard.type(words)
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nearly done").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="Back").press("Enter")
    assert page.get_by_role("textbox").first.input_value() == "A pool"
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Look it over").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Change it").press("Enter")
    assert page.get_by_role("textbox").first.input_value() == "Trees"
    for _ in range(3):
        with page.expect_navigation():
            page.get_by_role("button", name="Go on").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Look it over").press("Enter")
    page.get_by_role("button", name="Send it").press("Enter")
    page.wait_for_url("**/thanks/")

    assert sorted(Voice.objects.values_list("words", flat=True)) == ["A pool", "Noise", "Trees"]


def test_a_clerk_types_thirty_forms_with_both_hands_on_the_keyboard(visitor: Visitor, borough: Town) -> None:
    made = listening(borough)
    page = visitor(borough.officer("marcus", "officer", "engagement"))
    page.goto(f"/desk/voices/piles/begin/?round={made.pk}")
    page.get_by_role("textbox", name=re.compile("^Where")).fill("Library")
    page.get_by_role("button", name="Begin").press("Enter")
    began = time.monotonic()
    for number in range(1, 31):
        page.get_by_role("heading", level=1, name=f"Form {number}", exact=True).wait_for()
        page.wait_for_function("document.activeElement.name === 'q0'")  # the browser sets it when it first draws
        page.keyboard.type(f"Trees {number}")
        page.keyboard.press("Enter")
        page.keyboard.type("Noise")
        page.keyboard.press("Enter")
        page.keyboard.type("A pool")
        for _ in range(4):  # ward, quote and address stay empty; the last Enter saves
            page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Form 31", exact=True).wait_for()
    spent = time.monotonic() - began
    page.get_by_role("button", name="Take the last one out again").press("Enter")
    page.get_by_text("29 taken in").wait_for()

    assert Response.objects.filter(channel="paper", place="Library").count() == 29
    assert Voice.objects.filter(response__round=made).count() == 87
    assert spent < 30 * 18  # 200 an hour leave 18 seconds a form; this is what the machine takes of them


def test_without_script_the_clerk_goes_on_by_tab(visitor: Visitor, borough: Town) -> None:
    made = listening(borough)
    page = visitor(borough.officer("marcus", "officer", "engagement"), script=False)
    page.goto(f"/desk/voices/piles/begin/?round={made.pk}")
    page.get_by_role("button", name="Begin").press("Enter")
    page.get_by_role("heading", level=1, name="Form 1", exact=True).wait_for()
    page.wait_for_function("document.activeElement.name === 'q0'")
    page.keyboard.type("Trees")
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Form 2", exact=True).wait_for()

    assert Voice.objects.get().words == "Trees"


def test_an_officer_opens_a_round_from_a_recipe_and_is_told_what_is_missing(visitor: Visitor, borough: Town) -> None:
    page = visitor(borough.officer("marcus", "officer", "engagement"))
    page.goto("/desk/voices/rounds/new/")
    page.get_by_label("A street").check()
    page.get_by_role("button", name="Start from it").click()
    page.get_by_role("button", name="Open it", exact=True).click()
    page.get_by_text("This round cannot open yet.").wait_for()
    assert Round.objects.get().state == "draft"
    assert "who will answer" in page.locator("main").inner_text()
    page.get_by_label("Who will answer").fill("The cabinet")
    page.get_by_label("Team").fill("Streets")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Look at it").click()
    phone = page.frame_locator("iframe[title='As on a phone']")
    phone.get_by_role("button", name="Look it over").wait_for()
    assert page.frame_locator("iframe[title='As on a desk']").get_by_role("heading", level=1).inner_text() == "Tell us"
    page.get_by_role("button", name="I have looked at it").click()
    page.get_by_role("button", name="Open it", exact=True).click()
    page.get_by_text("It is open.").wait_for()

    made = Round.objects.get()
    assert (made.state, made.closes_on) == ("open", made.opens_on + timedelta(weeks=4))  # type: ignore[operator]


def test_an_officer_brings_a_file_reads_and_publishes(visitor: Visitor, borough: Town) -> None:
    made = listening(borough)
    page = visitor(borough.officer("marcus", "officer", "engagement"))
    rows = "like,Method\r\nThe trees,paper\r\nThanks to Irena at 12 Ripple Road,paper\r\n"
    page.goto("/desk/voices/files/bring/")
    page.get_by_label("The file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Show the counts").click()
    page.get_by_role("button", name="Take 2 in").click()
    page.goto("/desk/voices/")
    assert page.locator("mark").count() >= 1
    page.get_by_role("button", name="Publish what is ticked").click()
    page.get_by_role("button", name="Publish 1 voice").click()
    page.get_by_role("link", name="Leave a part out").click()
    assert "Irena" not in page.get_by_label("What everybody may read").input_value()
    page.get_by_role("button", name="Publish this").click()
    page.get_by_text("Everything is read.").wait_for()

    assert {voice.state for voice in Voice.objects.filter(response__round=made)} == {"published"}
    assert Voice.objects.exclude(masked="").count() == 1
