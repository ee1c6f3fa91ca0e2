"""The frame of every page, measured in a browser: its two rows, its menu, its lines, at every width and language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from becontree.citizenship.giving.tests.conftest import Town
from becontree.foundations.people.actors import System
from becontree.foundations.places import actions as places
from tests.journeys.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EXAMPLE = Path(places.__file__).parent / "example"
LINES_OF_THE_NAME = """() => {
  const name = document.querySelector('.brand b');
  name.textContent = 'The Borough of Fairlop';
  return Math.round(name.getBoundingClientRect().height / parseFloat(getComputedStyle(name).lineHeight));
}"""
CUT_OFF = "[...document.querySelectorAll('.scroll')].filter(it => it.scrollWidth > it.clientWidth).length"

ACCOUNT_BESIDE_NAME = """() => {
  const box = (which) => document.querySelector(which).getBoundingClientRect();
  const name = box('.brand'), account = box('.account'), strip = box('.strip');
  const items = [...document.querySelectorAll('.strip li')].map((item) => item.getBoundingClientRect().top);
  return {
    beside: account.top < name.bottom && account.bottom > name.top,
    apart: account.left >= name.right || account.right <= name.left,
    rows: new Set(items).size,
    under: strip.top >= name.bottom - 1,
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


@pytest.mark.parametrize("language", ["en-gb", "ro", "ur"])
def test_the_account_stands_beside_the_name_at_every_width(visitor: Visitor, language: str) -> None:
    page = visitor()
    page.goto(f"/language/{language}/")
    for width in (1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/", "/projects/"):  # the second is marked in the menu
            page.goto(path)
            assert page.evaluate(ACCOUNT_BESIDE_NAME) == {
                "beside": True, "apart": True, "rows": 1, "under": True, "wide": 0,
            }, (language, width, path)  # fmt: skip


@pytest.mark.parametrize("script", [True, False])
def test_the_menu_opens_at_the_top_of_a_telephone_and_closes(visitor: Visitor, script: bool) -> None:
    page = visitor(script=script, phone=True)
    page.goto("/")
    link = page.locator("details.menu a[href='/projects/']")
    assert not link.is_visible()

    page.get_by_text("Menu", exact=True).focus()
    page.keyboard.press("Enter")

    assert link.is_visible()
    box: Any = link.bounding_box()
    assert box["y"] + box["height"] < 740
    assert box["height"] >= 24
    page.keyboard.press("Escape" if script else "Enter")
    assert not link.is_visible()


@pytest.mark.parametrize("language", ["en-gb", "ro", "ur"])
def test_on_a_telephone_the_frame_takes_less_than_a_quarter(visitor: Visitor, language: str) -> None:
    page = visitor(phone=True)
    page.goto(f"/language/{language}/")
    page.goto("/projects/")

    assert page.evaluate("document.querySelector('main').getBoundingClientRect().top") < 740 / 4


@pytest.mark.parametrize("language", ["en-gb", "ro", "ur"])
def test_on_an_officers_telephone_the_name_keeps_to_two_lines_and_their_own_page_is_in_the_menu(
    visitor: Visitor, borough: Town, language: str
) -> None:
    page = visitor(borough.officer("marcus", "officer", "engagement"), phone=True)
    page.goto(f"/language/{language}/")
    page.goto("/desk/")

    assert page.evaluate(LINES_OF_THE_NAME) <= 2
    expect(page.locator(".account a[href='/desk/']")).to_be_visible()
    own = page.locator("a[href='/my/']")
    assert not own.first.is_visible()
    page.locator("details.menu > summary").click()
    expect(page.locator("details.menu a[href='/my/']")).to_be_visible()


def test_places_to_meet_are_read_on_a_telephone_without_moving_the_table_sideways(visitor: Visitor) -> None:
    for name in ("wards", "venues"):
        found = next(EXAMPLE.glob(f"{name}.*"))
        places.IMPORTS[name](found.read_bytes(), by=System("test"), now=datetime(2026, 5, 4, tzinfo=UTC))
    page = visitor(phone=True)
    page.goto("/places/")

    expect(page.locator("tbody th", has_text="Market Cross Library")).to_be_visible()
    assert page.evaluate(CUT_OFF) == 0


def test_at_twice_the_size_nothing_lies_over_or_beside_the_page(visitor: Visitor) -> None:
    page = visitor()
    page.set_viewport_size({"width": 180, "height": 370})
    for path in ("/", "/projects/", "/account/login/"):
        page.goto(path)
        found = page.evaluate("""() => {
          const box = (which) => document.querySelector(which).getBoundingClientRect();
          const name = box('.brand'), menu = box('.menu > summary'), account = box('.account');
          return [document.documentElement.scrollWidth - innerWidth, menu.top >= name.bottom || menu.left >= name.right,
                  account.top >= name.bottom || account.left >= name.right];
        }""")
        assert found == [0, True, True], path


def test_a_givers_promise_can_be_let_go_on_a_telephone_without_moving_the_table_sideways(
    visitor: Visitor, borough: Town
) -> None:
    borough.gives("rita", borough.campaign(), 2_500)
    page = visitor(borough.person("rita"), phone=True)
    page.goto("/my/giving/")

    expect(page.get_by_role("link", name="Let go")).to_be_in_viewport()
    assert page.evaluate(CUT_OFF) == 0
