"""The whole way from a pool to a lottery: check, fair chances, real panels, exact weights, people, figures, record.

`select(pool)` never raises for quotas that cannot be met: that is an answer (status "infeasible", with the conflict
and the least relaxation). It raises `Unusable` only for what makes no sense as a question.

Source: Flanigan et al., Nature 596 (2021) and NeurIPS 2021; each step names its own in its module. Why this way round
(chances first, panels after): the relaxation is small and bounds every lottery, so what panels reach can be measured
against it. Cost: 9 CPU s for 1,000 people and 1,000 panels (docs/benchmarks/sortition.md). Rejected: column generation
over panels from the start, as the peers do (500 CPU s for 500 people).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from becontree.methods.draw.stream import Stream, shuffled
from becontree.methods.draw.stream import seed as draw_seed
from becontree.methods.findings import Finding
from becontree.methods.sortition.deal import deal
from becontree.methods.sortition.integer import (
    Impossible,
    Priced,
    a_panel,
    examine,
    priced_leximin,
    unreachable_kinds,
)
from becontree.methods.sortition.objectives import Fair, fair
from becontree.methods.sortition.panels import Workshop, face, herd, mend, wide
from becontree.methods.sortition.pool import Floats, Ints, Kinds, Pool
from becontree.methods.sortition.relaxed import SLACK, Infeasible, Progress
from becontree.methods.sortition.weights import exact_weights, sparse_weights

VERSION = "1"
TRILLION = 10**12  # the record's unit: chances, weights and multipliers are whole trillionths
EXACT_UP_TO = 2_500  # kinds of people; beyond this the exact weights take minutes and are made only when asked for
SMALL = 60  # kinds of people up to which each is tried in an integer programme: small pools are where parity bites
PRICED_UP_TO = 130  # kinds up to which exact pricing ends in a minute or so
LOST = 40.0  # seats of debt that say that the target cannot be met
Panels = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Selection:
    """The answer. `chance` by person's id; `panels` the lottery (ids); `support` and `weights` realise `chance`.

    `bound`: no lottery gives all who can serve a larger smallest chance (NaN when infeasible).
    `attained`: the smallest chance that the weighted panels (or, without weights, the lottery) give, by recount.
    """

    pool: Pool
    method: str
    status: str
    seed: bytes
    cap: float = 1.0
    chance: dict[str, float] | None = None
    kinds: Kinds | None = None
    bound: float = 0.0
    attained: float | None = None
    unselectable: tuple[str, ...] = ()
    panels: Panels = ()
    support: Ints | None = None
    weights: Floats | None = None
    proof: Fair | None = None
    impossible: Impossible | None = None
    findings: tuple[Finding, ...] = ()

    # -- figures -------------------------------------------------------------------------------------------------

    def selectable(self) -> list[float]:
        shut = set(self.unselectable)
        return sorted(value for name, value in (self.chance or {}).items() if name not in shut)

    @property
    def minimum(self) -> float:
        return self.selectable()[0] if self.selectable() else 0.0

    @property
    def maximum(self) -> float:
        return self.selectable()[-1] if self.selectable() else 0.0

    @property
    def gini(self) -> float:
        """Inequality of chances over the whole pool: 0 all alike, near 1 all with one person."""
        return gini(sorted((self.chance or {}).values()))

    @property
    def geometric_mean(self) -> float:
        values = np.array(self.selectable())
        return float(np.exp(np.log(values).mean())) if len(values) and values[0] > 0 else 0.0

    def lottery_counts(self) -> dict[str, int]:
        """In how many of the panels each person is."""
        seen = Counter(person for panel in self.panels for person in panel)
        return {person.id: seen[person.id] for person in self.pool.people}

    @property
    def lottery_minimum(self) -> float | None:
        if not self.panels:
            return None
        shut, counts = set(self.unselectable), self.lottery_counts()
        return min(count for name, count in counts.items() if name not in shut) / len(self.panels)

    @property
    def name(self) -> str:
        return f"sortition/{self.method}@{VERSION}"


def gini(values: list[float]) -> float:
    """Gini coefficient of sorted values.

    >>> gini([1.0, 1.0]), gini([0.0, 1.0])
    (0.0, 0.5)
    """
    count, total = len(values), sum(values)
    if not count or total <= 0:
        return 0.0
    return sum((2 * place - count + 1) * value for place, value in enumerate(values)) / (count * total)


def select(
    pool: Pool,
    method: str = "leximin",
    *,
    panels: int = 1000,
    seed: bytes = b"",
    cap: float = 1.0,
    exact: bool | None = None,
    progress: Progress | None = None,
) -> Selection:
    """Draw up the lottery: `panels` panels, one of which is to be drawn later (0: stop after the chances).

    `seed` decides everything that fairness leaves open (order inside kinds, order of panels, where the search looks).
    `exact`: also give weights that attain the fair chances to the last digit; None: if there are not too many kinds.
    """
    everybody = pool.kinds
    try:
        proof = fair(everybody, method, cap=cap, progress=progress)
    except Infeasible:
        return Selection(pool, method, "infeasible", seed, cap, impossible=examine(pool))
    findings: list[Finding] = []
    shut = unreachable_kinds(everybody) if everybody.count <= SMALL else ()
    kinds = everybody.without(shut) if shut else everybody
    if kinds.count == 0 or a_panel(kinds) is None:
        return Selection(pool, method, "infeasible", seed, cap, impossible=examine(pool))
    if shut:
        findings.append(Finding(
            "select.relaxation_gap",
            f"With fractions of people the smallest chance would be {proof.chances.bound:.6f}, with people "
            "whom no whole panel can seat. They are left out, and the rest are treated as a pool of their own.",
            "warning",
        ))  # fmt: skip
        proof = fair(kinds, method, cap=cap, progress=progress)
    chance = proof.chances.chance
    if panels == 0 and kinds.count > SMALL:
        return _finish(pool, kinds, method, seed, cap, proof, chance, (), None, None, findings)
    stream = Stream(draw_seed("panel order", hashlib.sha256(seed).digest(), seed or b"no seed"))
    target = chance * kinds.size
    limits = face(kinds, target)
    start = a_panel(kinds, limits)
    if start is None and kinds.count <= PRICED_UP_TO:
        return _priced(pool, kinds, method, panels, seed, cap, proof, findings, stream, progress)
    if start is None:  # nearest whole panels, on all the quotas allow: the chances are then what the lottery gives
        limits, start = wide(kinds), a_panel(kinds)
        assert start is not None
        exact = False
        findings.append(Finding(
            "select.relaxation_gap",
            "No whole panel lies on the fairest mix of quotas; the lottery comes as near as exchanges can.", "warning",
        ))  # fmt: skip
    wanted = panels or 100
    workshop = Workshop(kinds, limits, hashlib.sha256(b"noise" + seed).digest())
    lottery, debt = herd(workshop, start, target, wanted, progress=progress)
    debt = mend(workshop, lottery, debt)
    made, weights = lottery, None
    if exact is None:
        exact = kinds.count <= EXACT_UP_TO
    if exact:
        weights = exact_weights(made, target)
        goal = int(1.35 * kinds.count) + 250
        for _ in range(4):
            if weights is not None or np.abs(debt).max() > LOST:
                break
            extra, debt = _more(workshop, made[-1], target, debt, max(100, goal - len(made)), progress)
            debt = mend(workshop, extra, debt, enough=0.75)
            made = np.vstack([made, extra])
            weights = exact_weights(made, target)
            goal = int(goal * 1.3)
    if weights is None and exact and np.abs(debt).max() <= LOST and (few := sparse_weights(made, target)) is not None:
        made, weights = few
    if weights is None and exact and kinds.count <= PRICED_UP_TO:
        return _priced(pool, kinds, method, panels, seed, cap, proof, findings, stream, progress)
    if weights is None and exact:
        findings.append(Finding(
            "select.not_exact", "The panels come near the fair chances, but no weights attain them exactly.", "note"
        ))  # fmt: skip
    order = shuffled(range(len(lottery)), stream)
    people = deal(kinds, lottery[order], stream) if panels else ()
    return _finish(pool, kinds, method, seed, cap, proof, chance, people, made, weights, findings)


def _more(
    workshop: Workshop, last: Ints, target: Floats, debt: Floats, count: int, progress: Progress | None
) -> tuple[Ints, Floats]:
    panel, panels = workshop.panel(last), []
    for index in range(count):
        debt = debt + target
        panel = workshop.heavy(panel, debt)
        panels.append(panel.seats)
        debt = debt - panel.seats
        if progress and index % 8 == 0:
            progress(index, count, "building panels for exact weights")
    return np.array(panels), debt


def _priced(
    pool: Pool, kinds: Kinds, method: str, panels: int, seed: bytes, cap: float, proof: Fair, findings: list[Finding],
    stream: Stream, progress: Progress | None,
) -> Selection:  # fmt: skip
    """The relaxation lies: price real panels exactly, say what is at most and what is at least."""
    priced: Priced | None = None
    try:
        priced = priced_leximin(kinds, cap=proof.chances.cap, progress=progress)
    except ValueError:
        priced = priced_leximin(kinds, progress=progress)
        findings.append(Finding("select.cap.unkept", "No real panels keep to the cap; it was left out.", "warning"))
    if method in ("nash", "goldilocks"):
        findings.append(Finding(
            "select.method.fallback",
            f"Whole panels cannot give the {method} chances; leximin over real panels was used instead.", "warning",
        ))  # fmt: skip
    findings.append(Finding(
        "select.relaxation_gap",
        f"With fractions of people the smallest chance could be {proof.chances.bound:.6f}; with real panels the fair "
        f"chances were priced one panel at a time.", "warning",
    ))  # fmt: skip
    counts = _apportion(priced.weights, panels)
    lottery = np.repeat(priced.panels, counts, axis=0)
    order = shuffled(range(len(lottery)), stream)
    people = deal(kinds, lottery[order], stream) if panels else ()
    return _finish(
        pool, kinds, method, seed, cap, proof, priced.chance, people, priced.panels, priced.weights, findings,
    )  # fmt: skip


def _apportion(weights: Floats, count: int) -> list[int]:
    """Whole numbers of panels by largest remainder, ties to the earlier panel."""
    whole = np.floor(weights * count + 1e-9).astype(int)
    rest = sorted(range(len(weights)), key=lambda index: (-(weights[index] * count - whole[index]), index))
    for index in rest[: count - int(whole.sum())]:
        whole[index] += 1
    return [int(value) for value in whole]


def _finish(
    pool: Pool, kinds: Kinds, method: str, seed: bytes, cap: float, proof: Fair, chance: Floats,
    people: tuple[tuple[int, ...], ...], support: Ints | None, weights: Floats | None, findings: list[Finding],
) -> Selection:  # fmt: skip
    chance = np.clip(chance, 0.0, 1.0)
    chance[np.abs(chance) < SLACK] = 0.0
    chance[np.abs(chance - 1) < SLACK] = 1.0
    by_person = dict.fromkeys((person.id for person in pool.people), 0.0)
    for kind in range(kinds.count):
        for index in kinds.members[kind]:
            by_person[pool.people[index].id] = float(chance[kind])
    open_to = [kind for kind in range(kinds.count) if chance[kind] > 0]
    named = tuple(sorted(name for name, value in by_person.items() if value == 0.0))
    if named:
        findings.append(Finding(
            "select.unselectable", f"{len(named)} of {len(pool.people)} people can never serve under these quotas.",
            "warning", fix="Widen the quotas for their answers, or tell them.",
        ))  # fmt: skip
    certain = sum(len(kinds.members[kind]) for kind in open_to if chance[kind] >= 1)
    if certain and certain < len(pool.people):
        findings.append(Finding(
            "select.certain", f"{certain} people are certain to be chosen: a quota has as many people as seats.",
            "note",
            fix="Widen that quota, or set a cap.",
        ))  # fmt: skip
    attained = None
    if support is not None and weights is not None:
        given = (weights @ support) / kinds.size
        attained = float(given[open_to].min()) if open_to else 0.0
    ids = tuple(tuple(sorted(pool.people[index].id for index in panel)) for panel in people)
    answer = Selection(
        pool, method, "ok", seed, cap, by_person, kinds, proof.chances.bound, attained, named, ids,
        support if weights is not None else None, weights, proof, None, tuple(findings),
    )  # fmt: skip
    if attained is None and ids:
        answer = Selection(**{**answer.__dict__, "attained": answer.lottery_minimum})
    return answer


def as_json(selection: Selection) -> dict[str, Any]:
    """What `becontree select --json` prints."""
    impossible = selection.impossible
    return {
        "status": selection.status,
        "method": selection.name,
        "seats": selection.pool.seats,
        "people": len(selection.pool.people),
        "probability": dict(sorted((selection.chance or {}).items())),
        "min_selectable": selection.minimum if selection.chance else None,
        "max": selection.maximum if selection.chance else None,
        "gini": selection.gini if selection.chance else None,
        "geometric_mean_selectable": selection.geometric_mean if selection.chance else None,
        "unselectable": list(selection.unselectable),
        "bound": selection.bound if selection.chance else None,
        "attained": selection.attained,
        "lottery_min": selection.lottery_minimum,
        "panels": [list(panel) for panel in selection.panels],
        "conflicts": [conflict.as_dict() for conflict in impossible.conflicts] if impossible else [],
        "parity": bool(impossible and impossible.parity),
        "relaxation": [change.as_dict() for change in impossible.relaxation] if impossible else [],
        "relaxation_within_limits": bool(impossible and impossible.within_limits),
        "findings": [finding.as_dict() for finding in selection.findings],
    }


def kind_rows(kinds: Kinds, panels: Ints) -> list[list[int]]:
    """Panels as lists of kind numbers, one a seat."""
    return [[int(kind) for kind in np.repeat(np.arange(kinds.count), panel)] for panel in panels]
