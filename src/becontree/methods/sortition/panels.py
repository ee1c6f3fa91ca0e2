"""Real panels that realise fair chances, by exchanging one seat at a time.

Given how often each kind of person should sit (m_t seats on average), build panels that each meet every quota in
whole numbers and that together give every kind its share to within about one seat:

1. **Face.** A quota that is tight in the average must be tight in every panel, or the mean could not be the target;
   a kind that always or never sits does so in every panel. The quotas are first narrowed to that face.
2. **Herding.** The running debt R = j m - (what the first j panels gave) says who is behind. The next panel is the
   heaviest under R that we can find, so debts stay around one seat and the average closes on m as 1/j (Welling,
   "Herding dynamical weights to learn", 2009; the step is Frank and Wolfe's).
3. **Finding a heavy panel.** On a tight face hardly any single exchange (one person out, one in) keeps all quotas, so
   quotas are first fined, softly and then harder: exchanges pass through small breaches and come back. Each scan
   weighs all (seat, newcomer) pairs with one small matrix product. A panel stuck in a breach is shaken by a little
   noise from the seed; if nothing helps, the panel before, which meets all quotas, is improved without breaches.
4. **Mending.** In a second round each panel is taken out and re-made against the debt of all the others.

3 to 4 ms a panel at 1,000 people. Debts are whole 4096ths of a seat, so sums of 32-bit floats are exact and the same
target and seed give the same panels on any machine. Rejected: an integer programme a panel (0.3 to 0.9 s at 500
people); diving on the linear programme (50 to 150 ms); exchanges of two pairs looked up by hash (50 ms).

Cost: as said, 3 to 4 ms a panel at 1,000 people.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from becontree.methods.sortition.pool import Floats, Ints, Kinds
from becontree.methods.sortition.relaxed import Progress

TIGHT = 1e-6  # a quota this near its limit on average is at its limit in every panel
GRAIN = 4096  # debts are whole 4096ths of a seat: exact in 32-bit floats up to 4,000 seats
FINES = (0.5, 2.0, 6.0, 20.0)  # seats of debt that a breach of one costs, round by round
HARD = 1000.0  # no breach at any price
SHAKES = 40  # how often a panel stuck in a breach is shaken, by up to how many seats of debt
SHAKE_BY = 2.0
DEARER = 4.0  # what a quota's fine grows by each time
SCANS = 12
Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Face:
    """The part of the panels on which the target lies: narrower quotas, kinds that always or never sit."""

    least: Ints
    most: Ints
    lower: Ints
    upper: Ints


def face(kinds: Kinds, target: Floats) -> Face:
    """Narrow the quotas to those that every panel must meet if panels are to average `target` (T, in seats)."""
    used = kinds.matrix() @ target
    least, most = kinds.least.copy(), kinds.most.copy()
    low, high = used <= least + TIGHT, used >= most - TIGHT
    most[low] = kinds.least[low]
    least[high] = kinds.most[high]
    lower = np.where(target >= kinds.size - TIGHT, kinds.size, 0)
    upper = np.where(target <= TIGHT, 0, kinds.size)
    return Face(least, most, lower, upper)


def wide(kinds: Kinds) -> Face:
    """All the panels that the quotas allow."""
    return Face(kinds.least, kinds.most, np.zeros_like(kinds.size), kinds.size)


class Noise:
    """Numbers from a seed (SHAKE-256 of the seed and a counter): the same on every machine and version."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._turn = 0

    def units(self, count: int) -> Singles:
        """`count` numbers from 0 up to 1, whole 4096ths."""
        self._turn += 1
        block = hashlib.shake_256(self._seed + self._turn.to_bytes(8, "big")).digest(2 * count)
        return (np.frombuffer(block, dtype=">u2").astype(np.float32) // 16) / np.float32(GRAIN)


@dataclass(slots=True)
class Panel:
    """A panel under work: kind of each seat (k), seats of each kind (T), people in each quota (R)."""

    members: Ints
    seats: Ints
    used: Ints

    def copy(self) -> Panel:
        return Panel(self.members.copy(), self.seats.copy(), self.used.copy())


class Workshop:
    """Finds heavy panels on one face. All state is in the panels handed in, and in the noise."""

    def __init__(self, kinds: Kinds, limits: Face, seed: bytes) -> None:
        self.kinds, self.limits = kinds, limits
        self.noise = Noise(seed)
        matrix = kinds.matrix()
        # Kinds in blocks, each product below the size (2^18) from which OpenBLAS calls in threads: on a busy machine
        # they cost 30 times what they save.
        block = max(1, 2**18 // (len(matrix) * max(1, kinds.seats)) // 2)
        self._blocks = np.zeros((-(-kinds.count // block), block, len(matrix)), dtype=np.float32)
        self._blocks.reshape(-1, len(matrix))[: kinds.count] = matrix.T
        self._of_kind = np.ascontiguousarray(matrix.T.astype(np.int32))
        self._rows: list[list[int]] = kinds.row.tolist()
        self._least: list[int] = limits.least.tolist()
        self._most: list[int] = limits.most.tolist()
        self._lower: list[int] = limits.lower.tolist()
        self._upper: list[int] = limits.upper.tolist()
        self.stuck = 0

    def panel(self, seats: Ints) -> Panel:
        used = np.rint(self.kinds.matrix() @ seats).astype(np.int64)
        return Panel(np.repeat(np.arange(self.kinds.count), seats), seats.astype(np.int64).copy(), used)

    def heavy(self, start: Panel, debt: Floats, worth_of_start: float | None = None) -> Panel:
        """A panel on the face that is heavy under `debt` (T seats); never lighter than `start`, which is kept."""
        weight = (np.rint(debt * GRAIN) / GRAIN).astype(np.float32)
        panel, best = start.copy(), None
        alike = np.ones(len(self.kinds.least), dtype=np.float32)
        for fine in FINES:
            self._climb(panel, weight, fine * alike)
        fines = FINES[-2] * alike
        tries = 0
        while self._breaches(panel) and tries < SHAKES:
            tries += 1
            # A quota that stays in breach gets dearer until it gives way (the breakout method, Morris 1993).
            fines[(panel.used < self.limits.least) | (panel.used > self.limits.most)] += DEARER
            shaken = weight + np.float32(SHAKE_BY) * self.noise.units(len(weight))
            self._climb(panel, shaken, fines)
        if not self._breaches(panel):
            if tries:
                self._climb(panel, weight, HARD * alike)
            best = panel
        else:
            self.stuck += 1
        if best is None or self._distance(best, weight) > self._distance(start, weight):
            best = start.copy()
            self._climb(best, weight, HARD * alike)
        return best

    @staticmethod
    def _distance(panel: Panel, weight: Singles) -> float:
        return float(((weight - panel.seats) ** 2).sum(dtype=np.float64))

    def _breaches(self, panel: Panel) -> bool:
        return bool((panel.used < self.limits.least).any() or (panel.used > self.limits.most).any())

    def _climb(self, panel: Panel, weight: Singles, fines: Singles) -> None:
        members, seats, used = panel.members, panel.seats, panel.used.tolist()
        rows, least, most, lower, upper = self._rows, self._least, self._most, self._lower, self._upper
        seated, price = np.arange(len(members)), fines.tolist()
        for _ in range(SCANS):
            # What one more person in each quota would cost, after each member in turn has left (R x k).
            without = np.array(used, dtype=np.int32) - self._of_kind[members]
            cost = ((without >= self.limits.most).astype(np.float32) - (without < self.limits.least)) * fines
            charge = (self._blocks @ cost.astype(np.float32).T).reshape(-1, len(members))[: self.kinds.count]
            # The next seat of a kind is worth its debt less the seats that it has: least squares, seat by seat.
            worth = (weight - seats.astype(np.float32))[:, None] - charge
            stay = worth[members, seated] + np.float32(1)
            worth[seats >= self.limits.upper] = -1e9
            best = worth.argmax(axis=0)
            gain = worth[best, seated] - stay
            gain[seats[members] <= self.limits.lower[members]] = -1.0
            order = np.argsort(-gain, kind="stable")
            if gain[order[0]] <= 0:
                break
            threshold = float(gain[order[0]]) * 0.3
            for seat in order.tolist():
                if gain[seat] < threshold:
                    break
                gone, come = int(members[seat]), int(best[seat])
                if come == gone or seats[come] >= upper[come] or seats[gone] <= lower[gone]:
                    continue
                breach = 0.0  # recounted, because exchanges before this one have moved the quotas
                for old, new in zip(rows[gone], rows[come], strict=True):
                    if old != new:
                        breach += price[old] * ((used[old] <= least[old]) - (used[old] > most[old]))
                        breach += price[new] * ((used[new] >= most[new]) - (used[new] < least[new]))
                gained = float(weight[come]) - float(weight[gone]) + int(seats[gone]) - 1 - int(seats[come])
                if gained - breach < threshold:
                    continue
                members[seat] = come
                seats[gone] -= 1
                seats[come] += 1
                for old in rows[gone]:
                    used[old] -= 1
                for new in rows[come]:
                    used[new] += 1
        panel.used[:] = used


def herd(
    workshop: Workshop, start: Ints, target: Floats, count: int, *, progress: Progress | None = None
) -> tuple[Ints, Floats]:
    """`count` panels (count x T) that follow `target` (T, mean seats), and the debt that they leave (T seats)."""
    kinds = workshop.kinds
    panels = np.zeros((count, kinds.count), dtype=np.int64)
    debt = np.zeros(kinds.count)
    panel = workshop.panel(start)
    for index in range(count):
        debt += target
        panel = workshop.heavy(panel, debt)
        panels[index] = panel.seats
        debt -= panel.seats
        if progress and index % 8 == 0:
            progress(index, count, "building panels")
    return panels, debt


def mend(workshop: Workshop, panels: Ints, debt: Floats, *, rounds: int = 1, enough: float = 1.0) -> Floats:
    """Re-make panels (M x T, in place) one by one against the debt of all others; the debt that is left.

    Stops when no kind is owed or has had `enough` seats too many.
    """
    for _ in range(rounds):
        for index in range(len(panels)):
            if np.abs(debt).max() < enough:
                return debt
            # Only panels that hold a kind with seats to spare can help.
            if not (panels[index][debt < -enough / 2] > 0).any():
                continue
            old = workshop.panel(panels[index])
            without = debt + old.seats
            # Squares, not sums: a seat is worth giving when it brings the debt nearer to nothing.
            new = workshop.heavy(old, without)
            after = without - new.seats
            if (after**2).sum() < (debt**2).sum() - 1e-9:
                panels[index] = new.seats
                debt = after
    return debt
