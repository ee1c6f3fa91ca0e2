"""Days at the very edge of what a date can be: every public page answers them, in words and never with a fault."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.test import Client
from django.utils import timezone

from becontree.web import api
from tests.spec.access_table import rows
from tests.spec.scene import Scene

pytestmark = pytest.mark.django_db

FIRST, LAST = "0001-01-01", "9999-12-31"
NAMES: Final = ("on", "day", "date", "since", "until", "from", "to", "before", "after", "by")
EDGES: Final = (
    dict.fromkeys(NAMES, LAST),
    dict.fromkeys(NAMES, FIRST),
    {"since": FIRST, "from": FIRST, "until": LAST, "to": LAST, "before": f"{LAST}.1", "after": FIRST},
    {"since": LAST, "from": LAST, "until": FIRST, "to": FIRST, "before": f"{FIRST}.9", "after": LAST},
)


@pytest.mark.parametrize("role", ["anonymous", "auditor"])
def test_no_page_falls_over_the_first_or_the_last_day_there_is(scene: Scene, settings: Any, role: str) -> None:
    settings.THROTTLE_OFF = True
    client = scene.client(role, second_factor=True)
    pages = sorted({row.address for row in rows(scene) if row.method == "GET" and "logout" not in row.address})

    assert len(pages) > 150
    for address in pages:
        if address.startswith("/api/") or (role == "auditor" and not address.startswith(("/desk/", "/accounts/"))):
            continue
        for edge in EDGES:
            answer = client.get(address, edge)
            if answer.streaming:
                b"".join(answer.streaming_content)

            assert answer.status_code < 500, (address, edge)


def test_no_list_of_the_api_falls_over_them(scene: Scene, client: Client, settings: Any) -> None:
    settings.THROTTLE_OFF = True
    asked = 0
    for address, operations in api.schema()["paths"].items():
        for parameter in operations["get"].get("parameters", ()):
            parts = [parameter["schema"], *parameter["schema"].get("anyOf", ())]
            if "{" in address or not any(part.get("format") == "date" for part in parts):
                continue
            for day in (FIRST, LAST):
                asked += 1
                assert client.get(address, {parameter["name"]: day}).status_code in {200, 404, 422}, address
    assert asked >= 6


def test_today_asked_for_by_its_day_is_today_and_a_later_day_is_not_told(scene: Scene, client: Client) -> None:
    """The attack: the same day in two ways gave two trial balances. No file is made of a day to come."""
    today = timezone.localdate()

    def taken(query: str, kind: str) -> bytes:
        return b"".join(client.get(f"/accounts/trial-balance.{kind}{query}").streaming_content)

    for kind in ("csv", "json"):
        assert taken(f"?on={today}", kind) == taken("", kind)
        assert client.get(f"/accounts/trial-balance.{kind}?on=9999-12-31").status_code == 404
    page, plain = client.get("/accounts/?on=9999-12-31").content.decode(), client.get("/accounts/").content.decode()
    assert "as it stands now" in page
    assert "On a past day" not in page
    assert (
        page[page.index("<tbody>") : page.index("</tfoot>")] == plain[plain.index("<tbody>") : plain.index("</tfoot>")]
    )
