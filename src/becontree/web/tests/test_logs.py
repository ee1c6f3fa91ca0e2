"""What the log holds of a request: the page and no key to it; no traceback for a stranger's nonsense."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client

from becontree.web.logs import Discreet
from becontree.web.middleware import UNREADABLE

pytestmark = pytest.mark.django_db

KEY = "fd8c820bf86e45ed84f4bafd0d83d1fb.85hYZnPzR5x8kbMYyxlIqrMvWqVE6OsRNMkHXgXhJJU"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log as the server writes it: the filter stands on its one handler."""
    caplog.handler.addFilter(Discreet())
    return caplog


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", f"/voices/own/{KEY}/", "Not Found: /voices/own/<str:token>/"),
        ("GET", f"/voices/own/{KEY}/?words=%00", "Unprocessable Entity: /voices/own/<str:token>/"),
        ("GET", f"/voices/own/{KEY}", ""),
        ("PUT", f"/voices/own/{KEY}/", "Method Not Allowed: /voices/..."),
        ("POST", f"/voices/own/{KEY}/", "Forbidden (CSRF cookie not set.): /voices/own/<str:token>/"),
        ("GET", f"/voices/own/{KEY}/nowhere/at/all/", "Not Found: /voices/..."),
        ("GET", f"/letters/leave/{KEY}/nowhere", "Not Found: /letters/..."),
        ("GET", f"/{KEY}", "Not Found: /..."),
    ],
)
def test_the_key_to_somebodys_own_page_is_not_in_the_log(
    lines: pytest.LogCaptureFixture, method: str, path: str, said: str
) -> None:
    """The attack: read in the server's log the address of somebody's own page, which is its key."""
    Client(enforce_csrf_checks=True).generic(method, path)

    assert KEY not in lines.text
    assert said in lines.text


@pytest.mark.parametrize("body", [b"x", b"1" * 100_000, b"--x\r\n" + b"a: b\r\n" * 1_000, b""])
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary="]
)
def test_a_form_that_cannot_be_read_is_refused_in_words_and_leaves_no_traceback(
    lines: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    for path in ("/voices/say/", "/payments/hooks/practice/", "/nowhere/"):
        answer = Client(enforce_csrf_checks=True).generic("POST", path, body, content_type=kind)

        assert answer.status_code in (400, 403, 404, 415), path
        assert answer.status_code != 400 or answer.text in (UNREADABLE, "refused")
    assert "Traceback" not in lines.text


def test_another_host_leaves_one_line(lines: pytest.LogCaptureFixture) -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400
    assert "Invalid HTTP_HOST header" in lines.text
    assert "Traceback" not in lines.text


def test_the_filter_stands_on_every_handler() -> None:
    assert all(handler["filters"] == ["discreet"] for handler in settings.LOGGING["handlers"].values())
    assert logging.getLogger("django.request").propagate
