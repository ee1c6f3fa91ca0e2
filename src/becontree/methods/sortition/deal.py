"""From kinds of people to people: who, of those whom no quota can tell apart, takes each seat.

Round robin in an order shuffled by the seed: over the whole list of panels, two people of one kind differ by at most
one panel. Where one person an address may serve, a household is used at most once a panel.

Source: round robin; the shuffle is Durstenfeld's (`draw.stream`). Why: drawing each seat anew would be as fair
beforehand and leave people of one kind several panels apart afterwards. Cost: one step a seat. Rejected: an assignment
programme (nothing is left to optimise among people whom no quota can tell apart).
"""

from __future__ import annotations

import numpy as np

from becontree.methods.draw.stream import Stream, shuffled
from becontree.methods.sortition.pool import Ints, Kinds


def deal(kinds: Kinds, panels: Ints, stream: Stream) -> tuple[tuple[int, ...], ...]:
    """The people (indices into the pool, sorted) of each panel, in the order of `panels` (M x T)."""
    count = len(panels)
    hands: list[list[int]] = [[] for _ in range(count)]
    shared: dict[tuple[str, ...], list[int]] = {}
    for kind in range(kinds.count):
        homes = kinds.households[kind]
        if homes[0]:
            shared.setdefault(tuple(sorted(set(homes))), []).append(kind)
            continue
        order = shuffled(kinds.members[kind], stream)
        turn = 0
        for panel in np.nonzero(panels[:, kind])[0]:
            for _ in range(int(panels[panel, kind])):
                hands[panel].append(order[turn % len(order)])
                turn += 1
    for group in shared.values():
        _deal_households(kinds, panels, group, hands, stream)
    return tuple(tuple(sorted(hand)) for hand in hands)


def _deal_households(kinds: Kinds, panels: Ints, group: list[int], hands: list[list[int]], stream: Stream) -> None:
    """Kinds that live in households of one class: the least used person first, no household twice a panel."""
    orders = {
        kind: shuffled(list(zip(kinds.members[kind], kinds.households[kind], strict=True)), stream) for kind in group
    }
    times = {person: 0 for order in orders.values() for person, _ in order}
    for panel in np.nonzero(panels[:, group].any(axis=1))[0]:
        taken: set[str] = set()
        for kind in sorted(group, key=lambda kind: (len(orders[kind]) - int(panels[panel, kind]), kind)):
            for _ in range(int(panels[panel, kind])):
                person, home = min(
                    (entry for entry in orders[kind] if entry[1] not in taken), key=lambda entry: times[entry[0]]
                )
                taken.add(home)
                times[person] += 1
                hands[panel].append(person)
