"""Recomputes a draw from its record: the commitment, the beacon's signature, the numbers and the winners.

Written apart from `becontree.methods.draw`. The Merkle root is taken recursively, straight from RFC 6962 section 2.1,
the stream word by word from its description, and prizes digit by digit. Rules: docs/rooms/draw.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from . import files
from .chance import beacon_problems, below, dice_number, seed_of, whole, words_of


def check(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing that does not agree; empty if all of it does."""
    try:
        return _check(record)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError, IndexError, RecursionError) as problem:
        return [files.unreadable(problem)]


def _check(record: dict[str, Any]) -> list[str]:
    random, inputs, said = record["randomness"], record["inputs"], record["result"]
    table, wanted = record["parameters"]["table"], record["parameters"]["winners"]
    entries = {entry["id"]: entry for entry in inputs["entries"]}
    problems = []
    if len(entries) != len(inputs["entries"]) or not entries:
        problems.append("Two tickets share an id, or there are none.")
    ids = sorted(entries)
    leaves = [_leaf(bytes.fromhex(inputs["salts"].get(name, "")), entries[name]) for name in ids]
    root = merkle_root(leaves)
    if root.hex() != random["commitment"]:
        problems.append("The tickets are not those of the commitment: one was changed, added or left out.")
    if random["protocol"] != "civic-draw/1":
        return [*problems, "The protocol is not 'civic-draw/1'."]
    if record["method"] != (f"prize-draw/{table['rule']}@1" if table else "ticket-draw@1"):
        return [*problems, "The method's name does not fit its parameters."]
    if table is None and (type(wanted) is not int or not 1 <= wanted <= len(ids)):
        return [*problems, f"From {len(ids)} tickets {wanted!r} winners cannot be drawn."]
    if table is not None and wanted is not None:
        return [*problems, "A draw has a prize table or a number of winners, not both."]
    if not isinstance(random["purpose"], str) or (random["beacon"] is None) == (random["dice"] is None):
        return [*problems, "A draw has a purpose, and its randomness comes from a beacon or from dice, not from both."]
    if table:
        _well_formed(table)
    size = 10 ** table["digits"] if table else len(ids)
    number: int | None
    if random["beacon"] is not None:
        problems += beacon_problems(random["beacon"])
        seed = seed_of(random["purpose"], root, bytes.fromhex(random["beacon"]["randomness"]))
        if seed.hex() != random["seed"]:
            problems.append("The seed does not follow from purpose, commitment and beacon.")
        words = words_of(seed)
        number = below(size, words) if table else None
        order = [] if table else _shuffled(ids, words)[:wanted]
    else:
        if random["seed"] is not None or (table is None and wanted != 1):
            problems.append("Dice have no seed, and choose one ticket.")
        number = dice_number(random["dice"]["faces"], whole(random["dice"]["sides"], 2, 1000), size)
        if number is None:
            return [*problems, "The dice fall outside the numbers that are equally likely."]
        order = [] if table else [ids[number]]
    if table:
        winning = str(number).zfill(table["digits"])
        winners = _prizes(table, [(name, entries[name]["number"]) for name in ids], winning)
        if said["number"] != winning:
            problems.append(f"The number is said to be {said['number']}; recomputed it is {winning}.")
        if said["owed"] != sum(winner["pence"] for winner in winners):
            problems.append("The sum owed does not agree with the winners.")
    else:
        winners = [{"id": name} for name in order]
        if said["number"] != (None if number is None else str(number)):
            problems.append(f"The number is said to be {said['number']}; recomputed it is {number}.")
    if said["winners"] != winners:
        problems.append(f"The winners do not agree: recomputed, {len(winners)} tickets win.")
    return problems


def _well_formed(table: dict[str, Any]) -> None:
    """Raise ValueError for a prize table that could not have been published before the draw."""
    if table["rule"] not in ("ends", "positions") or not isinstance(table["name"], str):
        raise ValueError("a prize table of an unknown rule, or without a name")
    digits = whole(table["digits"], 1, 9)
    whole(table["ticket_pence"], 1, 10**9)
    matches = [whole(prize["match"], 1, digits) for prize in table["prizes"]]
    if len(set(matches)) != len(matches):
        raise ValueError("two prizes for one match")
    for prize in table["prizes"]:
        whole(prize["pence"], 0, 10**12)
        whole(prize["free_tickets"], 0, 10**6)


def _leaf(salt: bytes, row: dict[str, str]) -> bytes:
    if not all(isinstance(value, str) for value in row.values()):
        raise TypeError("a ticket's row holds text only")
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"\0" + salt + text.encode()).digest()


def merkle_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + merkle_root(leaves[:half]) + merkle_root(leaves[half:])).digest()


def _shuffled(ids: list[str], words: Iterator[int]) -> list[str]:
    order = list(ids)
    for top in range(len(order), 1, -1):
        at = below(top, words)
        order[at], order[top - 1] = order[top - 1], order[at]
    return order


def _prizes(table: dict[str, Any], tickets: list[tuple[str, str]], winning: str) -> list[dict[str, Any]]:
    found = []
    for name, number in tickets:
        if table["rule"] == "positions":
            match = sum(1 for at in range(len(winning)) if number[at] == winning[at])
        else:
            match = len(winning)
            while match and number[:match] != winning[:match] and number[-match:] != winning[-match:]:
                match -= 1
        for prize in table["prizes"]:
            if prize["match"] == match:
                due = {"pence": prize["pence"], "free_tickets": prize["free_tickets"]}
                found.append({"id": name, "number": number, "match": match, **due})
    return sorted(found, key=lambda winner: (-winner["match"], winner["id"]))
