"""What an address asks for is understood or refused in words: every file, every list, hostile input.

The attack: `entries.csv?since=2026-02-31` and `voices.csv?ward=NOPE` sent everything, as if it had been asked for.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.test import Client

from becontree.foundations.kit import asked
from tests.spec.access_table import rows
from tests.spec.scene import Scene

pytestmark = pytest.mark.django_db

REFUSED: Final = "A part of the address could not be used, so no file was sent."
HOSTILE: Final = {
    "NUL": "%00",
    "NUL inside": "a%00b",
    "a line break": "a%0D%0ASet-Cookie:%20a=b",
    "10,000 characters": "x" * 10_000,
}
NOT_A_DAY: Final = (
    "2026-02-31", "0000-01-01", "10000-01-01", "2026-1-1", "20260101", "2026-W01-1", "03/05/2026", "tomorrow", "-1",
    "%D9%A2%D9%A0%D9%A2%D9%A6-%D9%A0%D9%A1-%D9%A0%D9%A1", "2026-01-01T00:00:00", "' OR 1=1", "%F0%9F%98%80",
)  # fmt: skip
# Every file that can be narrowed, by its days and its choices. What is not here fails `test_the_table_is_whole`.
PUBLIC: Final = {
    "/record/entries.csv": {"day": ("since", "until"), "choice": ("step", "kind"), "words": ("q",)},
    "/record/entries.json": {"day": ("since", "until"), "choice": ("step", "kind"), "words": ("q",)},
    "/manifesto/voices/quotes.csv": {
        "day": ("since", "until"), "choice": ("theme", "ward", "channel"), "words": ("words",)
    },
    "/manifesto/voices/quotes.json": {
        "day": ("since", "until"), "choice": ("theme", "ward", "channel"), "words": ("words",)
    },
    "/accounts/trial-balance.csv": {"day": ("on",)},
    "/accounts/trial-balance.json": {"day": ("on",)},
    "/accounts/account/": {"day": ("since", "until")},
    "/policy/rules.csv": {"day": ("on",)},
    "/policy/rules.json": {"day": ("on",)},
}  # fmt: skip
DESK: Final = {
    "/desk/record/decisions.csv": {"day": ("since", "until"), "choice": ("who", "role", "kind"), "words": ("words",)},
    "/desk/access/readings.csv": {"day": ("since", "until"), "choice": ("who", "role", "purpose", "kind")},
    "/desk/people/roles/history.csv": {"day": ("since", "until"), "choice": ("who", "role", "by", "state")},
    "/desk/giving/gifts.csv": {"day": ("since", "until"), "choice": ("state",), "words": ("words",)},
    "/desk/payments/charges.csv": {"day": ("since", "until"), "choice": ("state", "provider"), "words": ("words",)},
    "/desk/payments/lines.csv": {"day": ("since", "until"), "choice": ("show", "who"), "words": ("words",)},
    "/desk/payments/refunds.csv": {"day": ("since", "until"), "choice": ("state", "who", "role")},
    "/desk/payments/payouts.csv": {"day": ("since", "until"), "choice": ("state", "who", "role")},
    "/desk/payments/lists.csv": {"day": ("since", "until"), "choice": ("state", "who", "role")},
}
COUNTS: Final = ("old", "new")  # of /record/consistency.json, which says itself what they are


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    settings.THROTTLE_OFF = True
    cache.clear()


def files(scene: Scene, gate: str) -> dict[str, tuple[str, ...]]:
    """Every file that `gate` may take, by its address, with the parameters that it says it takes."""
    found = {row for row in rows(scene) if row.method == "GET" and gate in row.gate}
    return {
        row.address: ()
        for row in sorted(found, key=lambda row: row.address)
        if row.address.endswith(asked.FILES) and not row.address.startswith("/api/")
    }


def table(address: str) -> dict[str, tuple[str, ...]]:
    known = PUBLIC | DESK
    return next(
        (known[each] for each in known if address == each or (each[-1] == "/" and address.startswith(each))), {}
    )


def refused(client: Client, address: str, query: str, name: str) -> None:
    """The file was not sent; the answer names the part that was wrong and says what to do."""
    answer = client.get(f"{address}?{query}")
    said = answer.content.decode() if not answer.streaming else "a file"

    assert answer.status_code == 422, (address, query[:80])
    assert REFUSED in said, (address, query[:80])
    assert not answer.has_header("Content-Disposition")
    assert not answer.has_header("ETag")
    assert "no-store" in answer["Cache-Control"]
    assert answer.cookies == {}
    if address.endswith(("json",)):
        assert answer["Content-Type"] == "application/problem+json"
        (fault,) = answer.json()["errors"]
        assert fault["where"] == ["query", name]
        assert re.fullmatch(r".{10,}\.", fault["message"]), fault
    else:
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert re.search(rf"^- {re.escape(name)}: .+\.$", said, re.MULTILINE), said
    assert len(said) < 2_500
    assert "x" * 300 not in said


def clients(scene: Scene) -> list[tuple[Client, str]]:
    """Somebody for every file that there is."""
    by_role = {
        "everyone": "anonymous", "finance": "finance", "auditor": "auditor", "administrator": "administrator",
        "officer:information": "officer:information", "officer:funding": "officer:funding",
    }  # fmt: skip
    seen: set[str] = set()
    found = []
    for gate, role in by_role.items():
        client = scene.client(role, second_factor=True)
        for address in files(scene, gate):
            if address not in seen and client.get(address).status_code == 200:
                seen.add(address)
                found.append((client, address))
    return found


def test_no_file_is_sent_for_a_part_of_the_address_that_it_does_not_know(scene: Scene) -> None:
    found = clients(scene)

    assert len(found) > 45
    assert {address for _, address in found} >= {each for each in PUBLIC | DESK if not each.endswith("/")}
    for client, address in found:
        for name in ("z", "page", "SINCE", "ward ", "next"):
            refused(client, address, f"{name}=1", name)
        if "ward" not in table(address).get("choice", ()):
            refused(client, address, "ward=NOPE", "ward")
        refused(client, address, "%00=1", "?")


def test_no_file_is_sent_for_a_filter_that_makes_no_sense(scene: Scene) -> None:
    tried = 0
    for client, address in clients(scene):
        kinds = table(address)
        for name in kinds.get("day", ()):
            for value in NOT_A_DAY:
                refused(client, address, f"{name}={value}", name)
        for name in kinds.get("choice", ()):
            for value in ("NOPE", "-1", "%D9%A1", "1;drop"):
                refused(client, address, f"{name}={value}", name)
        for name in (each for names in kinds.values() for each in names):
            tried += 1
            for value in HOSTILE.values():
                refused(client, address, f"{name}={value}", name)
            refused(client, address, f"{name}=&{name}=", name)
            assert client.get(f"{address}?{name}=").status_code == 200, address  # an open field of a form
    assert tried > 60


def test_the_table_is_whole(scene: Scene) -> None:
    """A file that takes more than this page of tests tries fails here: put it into the table."""
    for client, address in clients(scene):
        said = client.get(address, {"z": "1"}).content.decode()
        takes = set(re.sub(r".*can be narrowed by: ([^.]*)\..*", r"\1", said, flags=re.DOTALL).split(", "))
        known = {name for names in table(address).values() for name in names}

        if "This file is always whole." in said:
            assert known == set(), address
        else:
            assert takes - {"glass", *COUNTS} == known or address.startswith("/desk/payments/"), (address, takes)


def test_a_file_says_what_can_be_chosen(scene: Scene, client: Client) -> None:
    wards = client.get("/manifesto/voices/quotes.csv?ward=NOPE").content.decode()
    several = client.get("/record/entries.json?since=2026-02-31&step=soon&q=a").json()

    assert "Give one of these: " in wards
    assert [each["where"][1] for each in several["errors"]] == ["step", "since"]
    assert "like 2026-11-22" in several["errors"][1]["message"]


LISTS: Final = {
    "/record/": {"since": "2026-02-31", "until": "x", "step": "NOPE", "kind": "NOPE"},
    "/voices/": {"ward": "NOPE", "kind": "NOPE", "channel": "NOPE", "answered": "NOPE", "round": "nope"},
    "/projects/": {"ward": "NOPE", "theme": "NOPE", "state": "NOPE"},
    "/manifesto/voices/": {"ward": "NOPE", "theme": "NOPE", "channel": "NOPE", "since": "2026-02-31", "until": "9"},
    "/manifesto/decisions/": {"until": "2026-02-31"},
    "/accounts/": {"on": "2026-02-31"},
    "/policy/": {"on": "2026-02-31"},
    "/hubs/": {"ward": "NOPE"},
    "/desk/payments/charges/": {"since": "2026-02-31", "state": "NOPE", "provider": "NOPE"},
    "/desk/payments/payouts/": {"state": "NOPE", "since": "2026-02-31"},
    "/desk/payments/lines/": {"show": "NOPE"},
    "/desk/record/": {"kind": "NOPE", "until": "2026-02-31"},
    "/desk/access/": {"purpose": "NOPE"},
    "/desk/people/roles/history/": {"state": "NOPE"},
    "/desk/giving/gifts/": {"state": "NOPE"},
    "/desk/messages/": {"state": "NOPE"},
}


def test_a_list_says_which_field_made_no_sense(scene: Scene) -> None:
    roles = {"payments": "finance", "giving": "finance", "record": "auditor", "access": "auditor"}
    clients = {role: scene.client(role, second_factor=True) for role in ("finance", "auditor", "administrator")}
    for address, wrong in LISTS.items():
        desk = address.removeprefix("/desk/").split("/")[0] if address.startswith("/desk/") else ""
        client = clients[roles.get(desk, "administrator")]
        assert client.get(address).status_code == 200, address
        for name, value in wrong.items():
            answer = client.get(address, {name: value})
            said = answer.content.decode()

            assert answer.status_code == 422, (address, name)
            assert "There is something to put right" in said or "made no sense" in said or "not a date" in said, address
            assert 'role="alert"' in said or "<code>" in said, address


def test_the_links_of_a_narrowed_list_take_what_it_shows(scene: Scene, client: Client) -> None:
    """Also where the address carries more than the list understands: no link of ours leads to a refusal."""
    for address in (
        "/record/?q=a&since=2020-01-01&page=1&z=1", "/manifesto/voices/?words=a&since=x&page=1&z=1", "/record/",
        "/accounts/?on=2026-05-03&z=1", "/policy/?on=2026-05-03&z=1", "/manifesto/voices/",
    ):  # fmt: skip
        page = client.get(address).content.decode()
        links = re.findall(r'href="([^"]+\.(?:csv|json)[^"]*)"', page)

        assert links, address
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, (address, link)


@pytest.mark.parametrize("value", ["%00", "a%0D%0ASet-Cookie:%20a=b", "x" * 5_000, "%D9%A1", "-1&{name}=%FF"])
def test_no_page_falls_over_what_an_address_holds(scene: Scene, value: str) -> None:
    names = {"page", "q", "words", "ward", "round", "since", "until", "on", "before", "after", "show", "state", "theme",
             "kind", "join", "sheet", "look", "next", "token", "because", "aspiration", "street", "reference",
             "all", "said_on", "channel", "place", "out", "kept"}  # fmt: skip
    query = "&".join(f"{name}={value.replace('{name}', name)}" for name in sorted(names))
    for role in ("anonymous", "officer:engagement", "finance"):
        client = scene.client(role, second_factor=True)
        for address in sorted({row.address for row in rows(scene) if row.method == "GET"}):
            if "logout" in address or address.startswith("/api/"):
                continue
            if role != "anonymous" and not address.startswith(("/desk/", "/my/")):
                continue
            answer = client.get(f"{address}?{query}")
            if answer.streaming:
                b"".join(answer.streaming_content)

            assert answer.status_code < 500, (address, value[:40])
            assert "a" not in answer.cookies
