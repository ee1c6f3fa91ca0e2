"""For tests of any room that touch the ledger.

A test with real commits (`TransactionTestCase`, pytest's `transactional_db`) ends by emptying the tables, which the
guards refuse. The project's conftest takes them away just before and `migrate`'s signal puts them back; a test case run
by another runner can mix in `GuardsStepAside`. `without_guards` is for a test that attacks the rows behind the guards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from becontree.foundations.kit import triggers
from becontree.foundations.ledger import actions
from becontree.foundations.ledger.models import Journal
from becontree.foundations.ledger.records import Line
from becontree.foundations.people.actors import System


class GuardsStepAside:
    """Mix in before `TransactionTestCase`: the guards are gone while its tables are emptied, and back for the next."""

    def _fixture_teardown(self) -> None:
        triggers.remove()
        super()._fixture_teardown()  # type: ignore[misc]
        triggers.install(triggers.registered())


@contextmanager
def without_guards(using: str = "default") -> Iterator[None]:
    """Take every guard away for the while, and put them back."""
    triggers.remove(using)
    try:
        yield
    finally:
        triggers.install(triggers.registered(), using)


def money(
    *, key: str, debit: str, credit: str, amount: int, now: datetime, on: date | None = None, **more: Any
) -> Journal:
    """Post one line of pence, as the software or `by`."""
    kind, by = more.pop("kind", "test"), more.pop("by", System("test"))
    return actions.post(
        key=key,
        kind=kind,
        occurred_on=on or now.date(),
        lines=[Line(debit, credit, amount, **more)],
        by=by,
        now=now,
    )
