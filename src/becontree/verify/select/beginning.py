"""Whether the seed follows from the pool and a public beacon: so that nobody tried lists or seeds until one suited.

The pool's root is the Merkle root (RFC 6962) over the people's rows in order of their ids; a row is the canonical JSON
of the id and the answers by category, with the person's salt before it. A record of a selection with a seed of another
kind has nothing to check here. Cost: two hashes a person and one signature.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..chance import beacon_problems, seed_of
from ..draw import merkle_root


def check_beginning(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing that does not agree."""
    randomness = record["randomness"]
    if not isinstance(randomness["seed"], str):
        raise TypeError("a seed that is not text")
    bytes.fromhex(randomness["seed"])
    if "commitment" not in randomness:
        return []
    if randomness["protocol"] != "civic-draw/1" or randomness["purpose"] != "panels":
        return ["The seed was not made for a lottery of panels by the protocol 'civic-draw/1'."]
    features, salts = record["inputs"]["features"], randomness["salts"]
    rows = {name: dict(zip(features, answers, strict=True)) for name, answers, _ in record["inputs"]["people"]}
    if set(salts) != set(rows):
        return ["There is not one salt for each person of the pool."]
    root = merkle_root([_leaf(bytes.fromhex(salts[name]), name, rows[name]) for name in sorted(rows)])
    problems = beacon_problems(randomness["beacon"])
    if root.hex() != randomness["commitment"]:
        problems.append("The people are not those of the commitment: one was changed, added or left out.")
    if seed_of("panels", root, bytes.fromhex(randomness["beacon"]["randomness"])).hex() != randomness["seed"]:
        problems.append("The seed does not follow from the commitment and the beacon.")
    return problems


def _leaf(salt: bytes, name: str, answers: dict[str, str]) -> bytes:
    ordered = {key: answers[key] for key in sorted(answers, key=lambda text: text.encode("utf-16-be"))}
    text = json.dumps({"answers": ordered, "id": name}, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\0" + salt + text.encode()).digest()
