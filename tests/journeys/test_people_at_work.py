"""Saying something, typing it in, answering for it; beginning a project and checking it."""

from __future__ import annotations

import pytest

from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.models import Project
from becontree.citizenship.voices.models import Voice
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.matches('.error-summary')"


def test_somebody_without_an_account_says_something_on_a_telephone(visitor: Visitor, borough: Town) -> None:
    page = visitor(phone=True, has_touch=True)
    page.goto("/")
    page.get_by_role("link", name="Say something").first.tap()
    page.get_by_label("hope for").check()
    page.get_by_label("In your own words").fill("A bench at the top of the hill.")
    page.get_by_label("You may show my words").check()
    page.get_by_role("button", name="Send it").tap()
    page.wait_for_url("**/thanks/")
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you. You are heard."

    voice = Voice.objects.get()
    assert voice.response.handle in page.locator("main").inner_text()
    assert (voice.words, voice.channel, voice.state) == ("A bench at the top of the hill.", "web", "waiting")


def test_an_officer_types_in_a_paper_voice_and_publishes_it(visitor: Visitor, borough: Town) -> None:
    page = visitor(borough.officer("marcus", "officer", "engagement"))
    page.goto("/desk/")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Voices").click()
    page.get_by_role("link", name="Type in paper or a talk").click()
    page.get_by_label("paper").check()
    page.get_by_label("When it was said").fill(f"{borough.now:%Y-%m-%d}")
    page.get_by_label("hope for").check()
    page.get_by_label("In your own words").fill("Music in the square.")
    page.get_by_label("You may show my words").check()
    page.get_by_role("button", name="Take it down").click()
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Voices").click()
    voice = Voice.objects.get()
    page.locator(f"a[href$='/desk/voices/{voice.handle}/']").first.click()
    page.get_by_role("button", name="Publish", exact=True).click()

    everybody = visitor()
    everybody.goto(f"/voices/{voice.handle}/")
    assert "Music in the square." in everybody.locator("main").inner_text()


def test_an_organiser_begins_a_project_and_an_officer_verifies_it(visitor: Visitor, borough: Town) -> None:
    page = visitor(borough.person("olive"))
    page.goto("/my/")
    page.get_by_role("link", name="Begin a project").click()
    page.get_by_label("What is it called?").fill("Beds on Heron Road")
    page.get_by_label("What is it, in one sentence?").fill("Beans for everybody.")
    page.get_by_label("What do you want to do, and why?").fill("We dig, we sow, we share.")
    page.get_by_label("What is it about?").select_option(index=1)
    page.get_by_label("Which group is it for?").select_option(label="Friends of Heron Road")
    page.locator("main form").get_by_role("button").last.click()
    page.get_by_role("link", name="Say what it costs").click()
    page.get_by_label("What", exact=True).first.fill("Soil")
    page.get_by_label("Pounds").first.fill("1,000")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Ask us to check it").click()
    project = Project.objects.get()
    assert project.state == "submitted"

    officer = visitor(borough.officer("priya", "officer", "funding"))
    officer.goto("/desk/projects/")
    officer.get_by_role("link", name="Beds on Heron Road").click()
    for item in CHECKLIST:
        officer.locator(f"select[name=state-{item.code}]").select_option("met")
    officer.get_by_role("button", name="Save the checklist").click()
    officer.get_by_role("button", name="All in order").click()

    everybody = visitor()
    everybody.goto(project.get_absolute_url())
    assert everybody.get_by_role("heading", level=1).inner_text() == "Beds on Heron Road"


def test_what_was_typed_stays_beside_the_error_and_the_summary_takes_the_focus(visitor: Visitor, borough: Town) -> None:
    page = visitor()
    page.goto("/voices/say/")
    page.get_by_label("In your own words").fill("Half a thought")
    page.get_by_role("button", name="Send it").click()
    assert page.evaluate(FOCUSED)
    assert page.get_by_label("In your own words").input_value() == "Half a thought"
    assert page.title().startswith("Error: ")

    page.locator(".error-summary a").first.click()
    assert "#" in page.url

    organiser = visitor(borough.person("olive"))
    organiser.goto("/my/projects/begin/")
    organiser.get_by_label("What is it called?").fill("Only a name")
    organiser.locator("main form").get_by_role("button").last.click()
    assert organiser.evaluate(FOCUSED)
    assert organiser.get_by_label("What is it called?").input_value() == "Only a name"


def test_without_script_an_error_still_says_where_it_is(visitor: Visitor, borough: Town) -> None:
    page = visitor(script=False)
    page.goto("/voices/say/")
    page.get_by_role("button", name="Send it").click()
    words = page.get_by_label("In your own words")
    described = words.get_attribute("aria-describedby") or ""

    assert page.locator(".error-summary").is_visible()
    assert words.get_attribute("aria-invalid") == "true"
    assert all(page.locator(f"#{one}").count() == 1 for one in described.split())
