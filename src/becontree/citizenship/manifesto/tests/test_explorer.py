"""Everything that may be quoted: found by words on both engines alike, and nothing else."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from becontree.citizenship.manifesto import actions, search
from becontree.citizenship.manifesto.queries.explorer import Explored, explore
from becontree.citizenship.manifesto.tests.conftest import SETUP, Moot
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Voice

SAID = {
    "buses": "More buses, please: the number 62 never comes!",
    "bus": "BUS stop at the café on Zoë's corner",
    "parks": "Parks and play-grounds for under_fives",
    "arabic": "نريد حديقة جديدة",
    "markup": "<b>Benches</b> & =SUM(A1) 'quoted' \"twice\"",
    "dots": "Mend the roads...and the pavements,now",
}
# query -> what it finds: the same on PostgreSQL and on SQLite
FINDS = {
    "bus": {"buses", "bus"},
    "BUS": {"buses", "bus"},
    "buses": {"buses"},
    "buses please": {"buses"},
    "please buses number": {"buses"},
    "62": {"buses"},
    "cafe": {"bus"},
    "café": {"bus"},
    "CAFÉ": {"bus"},
    "zoe": {"bus"},
    "play": {"parks"},
    "grounds": {"parks"},
    "play-grounds": {"parks"},
    "fives": {"parks"},
    "under_fives": {"parks"},
    "benches sum": {"markup"},
    "quoted": {"markup"},
    "roads pavements now": {"dots"},
    "and the": {"dots"},
    "حديقة": {"arabic"},
    "us": set(),
    "bus park": set(),
    "private": set(),
    "unread": set(),
    "!!!": set(),
}
HOSTILE = [
    "' OR 1=1 --", '"', '" OR "', "bus*", "bus AND", "NEAR(bus park)", "words:bus", "-bus", "bus & !park", "a:*", ":*",
    "((", "\\", "bus'); DROP TABLE voices_voice; --", "\x00bus", "^bus", "{bus}", "%", "_", "<->", "bus <-> park",
    "x" * 5_000, "\u202ebus", "\ud800", "🚌", "' : *", "İstanbul", "ǅ", "ß",
]  # fmt: skip


@pytest.fixture
def said(moot: Moot) -> dict[str, str]:
    found = {}
    for name, words in SAID.items():
        found[moot.hear(words)[0].handle] = name
    moot.hear("My private bus", may_quote=False)
    moot.hear("An unread bus", publish=False)
    return found


def names(said: dict[str, str], query: str) -> set[str]:
    return {said.get(voice.handle, "?") for voice in explore(Explored(words=query))}


def test_plain_words_find_the_same_on_both_engines(said: dict[str, str]) -> None:
    assert {query: names(said, query) for query in FINDS} == FINDS
    assert names(said, "") == set(SAID)


def test_hostile_queries_break_nothing_and_tell_nothing(said: dict[str, str]) -> None:
    client = Client()
    for query in HOSTILE:
        assert names(said, query) <= set(SAID), query
        safe = query.encode("utf-8", "replace").decode()
        assert client.get("/manifesto/voices/", {"words": safe}).status_code in (200, 422), query

    assert Voice.objects.count() == len(SAID) + 2


@given(st.text(max_size=60))
def test_a_query_is_cut_into_harmless_words(query: str) -> None:
    found = search.words_of(query)

    assert len(found) <= search.MOST_WORDS
    assert all(word.isalnum() and len(word) <= search.LONGEST_WORD for word in found)


def test_what_is_masked_is_found_by_what_is_shown_only(moot: Moot) -> None:
    voice = moot.hear("My neighbour Xaverius parks on the grass", publish=False)[0]
    voices.mask(voice=voice, words="My neighbour [left out] parks on the grass", by=SETUP, now=moot.now)
    voice.refresh_from_db()
    if voice.state != "published":
        voices.publish(voice=voice, by=SETUP, now=moot.now)

    assert list(explore(Explored(words="xaverius"))) == []
    assert [one.handle for one in explore(Explored(words="grass"))] == [voice.handle]


def test_what_is_withdrawn_is_found_no_more_and_its_words_are_nowhere_in_the_index(moot: Moot) -> None:
    voice = moot.hear("A zugzwang in the park")[0]
    assert list(explore(Explored(words="zugzwang"))) == [voice]
    voices.withdraw(voice=voice, by=SETUP, now=moot.now)

    assert list(explore(Explored(words="zugzwang"))) == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM manifesto_search_words WHERE words LIKE '%%zugzwang%%'")
            assert cursor.fetchone() == (0,)
            cursor.execute("INSERT INTO manifesto_search (manifesto_search, rank) VALUES ('integrity-check', 1)")


def test_changes_of_many_rows_at_once_are_kept_in_step(moot: Moot) -> None:
    moot.hear("One zugzwang", "Two zugzwang", "Three parks")
    Voice.objects.filter(words__contains="zugzwang").update(state="held")
    assert list(explore(Explored(words="zugzwang"))) == []
    Voice.objects.filter(words__contains="zugzwang").update(state="published")

    assert len(explore(Explored(words="zugzwang"))) == 2


def test_putting_the_index_in_place_again_changes_nothing(said: dict[str, str]) -> None:
    search.install()

    assert names(said, "bus") == {"buses", "bus"}


def test_the_explorer_is_narrowed_by_a_public_theme_and_by_no_other(moot: Moot) -> None:
    study = moot.study()
    theme = moot.theme_of(study, "bus")
    moot.act(study, "name", theme=theme.code, label="Buses")
    asked = Explored(theme=f"{study.slug}-{theme.code}")
    assert list(explore(asked)) == []
    actions.publish(study=study, by=moot.officer, now=moot.now)
    found = {voice.handle for voice in explore(asked)}

    assert found == set(theme.placements.values_list("clause__answer__handle", flat=True))
    moot.act(study, "hide", theme=theme.code)
    assert list(explore(asked)) == []


def test_it_is_narrowed_by_way_and_by_time(moot: Moot) -> None:
    moot.hear("On paper")
    moot.hear("At the door", channel="doorstep", said_on=date(2026, 5, 1))

    assert [voice.words for voice in explore(Explored(channel="doorstep"))] == ["At the door"]
    assert [voice.words for voice in explore(Explored(until=date(2026, 5, 2)))] == ["At the door"]
    assert [voice.words for voice in explore(Explored(since=date(2026, 5, 2)))] == ["On paper"]


def test_what_was_found_can_be_taken_away_and_is_safe_in_a_spreadsheet(moot: Moot) -> None:
    moot.hear("=SUM(A1) benches", "parks")
    client = Client()
    body = b"".join(client.get("/manifesto/voices/quotes.csv", {"words": "benches"}).streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(body)))
    data = client.get("/manifesto/voices/quotes.json", {"words": "benches"})

    assert [row["words"].lstrip("'\t ") for row in rows] == ["=SUM(A1) benches"]
    assert not rows[0]["words"].startswith("=")
    assert b"parks" not in b"".join(data.streaming_content)


def test_public_pages_take_at_most_twelve_queries(moot: Moot) -> None:
    promise = moot.promise()
    moot.target(promise)
    study = promise.aspiration.themes.get().study
    actions.publish(study=study, by=moot.officer, now=moot.now)
    client, counts = Client(), {}
    lists = ["/manifesto/", "/manifesto/voices/?words=bus", "/manifesto/decisions/", "/manifesto/aspirations/",
             study.get_absolute_url()]  # fmt: skip
    for path in [*lists, promise.get_absolute_url(), promise.aspiration.get_absolute_url()]:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200, path
        counts[path] = len(captured)

    assert {path: n for path, n in counts.items() if n > (12 if path in lists else 15)} == {}
