"""The front page."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from becontree.citizenship.voices import actions as voices
from becontree.foundations.people.actors import System


@pytest.mark.django_db
def test_home_answers_everybody(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_voice_with_a_part_left_out_is_not_the_first_thing_that_everybody_reads(client: Client) -> None:
    by, now = System("tests"), datetime(2026, 5, 4, 9, tzinfo=UTC)
    said = [voices.say(kind="hope", words=words, may_quote=True, by=by, now=now) for words in ("A pool", "Ask Ann")]
    voices.publish(voice=said[0], by=by, now=now)
    voices.mask(voice=said[1], words="Ask [left out]", by=by, now=now)
    page = client.get("/").content.decode()

    assert "A pool" in page
    assert "left out" not in page
