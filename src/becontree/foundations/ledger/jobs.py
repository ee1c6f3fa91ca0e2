"""What the ledger asks to be done each night."""

from __future__ import annotations

from datetime import datetime, timedelta

from becontree.foundations.kit.schedule import Job
from becontree.foundations.ledger.audit import record_audit


def audit(now: datetime) -> int:
    """Recompute every balance; returns how many faults there are."""
    return len(record_audit(now=now).faults)


JOBS = [Job("ledger.audit", every=timedelta(days=1), run=audit)]
