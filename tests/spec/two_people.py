"""What the specifications of things that take two people share: who they are, what a form carries, who comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

from django.db import connection
from django.test import Client

from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.gates import SECOND_FACTOR_KEY
from becontree.foundations.people import actions
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

NOW = datetime.now(tz=UTC).replace(microsecond=0)  # pages ask the clock
SETUP = System("test")


def somebody(name: str, *roles: tuple[str, str]) -> Person:
    person = actions.register(
        email=f"{name}@example.org", name=name.title(), email_verified=True, by=SETUP, now=NOW - timedelta(days=30)
    )
    for role, team in roles:
        actions.grant_role(person=person, role=role, team=team, by=SETUP, now=NOW - timedelta(days=30))
    return person


def administrator(name: str) -> Person:
    return somebody(name, ("administrator", ""))


def at_work(person: Person) -> Client:
    """A browser that the person is signed in with, second factor and all."""
    client = Client()
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def read_on(page: str) -> str:
    """The mark that the confirm form carries."""
    return page.split('name="read" value="')[1].split('"', maxsplit=1)[0]


def in_the_same_moment(do: Callable[[Person], Any], two: Sequence[Person]) -> list[str]:
    """What became of each who did it at once: "done", or the code of what was refused. In the order of the words."""
    # SQLite in memory has one connection for all threads: there they take turns.
    one_connection = connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
    ready = Barrier(len(two))

    def go(who: Person) -> str:
        person = Person.objects.get(pk=who.pk)
        try:
            if not one_connection:
                ready.wait(10)
            do(person)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(1 if one_connection else len(two)) as pool:
        return sorted(pool.map(go, two))
