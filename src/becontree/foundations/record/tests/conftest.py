"""A small story to record: two voices, a project, an award, an outcome."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from becontree.foundations.people.actors import System
from becontree.foundations.record import actions, keys
from becontree.foundations.record.models import Entry
from becontree.foundations.record.tests.published import ORIGIN, SIGNER, tell

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BY = System("test")


def decision_record(**more):
    return {
        "format": "becontree-decision/1",
        "family": "example",
        "method": "example/1@1",
        "parameters": {},
        "inputs": {"votes": [1, 2, 3]},
        "randomness": None,
        "result": {"funded": ["a"]},
    } | more


class Story:
    """Records things and entries with few words; each entry a second after the last."""

    def __init__(self):
        self.clock = NOW

    def thing(self, ref, step="heard"):
        return actions.thing(ref=ref, kind=ref.split("/")[0], title=f"The {ref}", url=f"/{ref}/", step=step)

    def enter(self, ref, step, *because, on=date(2026, 11, 1), title=None, kind=None, **facts):
        self.clock += timedelta(seconds=1)
        return actions.enter(
            kind=kind or f"{ref.split('/')[0]}.{step}",
            step=step,
            thing=ref,
            title=title or f"{ref} was {step}.",
            because=because,
            facts=facts,
            on=on,
            by=BY,
            now=self.clock,
        )

    def many(self, ref, count):
        """As many entries at once, quickly."""
        self.clock += timedelta(seconds=count)
        Entry.objects.bulk_create(
            Entry(
                kind="day.counted",
                step="measured",
                thing_id=ref,
                title=f"Day {number} was counted.",
                facts={"visits": number},
                happened_on=date(2026, 11, 2),
                recorded_at=self.clock - timedelta(seconds=count - number),
                entered_by="system:test",
            )
            for number in range(count)
        )

    def decide(self, ref, *because, on=date(2026, 11, 5), record=None, **more):
        self.clock += timedelta(seconds=1)
        record = record or decision_record()
        values = {
            "thing": ref,
            "title": f"{ref} was decided.",
            "family": record["family"],
            "method": record["method"],
            "record": record,
            "authority": "Cabinet, minute 12",
            "reasons": "It had the most votes.",
            "because": because,
            "on": on,
            "by": BY,
            "now": self.clock,
        }
        return actions.decide(**(values | more))

    def whole(self):
        for ref in ("voice/one", "voice/two", "project/play", "award/play", "measure/visits"):
            self.thing(ref)
        self.enter("voice/one", "heard", on=date(2026, 1, 5), words=7)
        self.enter("voice/two", "heard", on=date(2026, 1, 9))
        self.enter("project/play", "facilitated", "voice/one", "voice/two", on=date(2026, 3, 1))
        self.decide("award/play", "project/play", on=date(2026, 4, 2))
        self.enter("project/play", "delivered", "award/play", on=date(2026, 9, 1))
        self.enter("measure/visits", "measured", "project/play", on=date(2026, 11, 1), visits=1_200, n=40)
        return self


@pytest.fixture
def story(db):
    return Story()


@pytest.fixture
def whole(story):
    return story.whole()


@pytest.fixture
def own_key(settings, tmp_path):
    """The borough's own key to sign with, and no witness."""
    settings.RECORD_KEY = str(tmp_path / "record.key")
    settings.RECORD_ORIGIN = ORIGIN
    settings.RECORD_WITNESSES = []
    keys.write(tmp_path / "record.key", SIGNER)


@pytest.fixture(scope="session")
def record_folder(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder, made once and taken back out of the database: most tests need only its files."""
    with django_db_blocker.unblock(), transaction.atomic():
        folder = tell(Story().whole(), tmp_path_factory.mktemp("record") / "out")
        transaction.set_rollback(True)
    return folder


@pytest.fixture
def published(own_key, record_folder, tmp_path):
    return Path(shutil.copytree(record_folder, tmp_path / "out"))


@pytest.fixture
def live(whole, own_key, tmp_path):
    """The folder with the database that it was published from."""
    return tell(whole, tmp_path / "live")
