"""Fill an empty installation with the example borough, by the same actions that the pages use."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from becontree.citizenship.voices import actions as voices
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person
from becontree.foundations.places import actions as places
from becontree.foundations.places import example
from becontree.foundations.places.models import Ward
from becontree.foundations.record import actions as record
from becontree.foundations.tasks import jobs as tasks
from becontree.web.demo import listening, promising, story, tales
from becontree.web.demo.borough import ADDRESS, DEMO, Borough

Progress = Callable[[int, int, str], None]


def load(now: datetime, progress: Progress | None = None, *, stories: bool = True) -> Borough:
    """Fill the database; `stories` False leaves the projects and their money out (the journey makes its own)."""
    with _undisturbed():
        return _load(now, progress or (lambda done, total, what: None), stories)


def _load(now: datetime, tell: Progress, stories: bool) -> Borough:
    town = Borough(now)
    steps = 5 + (len(story.TALES) + 1 + len(listening.CHAPTERS) if stories else 0)
    tell(0, steps, "the borough and its wards")
    with transaction.atomic():
        _places(town)
        _people(town)
    tell(1, steps, "what people said")
    with transaction.atomic():
        _voices(town)
    tell(2, steps, "the funds")
    if stories:
        with transaction.atomic():
            tales.funds_of(town)
        for number, (what, make) in enumerate(listening.CHAPTERS):
            tell(3 + number, steps, what)
            with transaction.atomic():
                make(town)
        for number, tale in enumerate([story.PLAY, *story.TALES]):
            tell(3 + len(listening.CHAPTERS) + number, steps, tale.title)
            tales.tell(town, tale)
        with transaction.atomic():
            tales.what_waits(town)
            promising.the_links(town)
            promising.the_report(town)
    tell(steps - 1, steps, "the public record")
    while record.sequence(now=now):
        pass
    record.checkpoint(now=now)
    tasks.count_rows(now)
    tell(steps, steps, "ready")
    return town


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No waiting for the disk (an example that is lost in a power cut is made again), and less tidying of memory: what
    was loaded before is left out of it, and it comes round less often."""
    often = gc.get_threshold()
    sqlite = connection.vendor == "sqlite"
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        if sqlite:
            _pragma("synchronous=OFF")
            _pragma("cache_size=-65536")  # 64 MB: one chapter fits, and nothing is written out to be read back
            connection.features.uses_savepoints = False  # what goes wrong undoes its chapter and ends the load
        yield
    finally:
        if sqlite:
            del connection.features.uses_savepoints  # as the engine has it
            _pragma("cache_size=-2000")  # SQLite's own
            _pragma("synchronous=FULL")
        gc.set_threshold(*often)
        gc.unfreeze()


def _pragma(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {words}")


def _places(town: Borough) -> None:
    """The example's wards, venues and postcodes ship with `places`."""
    folder = Path(example.__path__[0])
    at = town.ago(600)
    places.name_borough(name="The Borough of Fairlop", example=True, by=DEMO, now=at)
    places.import_wards((folder / "wards.geojson").read_bytes(), by=DEMO, now=at, file_name="wards.geojson")
    places.import_venues((folder / "venues.csv").read_bytes(), by=DEMO, now=at, file_name="venues.csv")
    places.import_postcodes((folder / "postcodes.csv").read_bytes(), by=DEMO, now=at, file_name="postcodes.csv")


def _people(town: Borough) -> None:
    long_ago = town.ago(590)
    for name, handle, role, team, _ in story.PEOPLE:
        person = people.register(
            email=ADDRESS.format(handle), name=name, ward_code="F01", email_verified=True, by=DEMO, now=long_ago
        )
        if role:
            people.grant_role(person=person, role=role, team=team, reason="The example borough", by=DEMO, now=long_ago)
        if handle in story.INFORMATION:
            people.grant_role(
                person=person, role="officer", team="information", reason="The example borough", by=DEMO, now=long_ago
            )
        town.people[handle] = Person.objects.get(pk=person.pk)
    for name, kind, charity, lead in story.GROUPS:
        group = people.add_organisation(
            name=name, kind=kind, charity_number=charity, by=town.people[lead], now=long_ago
        )
        people.verify_organisation(organisation=group, how="Looked up for the example", by=DEMO, now=long_ago)
        people.verify_bank(organisation=group, how="Statement seen for the example", by=DEMO, now=long_ago)
        town.groups.append(group)
    for key, name, kind in (
        ("council", "The Borough of Fairlop", "council"),
        ("dock", "Dock & Daughters Ltd", "company"),
        ("aldersey", "Aldersey Trust", "funder"),
    ):
        town.bodies[key] = people.add_organisation(name=name, kind=kind, by=DEMO, now=long_ago)
        people.verify_organisation(
            organisation=town.bodies[key], how="Looked up for the example", by=DEMO, now=long_ago
        )
    people.join(person=town.people["sally"], organisation=town.bodies["dock"], by=DEMO, now=long_ago)


def _voices(town: Borough) -> None:
    wards = Ward.objects.in_bulk()
    marcus = town.people["marcus"]
    for number, (kind, ward, channel, days, words, quote) in enumerate(story.VOICES):
        at = town.ago(days)
        mine = town.people["amina"] if number in {1, 43} else None
        voice = voices.say(
            kind=kind,
            words=words,
            ward=wards[ward],
            channel=channel,
            may_quote=quote,
            said_on=at.date(),
            person=mine,
            by=marcus,
            now=at,
        )
        town.voices.append(voices.publish(voice=voice, by=marcus, now=at + timedelta(days=1)))
    for kind, ward, _channel, words in story.WAITING:
        voices.say(kind=kind, words=words, ward=wards[ward], may_quote=True, by=None, now=town.ago(1))
    for index, status, team, body in story.ANSWERS:
        voices.answer(
            voice=town.voices[index],
            status=status,
            body=body,
            team=team,
            by=marcus,
            now=town.ago(story.VOICES[index][3] - 4),
        )
