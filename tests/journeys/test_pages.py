"""Every page that each kind of person can reach by links, looked at by axe: on a phone, in the dark, with errors shown.

A page is looked at once however many people can open it, and of pages of one kind (two voices, two funds) one is.
House rule beyond WCAG AA: text has a contrast of 7:1 in both colour schemes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import axe_playwright_python
import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.journeys.conftest import Visitor
from tests.spec.scene import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Which rules; and what of a finding is worth reading.
LOOK = """async options => (await axe.run(document, options)).violations.flatMap(
  fault => fault.nodes.slice(0, 3).map(
    node => `${fault.id}: ${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`))"""
ALL = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
}
COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
EMPTY = """form => { form.noValidate = true;
  for (const box of form.querySelectorAll('input:not([type=hidden], [type=checkbox], [type=radio]), textarea'))
    box.value = '';
  form.submit(); }"""
TYPED = "main form[method=post]:has(input:not([type=hidden], [type=checkbox], [type=radio]):not([name=code]), textarea)"
NO_PAGE = re.compile(
    r"\.(?:csv|json|geojson|beancount|pdf|zip)$|/(?:file|download|logout|papers)/|^/static/|^/record/checkpoint(?:s/\d+)?$|^/api/v1/(?!docs)"
)
MOST_BYTES = 100_000


@dataclass
class Look:
    """What was seen so far, by the name of the address."""

    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    heaviest: tuple[int, str] = (0, "")

    def walk(self, page: Page, who: str, *starts: str, errors: bool = True) -> None:
        ahead = list(starts)
        weights: dict[str, int] = {}
        page.on("response", lambda answer: weights.__setitem__(answer.url, _weight(answer)))
        while ahead:
            path = ahead.pop(0)
            name = _name(path)
            if not name or name in self.seen:
                continue
            self.seen.add(name)
            weights.clear()
            answer = page.goto(path)
            where = f"{path} ({who})"
            if answer is None or answer.status != 200:
                self.faults.append(f"{where}: a link led to {answer.status if answer else 'nothing'}")
                continue
            if "html" not in answer.headers.get("content-type", ""):
                continue
            if who == "anybody":
                self.heaviest = max(self.heaviest, (sum(weights.values()), path))
            self.judge(page, where)
            ahead += _links(page)
            if errors:
                self.err(page, path, where)

    def judge(self, page: Page, where: str) -> None:
        if page.evaluate("typeof axe") == "undefined":
            page.evaluate(AXE)
        found = page.evaluate(LOOK, ALL)
        if page.evaluate(WIDER):
            found.append("the page is wider than a phone")
        if page.locator("h1").count() != 1:
            found.append("not exactly one first heading")
        if "(anybody)" in where:  # the colours are the same for all; `becontree check` holds each pair of them
            page.emulate_media(color_scheme="dark")
            found += [f"in the dark, {fault}" for fault in page.evaluate(LOOK, COLOURS)]
            page.emulate_media(color_scheme="light")
        self.faults += [f"{where}: {fault}" for fault in found]

    def err(self, page: Page, path: str, where: str) -> None:
        """Send the first form that has something to type in, with nothing typed."""
        form = page.locator(TYPED).first
        if not page.locator(TYPED).count():
            return
        with page.expect_navigation():
            form.evaluate(EMPTY)
        if not page.locator(".errorlist, .error-summary").count():
            return
        self.judge(page, f"{where} with errors")
        if not page.locator(".error-summary").count():
            self.faults.append(f"{where}: errors without a summary")
        elif not page.evaluate("document.activeElement.matches('.error-summary, [aria-invalid=true]')"):
            self.faults.append(f"{where}: the summary has not got the focus")


def _weight(answer: Any) -> int:
    try:
        return len(answer.body())
    except Exception:  # a redirect has no body
        return 0


def _name(path: str) -> str:
    """The name of the address, the same for all pages of one kind; "" where it is no page."""
    parts = urlsplit(path)
    if NO_PAGE.search(parts.path):
        return ""
    try:
        found = resolve(parts.path)
    except Resolver404:
        return path
    return f"{found.view_name or found.func.__name__}"


def _links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
    whole = [urljoin(page.url, one) for one in found]
    here = urlsplit(page.url).netloc
    return [
        urlsplit(one)._replace(scheme="", netloc="", fragment="").geturl()
        for one in whole
        if urlsplit(one).netloc == here
    ]


def test_axe_finds_no_fault_on_any_page_of_a_full_borough(visitor: Visitor, transactional_db: None) -> None:
    scene = build()
    look = Look()
    look.walk(visitor(phone=True), "anybody", "/", "/account/login/", "/patterns/")
    for who in (
        "resident",
        "organiser",
        "officer:funding",
        "officer:engagement",
        "finance",
        "auditor",
        "administrator",
    ):
        person = scene.people[who]
        extra = _unlinked(scene, who)
        look.seen -= {"my", "desk"}
        look.walk(visitor(person, phone=True), who, "/my/", *(("/desk/",) if person.on_the_desk else ()), *extra)

    assert "\n".join(look.faults) == ""
    assert len(look.seen) > 85
    assert look.heaviest[0] <= MOST_BYTES, look.heaviest


def test_axe_finds_no_fault_in_an_empty_installation(visitor: Visitor, transactional_db: None) -> None:
    from becontree.citizenship.giving.tests.conftest import Town

    town = Town()
    look = Look()
    look.walk(visitor(phone=True), "anybody", "/", errors=False)
    town.officer("ann", "officer", "funding")
    desk = {"an officer": town.officer("ann", "officer", "engagement")}
    desk |= {role: town.officer(role, role) for role in ("finance", "auditor", "administrator")}
    for who, person in desk.items():
        look.seen.discard("desk")
        look.walk(visitor(person, phone=True), who, "/my/", "/desk/", errors=False)

    assert "\n".join(look.faults) == ""


def _unlinked(scene: Any, who: str) -> list[str]:
    """Pages that people come to from a letter or a form, not by a link."""
    things = scene.things
    return {
        "resident": [f"/my/voices/{things['held'].handle}/appeal/", f"/payments/bank/{things['bank'].reference}/"],
        "officer:engagement": [f"/desk/voices/appeals/{things['appeal'].pk}/"],
        "administrator": [f"/desk/places/{things['load'].pk}/"],
    }.get(who, [])
