"""Every form, sent with what no browser sends: answered in words, never with a fault. Nothing is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.spec.access_table import rows
from tests.spec.scene import Scene

pytestmark = pytest.mark.django_db

HOSTILE: Final = {
    "NUL inside": "a\0b",
    "10,000 characters": "x" * 10_000,
    "another script's digits": "٣",
    "a very large number": "9" * 30,
    "a path and a line break": "../../etc/passwd\r\nSet-Cookie: a=b",
}
# What views read beside their forms' own fields.
BESIDE: Final = (
    "do",
    "page",
    "token",
    "next",
    "once",
    "voice",
    "handle",
    "look",
    "kept",
    "back",
    "round",
    "sure",
    "ward",
)
ROLE: Final = {"everyone": "resident", "signed-in": "organiser", "officer": "officer:engagement"}


@pytest.fixture(autouse=True)
def _quiet(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    settings.THROTTLE_OFF = True
    cache.clear()


def forms(client: Client, address: str) -> Iterator[dict[str, list[str]]]:
    """What a browser would send from each form of the page: names with their first values; at least one, empty."""
    page = client.get(address)
    found = 0
    if page.status_code in (200, 422) and not page.streaming and page["Content-Type"].startswith("text/html"):
        for form in BeautifulSoup(page.content, "html.parser").find_all("form", method="post"):
            if (form.get("action") or address).split("?")[0] not in ("", address):
                continue
            sent: dict[str, list[str]] = {}
            for field in form.find_all(["input", "select", "textarea", "button"]):
                if name := field.get("name"):
                    option = field.find("option", value=True) if field.name == "select" else None
                    sent.setdefault(name, [str((option or field).get("value") or "a")])
            sent.pop("csrfmiddlewaretoken", None)
            found += 1
            yield sent
    if not found:
        yield {}


def somebody(gate: tuple[str, ...]) -> str:
    return next((ROLE.get(each, each) for each in gate), "anonymous")


def test_no_form_falls_over_what_it_is_sent(scene: Scene) -> None:
    clients: dict[str, Client] = {}
    sent = 0
    fallen = []
    for row in sorted({(row.address, row.gate) for row in rows(scene) if row.method == "POST"}):
        address, gate = row
        if address.startswith(("/api/", "/account/")) or "logout" in address:
            continue
        role = somebody(gate)
        client = clients.setdefault(role, scene.client(role, second_factor=True))
        client.raise_request_exception = False
        for whole in forms(client, address):
            for names in [*([name] for name in whole), BESIDE]:
                for what, value in HOSTILE.items():
                    before = transaction.savepoint()
                    answer = client.post(address, whole | {name: [value] for name in names})
                    transaction.savepoint_rollback(before)
                    if answer.status_code >= 500:
                        fallen.append((address, names[0], what))
                    sent += 1
                    assert "a" not in answer.cookies
                    assert "Set-Cookie: a" not in str(answer.headers)
    assert fallen == []
    assert sent > 2_000
