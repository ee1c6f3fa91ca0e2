"""An officer adds a security key and signs in with it: a real browser with the DevTools' own virtual key."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from becontree.citizenship.giving.tests.conftest import Town
from tests.journeys.conftest import Visitor, newest_code

pytestmark = pytest.mark.browser


def plug_in_key(page: Page) -> tuple[Any, str]:
    """A key in the machine, whose holder is there and proves who they are."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools, str(made["authenticatorId"])


def sign_in(page: Page, address: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(newest_code())
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def officer(borough: Town) -> str:
    borough.officer("fay", "officer", "funding")
    return "fay@example.invalid"


def test_an_officer_adds_a_key_and_comes_to_the_desk_with_it(visitor: Visitor, officer: str) -> None:
    page = visitor()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    tools, key = plug_in_key(page)
    sign_in(page, officer)
    page.goto("/account/second-factor/webauthn/add/")
    page.get_by_label("Name").fill("The key on my ring")
    page.get_by_role("button", name="Add this key").click()
    page.wait_for_url(lambda address: not address.endswith("/add/"))
    held = tools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]

    assert len(held) == 1
    page.goto("/account/second-factor/webauthn/")
    assert "The key on my ring" in page.locator("main").inner_text()

    page.context.clear_cookies()
    sign_in(page, officer)
    assert "Your second factor" in page.locator("h1").inner_text()
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(lambda address: "second-factor" not in address)
    page.goto("/desk/")
    assert page.locator("h1").inner_text().startswith("Today")

    assert said == []


def test_a_key_that_does_not_answer_is_said(visitor: Visitor, officer: str) -> None:
    page = visitor()
    sign_in(page, officer)
    page.goto("/account/second-factor/webauthn/add/")
    assert not page.get_by_role("alert").is_visible()

    page.evaluate("document.dispatchEvent(new CustomEvent('allauth.error', { cancelable: true, detail: {} }))")
    assert "did not answer" in page.get_by_role("alert").inner_text()
