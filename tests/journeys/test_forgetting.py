"""Somebody writes a letter to be forgotten: one officer takes it down and checks, a second confirms."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.messages.models import Message
from becontree.foundations.people.models import Person
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_a_letter_is_answered_by_two_officers(visitor: Visitor, borough: Town, script: bool) -> None:
    rita = borough.person("rita")
    first = visitor(borough.officer("nia", "officer", "information"), script=script)
    first.goto("/desk/")
    first.get_by_role("navigation", name="Desk").get_by_role("link", name="Being forgotten").click()
    expect(first.get_by_text("Nobody waits for an answer.")).to_be_visible()
    first.get_by_role("link", name="Write a request down").click()
    first.get_by_label("by letter", exact=True).check()
    first.get_by_label("Which address, number, name or reference").fill(str(rita.email))
    first.get_by_label("by letter on paper").check()
    first.get_by_label("Where does the answer go?").fill("Rita")
    first.get_by_role("button", name="Take it down and look").click()
    expect(first.locator(".error-summary")).to_contain_text("Write it as on an envelope")
    first.get_by_label("Where does the answer go?").fill("Rita Reed\n3 Thimble Row\nF1 1AA")
    first.get_by_role("button", name="Take it down and look").click()
    expect(first.get_by_role("status")).to_contain_text("Taken down. Tell them the reference")
    wish = Wish.objects.get()
    first.get_by_label("They told us things that only they would know").check()
    first.get_by_role("button", name="It is checked").click()
    expect(first.get_by_text("A second person has to confirm it.").first).to_be_visible()
    expect(first.get_by_role("button", name="Confirm: forget them")).to_have_count(0)

    second = visitor(borough.officer("sol", "officer", "information"), phone=True, script=script)
    second.goto("/desk/")
    second.get_by_role("link", name=f"Request to be forgotten {wish.handle}").click()
    expect(second.get_by_role("heading", name="The second pair of eyes")).to_be_visible()
    second.get_by_role("button", name="Confirm: forget them").click()
    expect(second.get_by_role("status")).to_contain_text("Forgotten.")
    expect(second.locator("main")).not_to_contain_text("Thimble Row")
    assert Person.objects.get(pk=rita.pk).erased_at is not None

    letter = Message.objects.get(template="forgetting/forgotten")
    first.goto(f"/desk/messages/print/{letter.pk}/")
    expect(first.locator("main")).to_contain_text("3 Thimble Row")
    first.get_by_role("button", name="I have posted it").click()
    expect(first.get_by_role("status")).to_contain_text("Put down as posted.")
