"""Answers about oneself: optional, and handed at once to where nothing joins them to what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from becontree.citizenship.voices.models import Round
from becontree.foundations.measures import actions as measures


def collection(round: Round | None) -> str:
    """What the counts are kept under."""
    return f"round/{round.slug}" if round is not None else "voices"


def keep(*, round: Round | None, sheets: Iterable[Mapping[str, str]], now: datetime) -> int:
    """Count the answers of these forms apart, in the caller's transaction; how many forms gave some.

    Once a round is closed its figures are out, and answers that arrive later (paper, a tablet that was offline) do not
    move them: they are counted, and shown when the round is answered. Raises Invalid for one that was not offered.
    """
    given = [sheet for sheet in sheets if any(sheet.values())]
    if not given:
        return 0
    return measures.keep_many(collection=collection(round), sheets=given, now=now, show=_not_out(round))


def show(*, round: Round, now: datetime) -> None:
    """The round is answered and takes nothing more: what came after its close is shown, if it is ten forms or more."""
    measures.show_equality(collection=collection(round), now=now)


def _not_out(round: Round | None) -> bool:
    """Whether the figures are still to be published. The row is locked: nobody closes the round in the meantime.

    `no_key`: forms that come in at this moment refer to the round, and need not wait.
    """
    if round is None:
        return True
    state = Round.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=round.pk)
    return state == Round.State.OPEN
