"""A real browser before a real server: what each journey needs.

The server runs in the test's own process, so that a journey can read the letter box and let the worker do its rounds.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from becontree.citizenship.giving.tests.conftest import NOW, SETUP, Town
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person

PATIENCE = 20_000  # milliseconds
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A busy machine is no fault: as patient with what should appear as with what should be clicked.
expect.set_options(timeout=PATIENCE)
PHONE = {"width": 360, "height": 740}
Visitor = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver keeps an event loop in this thread; the tests themselves are not asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        for name in ("click", "press"):
            patch.setattr(Locator, name, _then_read(getattr(Locator, name)))
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


def _then_read(act: Callable[..., None]) -> Callable[..., None]:
    """What a click opens has begun to arrive when Playwright returns, and may not hold a line of it yet.

    A person reads before going on: so does every journey, that it never asks an empty page.
    """

    @functools.wraps(act)
    def acted(self: Locator, *args: Any, **named: Any) -> None:
        act(self, *args, **named)
        if not self.page.is_closed():
            self.page.wait_for_load_state("domcontentloaded")

    return acted


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """Open a browser window for a person (None: nobody signed in); anything that is asked of another site is noted."""
    cache.clear()
    opened: list[BrowserContext] = []
    abroad: list[str] = []

    def window(person: Person | None = None, *, script: bool = True, phone: bool = False, **more: Any) -> Page:
        size = PHONE if phone else {"width": 1280, "height": 800}
        context = browser.new_context(
            base_url=live_server.url, java_script_enabled=script, viewport=size, locale="en-GB", **more
        )
        context.set_default_timeout(PATIENCE)
        context.on(
            "request",
            lambda asked: None if asked.url.startswith((live_server.url, "data:")) else abroad.append(asked.url),
        )
        if person is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _session(person), "url": live_server.url}]
            )
        opened.append(context)
        return context.new_page()

    yield window
    for context in opened:
        context.close()

    assert abroad == []


def _session(person: Person) -> str:
    """A session of somebody who signed in, and proved it twice if their role asks for that."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def borough(transactional_db: None) -> Town:
    """A group whose bank account is checked, and the council."""
    from django.utils import timezone

    town = Town(now=timezone.now())
    olive = town.person("olive")
    town.group = people.add_organisation(name="Friends of Heron Road", kind="community-group", by=olive, now=NOW)
    people.verify_organisation(organisation=town.group, how="seen", by=SETUP, now=NOW)
    people.verify_bank(organisation=town.group, how="seen", by=SETUP, now=NOW)
    town.council = people.add_organisation(name="The council", kind="council", by=SETUP, now=NOW)
    mail.outbox.clear()
    return town


def newest_code() -> str:
    """The sign-in code in the newest letter."""
    found = re.search(r"\b([A-Z0-9]{4}-?[A-Z0-9]{4})\b", str(mail.outbox[-1].body))
    assert found is not None, mail.outbox[-1].body

    return found[1]
