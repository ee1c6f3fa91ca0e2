"""Answers about oneself: optional, and handed at once to where nothing joins them to what was said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from becontree.citizenship.voices.models import Round
from becontree.foundations.measures import actions as measures


def collection(round: Round | None) -> str:
    """What the counts are kept under."""
    return f"round/{round.slug}" if round is not None else "voices"


def keep(*, round: Round | None, answers: Mapping[str, str], now: datetime) -> None:
    """Count the answers apart. Raises Invalid for one that was not offered."""
    measures.keep_equality(collection=collection(round), answers=answers, now=now)
