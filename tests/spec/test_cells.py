"""Nobody who takes every page and every file can work out a count of 1 to 4 that is nobody's business.

A borough with many small cells is made by chance from a seed. A stranger reads it all; `Attacker` adds and takes away.
What was published once counts as known, form by form: more than the pages tell. The rule: docs/decisions/0018.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from becontree.citizenship.conversations import maps, telling
from becontree.citizenship.conversations import queries as talks
from becontree.citizenship.hubs import models as hubs
from becontree.citizenship.hubs.models import Meeting
from becontree.citizenship.manifesto.queries import telling as themes_told
from becontree.citizenship.outreach import heard as outreach
from becontree.citizenship.voices import counting
from becontree.citizenship.voices.models import Response, Round, Ruling, Voice, said
from becontree.foundations.kit import prepared
from becontree.foundations.measures import queries as measured
from becontree.foundations.measures.characteristics import name_of
from becontree.foundations.measures.models import EqualityTally
from becontree.methods.suppression import Protected
from tests.spec import heard
from tests.spec.cells import Attacker, body, document, recovered, table, tables, whole
from tests.spec.scene import undone

pytestmark = pytest.mark.django_db
SEEDS = [int(each) for each in os.environ.get("BECONTREE_CELL_SEEDS", "1 2").split()]
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
Secrets = dict[Any, int]


@pytest.fixture(scope="module", params=SEEDS)
def borough(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[heard.Borough]:
    with django_db_blocker.unblock(), undone():
        yield heard.borough_at_random(request.param, NOW)


# What a stranger works out, one family of figures at a time. Each returns what they recovered.


def ways_and_wards(town: heard.Borough) -> list[str]:
    """People of whom nothing was published, by way, source, ward, month: whole minus list. By language, those of whom
    no words are shown; and in the list, voices without words by language together with ward and day."""
    found = []
    for held in town.rounds:
        spy, secrets, known = Attacker(), Secrets(), Counter[Any]()
        forms = list(Response.objects.filter(round=held))
        hidden = {form.pk for form in heard.unpublished(held)}
        unread = {form.pk for form in forms} - {voice.response_id for voice in _shown(held)}
        cell: dict[str, Callable[[Response], Any]] = {
            "channel": lambda form: form.channel,
            "source": lambda form: form.source or form.channel,
            "ward": lambda form: form.ward_id or "",
            "language": lambda form: form.language,
            "month": lambda form: f"{form.said_on:%Y-%m}",
        }
        for form in forms:
            way = ("way", form.channel, form.source)
            for name in (way, *((what, of(form)) for what, of in cell.items())):
                secret = form.pk in (unread if name[0] == "language" else hidden)
                secrets[name] = secrets.get(name, 0) + secret
                known[name] += not secret
        rows = table(town.client, f"/voices/rounds/{held.slug}/heard.csv")
        answered = _said(body(town.client, f"/voices/rounds/{held.slug}/"), r"<strong>(\d+)</strong> pe")
        for what in cell:
            parts = [name for name in secrets if name[0] == what]
            if answered is not None:
                spy.knows(parts, answered - sum(known[name] for name in parts))
            _read(spy, held, what, {row["value"]: whole(row["count"]) for row in rows if row["what"] == what}, known)
        for way in [name for name in secrets if name[0] == "way"]:
            for what, value in (("channel", way[1]), ("source", way[2] or way[1])):
                spy.knows([(what, value)], 0, less=[other for other in secrets if _within(other, what, value)])
        wards = {row["group"]: whole(row["heard"]) for row in _heard(town, held) if row["characteristic"] == "ward"}
        _read(spy, held, "ward", wards, known)
        found += recovered(spy, {name: n for name, n in secrets.items() if _is_part(name, secrets)})
    return found


def languages_beside_places(town: heard.Borough) -> list[str]:
    """Voices whose words nobody may read, by language together with ward or with day: the list names each of them."""
    found = []
    quiet = Voice.objects.filter(state=Voice.State.PUBLISHED, response__may_quote=False).select_related("response")
    true = {voice.ref: voice.response.language for voice in quiet}
    rows = [row for row in table(town.client, "/voices/voices.csv") if row["reference"] in true]
    for beside in ("ward", "said_on"):
        spy = Attacker()
        secrets: Secrets = Counter((row[beside], true[row["reference"]]) for row in rows)
        for place, n in Counter(row[beside] for row in rows).items():
            spy.knows([(place, language) for language in ("en", "ro", "ur")], n)
        for cell, n in Counter((row[beside], row["language"]) for row in rows if row["language"]).items():
            spy.knows([cell], n)
        found += recovered(spy, secrets)
    return found


def _within(name: Any, what: str, value: str) -> bool:
    return bool(name[0] == "way" and value == (name[1] if what == "channel" else name[2] or name[1]))


def _is_part(name: Any, secrets: Secrets) -> bool:
    """A cell that is everybody is the whole of a round, which is no cell."""
    return any(other[0] == name[0] and other != name and n for other, n in secrets.items())


def _read(spy: Attacker, held: Round, what: str, shown: dict[str, int | None], known: Counter[Any]) -> None:
    """Numbers by ward, say: what they are more than what everybody can count in the list is of those not in it.

    Where every number is that of the published forms, or of the published things, it tells nothing of the others.
    """
    numbers = {value: n for value, n in shown.items() if n is not None and value != counting.UNSEEN}
    if not _same(numbers, known, what, _listed(held, what)):
        for value, n in numbers.items():
            spy.knows([(what, value)], n - known[what, value])


def _same(numbers: dict[str, int], known: Counter[Any], what: str, things: dict[str, int]) -> bool:
    return all(n == known[what, value] for value, n in numbers.items()) or all(
        n == things.get(value, -1) for value, n in numbers.items()
    )


def _listed(held: Round, what: str) -> dict[str, int]:
    """How many published things stand by ward, month: anybody counts them in the record; by language in the list."""
    found: Counter[str] = Counter()
    published = Voice.objects.filter(published_at__isnull=False, response__round=held).select_related("response")
    for voice in _shown(held) if what == "language" else published:
        of = {
            "ward": voice.response.ward_id or "",
            "language": voice.response.language,
            "month": f"{voice.response.said_on:%Y-%m}",
        }
        found[of.get(what, "")] += 1
    return dict(found) if what in {"ward", "language", "month"} else {}


def _shown(held: Round) -> list[Voice]:
    """Whose words stand in the list, or stood there until they were taken back: whoever read it then knows them."""
    rows = Voice.objects.filter(published_at__isnull=False, response__round=held, response__may_quote=True)
    return list(rows.select_related("response"))


def _heard(town: heard.Borough, held: Round) -> list[dict[str, str]]:
    return [row for row in table(town.client, "/outreach/heard.csv") if row["round"] == held.slug]


def _said(page: str, pattern: str) -> int | None:
    match = re.search(pattern, page)
    return whole(match[1]) if match else None


def equality(town: heard.Borough) -> list[str]:
    """Answers about oneself: shares, expected numbers, bases, and who left the question out."""
    held, found = town.rounds[0], []
    tally = EqualityTally.objects.get(pk=held.ref)
    page = body(town.client, f"/outreach/?round={held.slug}")
    for what in tally.shown:
        rows = [row for row in _heard(town, held) if row["characteristic"] == what]
        true = {row["group"]: tally.shown[what].get(row["group"], 0) for row in rows}
        spy, silent = Attacker(), tally.shown_forms - sum(true.values())
        spy.knows([*true, "silent"], tally.shown_forms)  # the page says how many told us something
        for row in rows:
            if row["heard"] != "":
                spy.knows([row["group"]], int(row["heard"]))
            if row["share_heard"] and row["heard"] and float(row["share_heard"]):
                base = round_half(int(row["heard"]) / float(row["share_heard"]))
                if base != tally.shown_forms and abs(base - tally.shown_forms) > 1:
                    spy.knows(list(true), base)
        part = page.split(f"<h3>{name_of(what)}</h3>", 1)[1].split("<h3>", 1)[0]
        told = _said(part, r"(\d+) pe\w+ did not say")
        if told is not None:
            spy.knows(["silent"], told)
        found += recovered(spy, {**true, "silent": silent})
    return found


def round_half(value: float) -> int:
    return int(value + 0.5)


def moderation(town: heard.Borough) -> list[str]:
    """Why words were held, month by month."""
    rulings = Ruling.objects.filter(outcome="held")
    secrets: Secrets = Counter((f"{each.at:%Y-%m}", each.reason) for each in rulings)
    spy = Attacker()
    for row in table(town.client, "/voices/how-we-moderate/log.csv"):
        if row["decision"] == "held" and row["count"]:
            spy.knows([(row["month"], row["reason"])], int(row["count"]))
    for month, _published, _masked, held, *_rest in tables(body(town.client, "/voices/how-we-moderate/"))[0][1:]:
        if whole(held) is not None:
            spy.knows([name for name in secrets if name[0] == month], int(held))
    return recovered(spy, secrets)


def votes(town: heard.Borough) -> list[str]:
    """Agree, disagree and pass of each statement, by everybody and by group; sizes of groups; who could not be placed.

    The attacker is given how many of each group voted on each statement, which no page tells.
    """
    kept = maps.current(town.talk, now=NOW)
    told, rows = kept.document, table(town.client, f"/conversations/{town.talk.slug}/statements.csv")
    drawn = maps.opinion.draw_map(maps._votes(maps.ballots(town.talk), maps._statements(town.talk)), placement="live")
    numbers = {pk: number for pk, number, _, _ in maps._statements(town.talk)}
    place = {numbers[int(pk)]: at for at, pk in enumerate(drawn.votes.statements)}
    counts, every = drawn.counts, drawn.tallies
    spy, secrets = Attacker(), Secrets()
    for row in rows:
        number = int(row["number"])
        at = place[number]
        of = {"agree": int(every.agree[at]), "disagree": int(every.disagree[at])}
        of["pass"] = int(every.seen[at]) - sum(of.values())
        for side, n in of.items():
            secrets[number, side] = n
            if row[side] != "":
                spy.knows([(number, side)], int(row[side]))
        if row["votes"] != "":
            spy.knows([(number, side) for side in of], int(row["votes"]))
        _, _, _, *by_group = told["tallies"].get(str(number), [None] * 5)
        for side, shares in zip(("agree", "disagree"), by_group, strict=True):
            hits = [int(n) for n in getattr(counts, side)[:, at]] + [of[side] - int(getattr(counts, side)[:, at].sum())]
            seen = [int(n) for n in counts.seen[:, at]] + [int(every.seen[at] - counts.seen[:, at].sum())]
            for group, (hit, base) in enumerate(zip(hits, seen, strict=True)):
                names = (number, side, group), (number, f"not {side}", group)
                secrets[names[0]], secrets[names[1]] = hit, base - hit
                spy.knows(names, base)
                if shares is not None and group < len(shares):
                    spy.knows([names[0]], hit)  # a share of a known number
            spy.knows([(number, side)], 0, less=[(number, side, group) for group in range(len(hits))])
    sizes = dict(zip(drawn.names, drawn.sizes, strict=True))
    left = told["participants"] - sum(sizes.values())
    people = _said(body(town.client, f"/conversations/{town.talk.slug}/map/"), r"(\d+) people, \d+ votes")
    if people is not None:
        spy.knows([*sizes, "not placed"], people)
    for group in told["groups"]:
        if group["size"] is not None:
            spy.knows([group["id"]], group["size"])
    return recovered(spy, {**secrets, **sizes, "not placed": left})


def log_of_a_talk(town: heard.Borough) -> list[str]:
    spy = Attacker()
    rows = tables(body(town.client, f"/conversations/{town.talk.slug}/moderation/"))[0]
    shown = whole(rows[-1][-1])
    banned = town.talk.participants.exclude(banned_at=None).count()
    if shown is not None:
        spy.knows(["banned"], shown)
    return recovered(spy, {"banned": banned})


def rooms(town: heard.Borough) -> list[str]:
    """Heads and papers at meetings, and the heads without a paper."""
    spy, secrets = Attacker(), Secrets()
    for meeting in Meeting.objects.filter(hub=town.hub):
        page = body(town.client, meeting.get_absolute_url())
        heads = _said(page, r"(\d+) (?:people were|person was) there")
        papers = _said(page, r"(\d+) voted on paper")
        name = meeting.handle
        rest = max(0, (meeting.attendance or 0) - meeting.papers)
        if meeting.papers <= (meeting.attendance or 0):
            spy.knows([(name, "heads")], 0, less=[(name, "papers"), (name, "rest")])
            secrets[name, "rest"] = rest
        secrets |= {(name, "heads"): meeting.attendance or 0, (name, "papers"): meeting.papers}
        if heads is not None:
            spy.knows([(name, "heads")], heads)
        if papers is not None:
            spy.knows([(name, "papers")], papers)
    return recovered(spy, secrets)


def spoke_of(town: heard.Borough) -> list[str]:
    """People who spoke of a theme and did not agree to be quoted: the number beside the theme minus the explorer."""
    spy, secrets = Attacker(), Secrets()
    page = body(town.client, f"/manifesto/heard/{town.study.slug}/")
    for theme in town.study.themes.filter(people__gt=0):
        rows = table(town.client, f"/manifesto/voices/quotes.csv?theme={town.study.slug}-{theme.code}")
        handles = [row["reference"].partition("/")[2] for row in rows]
        quoted = Voice.objects.filter(handle__in=handles).values("response").distinct().count()
        secrets[theme.code] = theme.people - quoted
        part = page.split(f'<li id="{theme.code}"', 1)[1].split("</li>", 1)[0]
        shown = _said(part, r"<strong>(\d+) pe")
        if shown is not None:
            spy.knows([theme.code], shown - quoted)
    return recovered(spy, secrets)


def readings(town: heard.Borough) -> list[str]:
    spy = Attacker()
    secrets = {row.ward_id: int(row.value) for row in town.measure.readings.exclude(ward=None)}
    names = dict(counting.places.ward_names())
    for row in table(town.client, f"{town.measure.get_absolute_url()}readings.csv"):
        if row["value"]:
            mine = [code for code in secrets if names[code] == row["ward"]] if row["ward"] else list(secrets)
            spy.knows(mine, int(row["value"]))
    return recovered(spy, secrets)


def the_record(town: heard.Borough) -> list[str]:
    """No entry counts 1 to 4 people, and none counts people by anything."""
    found = []
    for entry in document(town.client, "/record/entries.json"):
        text = str(entry)
        if re.search(r"\b[1-4] (?:people|person)\b|'(?:people|participants|attendance|papers)': [1-4]\b", text):
            found.append(text)
        if "'channels'" in text:
            found.append(text)
    return found


FAMILIES = {
    family.__name__: family
    for family in (
        ways_and_wards, languages_beside_places, equality, moderation, votes, log_of_a_talk, rooms, spoke_of, readings,
        the_record,
    )
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_no_small_cell_can_be_worked_out(borough: heard.Borough, family: str) -> None:
    assert FAMILIES[family](borough) == []


def test_no_page_says_one_to_four_people(borough: heard.Borough) -> None:
    """Whatever the sentence: every page and file that counts people, read through for a small number of them."""
    addresses = [
        "/", "/voices/", "/voices/rounds/", "/voices/how-we-moderate/", "/outreach/", "/manifesto/",
        "/manifesto/voices/", "/conversations/", f"/conversations/{borough.talk.slug}/",
        f"/conversations/{borough.talk.slug}/map/",
        f"/conversations/{borough.talk.slug}/statements/", f"/conversations/{borough.talk.slug}/moderation/", "/hubs/",
        borough.hub.get_absolute_url(), f"/manifesto/heard/{borough.study.slug}/", "/record/", "/open-data/",
        borough.measure.get_absolute_url(), *(f"/voices/rounds/{held.slug}/" for held in borough.rounds),
        *(f"/outreach/?round={held.slug}" for held in borough.rounds),
        *(meeting.get_absolute_url() for meeting in borough.hub.meetings.all()),
    ]  # fmt: skip
    for address in addresses:
        plain = re.sub(r"<style.*?</style>|<script.*?</script>", "", body(borough.client, address), flags=re.S)
        plain = re.sub(r"<[^>]+>", " ", plain)
        said = re.findall(r"[^.]{0,40}\b(?:[1-4]|[Oo]ne) (?:people|person)\b[^.]{0,40}", plain)
        assert [each for each in said if "1 to 4" not in each] == [], address


# The same attacker, with the hiding switched off: each family gives something away.


def _bare(counts: Any, sums: Any = (), **_more: Any) -> Protected[Any]:
    return Protected(dict(counts), frozenset(), (), {}, frozenset())


def _not_few(*_counts: int, **_more: Any) -> bool:
    return False


@contextmanager
def switched_off(monkeypatch: pytest.MonkeyPatch, town: heard.Borough) -> Iterator[None]:
    def all_forms(self: counting.Heard, name: str) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (channel, source), (forms, _seen) in self.ways.items():
            found[channel if name == "channel" else source or channel] += forms
        return found

    with monkeypatch.context() as patch:
        patch.setattr(counting, "protect", _bare)
        patch.setattr(counting.Heard, "way", all_forms)
        patch.setattr(said, "language_shown", lambda language, shown: language)
        patch.setattr(outreach, "protect", _bare)
        patch.setattr(measured, "protect", _bare)
        for module in (telling, talks, hubs, themes_told):
            patch.setattr(module, "few", _not_few)
        patch.setattr(telling, "_few", lambda counts: counts < 0)
        patch.setattr(telling, "_enough", lambda found: found.tallies.seen >= 0)
        maps.redraw(town.talk, now=NOW)
        shutil.rmtree(prepared._folder(), ignore_errors=True)  # files that were made with the hiding
        yield
    shutil.rmtree(prepared._folder(), ignore_errors=True)
    maps.redraw(town.talk, now=NOW)


@pytest.mark.parametrize("family", [name for name in FAMILIES if name != "the_record"])
def test_with_the_hiding_switched_off_the_attacker_succeeds(
    borough: heard.Borough, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with switched_off(monkeypatch, borough):
        assert FAMILIES[family](borough) != []


def test_the_wards_of_all_who_answered_beside_the_list_would_tell(
    borough: heard.Borough, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the round's page must not do: count everybody by ward, where the list counts those who are published."""
    honest = counting.heard

    def everybody(of: Round | None = None) -> counting.Heard:
        found = honest(of)
        return replace(found, wards=found.everybody, things={**found.things, "ward": found.everybody})

    monkeypatch.setattr("becontree.citizenship.voices.queries.heard", everybody)

    assert ways_and_wards(borough) != []
