"""An officer takes 3,000 texts from a round and a file to adopted promises; a resident finds the way back."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from becontree.citizenship.giving.tests.conftest import SETUP, Town
from becontree.citizenship.manifesto.models import Promise, Study
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.actions import Said
from becontree.citizenship.voices.models import Round, Voice
from becontree.foundations.measures import actions as measures
from becontree.foundations.tasks import queue
from becontree.web.demo import sayings
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser
VOICES, ROWS = 300, 2_700
PICTURES = os.environ.get("BECONTREE_PICTURES", "")


def told(n: int) -> list[str]:
    found: list[str] = []
    for one in sayings.everybody():
        found += [words for words in one.answers.values() if words.strip()]
        if len(found) >= n:
            break
    return found[:n]


def picture(page: Any, name: str) -> None:
    """Kept only where somebody asks for pictures (BECONTREE_PICTURES=FOLDER)."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


@pytest.mark.timeout(600)
def test_three_thousand_texts_become_adopted_promises(
    visitor: Visitor, borough: Town, tmp_path: Path, settings: Any
) -> None:
    now = borough.now
    officer = borough.officer("marcus", "officer", "engagement")
    texts = told(VOICES + ROWS)
    voices.respond_many(
        round=None,
        said=[
            Said(answers={"hope": words}, channel="paper", key=f"form-{at}", may_quote=True)
            for at, words in enumerate(texts[:VOICES])
        ],
        by=officer,
        now=now,
    )
    for voice in Voice.objects.select_related("response"):
        voices.publish(voice=voice, by=SETUP, now=now)
    assert Round.objects.count() == 0
    measures.define(
        title="Bus journeys on time", unit="%", direction="up", source="The bus company", formula="on time / all",
        owner="Streets", by=SETUP, now=now,
    )  # fmt: skip
    survey = tmp_path / "survey.csv"
    survey.write_text("ANSWER\n" + "\n".join(f'"{text.replace(chr(34), "")}"' for text in texts[VOICES:]))

    page = visitor(officer)
    page.goto("/desk/")
    page.get_by_role("navigation", name="Desk").get_by_role("link", name="Manifesto").click()
    page.get_by_role("link", name="Begin a study").click()
    page.get_by_label("What is it called?").fill("Twenty years")
    page.get_by_label("What were people asked?").fill("What do you hope for here?")
    page.get_by_label("Everything that was ever said").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Bring answers as a file").click()
    page.get_by_label("The file").set_input_files(str(survey))
    page.get_by_label("Heading of the answers").fill("ANSWER")
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_text(f"{ROWS} texts came in.").wait_for()
    page.get_by_role("button", name="Let it be sorted").click()
    page.get_by_text("Sorting: step").wait_for()
    assert queue.run_one(now=now, worker="journey")
    study = Study.objects.get()
    page.locator("li.card").first.wait_for()  # the page looks again by itself
    assert study.answers.count() == VOICES + ROWS
    picture(page, "cards-1280")

    cards = page.locator("li.card")
    assert cards.count() >= 10
    for at, label in enumerate(("Buses that come", "Green places", "Homes that people can pay for")):
        cards.nth(at).locator("input[id^=name-]").fill(label)
    page.get_by_role("button", name="Save the names").click()
    page.get_by_text("3 themes have their names.").wait_for()
    for at in (3, 4):
        cards.nth(at).get_by_role("checkbox").check()
    page.get_by_label("Name of what they become").fill("Things to do")
    page.get_by_role("button", name="Join them").click()
    page.get_by_text("Joined.").wait_for()

    page.get_by_role("link", name="Open t").first.click()
    picture(page, "theme-1280")
    page.locator("td input[type=checkbox]").first.press("Space")
    page.get_by_label("Another theme").select_option(index=2)
    page.get_by_role("button", name="Move them there").press("Enter")
    page.get_by_text("Moved.").wait_for()
    page.get_by_role("link", name="Not yet sorted").click()
    picture(page, "tray-1280")
    page.get_by_label("all on this page").check()
    page.get_by_role("button", name="Sort them as guessed").click()
    page.get_by_text("Sorted as guessed.").wait_for()
    page.get_by_role("link", name="What was done").click()
    picture(page, "history-1280")
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("undone by").first.wait_for()
    page.get_by_role("link", name="Themes", exact=True).click()
    page.get_by_role("button", name="Show the named themes to everybody").click()
    page.get_by_text("Everybody can see the themes").wait_for()

    for number, (theme, sentence, promise) in enumerate(
        (
            ("Buses that come", "Everybody can get about by bus.", "By 2037 a bus every ten minutes."),
            ("Green places", "Everybody has a park nearby.", "By 2037 a park within five minutes of every home."),
        )
    ):
        page.goto("/desk/manifesto/")
        page.get_by_role("link", name="Write an aspiration").click()
        page.get_by_label("In one sentence").fill(sentence)
        page.get_by_role("group", name="Which themes").get_by_label(theme).check()
        page.get_by_role("button", name="Show me words from the ticked themes").click()
        assert page.get_by_label("In one sentence").input_value() == sentence
        quotes = page.get_by_role("group", name="Which words does it rest on?").get_by_role("checkbox")
        quotes.first.check()
        page.get_by_label("What does the minority think?").fill("Some would rather have cheaper parking.")
        page.get_by_role("button", name="Write it down").click()
        page.get_by_role("button", name="Put it before the people").click()
        page.get_by_role("link", name="It was adopted").click()
        page.get_by_label("The promise, in one sentence").fill(promise)
        page.get_by_label("Why is it promised?").fill("People said that they cannot get to work.")
        page.get_by_label("By when should it be true?").fill("2037-12-31")
        page.get_by_label("Which team answers for it?").fill("Streets")
        page.get_by_label("Who adopted it?").fill("Cabinet")
        page.get_by_label("Where is that written down?").fill("Minute 12")
        page.get_by_label("When was it adopted?").fill(f"{now:%Y-%m-%d}")
        page.get_by_role("button", name="Put it on the record").click()
        if number == 0:
            page.get_by_label("What is measured?").select_option(index=1)
            page.get_by_label("Where does it start?").fill("70")
            page.get_by_label("On which day?").fill(f"{now - timedelta(days=300):%Y-%m-%d}")
            page.get_by_label("What should it become?").fill("95")
            page.get_by_label("By which day?").fill("2030-12-31")
            page.get_by_label("Where does the figure come from?").fill("The bus company")
            page.get_by_label("Why this figure").fill("Other towns do it.")
            page.get_by_role("button", name="Set the target").click()
            page.get_by_text("The target is set.").wait_for()
            picture(page, "promise-desk-1280")
    assert [promise.standing for promise in Promise.objects.all()] == ["not-said", "not-said"]

    page.goto("/desk/manifesto/reports/")
    page.get_by_role("button", name="Make the report").click()
    page.get_by_label("I have read it").check()
    page.get_by_role("button", name="Publish it for good").click()
    picture(page, "report-1280")

    resident = visitor(script=False, phone=True)
    resident.goto("/manifesto/")
    picture(resident, "manifesto-360")
    resident.get_by_role("link", name="By 2037 a bus every ten minutes.").click()
    picture(resident, "promise-360")
    assert resident.get_by_role("table", name="The same as a table").get_by_text("95").count() == 1
    resident.get_by_role("link", name="Read where this came from").first.click()
    assert resident.locator("blockquote").first.inner_text().strip()
    resident.goto("/manifesto/voices/?words=bus")
    picture(resident, "explorer-360")
    assert resident.get_by_role("heading", level=2).first.inner_text() != "0 voices"
    if PICTURES:
        for name, path in (
            ("manifesto", "/manifesto/"), ("promise", Promise.objects.all()[0].get_absolute_url()),
            ("heard", study.get_absolute_url()), ("explorer", "/manifesto/voices/"),
            ("decisions", "/manifesto/decisions/"),
        ):  # fmt: skip
            for scheme in ("light", "dark"):
                wide = visitor(color_scheme=scheme)
                wide.goto(path)
                picture(wide, f"{name}-1280-{scheme}")
