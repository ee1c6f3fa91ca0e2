"""Draws that anyone can check: commit first, take public randomness later, compute the rest in the open.

- `stream`: from a commitment and a beacon to numbers without bias: `seed`, `Stream.uniform`, `shuffled`, `chosen`.
- `beacon`: drand rounds by date, and what their randomness must be; dice on a table as an equal alternative.
- `commitment`: one hash that fixes a list of entries before the draw, with a private receipt for each.
- `prizes`: prize tables as data; exact chances.
- `liability`: what a ticket file would owe for every possible winning number; ten million simulated draws.

The protocol and its reasons: docs/rooms/draw.md.
"""

from becontree.methods.draw.beacon import DEFAULT, QUICKNET, Chain, Pulse, dice, pulse, round_at, time_of
from becontree.methods.draw.commitment import Commitment, Receipt, check_receipt, commit
from becontree.methods.draw.prizes import Prize, PrizeTable, Winner, winners
from becontree.methods.draw.stream import PROTOCOL, Stream, chosen, lot, seed, shuffled

__all__ = [
    "DEFAULT",
    "PROTOCOL",
    "QUICKNET",
    "Chain",
    "Commitment",
    "Prize",
    "PrizeTable",
    "Pulse",
    "Receipt",
    "Stream",
    "Winner",
    "check_receipt",
    "chosen",
    "commit",
    "dice",
    "lot",
    "pulse",
    "round_at",
    "seed",
    "shuffled",
    "time_of",
    "winners",
]
