"""The whole giving journey, by keyboard alone and without any script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from becontree.citizenship.giving.models import Pledge
from becontree.citizenship.giving.tests.conftest import Town
from tests.journeys.conftest import Visitor, newest_code

pytestmark = pytest.mark.browser

SAID = """() => { const at = document.activeElement; if (!at) return '';
  const label = at.labels && at.labels.length ? at.labels[0].innerText : '';
  return (at.getAttribute('aria-label') || label || at.innerText || at.value || '').replace(/\\s+/g, ' ').trim(); }"""


def tab_to(page: Page, words: str, *, most: int = 80) -> None:
    """Press Tab until what has the focus is called so, and can be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(SAID).startswith(words):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none" or page.evaluate("document.activeElement.type") in {"radio", "checkbox"}, words

            return
    raise AssertionError(f"Tab never reached “{words}” on {page.url}")


def enter(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture
def asking(borough: Town) -> Town:
    """One project that asks for £1,000, and somebody with an account."""
    borough.campaign(borough.project())
    borough.fund()
    borough.person("rita")
    return borough


def test_the_whole_giving_journey_by_keyboard_alone(visitor: Visitor, asking: Town) -> None:
    page = visitor()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(SAID) == "Skip to the main part"

    enter(page, "Projects")
    enter(page, "A garden on Heron Road")
    enter(page, "Give to this")
    tab_to(page, "How much would you like to give?")
    page.keyboard.type("25")
    enter(page, "Sign in and go on")
    tab_to(page, "E-mail address")
    page.keyboard.type("rita@example.invalid")
    enter(page, "Send me a code")
    tab_to(page, "Code")
    page.keyboard.type(newest_code())
    enter(page, "Sign in")
    assert page.locator("h1").inner_text() == "Check your answers"

    enter(page, "Go on to pay")
    asking.settle()
    if "/payments/go/" in page.url:
        page.wait_for_url("**/payments/practice/**")
    enter(page, "Save this card")
    asking.settle()
    page.reload()
    assert page.locator("h1").inner_text() == "Thank you"

    enter(page, "Everything I gave")
    assert "£25.00" in page.locator("main").inner_text()

    enter(page, "Let go")
    enter(page, "Let go")
    assert "Let go" not in page.locator("table").inner_text()

    assert Pledge.objects.get().state == "released"


def test_the_whole_giving_journey_without_script(visitor: Visitor, asking: Town) -> None:
    page = visitor(script=False)
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects").click()
    page.get_by_role("link", name="A garden on Heron Road").click()
    page.get_by_role("link", name="Give to this").click()
    page.get_by_label("How much would you like to give?").fill("25")
    page.get_by_role("button", name="Sign in and go on").click()
    page.get_by_label("E-mail address").fill("rita@example.invalid")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Go on to pay").click()
    asking.settle()
    page.wait_for_url("**/payments/practice/**")
    page.get_by_role("button", name="Save this card").click()
    asking.settle()
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you"

    page.get_by_role("link", name="Everything I gave").click()
    assert "£25.00" in page.locator("main").inner_text()

    page.get_by_role("link", name="Let go").click()
    page.get_by_role("button", name="Let go").click()
    assert Pledge.objects.get().state == "released"


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_new_giver_on_a_phone_makes_an_account_and_nothing_is_lost(
    visitor: Visitor, asking: Town, script: bool
) -> None:
    page = visitor(phone=True, script=script)
    page.goto("/projects/")
    page.get_by_role("link", name="A garden on Heron Road").click()
    page.get_by_role("link", name="Give to this").click()
    page.get_by_label("How much would you like to give?").fill("25")
    page.get_by_label("A name to show on the project's page").fill("Nia of Heron Road")
    page.get_by_role("button", name="Sign in and go on").click()
    assert "25" not in page.url.partition("/account/")[2]
    assert "Nia" not in page.url.partition("/account/")[2]

    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill("nia@example.invalid")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(newest_code())
    page.locator("main form button").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Check your answers"
    assert "£25.00" in page.locator("main").inner_text()
    assert "Nia of Heron Road" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True

    page.get_by_role("link", name="Change something").click()
    assert page.get_by_label("How much would you like to give?").input_value() == "25"

    page.go_back()
    page.get_by_role("button", name="Go on to pay").click()
    asking.settle()
    page.wait_for_url("**/payments/practice/**")
    page.get_by_role("button", name="Save this card").click()
    asking.settle()
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you"

    pledge = Pledge.objects.get()
    assert (pledge.pence, pledge.public_name, pledge.state) == (2_500, "Nia of Heron Road", "firm")
