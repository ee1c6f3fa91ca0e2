"""Weights for panels, so that drawing one by weight gives everybody exactly the fair chance.

The panels of `panels` are each worth about 1/M. The weights nearest to 1/M with which the panels average *exactly* to
the target solve one least-squares problem (normal equations, T x T), no linear programme: with some 1.3 panels a kind
of person the correction is small and every weight stays positive. That is the whole certificate of attainment: anyone
can add up weights and panels. Found: leximin exact to 1e-12 at 5,000 people. Rejected: a linear programme over the
panels (13 s at 2,000 people and 1,000 panels, and it attained the bound to 2e-4 only).

Source: the normal equations of least squares. Cost: one dense system, kinds by kinds. Why: a proof that anybody can
add up.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from becontree.methods.sortition.pool import Floats, Ints

EXACT = 1e-9


def sparse_weights(panels: Ints, target: Floats) -> tuple[Ints, Floats] | None:
    """(some of the panels, their weights) averaging exactly to `target`, where the weights near 1/M do not; or None.

    One linear programme finds which panels are enough (at most T + 1 of them); least squares on those takes the error
    to the last digits. Under the rule of one person an address the quotas are so tight that weights near 1/M turn
    negative, though a few panels do: 200 people in 0.1 s.
    """
    optimize: Any = import_module("scipy.optimize")  # late, as it is rarely needed; SciPy carries no types here

    different = np.unique(panels, axis=0)
    sides = np.vstack([different.T, np.ones(len(different))]).astype(float)
    goal = np.append(target, 1.0)
    found = optimize.linprog(np.zeros(len(different)), A_eq=sides, b_eq=goal, bounds=(0, None), method="highs")
    if found.x is None:
        return None
    enough = found.x > EXACT
    weights = np.linalg.lstsq(sides[:, enough], goal, rcond=None)[0]
    chosen = different[enough]
    if np.abs(weights @ chosen - target).max() > EXACT or weights.min() <= 0:
        return None
    return chosen, np.asarray(weights / weights.sum())


def exact_weights(panels: Ints, target: Floats) -> Floats | None:
    """Weights (M, positive, summing to 1) with which `panels` (M x T) average to `target` (T); or None."""
    count = len(panels)
    moving = np.nonzero((panels != panels[0]).any(axis=0))[0]
    missing = target - panels.mean(axis=0)
    if len(moving) == 0:
        return np.full(count, 1 / count) if np.abs(missing).max() < EXACT else None
    body = panels[:, moving].astype(float)
    body -= body.mean(axis=0)
    gram = body.T @ body
    values, vectors = np.linalg.eigh(gram)
    keep = values > values[-1] * 1e-10
    solution = vectors[:, keep] @ ((vectors[:, keep].T @ missing[moving]) / values[keep])
    weights = 1 / count + body @ solution
    # One round of refinement takes the error to the last digits.
    missing = target - weights @ panels
    weights += body @ (vectors[:, keep] @ ((vectors[:, keep].T @ missing[moving]) / values[keep]))
    if np.abs(weights @ panels - target).max() > EXACT or weights.min() <= 0:
        return None
    return np.asarray(weights / weights.sum())
