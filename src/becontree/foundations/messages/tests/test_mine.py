"""A person reads the letters that were written to them, and nobody else's; officers see what each letter is called."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

import becontree
from becontree.foundations.messages.actions import send
from becontree.foundations.messages.models import Message
from becontree.foundations.messages.rendering import title
from becontree.foundations.people import actions as people
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TEMPLATES = sorted(Path(becontree.__file__).parent.glob("*/*/templates/messages/*/*.txt"))


def somebody(name: str) -> Person:
    return people.register(email=f"{name}@example.org", name=name.title(), by=System("test"), now=NOW)


@pytest.mark.django_db
def test_one_reads_ones_own_letters_only(client: Client) -> None:
    ada, ben = somebody("ada"), somebody("ben")
    for person in (ada, ben):
        send(
            to=person,
            template="messages/digest",
            context={"items": [{"title": f"For {person.name}", "text": "News.", "url": "/"}]},
            purpose="service",
            key=f"test:{person.name}",
            now=NOW,
        )
    mine, theirs = Message.objects.get(person=ada), Message.objects.get(person=ben)
    client.force_login(ada)

    listed = client.get("/my/messages/").text
    assert mine.subject in listed
    assert f"/my/messages/{mine.pk}/" in listed
    assert f"/my/messages/{theirs.pk}/" not in listed
    assert "For Ada" in client.get(f"/my/messages/{mine.pk}/").text
    assert client.get(f"/my/messages/{theirs.pk}/").status_code == 404


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_letter_has_a_name(path: Path) -> None:
    name = f"{path.parent.name}/{path.stem}"

    assert title(name) != name
    assert title(name)[0].isupper()


def test_a_letter_that_is_no_more_keeps_its_path() -> None:
    assert title("gone/away") == "gone/away"
