"""Somebody asks to be forgotten: what they said, how they voted and where to reach them go; what was counted stands.

Through the pages that people use: one's own page for who has an account, the private link for who has none.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from becontree.citizenship.conversations import actions as talks
from becontree.citizenship.conversations.models import Participant, Served, Statement, Vote
from becontree.citizenship.hubs import actions as hubs
from becontree.citizenship.hubs.models import Volunteer
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.models import Contact, Question, Response, Round, Voice
from becontree.cli import main
from becontree.foundations.measures import actions as measures
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person
from becontree.foundations.record.models import Entry
from becontree.web.operations import export, tables
from tests.spec import heard
from tests.spec.cells import body

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
SECRETS = {
    "published": "marzipan-words",
    "held": "quagmire-words",
    "masked": "Hester-Quillfeather",
    "note": "kettle-note",
    "appeal": "beseech-appeal",
    "place": "Turnpike-Library",
    "waiting statement": "gallimaufry-statement",
    "shown statement": "hobbledehoy-statement",
    "offer": "pinafore-offer",
    "address": "lodestar@example.org",
    "account": "ada.lovegood@example.org",
    "at the door": "thimble-doorstep",
    "at the door, address": "doormat@example.org",
    "at the stall": "bunting-stall",
}


def said(held: Round, owner: Any, *words: str, **more: Any) -> Response:
    asked = list(Question.objects.filter(round=held).order_by("position"))
    return voices.respond(
        round=held,
        answers={question.pk: text for question, text in zip(asked, words, strict=False)},
        now=NOW,
        **({"channel": "paper", "by": owner, "may_quote": True} | more),
    )


def speak(held: Round, owner: Person, ada: Person) -> None:
    """Everything that one person can leave behind in these rooms."""
    form = said(
        held, ada, f"More trees, {SECRETS['published']}", f"No {SECRETS['held']}", f"Thanks to {SECRETS['masked']}",
        channel="web", key="ada", place=SECRETS["place"], contact=SECRETS["address"],
    )  # fmt: skip
    first, second, third = form.voices.order_by("position")
    voices.publish(voice=first, by=owner, now=NOW)
    voices.hold(voice=second, reason="personal", by=owner, now=NOW, note=SECRETS["note"])
    voices.appeal(voice=second, words=SECRETS["appeal"], by=ada, now=NOW)
    voices.mask(voice=third, words="Thanks to [left out]", by=owner, now=NOW, note=SECRETS["note"])


def borough(ada: Person, owner: Person) -> dict[str, Any]:
    wards = heard.place(NOW)
    draw = random.Random(7)
    forms = [heard.Form(fates=("publish",), ward=at % 3, day=at % 9, quote=bool(at % 2)) for at in range(24)]
    held = heard.listening(forms, ["paper"] * 24, now=NOW, wards=wards, owner=owner)
    Round.objects.filter(pk=held.pk).update(state="open", closed_at=None, answered_at=None)
    held = Round.objects.get(pk=held.pk)
    speak(held, owner, ada)
    door = said(held, owner, f"A bench, {SECRETS['at the door']}", channel="doorstep", key="door", ward=wards[0],
                contact=SECRETS["at the door, address"])  # fmt: skip
    stall = said(held, owner, f"A swing, {SECRETS['at the stall']}", channel="event", key="stall", ward=wards[1])
    voices.publish(voice=stall.voices.get(), by=owner, now=NOW)
    measures.keep_many(collection=held.ref, sheets=[{"age": "25-34"}] * 20 + [{"age": "35-49"}] * 10, now=NOW)
    held = voices.close_round(round=held, by=owner, now=NOW)
    study = heard.themed(held, now=NOW, owner=owner)
    talk = heard.talk(heard.opinions_at_random(draw, 24, 12), now=NOW, close=False)
    me = talks.start(conversation=talk, key="ada", person=ada, now=NOW)
    for number in range(1, 9):
        me.refresh_from_db()
        if me.pending is not None:
            talks.vote(conversation=talk, participant=me, number=me.pending.number, value=number % 3 - 1, now=NOW)
    talks.suggest(conversation=talk, participant=me, words=SECRETS["waiting statement"], now=NOW)
    shown = talks.suggest(conversation=talk, participant=me, words=SECRETS["shown statement"], now=NOW)
    talks.show(statement=shown, by=owner, now=NOW)
    talks.leave_address(participant=me, address=SECRETS["address"], now=NOW)
    talk = talks.close(conversation=talk, by=owner, now=NOW + timedelta(days=1))
    hub = heard.met(talk, [(14, 6)], now=NOW, owner=owner)
    hubs.offer(hub=hub, words=SECRETS["offer"], by=ada, now=NOW)
    return {"held": held, "study": study, "talk": talk, "hub": hub, "door": door, "stall": stall, "me": me}


def database() -> str:
    """Every row that a backup holds."""
    return "\n".join(str(row) for model in tables.kept() for row in tables.rows(model, "default"))


def counted(client: Client, town: dict[str, Any]) -> dict[str, str]:
    """What was published as a count."""
    talk, held = town["talk"].slug, town["held"].slug
    statements = [line for line in body(client, f"/conversations/{talk}/statements.csv").splitlines()
                  if SECRETS["shown statement"] not in line]  # fmt: skip
    return {
        "who was heard": body(client, f"/voices/rounds/{held}/heard.csv"),
        "about themselves": body(client, "/outreach/heard.csv"),
        "votes": "\n".join(statements),
        "moderation": body(client, "/voices/how-we-moderate/log.csv"),
        "heads": body(client, town["hub"].meetings.get().get_absolute_url()).split("<main", 1)[1],
        "record": json.dumps(sorted(Entry.objects.values_list("kind", "title", "facts"), key=str)),
    }


@pytest.mark.django_db
def test_whoever_is_forgotten_is_gone_and_what_was_counted_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache.clear()
    client = Client()
    owner = heard.officer(NOW)
    ada = people.register(email=SECRETS["account"], name="Ada Lovegood", by=heard.SETUP, now=NOW)
    ada = Person.objects.get(pk=ada.pk)
    town = borough(ada, owner)
    export.write(tmp_path / "before", now=NOW)
    before, rows = counted(client, town), database()
    # All of it is there: else the test would find nothing whatever was left.
    assert [what for what, word in SECRETS.items() if word not in rows] == []
    assert SECRETS["published"] in body(client, "/voices/voices.csv")

    browser = Client()
    browser.force_login(ada)
    asked = browser.post("/people/me/forget/", {"email": SECRETS["account"], "sure": "on", "confirm": "on"})
    assert asked.status_code == 302, asked.content.decode()[-2_000:]
    for form in (town["door"], town["stall"]):
        Client().post(tokens.own_path(form), {"do": "forget"})

    rows = database()
    assert [what for what, word in SECRETS.items() if word in rows] == []
    assert "Lovegood" not in rows
    mine = Participant.objects.get(pk=town["me"].pk)
    assert (mine.person_id, mine.key_hash, mine.erased_at is not None) == (None, None, True)
    assert not Vote.objects.filter(participant=mine).exists()
    assert not Served.objects.filter(participant=mine).exists()
    assert not Statement.objects.filter(author=mine).exists()
    assert not Response.objects.filter(person=ada).exists()
    assert not Contact.objects.exists()
    assert not Volunteer.objects.filter(person=ada).exists()
    assert Voice.objects.filter(state="withdrawn").count() == 5
    assert counted(client, town) == before
    _nowhere_public(client, town)

    found = export.write(tmp_path / "after", now=NOW)
    assert len(found) > 10
    files = [path for path in (tmp_path / "after").rglob("*") if path.is_file()]
    left = [(path.name, what) for path in files for what, word in SECRETS.items() if word.encode() in path.read_bytes()]
    assert left == []
    assert main(["verify", str(tmp_path / "after")]) == 0
    assert main(["verify", str(tmp_path / "before")]) == 0  # and a copy that somebody took before
    capsys.readouterr()


def _nowhere_public(client: Client, town: dict[str, Any]) -> None:
    talk, held = town["talk"].slug, town["held"].slug
    addresses = [
        "/", "/voices/", "/voices/voices.csv", "/voices/voices.json", f"/voices/rounds/{held}/", "/api/v1/voices",
        "/manifesto/voices/", "/manifesto/voices/quotes.csv", f"/manifesto/heard/{town['study'].slug}/", "/outreach/",
        f"/conversations/{talk}/", f"/conversations/{talk}/map/", f"/conversations/{talk}/statements/",
        f"/conversations/{talk}/statements.csv", f"/conversations/{talk}/moderation/", town["hub"].get_absolute_url(),
        "/record/entries.json", "/api/v1/record/entries",
    ]  # fmt: skip
    for address in addresses:
        page = body(client, address)
        assert [what for what, word in SECRETS.items() if word in page] == [], address
