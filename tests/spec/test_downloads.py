"""Every public file: an open filter changes nothing, and none can be asked for without end.

What the address may say at all: `test_asked.py`.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.test import Client

from becontree.foundations.kit import downloads
from becontree.web import api
from tests.spec.access_table import rows
from tests.spec.scene import Scene

pytestmark = pytest.mark.django_db

FILES: Final = (".csv", ".json", ".geojson")
# The largest are kept ready for each version of what they hold.
PREPARED: Final = {
    "/record/entries.csv", "/record/entries.json", "/voices/voices.csv", "/voices/voices.json",
    "/manifesto/voices/quotes.csv", "/manifesto/voices/quotes.json",
}  # fmt: skip
# One row of the database, or of a file that is on disk already: no more work than a page, and nothing grows with it.
SMALL: Final = ("/record/entry/", "/record/consistency.json", "/accounts/journal/", "/manifesto/state-of-the-borough/",
                "/outreach/tablet/", "/demo/", "/api/")  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    cache.clear()


def files(scene: Scene) -> list[str]:
    """Every file that everybody may take, by its address."""
    found = {row.address for row in rows(scene) if row.method == "GET" and "everyone" in row.gate}
    return sorted(address for address in found if address.endswith(FILES) and not address.startswith("/api/"))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_no_parameter_is_a_way_round_the_prepared_copy(scene: Scene, client: Client, tmp_path: Path) -> None:
    found = files(scene)

    assert len(found) > 30
    assert set(found) >= PREPARED
    for address in PREPARED:
        plain = client.get(address)
        before = {(path.name, path.stat().st_mtime_ns) for path in (tmp_path / "prepared").iterdir()}
        for query in ("z=1", "step=nothing&theme=nothing&since=soon", "page=7&page=8"):
            assert client.get(f"{address}?{query}").status_code == 422, (address, query)
        for query in {"record": ("q=%20%20&kind=",), "manifesto": ("words=&theme=",)}.get(address.split("/")[1], ()):
            again = client.get(f"{address}?{query}")

            assert again["ETag"] == plain["ETag"], (address, query)
            assert body(again)
            headers = {"If-None-Match": plain["ETag"]}
            assert client.get(f"{address}?{query}", headers=headers).status_code == 304
        assert {(path.name, path.stat().st_mtime_ns) for path in (tmp_path / "prepared").iterdir()} == before, address


def test_every_file_that_is_made_for_the_asker_is_held_to_so_many_a_minute(
    scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is neither prepared, nor small, nor counted, fails here: give it a brake."""
    monkeypatch.setattr(downloads, "LIMIT", 2)
    monkeypatch.setattr(downloads, "WINDOW", 10**9)  # so that no window ends between two of the files
    made = [address for address in files(scene) if address not in PREPARED and not address.startswith(SMALL)]

    assert len(made) > 20
    for address in made:
        cache.clear()
        answers = [client.get(address) for _ in range(3)]
        if answers[0].status_code == 404:
            continue
        assert [answer.status_code for answer in answers] == [200, 200, 429], address
        assert answers[2]["Retry-After"] == "1000000000"
        assert b"Wait a minute" in answers[2].content
    for address in PREPARED:
        cache.clear()
        assert {client.get(address).status_code for _ in range(4)} == {200}, address
    for narrowed in (
        "/record/entries.csv?q=a",
        "/record/entries.json?since=0001-01-01",
        "/manifesto/voices/quotes.csv?words=a",
        "/manifesto/voices/quotes.json?until=9999-12-31",
    ):
        cache.clear()
        assert [client.get(narrowed).status_code for _ in range(3)] == [200, 200, 429], narrowed


def test_every_list_of_the_api_refuses_what_it_does_not_know(scene: Scene, client: Client) -> None:
    lists = [address for address in api.schema()["paths"] if "{" not in address]

    assert len(lists) > 8
    for address in lists:
        assert client.get(f"{address}?z=1").status_code == 422, address


def test_all_entries_are_read_with_a_few_questions_and_cost_little_each(
    scene: Scene, client: Client, settings: Any, django_assert_max_num_queries: Any
) -> None:
    settings.THROTTLE_OFF = True  # whose count is in the database as well
    with django_assert_max_num_queries(6):
        narrowed = body(client.get("/record/entries.csv?since=0001-01-01"))
    whole = body(client.get("/record/entries.csv"))

    assert narrowed == whole
    listed = list(csv.DictReader(io.StringIO(whole.decode(), newline="")))
    assert any(row["because"] for row in listed)


def test_a_file_of_entries_says_what_each_entry_says(scene: Scene, client: Client) -> None:
    for line in json.loads(body(client.get("/record/entries.json"))):
        assert json.loads(client.get(f"/record/entry/{line['id']}/entry.json").content) == line
