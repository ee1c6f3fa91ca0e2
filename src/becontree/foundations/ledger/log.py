"""Who did what in the books: every reversal and every closing, asked for, decided and declined.

For finance and auditors only. Those who ask and decide act for the council, so they are named; who wrote an entry is
named only where it follows no gift, since a gift's entries are written by its giver, and they have held a role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext

from becontree.foundations.kit import dates
from becontree.foundations.ledger import together, words
from becontree.foundations.ledger.models import Journal, Month, Proposal, Reversal
from becontree.foundations.people import queries as people

COLUMNS: Final = ("what", "about", "state", "asked by", "asked", "decided by", "decided", "reason", "reason against")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that two people do: what, about what, how it stands, who asked and who decided (names), when, why."""

    what: str
    about: str
    url: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    why_not: str


def steps() -> list[Step]:
    """Every reversal and closing there ever was, the last asked for first. Four queries."""
    reversals = list(Reversal.objects.select_related("journal"))
    proposals = list(Proposal.objects.all())
    months = list(Month.objects.filter(proposed_by=""))  # closed by the software itself
    rows: list[Any] = [*reversals, *proposals]
    who = {each.asked_by for each in reversals} | {each.proposed_by for each in proposals}
    names = people.names({one for one in who | {each.decided_by for each in rows} | {m.actor for m in months} if one})
    found = [
        Step(
            gettext("Reversal"),
            gettext("{kind} of {day}").format(
                kind=words.kind(each.journal.kind), day=dates.day(each.journal.occurred_on)
            ),
            reverse("ledger:journal", args=[each.journal_id]),
            str(each.get_state_display()),
            names.get(each.asked_by, ""),
            each.asked_at,
            names.get(each.decided_by, ""),
            each.decided_at,
            each.reason,
            "",
        )
        for each in reversals
    ]
    closing = gettext("Closing the books")
    found += [
        Step(
            closing,
            _up_to(each),
            "",
            str(each.get_state_display()),
            names.get(each.proposed_by, ""),
            each.proposed_at,
            names.get(each.decided_by, ""),
            each.decided_at,
            each.reason,
            each.why_not,
        )
        for each in proposals
    ]
    found += [
        Step(
            closing,
            _up_to(each),
            "",
            str(Proposal.State.CONFIRMED.label),
            names.get(each.actor, ""),
            each.closed_at,
            names.get(each.actor, ""),
            each.closed_at,
            each.reason,
            "",
        )
        for each in months
    ]
    return sorted(found, key=lambda step: step.asked_at, reverse=True)


def _up_to(row: Proposal | Month) -> str:
    return gettext("up to {day}").format(day=dates.day(row.last_day))


def rows() -> Iterator[list[str]]:
    """For a CSV of `COLUMNS`."""
    for step in steps():
        yield [
            step.what, step.about, step.state, step.asked_by, dates.stamp(step.asked_at), step.decided_by,
            dates.stamp(step.decided_at), step.reason, step.why_not,
        ]  # fmt: skip


def of(journal: Journal) -> tuple[str, list[Step]]:
    """(who wrote an entry, what was asked and decided about it).

    The writer is "" where the entry follows a gift, or they never held a role: no resident is named to auditors.
    """
    official = journal.actor.startswith("system:") or people.roles_held(live=False).filter(person_id=journal.actor)
    writer = people.names({journal.actor}).get(journal.actor, "") if official and together.is_told(journal) else ""
    url = reverse("ledger:journal", args=[journal.pk])
    first = journal.reverses_id and reverse("ledger:journal", args=[journal.reverses_id])
    asked = journal.reversals.exists() or bool(first)
    return writer, [step for step in steps() if step.url and step.url in (url, first)] if asked else []
