"""What `benchmarks.conversations` does with the database: fill it, check every receipt, ask what a page costs."""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from becontree.citizenship.conversations import actions, identity, kept, maps, polis  # noqa: E402
from becontree.citizenship.conversations.models import Conversation, Participant, Vote  # noqa: E402
from becontree.citizenship.voices import actions as voices  # noqa: E402
from becontree.foundations.people.actors import System  # noqa: E402

SETUP = System("benchmark")


def prepare(statements: int, votes: int, people: int) -> None:
    """An open conversation with so many statements, and so many votes of so many people in three camps."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = timezone.now()
    talk = actions.draft(
        title="bench", by=SETUP, now=now, about="x", place="x", ground_rules="x", can_change="x", host_name="x",
        answered_by="x", closes_at=now + timedelta(days=30), answer_due=(now + timedelta(days=60)).date(),
        results="live",
    )  # fmt: skip
    actions.seed_statements(
        conversation=talk, by=SETUP, now=now,
        words=[f"Statement number {n} says that something in the borough should change." for n in range(statements)],
    )  # fmt: skip
    talk = actions.open_(conversation=talk, by=SETUP, now=now)
    ids = list(talk.statements.order_by("number").values_list("pk", flat=True))
    joined = Participant.objects.bulk_create(
        [Participant(conversation=talk, joined_on=now.date(), channel="import") for _ in range(people)], batch_size=2000
    )
    Vote.objects.bulk_create(
        (
            Vote(
                conversation=talk,
                participant=joined[at % people],
                statement_id=ids[(at // people + at % people) % statements],
                value=_camp(at % people, (at // people + at % people) % statements),
                at=now,
            )
            for at in range(votes)
        ),
        batch_size=polis.BATCH,
    )
    if votes:
        maps.redraw(talk, now=now)


def _camp(person: int, statement: int) -> int:
    """Three camps; one person in seven strays, one vote in nine is a pass."""
    if (person * 7919 + statement * 104729) % 9 == 0:
        return 0
    side = 1 if (statement + person % 3) % 3 else -1
    return -side if (person * 31 + statement * 17) % 7 == 0 else side


def check() -> dict[str, int]:
    """Each receipt that was given out is a row with just that vote; no participant has two last votes."""
    lost = wrong = 0
    rows = {
        pk: (participant, statement, number, value)
        for pk, participant, statement, number, value in Vote.objects.values_list(
            "pk", "participant", "statement", "statement__number", "value"
        )
    }
    given = 0
    for line in sys.stdin.read().splitlines():
        code, number, value = line.split(" ")
        given += 1
        row = rows.get(int(code.split("-")[0]))
        if row is None:
            lost += 1
        elif (row[2], row[3]) != (int(number), int(value)) or identity.vote_receipt(
            int(code.split("-")[0]), row[0], row[1], row[3]
        ) != code:
            wrong += 1
    return {"receipts": given, "rows": len(rows), "lost": lost, "wrong": wrong}


def pages() -> dict[str, Any]:
    """CPU milliseconds (median of 15 warm requests), queries and bytes of each page, with 3,000 voices beside."""
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()

    talk = Conversation.objects.get()
    now = timezone.now()
    for number in range(3000):
        voice = voices.say(kind="hope", words=f"Hope number {number}", may_quote=True, by=None, now=now)
        if number % 50 == 0:
            voices.publish(voice=voice, by=SETUP, now=now)
    client = Client()
    base = f"/conversations/{talk.slug}/"
    client.post(base + "start/")
    for _ in range(25):
        statement = client.get(base + "vote/").context["statement"]
        client.post(base + "vote/", {"statement": statement.number, "value": "1"})
    time.sleep(3.1)
    client.get(base + "map/")
    found = {}
    for path in ("/conversations/", base, base + "vote/", base + "mine/", base + "map/", base + "map/version/",
                 base + "statements/", base + "moderation/", "/conversations/how-it-works/", "/",
                 "/open-data/", f"/api/v1/conversations/{talk.slug}",
                 f"/api/v1/conversations/{talk.slug}/statements"):  # fmt: skip
        client.get(path)
        spent = []
        for _ in range(15):
            begun = time.process_time()
            answer = client.get(path)
            spent.append(time.process_time() - begun)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        found[path] = {
            "status": answer.status_code,
            "cpu_ms": round(1000 * sorted(spent)[7], 1),
            "queries": len(captured),
            "bytes": len(answer.content),
        }
    return found | _drawings(talk)


def _drawings(talk: Conversation) -> dict[str, Any]:
    """CPU milliseconds of a map drawn from all votes, of the first that this process keeps, and of one and of 450 new
    votes worked into it (the median of five each); and whether both ways say the same.
    """
    now = timezone.now()
    found: dict[str, Any] = {}

    def timed(what: str, **how: Any) -> Any:
        begun = time.process_time()
        document = maps.redraw(talk, now=now, **how)
        found.setdefault(what, []).append(1000 * (time.process_time() - begun))
        return document

    ids = list(talk.statements.order_by("number").values_list("pk", flat=True))
    people = list(talk.participants.order_by("pk").values_list("pk", flat=True))

    def votes(many: int, turn: int) -> None:
        chosen = [(people[(at * 7 + turn) % len(people)], ids[(at * 13 + turn) % len(ids)]) for at in range(many)]
        Vote.objects.bulk_create(
            Vote(conversation=talk, participant_id=who, statement_id=what, value=(at + turn) % 3 - 1, at=now)
            for at, (who, what) in enumerate(chosen)
        )

    kept.forget_all()
    timed("the first map that a process keeps")
    for turn in range(5):
        for many in (1, 450):
            votes(many, turn)
            warm = timed(f"a map with {many} new votes")
            said = json.dumps([warm.document, warm.inside], sort_keys=True)
            cold = timed("a map from all votes", cold=True)
            found.setdefault("as from all votes", []).append(
                said == json.dumps([cold.document, cold.inside], sort_keys=True)
            )
    equal = found.pop("as from all votes")
    medians = {what: {"cpu_ms": round(sorted(spent)[len(spent) // 2], 1)} for what, spent in found.items()}
    return medians | {"said the same as from all votes": f"{sum(equal)} of {len(equal)}"}


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    answer = {"prepare": prepare, "check": check, "pages": pages}[what](*map(int, rest))
    sys.stdout.write(json.dumps(answer or {}))
