"""When an entry of payments is reversed: a match opens its bank line again; the rest is undone where it was made."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger import undoing
from becontree.foundations.ledger.models import Journal
from becontree.foundations.payments.models import BankLine, UndoneMatch
from becontree.foundations.people.actors import Actor, party_id

REFUND: Final = _("Refund the payment instead: then its giver has the money and every page says so.")
BACK: Final = _("The bank has paid this. When the money comes back, match its bank line as that.")
INSTEAD: Final = {
    "bank-line": _("This is what the bank itself says. Reverse what the line was matched with instead."),
    "payment": REFUND,
    "refund-owed": _("The giver is owed this. It ends when the refund is paid."),
    "refund": BACK,
    "payout": _("Refuse the payout instead: then the money is free again."),
}


def may(journal: Journal) -> None:
    words = INSTEAD.get(journal.kind) or (BACK if _paid_out(journal) else None)
    if words:
        raise Invalid("payments.reversal", str(words), "reason")


def undo(*, journal: Journal, reason: str, by: Actor, now: datetime) -> None:
    """The line that this entry matched waits to be matched anew; what it was matched with is kept beside it."""
    if journal.kind != "bank-match":
        return
    line = BankLine.objects.select_for_update().filter(line_hash=journal.key.split(":")[1]).exclude(matched="").first()
    if line is None:
        return
    UndoneMatch.objects.create(
        line=line,
        journal=journal,
        matched=line.matched,
        matched_to=line.matched_to,
        matched_by=line.matched_by,
        matched_at=line.matched_at or now,
        note=line.note,
        why=reason,
        undone_by=party_id(by),
        undone_at=now,
    )
    line.matched = line.matched_to = line.matched_by = ""
    line.matched_at = None
    line.note = f"Its match was reversed: {reason}"[:300]
    line.save()


def _paid_out(journal: Journal) -> bool:
    return journal.key.startswith("payout:") and journal.key.endswith(":paid")


def register() -> None:
    undoing.register("payments", may=may, undo=undo)
