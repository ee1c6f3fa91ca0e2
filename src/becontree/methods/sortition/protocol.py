"""A draw that anyone can check and nobody can steer, without showing who everybody is: two beacons, sealed panels.

1. The pool is fixed: every person's row with a salt of their own is a leaf of a Merkle tree; its root, the number of
   people, the quotas and the number of beacon round A are published. Round A comes later.
2. Round A and the root make the seed of `select`. So the organiser cannot try many equally fair lists.
3. The 1,000 panels are sealed: each with a salt is a leaf; root, figures and the number of round B are published, and
   everybody gets a private receipt: their row, their path, and the numbers of the panels that hold them.
4. Round B and the second root give one number. That panel is opened; the others stay sealed for ever.

Why sealed: who is on each panel and how many of each category it has form equations that give back the answers of 99
people in 100 (design paper, section 7). One auditor sees everything and runs `becontree verify` on the record. Salts,
and the beacons, are arguments: nothing here makes randomness. Check a beacon with `becontree.verify.bls`. An organiser
need keep only one secret of 32 bytes: `salt` makes every salt from it, and one salt tells nothing of another.

Source: our own, from the parts of `methods.draw` (RFC 6962 trees, drand rounds); the design paper's section 7. Cost:
two hashes a person and two a panel. Rejected: publishing all panels before the draw (see above); one beacon for both
steps (whoever knows it could still choose what to seal).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from becontree.methods.draw.commitment import Commitment, Receipt, check_receipt, commit, receipt
from becontree.methods.draw.stream import PROTOCOL, Stream
from becontree.methods.draw.stream import seed as draw_seed
from becontree.methods.findings import Finding, Unusable
from becontree.methods.sortition.pool import Person, Pool
from becontree.methods.sortition.selection import Selection

FEWEST = 5  # counts of people below this are not published
STEPS = (0, 2, 5, 10, 20, 50, 100)  # of the published histogram, in percent


def salt(secret: bytes, of: str, name: str) -> bytes:
    """The salt of one "person" or one "panel": 32 bytes that only the holder of the secret can make."""
    if len(secret) < 32:
        raise ValueError("A secret has at least 32 bytes.")
    return hmac.digest(secret, f"becontree-salt/1\0{of}\0{name}".encode(), hashlib.sha256)


def person_row(pool: Pool, person: Person) -> dict[str, Any]:
    """The row that a person's receipt shows: their id and their answers by category."""
    return {"id": person.id, "answers": dict(zip(pool.features, person.answers, strict=True))}


def fix_pool(pool: Pool, salts: Mapping[str, bytes]) -> Commitment:
    """Step 1. salts: {id: 32 random bytes}, one a person. Raises Unusable when one is missing or reused."""
    used: set[bytes] = set()
    for person in pool.people:
        own = salts.get(person.id, b"")
        if len(own) < 32 or own in used:
            raise Unusable(
                Finding(
                    "select.salt", f"The salt of {person.id} is missing, short or used before.", fix="Make 32 bytes."
                )
            )
        used.add(own)
    return commit([person_row(pool, person) for person in pool.people], salts)


def seed_for_panels(fixed: Commitment, beacon_a: bytes) -> bytes:
    """Step 2. The seed for `select`."""
    return draw_seed("panels", fixed.root, beacon_a)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Step 3. `public()` may be published; the rest is the organiser's and the auditor's."""

    selection: Selection
    fixed: Commitment
    commitment: Commitment
    entries: tuple[dict[str, Any], ...]
    salts: Mapping[str, bytes]

    def public(self, *, round_b: int | None, source: str = "") -> dict[str, Any]:
        """What is published before the number is drawn: no names, no panels, no small counts.

        round_b: the round of the beacon that will draw it; None if something else will, which `source` then names.
        """
        chances = self.selection.selectable()
        groups = []
        for low, high in pairwise(STEPS):
            people = sum(1 for chance in chances if low <= chance * 100 < high or high == 100 == chance * 100)
            groups.append([f"{low}% to {high}%", people if people >= FEWEST or not people else f"fewer than {FEWEST}"])
        return {
            "format": "becontree-sealed-panels/1",
            "method": self.selection.name,
            "pool": self.fixed.root.hex(),
            "people": self.fixed.count,
            "sealed": self.commitment.root.hex(),
            "panels": self.commitment.count,
            "seats": self.selection.pool.seats,
            "quotas": [[quota.feature, quota.value, quota.least, quota.most] for quota in self.selection.pool.quotas],
            "chances": groups,
            "smallest": f"{self.selection.minimum:.6f}",
            "largest": f"{self.selection.maximum:.6f}",
            "round": round_b,
            "source": source,
        }

    def receipt_for(self, name: str, own: bytes) -> tuple[Receipt, tuple[int, ...]]:
        """One person's private receipt: their row and path, and the numbers (from 0) of the panels that hold them."""
        person = next(person for person in self.selection.pool.people if person.id == name)
        numbers = tuple(number for number, panel in enumerate(self.selection.panels) if name in panel)
        return receipt(self.fixed, person_row(self.selection.pool, person), own), numbers

    def opened(self, number: int) -> Receipt:
        """Step 4. The one panel that was drawn, with the proof that it was sealed under this number."""
        return Panels(self.commitment, self.entries, self.salts).opened(number)


@dataclass(frozen=True, slots=True)
class Panels:
    """The numbered panels under one root. Without salts they are fixed, but anybody could test a guess at one."""

    commitment: Commitment
    entries: tuple[dict[str, Any], ...]
    salts: Mapping[str, bytes]

    def opened(self, number: int) -> Receipt:
        """The panel of this number (from 0), with its path to the root."""
        entry = self.entries[number]
        return receipt(self.commitment, entry, self.salts.get(entry["id"], b""))


def fix_panels(panels: Sequence[Sequence[str]], salts: Sequence[bytes] = ()) -> Panels:
    """Number the panels from 0 and fix them. salts: at least 32 bytes a panel, or none at all."""
    if salts and (len(salts) != len(panels) or len(set(salts)) != len(salts) or any(len(one) < 32 for one in salts)):
        raise Unusable(Finding("select.salt", "Each panel needs a salt of its own of at least 32 bytes."))
    width = len(str(max(0, len(panels) - 1)))
    entries = tuple({"id": f"{number:0{width}d}", "people": list(panel)} for number, panel in enumerate(panels))
    named = {str(entry["id"]): one for entry, one in zip(entries, salts, strict=False)}
    return Panels(commit(entries, named), entries, named)


def seal(selection: Selection, fixed: Commitment, salts: Sequence[bytes]) -> Sealed:
    """Step 3. salts: 32 random bytes a panel."""
    if len(salts) != len(selection.panels):
        raise Unusable(Finding("select.salt", "Each panel needs a salt of its own of at least 32 bytes."))
    made = fix_panels(selection.panels, salts)
    return Sealed(selection, fixed, made.commitment, made.entries, made.salts)


def draw_number(sealed_root: bytes, panels: int, beacon_b: bytes) -> int:
    """Step 4. The number of the panel (from 0).

    >>> draw_number(bytes(32), 1000, b"round") in range(1000)
    True
    """
    return Stream(draw_seed("panel", sealed_root, beacon_b)).uniform(panels)


def opening(public: Mapping[str, Any], panels: Panels, number: int, randomness: Mapping[str, Any]) -> dict[str, Any]:
    """Step 4. The receipt of the panel that was drawn, as a decision record that `becontree verify` recomputes.

    public: what was published when the panels were sealed (or as much of it: panels, seats, pool, round, source).
    randomness: {"beacon": {...}}, {"dice": {"faces", "sides"}} or {"words": text}, as `number` was made from it.
    """
    paper = panels.opened(number)
    return {
        "format": "becontree-decision/1",
        "family": "panel",
        "method": "sealed-panel@1",
        "parameters": {name: public[name] for name in ("panels", "seats", "round", "source")},
        "inputs": {"pool": public["pool"], "sealed": panels.commitment.root.hex()},
        "randomness": {
            "protocol": PROTOCOL, "purpose": "panel", "beacon": None, "dice": None, "words": None, **randomness,
        },
        "result": {
            "number": number,
            "panel": list(paper.row["people"]),
            "salt": paper.salt.hex(),
            "path": [node.hex() for node in paper.path],
        },
    }  # fmt: skip


def check_opening(public: Mapping[str, Any], opened: Receipt, beacon_b: bytes) -> list[str]:
    """What anybody can check of the opened panel. One sentence for each thing that does not agree."""
    root = bytes.fromhex(public["sealed"])
    number = draw_number(root, public["panels"], beacon_b)
    problems = []
    if opened.count != public["panels"] or not check_receipt(opened, root):
        problems.append("The opened panel is not one of those that were sealed.")
    if opened.index != number or int(opened.row.get("id", -1)) != number:
        problems.append(f"The beacon drew panel {number}; another one was opened.")
    if len(set(opened.row.get("people", ()))) != public["seats"]:
        problems.append("The opened panel does not fill the seats.")
    return problems
