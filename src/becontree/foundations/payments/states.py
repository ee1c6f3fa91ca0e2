"""How a payment moves, as a table: what stands, what is heard, what then stands, and what follows.

Providers repeat themselves, answer late and tell things in the wrong order. So states only ever move forward (created,
then in flight, then failed or settled), hearing a thing twice changes nothing, and the one step past "failed" is the
truth that matters most: the money came after all. `table()` prints it for the documentation; tests hold every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Of a charge or a refund."""

    CREATED = "created"  # we mean to; the provider has not been told
    SENT = "sent"  # the provider has it in hand
    UNKNOWN = "unknown"  # we asked and heard nothing: it may have happened
    FAILED = "failed"
    SETTLED = "settled"


class Heard(StrEnum):
    ACCEPTED = "accepted"
    LOST = "lost"
    FAILED = "failed"
    SETTLED = "settled"


class Then(StrEnum):
    """What follows from a move."""

    NOTHING = ""
    CREDIT = "credit"  # post the money, tell the room
    FAIL = "fail"  # tell the room that no money came
    LATE = "late"  # post it to suspense and send it back: the room has been told that it failed
    ALARM = "alarm"  # the provider contradicts itself: a person looks


S, H, T = State, Heard, Then

CHARGE: Final[dict[tuple[State, Heard], tuple[State, Then]]] = {
    (S.CREATED, H.ACCEPTED): (S.SENT, T.NOTHING),
    (S.CREATED, H.LOST): (S.UNKNOWN, T.NOTHING),
    (S.CREATED, H.FAILED): (S.FAILED, T.FAIL),
    (S.CREATED, H.SETTLED): (S.SETTLED, T.CREDIT),
    (S.SENT, H.ACCEPTED): (S.SENT, T.NOTHING),
    (S.SENT, H.LOST): (S.UNKNOWN, T.NOTHING),
    (S.SENT, H.FAILED): (S.FAILED, T.FAIL),
    (S.SENT, H.SETTLED): (S.SETTLED, T.CREDIT),
    (S.UNKNOWN, H.ACCEPTED): (S.SENT, T.NOTHING),
    (S.UNKNOWN, H.LOST): (S.UNKNOWN, T.NOTHING),
    (S.UNKNOWN, H.FAILED): (S.FAILED, T.FAIL),
    (S.UNKNOWN, H.SETTLED): (S.SETTLED, T.CREDIT),
    (S.FAILED, H.ACCEPTED): (S.FAILED, T.NOTHING),
    (S.FAILED, H.LOST): (S.FAILED, T.NOTHING),
    (S.FAILED, H.FAILED): (S.FAILED, T.NOTHING),
    (S.FAILED, H.SETTLED): (S.SETTLED, T.LATE),
    (S.SETTLED, H.ACCEPTED): (S.SETTLED, T.NOTHING),
    (S.SETTLED, H.LOST): (S.SETTLED, T.NOTHING),
    (S.SETTLED, H.FAILED): (S.SETTLED, T.ALARM),
    (S.SETTLED, H.SETTLED): (S.SETTLED, T.NOTHING),
}

# A refund moves in the same way; one that failed is tried again under a new key, so a late success is simply credited.
REFUND: Final[dict[tuple[State, Heard], tuple[State, Then]]] = CHARGE | {
    (S.FAILED, H.SETTLED): (S.SETTLED, T.CREDIT),
}


class InstructionState(StrEnum):
    NEW = "new"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


_I = InstructionState
INSTRUCTION: Final[dict[tuple[InstructionState, str], InstructionState]] = {
    (_I.NEW, "waiting"): _I.NEW,
    (_I.NEW, "ready"): _I.READY,
    (_I.NEW, "failed"): _I.FAILED,
    (_I.NEW, "cancelled"): _I.CANCELLED,
    (_I.READY, "waiting"): _I.READY,
    (_I.READY, "ready"): _I.READY,
    (_I.READY, "failed"): _I.READY,
    (_I.READY, "cancelled"): _I.CANCELLED,
    (_I.FAILED, "waiting"): _I.FAILED,
    (_I.FAILED, "ready"): _I.FAILED,
    (_I.FAILED, "failed"): _I.FAILED,
    (_I.FAILED, "cancelled"): _I.FAILED,
    (_I.CANCELLED, "waiting"): _I.CANCELLED,
    (_I.CANCELLED, "ready"): _I.CANCELLED,
    (_I.CANCELLED, "failed"): _I.CANCELLED,
    (_I.CANCELLED, "cancelled"): _I.CANCELLED,
}

IN_FLIGHT: Final = frozenset({State.CREATED, State.SENT, State.UNKNOWN})


def table() -> Sequence[str]:
    """The table of a charge as Markdown lines."""
    lines = ["| stands | " + " | ".join(Heard) + " |", "|---|" + "---|" * len(Heard)]
    for state in State:
        cells = []
        for heard in Heard:
            after, then = CHARGE[state, heard]
            cells.append(after + (f" ({then})" if then else ""))
        lines.append(f"| {state} | " + " | ".join(cells) + " |")
    return lines
