"""Public randomness with a date: drand rounds, and dice.

A drand chain publishes one signature every few seconds. Its round number follows from the date, so a round can be
named before it exists; nobody, not even drand's operators together short of a threshold, knows it in advance.

Computes: the round of a moment and back, and the randomness of a round, SHA-256(signature).
Source: drand's HTTP API documentation; chain facts as published by the League of Entropy. Signatures are checked by
`becontree.verify.bls`, from the standard library alone.
Why drand: many independent operators, offline check, fine grain. Rejected as the only source: NIST's beacon (one
operator; days of outage); stock prices (ambiguous, revised). Rule for silence: see docs/rooms/draw.md.

Cost: one hash a round; a signature, where it is checked, 0.2 CPU s of plain Python.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from becontree.methods.findings import Finding, Unusable


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand chain. Times are Unix seconds. `scheme` says how its rounds are signed."""

    name: str
    hash: str
    public_key: str
    period: int
    genesis: int
    scheme: Literal["bls-unchained-g1-rfc9380", "pedersen-bls-chained"]


QUICKNET: Final = Chain(
    "quicknet",
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    3,
    1_692_803_367,
    "bls-unchained-g1-rfc9380",
)
DEFAULT: Final = Chain(
    "default",
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31",
    30,
    1_595_431_050,
    "pedersen-bls-chained",
)
CHAINS: Final = {chain.name: chain for chain in (QUICKNET, DEFAULT)}
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pulse:
    """One round of a chain as published. Hexadecimal, lower case."""

    chain: str
    round: int
    signature: str
    randomness: str
    previous: str = ""


def round_at(chain: Chain, moment: int) -> int:
    """The round that is current at `moment` (Unix seconds): the last one out by then.

    >>> round_at(QUICKNET, 1_692_803_367), round_at(QUICKNET, 1_692_803_370)
    (1, 2)
    """
    if moment < chain.genesis:
        raise ValueError(f"The chain {chain.name} began at {chain.genesis}.")
    return (moment - chain.genesis) // chain.period + 1


def time_of(chain: Chain, number: int) -> int:
    """The Unix second at which a round comes out."""
    return chain.genesis + (number - 1) * chain.period


def pulse(facts: dict[str, Any], *, file: str = "") -> Pulse:
    """A round from its published JSON: round, signature, and, where given, chain, randomness, previous_signature.

    Raises `Unusable` if a field is missing or wrong, or if the randomness is not the hash of the signature.
    """
    found: list[Finding] = []

    def wrong(code: str, message: str, field: str, fix: str = "") -> None:
        found.append(Finding(code, message, "error", file, None, field, fix))

    name = facts.get("chain", "quicknet")
    if not isinstance(name, str) or name not in CHAINS:
        wrong("draw.beacon.chain", "The chain is not known.", "chain", f"Use one of {', '.join(CHAINS)}.")
    number = facts.get("round")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number < 2**63:
        wrong("draw.beacon.round", "The round is not a whole number above zero.", "round")
    texts = {}
    for field, needed in (("signature", True), ("randomness", False), ("previous_signature", False)):
        text = facts.get(field) or ""
        if not isinstance(text, str) or (text and not _HEX.fullmatch(text.lower())) or len(str(text)) > 1000:
            wrong("draw.beacon.hex", "This is not hexadecimal text.", field, "Copy it as the beacon gives it.")
            text = ""
        elif needed and not text:
            wrong("draw.beacon.missing", "It is missing.", field, "Copy the whole answer of the beacon.")
        texts[field] = text.lower()
    if found:
        raise Unusable(found)
    randomness = hashlib.sha256(bytes.fromhex(texts["signature"])).hexdigest()
    if texts["randomness"] not in ("", randomness):
        wrong("draw.beacon.randomness", "The randomness is not the SHA-256 of the signature.", "randomness")
        raise Unusable(found)
    return Pulse(str(name), int(facts["round"]), texts["signature"], randomness, texts["previous_signature"])


def dice(faces: Sequence[int], n: int, *, sides: int = 10) -> int | None:
    """The number from 0 to n - 1 that dice give, first die first; None means "throw again".

    A face counts from 0 (a ten-sided die shows 0 to 9). Three such dice for 1,000 panels never need a second throw.

    >>> dice([7, 1, 9], 1000), dice([9, 9], 60), dice([5, 9], 60)
    (719, None, 59)
    """
    if sides < 2 or not faces or any(not 0 <= face < sides for face in faces):
        raise ValueError(f"Each face is from 0 to {sides - 1}.")
    if not 1 <= n <= sides ** len(faces):
        raise ValueError(f"{len(faces)} dice of {sides} sides cannot give {n} different numbers.")
    value, reach = 0, sides ** len(faces)
    for face in faces:
        value = value * sides + face
    return value % n if value < reach - reach % n else None
