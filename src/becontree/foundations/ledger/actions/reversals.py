"""Corrections: a journal's mirror image, asked for by one person and approved by another."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.ledger import undoing
from becontree.foundations.ledger.actions.posting import write_rows
from becontree.foundations.ledger.models import Journal, Reversal, Transfer
from becontree.foundations.ledger.permissions import finance
from becontree.foundations.ledger.writing import Row
from becontree.foundations.people.actors import Actor, System, party_id


@transaction.atomic
def reverse(*, journal: Journal, reason: str, by: Actor, now: datetime, occurred_on: date | None = None) -> Journal:
    """Undo a journal with its mirror image, which names it: for the software itself (a charge that bounced).

    People ask and approve (`ask_reversal`, `approve_reversal`). Raises NotAllowed, Invalid, Clash, Overdrawn.
    """
    if not isinstance(by, System):
        raise NotAllowed("ledger.reverse", "A person asks for a reversal, and a second person approves it.")
    done = Reversal.objects.filter(journal=journal, state=Reversal.State.DONE).select_related("result").first()
    if done is not None and done.result is not None:
        return done.result
    why = _reason(reason)
    undoing.may(journal)
    undoing.undo(journal, why, by, now)
    result = _mirror(journal, by=by, now=now, occurred_on=occurred_on)
    Reversal.objects.create(
        journal=journal,
        reason=why,
        state=Reversal.State.DONE,
        asked_by=party_id(by),
        asked_at=now,
        decided_by=party_id(by),
        decided_at=now,
        result=result,
    )
    return result


@transaction.atomic
def ask_reversal(*, journal: Journal, reason: str, by: Actor, now: datetime) -> Reversal:
    """One person of finance asks that a journal be reversed. Raises NotAllowed, Invalid, Clash."""
    finance(by)
    if Reversal.objects.filter(journal=journal).exclude(state=Reversal.State.DECLINED).exists():
        raise Clash("ledger.reversal.twice", "A reversal of this was asked for already.")
    if journal.reverses_id is not None:
        raise Invalid("ledger.reversal.of-reversal", "This is a reversal itself: post it anew instead.", "journal")
    undoing.may(journal)
    return Reversal.objects.create(journal=journal, reason=_reason(reason), asked_by=party_id(by), asked_at=now)


@transaction.atomic
def approve_reversal(*, reversal: Reversal, by: Actor, now: datetime, occurred_on: date | None = None) -> Reversal:
    """A second person of finance approves, and the mirror image is posted; the rooms behind it put theirs right.

    Raises NotAllowed, Invalid, Clash, Overdrawn.
    """
    asked = _second_person(reversal, by)
    undoing.may(asked.journal)
    undoing.undo(asked.journal, asked.reason, by, now)
    asked.result = _mirror(asked.journal, by=by, now=now, occurred_on=occurred_on)
    asked.state, asked.decided_by, asked.decided_at = Reversal.State.DONE, party_id(by), now
    asked.save(update_fields=["result", "state", "decided_by", "decided_at"])
    return asked


@transaction.atomic
def decline_reversal(*, reversal: Reversal, by: Actor, now: datetime) -> Reversal:
    """A second person of finance declines."""
    asked = _second_person(reversal, by)
    asked.state, asked.decided_by, asked.decided_at = Reversal.State.DECLINED, party_id(by), now
    asked.save(update_fields=["state", "decided_by", "decided_at"])
    return asked


def _mirror(journal: Journal, *, by: Actor, now: datetime, occurred_on: date | None) -> Journal:
    rows: list[Row] = []
    transfers = journal.transfers.select_related("debit", "credit").order_by("n")
    resolved = set(Transfer.objects.filter(pending__journal=journal).values_list("pending_id", flat=True))
    for each in transfers:
        if each.phase == Transfer.Phase.VOID:
            raise Invalid("ledger.reversal.void", "What only released a promise has nothing to reverse.", "journal")
        if each.phase == Transfer.Phase.PENDING:
            if each.pk in resolved:
                raise Invalid(
                    "ledger.reversal.resolved",
                    "This promise was settled or released since: reverse what settled it.",
                    "journal",
                )
            rows.append(Row(each.debit.code, each.credit.code, each.amount, each.unit, "void", each.pk, None))
        else:
            rows.append(Row(each.credit.code, each.debit.code, each.amount, each.unit, "single", None, None))
    return write_rows(
        key=f"reverse:{journal.pk}",
        kind="reversal",
        on=occurred_on,
        rows=rows,
        subject=journal.subject,
        by=by,
        now=now,
        reverses=journal,
    )


def _second_person(reversal: Reversal, by: Actor) -> Reversal:
    finance(by)
    asked = Reversal.objects.select_for_update().select_related("journal").get(pk=reversal.pk)
    if asked.state != Reversal.State.ASKED:
        raise Clash("ledger.reversal.decided", "Somebody decided this already.")
    if asked.asked_by == party_id(by):
        raise NotAllowed("ledger.two-people", "You asked for this yourself: a second person must decide.")
    return asked


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < 5 or len(reason) > 300:
        raise Invalid("ledger.reason", "Say why, in 5 to 300 letters. It is public, so name nobody.", "reason")
    return reason
