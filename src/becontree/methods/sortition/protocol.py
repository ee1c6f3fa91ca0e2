"""A draw that anyone can check and nobody can steer, without showing who everybody is: two beacons, sealed panels.

1. The pool is fixed: every person's row with a salt of their own is a leaf of a Merkle tree; its root, the number of
   people, the quotas and the number of beacon round A are published. Round A comes later.
2. Round A and the root make the seed of `select`. So the organiser cannot try many equally fair lists.
3. The 1,000 panels are sealed: each with a salt is a leaf; root, figures and the number of round B are published, and
   everybody gets a private receipt: their row, their path, and the numbers of the panels that hold them.
4. Round B and the second root give one number. That panel is opened; the others stay sealed for ever.

Why sealed: who is on each panel and how many of each category it has form equations that give back the answers of 99
people in 100 (design paper, section 7). One auditor sees everything and runs `becontree verify` on the record.
Salts, and the beacons, are arguments: nothing here makes randomness. Check a beacon with `becontree.verify.bls`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from becontree.methods.draw.commitment import Commitment, Receipt, check_receipt, commit, receipt
from becontree.methods.draw.stream import Stream
from becontree.methods.draw.stream import seed as draw_seed
from becontree.methods.findings import Finding, Unusable
from becontree.methods.sortition.pool import Person, Pool
from becontree.methods.sortition.selection import Selection

FEWEST = 5  # counts of people below this are not published
STEPS = (0, 2, 5, 10, 20, 50, 100)  # of the published histogram, in percent


def person_row(pool: Pool, person: Person) -> dict[str, Any]:
    """The row that a person's receipt shows: their id and their answers by category."""
    return {"id": person.id, "answers": dict(zip(pool.features, person.answers, strict=True))}


def fix_pool(pool: Pool, salts: Mapping[str, bytes]) -> Commitment:
    """Step 1. salts: {id: 32 random bytes}, one a person. Raises Unusable when one is missing or reused."""
    used: set[bytes] = set()
    for person in pool.people:
        salt = salts.get(person.id, b"")
        if len(salt) < 32 or salt in used:
            raise Unusable(
                Finding(
                    "select.salt", f"The salt of {person.id} is missing, short or used before.", fix="Make 32 bytes."
                )
            )
        used.add(salt)
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

    def public(self, *, round_b: int) -> dict[str, Any]:
        """What is published before round B: no names, no panels, no small counts."""
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
        }

    def receipt_for(self, name: str, salt: bytes) -> tuple[Receipt, tuple[int, ...]]:
        """One person's private receipt: their row and path, and the numbers (from 0) of the panels that hold them."""
        person = next(person for person in self.selection.pool.people if person.id == name)
        numbers = tuple(number for number, panel in enumerate(self.selection.panels) if name in panel)
        return receipt(self.fixed, person_row(self.selection.pool, person), salt), numbers

    def opened(self, number: int) -> Receipt:
        """Step 4. The one panel that was drawn, with the proof that it was sealed under this number."""
        entry = self.entries[number]
        return receipt(self.commitment, entry, self.salts[entry["id"]])


def seal(selection: Selection, fixed: Commitment, salts: Sequence[bytes]) -> Sealed:
    """Step 3. salts: 32 random bytes a panel."""
    if len(salts) != len(selection.panels) or len(set(salts)) != len(salts) or any(len(salt) < 32 for salt in salts):
        raise Unusable(Finding("select.salt", "Each panel needs a salt of its own of at least 32 bytes."))
    width = len(str(max(0, len(selection.panels) - 1)))
    entries = tuple(
        {"id": f"{number:0{width}d}", "people": list(panel)} for number, panel in enumerate(selection.panels)
    )
    named = {str(entry["id"]): salt for entry, salt in zip(entries, salts, strict=True)}
    return Sealed(selection, fixed, commit(entries, named), entries, named)


def draw_number(sealed_root: bytes, panels: int, beacon_b: bytes) -> int:
    """Step 4. The number of the panel (from 0).

    >>> draw_number(bytes(32), 1000, b"round") in range(1000)
    True
    """
    return Stream(draw_seed("panel", sealed_root, beacon_b)).uniform(panels)


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
