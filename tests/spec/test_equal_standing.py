"""However somebody reached us, they count the same: changing the channels changes nothing but the mix itself.

The same people speak twice, in the same borough, by other ways. Every public page and file is then read letter by
letter, after taking out the tables of the mix, the way beside each voice, and names drawn by chance (handles, ids).
"""

from __future__ import annotations

import itertools
import os
import random
import re
import shutil
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from becontree.citizenship.manifesto import actions as manifesto
from becontree.citizenship.manifesto.models import Promise
from becontree.citizenship.voices.models import Channel, Response, Voice
from becontree.foundations.kit import ids, prepared
from becontree.foundations.measures import actions as measures
from tests.spec import heard
from tests.spec.scene import undone

EXAMPLES = int(os.environ.get("BECONTREE_EQUAL_EXAMPLES", "4"))
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
MIXED = ("How it reached us", "Where it came from", "How people reached us")
CASES = st.lists(
    st.tuples(
        st.builds(
            heard.Form,
            fates=st.lists(st.sampled_from(heard.FATES), min_size=1, max_size=3).map(tuple),
            ward=st.sampled_from((None, 0, 1, 2)),
            language=st.sampled_from(("en", "ro")),
            day=st.integers(0, 45),
            quote=st.booleans(),
        ),
        st.sampled_from(heard.WAYS),
        st.sampled_from(heard.WAYS),
    ),
    min_size=1,
    max_size=14,
)
PAGES = (
    "/", "/voices/", "/voices/rounds/", "/voices/rounds/trees/", "/voices/rounds/trees/heard.csv",
    "/voices/rounds/trees/heard.json", "/voices/voices.csv", "/voices/voices.json", "/voices/how-we-moderate/",
    "/voices/how-we-moderate/log.csv", "/voices/how-we-moderate/log.json", "/outreach/", "/outreach/heard.csv",
    "/outreach/heard.json", "/manifesto/", "/manifesto/promises.csv", "/manifesto/aspirations/", "/manifesto/voices/",
    "/manifesto/voices/?words=tree", "/manifesto/voices/quotes.csv", "/manifesto/voices/quotes.json",
    "/manifesto/heard/study-trees/", "/manifesto/decisions/", "/manifesto/state-of-the-borough/2026/",
    "/manifesto/state-of-the-borough/2026/report.json", "/manifesto/state-of-the-borough/2026/report.csv",
    "/api/v1/voices", "/api/v1/voices?words=tree", "/api/v1/record/entries", "/record/entries.csv",
    "/record/entries.json", "/record/", "/open-data/", "/places/", "/measures/",
)  # fmt: skip


def spoken(forms: Sequence[heard.Form], ways: Sequence[str], patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Every public page of a borough in which these people spoke by these ways, without what may differ."""
    cache.clear()
    shutil.rmtree(prepared._folder(), ignore_errors=True)  # the ids are the same each time, so would be the version
    _deterministic(patch)
    with undone():
        wards, owner = heard.place(NOW), heard.officer(NOW)
        held = heard.listening(forms, ways, now=NOW, wards=wards, owner=owner)
        measures.keep_many(collection=held.ref, sheets=[{"age": "25-34"}] * 20 + [{"age": "35-49"}] * 20, now=NOW)
        study = heard.themed(held, now=NOW, owner=owner)
        _promised(study, owner)
        client = Client()
        addresses = [*PAGES, *(f"/manifesto/aspirations/{each.aspiration.slug}/" for each in Promise.objects.all()),
                     *(each.get_absolute_url() for each in Promise.objects.all())]  # fmt: skip
        told = {address: address for address in addresses}
        for number, voice in enumerate(_in_order()):
            if voice.state == Voice.State.PUBLISHED:
                told[f"voice {number}"] = voice.get_absolute_url()
                told[f"voice {number} in the API"] = f"/api/v1/voices/{voice.handle}"
        pages = {}
        for name, address in told.items():
            answer: Any = client.get(address)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            pages[name] = f"{answer.status_code} {text.decode()}"
        known = _names()
        return {name: _plain(page, known) for name, page in pages.items()}


def _deterministic(patch: pytest.MonkeyPatch) -> None:
    """The same ids and handles in both boroughs, as what happens in one moment is listed by them."""
    count, dice = itertools.count(1), random.Random(5)
    patch.setattr(ids.uuid, "uuid4", lambda: uuid.UUID(int=next(count), version=4))
    patch.setattr(ids.secrets, "token_bytes", dice.randbytes)


def _promised(study: Any, owner: Any) -> None:
    """A promise from the first theme, and the year's report."""
    themes = list(study.themes.filter(people__gt=0).order_by("code"))[:1]
    if not themes:
        return
    quotes = [each.handle for each in _in_order() if each.state == Voice.State.PUBLISHED and each.may_quote][:2]
    wish = manifesto.write(sentence="More trees.", minority="None.", themes=themes, quotes=quotes, by=owner, now=NOW)
    wish = manifesto.open_to_people(aspiration=wish, by=owner, now=NOW)
    manifesto.adopt(
        aspiration=wish, sentence="More trees.", vision_on=NOW.date() + timedelta(days=900), rationale="They asked.",
        team="Parks", authority="Cabinet", minutes="Minute 1", on=NOW.date(), by=owner, now=NOW,
    )  # fmt: skip
    report = manifesto.make_report(year=2026, cut_on=NOW.date(), by=owner, now=NOW)
    manifesto.publish_report(report=report, by=owner, now=NOW)


def _in_order() -> list[Voice]:
    return list(Voice.objects.select_related("response").order_by("response__key", "position"))


def _names() -> dict[str, str]:
    """Names drawn by chance, and what stands for each in both boroughs."""
    found = {}
    for number, voice in enumerate(_in_order()):
        found[voice.handle] = f"V{number}"
        found[str(voice.pk)] = f"VOICE{number}"
    for number, form in enumerate(Response.objects.order_by("key")):
        found[form.handle], found[str(form.pk)] = f"F{number}", f"FORM{number}"
    return found


WAYS_SAID = sorted((str(label) for label in Channel.labels), key=len, reverse=True)
WAYS_CODED = "|".join(Channel.values)


def _plain(page: str, known: dict[str, str]) -> str:
    """A page without the mix, without each voice's way, without names drawn by chance."""
    for name, stands in known.items():
        page = page.replace(name, stands)
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", page)
    page = re.sub(r"\b[0-9a-f]{64}\b", "HASH", page)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    for title in MIXED:
        page = re.sub(rf"<table><caption>{title}.*?</table>", "", page, flags=re.S)
    # The mix in files: its rows in the round's CSV and JSON, its part of the report.
    page = re.sub(r"(?m)^(?:channel|source),.*$\n?", "", page)
    page = re.sub(r'\{"what": "(?:channel|source)"[^}]*\},?\s*', "", page)
    page = re.sub(r'"channels": \{[^}]*\}', '"channels": MIX', page)
    # The way beside each voice: a column, a field, a word on its page.
    page = re.sub(rf'("channel": ?)"(?:{WAYS_CODED})"', r"\1WAY", page)
    page = re.sub(rf"(?m)^(voice/\w+,\w+),(?:{WAYS_CODED}),", r"\1,WAY,", page)
    page = re.sub(rf'(&quot;channel&quot;: |""channel"": ?)(?:&quot;|"")(?:{WAYS_CODED})(?:&quot;|"")', r"\1WAY", page)
    for label in WAYS_SAID:
        page = re.sub(rf"\bsaid {label}(?=[,.\"<]|$|&)", "said WAY", page, flags=re.M)  # the title of its entry
        page = page.replace(f"Said {label},", "Said WAY,").replace(f", {label}, ", ", WAY, ")
        page = page.replace(f"said this {label} on", "said this WAY on")
    return page


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(people=CASES)
def test_nothing_public_differs_when_the_channels_do(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=30))
    forms, one, other = zip(*people, strict=True)
    first, second = spoken(forms, one, monkeypatch), spoken(forms, other, monkeypatch)

    assert first.keys() == second.keys()
    for name, page in first.items():
        assert page == second[name], name


@pytest.mark.django_db
def test_the_same_comparison_finds_a_figure_that_looks_at_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A count that leaves out what came by paper is found: the comparison is not blind."""
    from becontree.citizenship.voices import queries
    from becontree.citizenship.voices.queries import public

    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=30))
    honest = queries.published
    for read in (queries, public):
        monkeypatch.setattr(read, "published", lambda: honest().exclude(response__channel="paper"))
    forms = [heard.Form(fates=("publish",), ward=at, quote=False) for at in (0, 1)]
    first = spoken(forms, ("paper", "web"), monkeypatch)
    second = spoken(forms, ("web", "web"), monkeypatch)

    assert {name for name in first if first[name] != second.get(name)} >= {"/", "/voices/", "/voices/voices.csv"}
