"""Checks the receipt of a panel: its number was drawn as it says, and this panel was sealed under that number.

Written apart from `becontree.methods.sortition.protocol`. The receipt may be published: it holds the ids of the one
panel that sits, and of the others nothing but hashes. A receipt is written by whoever draws: `unproved` says what it
cannot show. Rules: docs/rooms/sortition.md. Cost: some twenty hashes, one signature.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from . import files
from .chance import beacon_problems, below, dice_number, seed_of, whole, words_of

METHOD = "sealed-panel@1"


def check(record: dict[str, Any]) -> list[str]:
    """One sentence for each thing that does not agree; empty if all of it does."""
    try:
        return _check(record)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError, IndexError, RecursionError) as problem:
        return [files.unreadable(problem)]


def unproved(record: dict[str, Any]) -> list[str]:
    """What a receipt that agrees does not prove, a sentence each: then nobody can tell that the draw was fair."""
    named, random = record["parameters"], record["randomness"]
    found = []
    if not record["inputs"]["pool"]:
        found.append("It names no sealed file: nobody can tell from it that the panels were fixed before the draw.")
    if named["round"] is None and not named["source"]:
        found.append(
            "It names no source that was published before the draw: whoever had the panels could have tried one round, "
            "throw or wording after another until a panel suited."
        )
    if random["dice"] is not None:
        found.append("Dice leave no trace: that they were thrown once and fell so, only those who were there can say.")
    if random["words"] is not None:
        found.append(
            "Words can be chosen: that these came from the source named in advance, only those who saw it can say."
        )
    return found


def compare(record: dict[str, Any]) -> str:
    """What to hold a receipt against: that something was published before the draw stands in no receipt."""
    named = record["parameters"]
    if not record["inputs"]["pool"]:
        return ""
    what = f"the round {named['round']}" if named["round"] is not None else f"the source '{named['source']}'"
    return (
        f"Compare with what was published before the draw: the sealed root {record['inputs']['sealed'][:16]}... and "
        f"{what}. The receipt alone does not show when they were published."
    )


def _check(record: dict[str, Any]) -> list[str]:
    if record["method"] != METHOD:
        return [f"The method {record['method']!r} is not known here."]
    said, root = record["result"], bytes.fromhex(record["inputs"]["sealed"])
    count = whole(record["parameters"]["panels"], 1, 100_000)
    seats = whole(record["parameters"]["seats"], 1, 10**6)
    number, problems = _number(record, root, count)
    if len(root) != 32:
        return ["The root of the sealed panels is not a hash."]
    if said["number"] != number or type(said["number"]) is not int:
        problems.append(f"Panel {said['number']} was opened; recomputed, panel {number} was drawn.")
    people = said["panel"]
    if not all(isinstance(name, str) for name in people) or len(set(people)) != len(people) or len(people) != seats:
        problems.append(f"The opened panel does not fill the {seats} seats, each with a person of its own.")
    entry = {"id": str(said["number"]).zfill(len(str(count - 1))), "people": people}
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    leaf = hashlib.sha256(b"\0" + bytes.fromhex(said["salt"]) + text.encode()).digest()
    path = [bytes.fromhex(node) for node in said["path"]]
    if not 0 <= said["number"] < count or _up(leaf, said["number"], count, path) != root:
        problems.append("The opened panel is not the one that was sealed under this number.")
    return problems


def _number(record: dict[str, Any], root: bytes, count: int) -> tuple[int | None, list[str]]:
    """The number that the public randomness gives, and what is wrong with that randomness."""
    random, named, source = record["randomness"], record["parameters"]["round"], record["parameters"]["source"]
    if random["protocol"] != "civic-draw/1" or random["purpose"] != "panel":
        return None, ["The number was not drawn for a panel by the protocol 'civic-draw/1'."]
    if sum(random[source] is not None for source in ("beacon", "dice", "words")) != 1:
        return None, ["The number comes from one public source: a beacon, dice or words."]
    if not isinstance(source, str) or not isinstance(record["inputs"]["pool"], str):
        raise TypeError("what was named in advance is text")
    problems = []
    if named is not None:
        whole(named, 1, 2**53)
    if random["beacon"] is None and named is not None:
        problems = [
            f"Round {named} was named in advance, but the number came from {'dice' if random['dice'] else 'words'}: "
            "whoever drew could have tried until a panel suited."
        ]
    if random["dice"] is not None:
        number = dice_number(random["dice"]["faces"], whole(random["dice"]["sides"], 2, 1000), count)
        if number is None:
            problems.append("The dice fall outside the numbers that are equally likely.")
        return number, problems
    if random["words"] is not None:
        if not random["words"]:
            return None, [*problems, "The words that gave the number are missing."]
        return below(count, words_of(seed_of("panel", root, random["words"].encode()))), problems
    beacon = random["beacon"]
    problems = beacon_problems(beacon)
    if source:
        problems.append(f"The source '{source}' was named in advance, but the number came from a round of drand.")
    if named is not None and named != beacon["round"]:
        problems.append(f"Round {named} was named in advance, but this is round {beacon['round']}.")
    return below(count, words_of(seed_of("panel", root, bytes.fromhex(beacon["randomness"])))), problems


def _up(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a path leads to, straight from the definition of the tree (RFC 6962 section 2.1.1)."""
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        below_, above = _up(leaf, index, half, path[:-1]), path[-1]
        return below_ and hashlib.sha256(b"\1" + below_ + above).digest()
    above_, before = _up(leaf, index - half, size - half, path[:-1]), path[-1]
    return above_ and hashlib.sha256(b"\1" + before + above_).digest()
