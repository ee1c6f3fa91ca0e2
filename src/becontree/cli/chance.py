"""What the commands that draw share: a published round of randomness, dice, and the hash that was published before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from becontree.cli import Refused
from becontree.formats import tickets as files
from becontree.methods import draw
from becontree.methods.findings import Finding
from becontree.verify import bls


def hold_to_commitment(
    claimed: str | None, made: draw.Commitment, findings: list[Finding], what: str = "tickets"
) -> None:
    """Refuse a list that is not the one that was published; warn if nothing was."""
    if claimed is None:
        text = f"No --commitment was given, so nobody can tell that the {what} were fixed before the draw."
        findings.append(Finding("draw.commitment.none", text, "warning"))
    elif not re.fullmatch(r"[0-9a-fA-F]{64}", claimed):
        raise Refused("--commitment: a commitment is 64 hexadecimal digits.", 2)
    elif claimed.lower() != made.root.hex():
        raise Refused(
            f"the {what} are not those that were fixed before the draw: their commitment is {made.root.hex()}, "
            f"but {claimed.lower()} was published. Nothing was drawn."
        )


def check_pulse(pulse: draw.Pulse, named: int | None, findings: list[Finding]) -> None:
    """Refuse a round that is not the one named in advance, or that drand did not sign; warn if none was named."""
    if named is None:
        text = "No --round was given, so nobody can tell that this round was named in advance."
        findings.append(Finding("draw.round.none", text, "warning"))
    elif named != pulse.round:
        raise Refused(f"round {named} was named in advance, but this is round {pulse.round}. Nothing was drawn.")
    if not bls.round_is_signed(pulse.chain, pulse.round, pulse.signature, pulse.previous):
        raise Refused(f"round {pulse.round} does not carry drand's signature. Fetch it again. Nothing was drawn.")


def pulse(given: str) -> draw.Pulse:
    """A round from the command line: ROUND:SIGNATURE, or the file of a beacon's answer."""
    inline = re.fullmatch(r"(\d{1,15}):([0-9a-fA-F]{1,400})", given)
    if inline:
        return draw.pulse({"round": int(inline[1]), "signature": inline[2]})
    return files.read_beacon(Path(given))


def faces(given: str) -> list[int]:
    """The faces of dice from the command line, first die first."""
    if not re.fullmatch(r"\d{1,3}(,\d{1,3}){0,63}", given):
        raise Refused("--dice: write the faces with commas, 4,3,8.", 2)
    return [int(face) for face in given.split(",")]


def beacon(pulse: draw.Pulse) -> dict[str, Any]:
    """A round as decision records hold it."""
    return {
        "chain": pulse.chain,
        "round": pulse.round,
        "signature": pulse.signature,
        "previous_signature": pulse.previous,
        "randomness": pulse.randomness,
    }
