"""Whether two people who sort the same texts mean the same: agreement beyond what chance would give.

Cohen's kappa (Cohen 1960, Educational and Psychological Measurement 20, 37-46) where each gives one label:
kappa = (observed - expected) / (1 - expected), expected from how often each uses each label.

Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's alpha-reliability") where a text may have several
labels, coders may be more than two, and some may have left out some texts: alpha = 1 - Do / De over all pairs of
values. The distance between two sets of labels is MASI's (Passonneau 2006, LREC): 1 - Jaccard x monotonicity, with
monotonicity 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing.

Why these two: kappa is what readers know, alpha is what several labels and gaps need. Cost: one pass for kappa, every
pair of values for alpha. Rejected: the plain share of agreement (high by chance when one label is common).

Exact: results are Fractions, or None where nothing can be said (everybody always used one and the same label).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

Label = TypeVar("Label", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Kappa:
    """`value` None: both always gave one and the same label, so chance alone would have agreed as well."""

    value: Fraction | None
    observed: Fraction
    expected: Fraction
    n: int


def cohens_kappa(first: Sequence[Label], second: Sequence[Label]) -> Kappa:
    """The agreement of two coders, one label a text each; the n-th labels are about the n-th text.

    >>> cohens_kappa("aabb", "aabb").value
    Fraction(1, 1)

    Raises ValueError where the two are not equally long, or empty.
    """
    if len(first) != len(second) or not first:
        raise ValueError("Two coders' labels must be about the same texts, at least one.")
    n = len(first)
    observed = Fraction(sum(one == other for one, other in zip(first, second, strict=True)), n)
    ours, theirs = Counter(first), Counter(second)
    expected = sum((Fraction(ours[label] * theirs[label], n * n) for label in ours), Fraction(0))
    value = None if expected == 1 else (observed - expected) / (1 - expected)
    return Kappa(value, observed, expected, n)


def masi_distance(one: frozenset[Label], other: frozenset[Label]) -> Fraction:
    """How far apart two sets of labels are, from 0 (the same) to 1 (nothing shared).

    >>> masi_distance(frozenset("ab"), frozenset("abc"))
    Fraction(5, 9)
    """
    if one == other:
        return Fraction(0)
    shared = one & other
    if not shared:
        return Fraction(1)
    alike = Fraction(2, 3) if one <= other or other <= one else Fraction(1, 3)
    return 1 - alike * Fraction(len(shared), len(one | other))


def nominal_distance(one: Hashable, other: Hashable) -> Fraction:
    """0 for the same label, 1 for another."""
    return Fraction(int(one != other))


def krippendorffs_alpha(
    units: Sequence[Mapping[str, Label]], distance: Callable[[Label, Label], Fraction] = nominal_distance
) -> Fraction | None:
    """Alpha over texts (`units`), each a mapping from coder to the value that the coder gave.

    Texts that fewer than two coders dealt with are left out, as the source has it. None where fewer than two values
    are left, or all are the same. Cost: pairs of *different* values, so it stays small however many texts there are.
    """
    paired = [list(unit.values()) for unit in units if len(unit) > 1]
    values = Counter(value for unit in paired for value in unit)
    n = sum(values.values())
    if n < 2:
        return None
    observed = Fraction(0)
    for unit in paired:
        counts = Counter(unit)
        kinds = list(counts)
        apart = sum(
            (
                2 * counts[one] * counts[other] * distance(one, other)
                for at, one in enumerate(kinds)
                for other in kinds[at + 1 :]
            ),
            Fraction(0),
        )
        observed += apart / (len(unit) - 1)
    kinds = list(values)
    expected = sum(
        (
            2 * values[one] * values[other] * distance(one, other)
            for at, one in enumerate(kinds)
            for other in kinds[at + 1 :]
        ),
        Fraction(0),
    )
    if expected == 0:
        return None
    return 1 - (observed / n) / (expected / (n * (n - 1)))
