"""Reads of the public record."""

from __future__ import annotations

from becontree.foundations.record.threads import Knot, Thread, thread

__all__ = ["Knot", "Thread", "thread"]
