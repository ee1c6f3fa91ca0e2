"""What of an entry is public, and the exact bytes that the tree fixes. The format: docs/decisions/0003."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from becontree.foundations.record.models import Entry
from becontree.methods.canonical import canonical


def moment(when: datetime) -> str:
    """A moment as RFC 3339 text in UTC, always with six places of a second: one form, so one hash."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def public(entry: Entry, index: int) -> dict[str, Any]:
    """The public projection of an entry at a place in the tree. Wants `because` and `decision` loaded."""
    seen: dict[str, Any] = {
        "index": index,
        "id": str(entry.pk),
        "kind": entry.kind,
        "step": entry.step,
        "thing": entry.thing_id,
        "title": entry.title,
        "facts": entry.facts,
        "happened_on": entry.happened_on.isoformat(),
        "recorded_at": moment(entry.recorded_at),
        "because": sorted(because.cause_id for because in entry.because.all()),
    }
    decision = getattr(entry, "decision", None)
    if decision is not None:
        seen["decision"] = {
            "family": decision.family,
            "method": decision.method,
            "sha256": decision.sha256,
            "authority": decision.authority,
            "reasons": decision.reasons,
        }
    return seen


def leaf_bytes(entry: Entry, index: int) -> bytes:
    """The canonical bytes (RFC 8785) of the public projection: one line of the published pages."""
    return canonical(public(entry, index))
