"""Public randomness, written apart from `becontree.methods.draw`: seeds, streams, dice and a beacon's signature.

Rules: docs/rooms/draw.md ("The numbers"). Used by every check of something that was drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from . import bls


def seed_of(purpose: str, commitment: bytes, randomness: bytes) -> bytes:
    return hashlib.sha256(b"civic-draw/1\0" + purpose.encode() + b"\0" + commitment + randomness).digest()


def words_of(seed: bytes) -> Iterator[int]:
    block = 0
    while True:
        digest = hashlib.sha256(seed + block.to_bytes(8, "big")).digest()
        for at in (0, 8, 16, 24):
            yield int.from_bytes(digest[at : at + 8], "big")
        block += 1


def below(n: int, words: Iterator[int]) -> int:
    for word in words:
        if word < 2**64 // n * n:
            return word % n
    raise ValueError("the stream ended")


def dice_number(faces: list[int], sides: int, n: int) -> int | None:
    value = 0
    for face in faces:
        if type(face) is not int or not 0 <= face < sides:
            raise ValueError("a die shows a face that it does not have")
        value = value * sides + face
    return value % n if value < sides ** len(faces) // n * n else None


def whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{str(value)[:40]!r} is not a whole number from {least} to {most}")
    return value


def beacon_problems(beacon: dict[str, Any]) -> list[str]:
    problems = []
    if beacon["chain"] == "quicknet" and beacon["previous_signature"] != "":
        problems.append("A round of quicknet has no signature before it.")
    if hashlib.sha256(bytes.fromhex(beacon["signature"])).hexdigest() != beacon["randomness"]:
        problems.append("The beacon's randomness is not the hash of its signature.")
    if not bls.round_is_signed(
        beacon["chain"], beacon["round"], beacon["signature"], beacon.get("previous_signature", "")
    ):
        problems.append(f"Round {beacon['round']} does not carry drand's signature.")
    return problems
