"""Clauses as vectors: weighted words and pairs of words, then their main directions.

What it computes. TF-IDF (Sparck Jones 1972; 1 + log of the count, times log of how rare) over words and pairs of
neighbouring words, rows of length one, then latent semantic analysis (Deerwester et al. 1990): the leading singular
directions by randomised subspace iteration with a fixed start (Halko, Martinsson and Tropp 2011).

Words in more than one text in twelve (the question's own words, the town's name) say nothing here and are left out.
An `encoder` may stand beside it: any function from texts to rows of numbers (see the `encoder` extra); both halves
then have equal weight. Cost: about 1 second of one core for 5,000 clauses; nothing is downloaded.

Why: it is short, deterministic and needs no download, and labels come from the same words. Rejected: vectors of a
model as the default (tens of megabytes, and nobody can say why two texts are near).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.themes.words import STOP_WORDS, fold, terms

Floats = NDArray[np.float64]
Encoder = Callable[[Sequence[str]], NDArray[Any]]

DIRECTIONS: Final = 100
SPARE: Final = 12  # extra directions while iterating, dropped at the end
ROUNDS: Final = 4
COMMON: Final = 1 / 12
COMMON_IN_FEW: Final = 1 / 2
FEW: Final = 300  # clauses; in so small a collection a word in a quarter of them may well be a theme
RARE: Final = 2
WIDEST: Final = 30_000  # terms kept, the commonest first


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """`rows` (clauses, directions) of length one, or zero where a clause has no usable term; `counts` its terms."""

    rows: Floats
    counts: tuple[Counter[str], ...]
    vocabulary: tuple[str, ...]


def count_terms(clause: str) -> Counter[str]:
    """Words and neighbouring pairs of a clause, without stop words, single letters and bare numbers."""
    said = terms(fold(clause))
    telling = [term if _tells(term) else "" for term in said]
    counts = Counter(term for term in telling if term)
    counts.update(f"{one} {two}" for one, two in pairwise(telling) if one and two)
    return counts


def _tells(term: str) -> bool:
    return term not in STOP_WORDS and not term.isdigit() and (len(term) > 1 or not term.isascii())


def vectors(clauses: Sequence[str], encoder: Encoder | None = None) -> Vectors:
    from scipy.sparse import csr_array

    counts = tuple(count_terms(clause) for clause in clauses)
    frequency: Counter[str] = Counter()
    for one in counts:
        frequency.update(one.keys())
    most = max(3, len(clauses) * (COMMON if len(clauses) >= FEW else COMMON_IN_FEW))
    least = RARE if len(clauses) >= FEW else 1
    kept = [term for term, times in frequency.items() if least <= times <= max(most, least)]
    kept.sort(key=lambda term: (-frequency[term], term))
    vocabulary = tuple(sorted(kept[:WIDEST]))
    at = {term: index for index, term in enumerate(vocabulary)}
    start, columns, values = [0], [], []
    rare = {term: float(np.log((1 + len(clauses)) / (1 + frequency[term])) + 1) for term in vocabulary}
    for one in counts:
        for term in sorted(one.keys() & at.keys()):
            columns.append(at[term])
            values.append((1 + float(np.log(one[term]))) * rare[term])
        start.append(len(columns))
    build: Any = csr_array  # SciPy's sparse classes carry no types
    matrix = build((np.array(values), np.array(columns, dtype=np.int32), start), shape=(len(clauses), len(vocabulary)))
    lengths = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(matrix.indptr))
    rows = unit(_main_directions(matrix))
    if encoder is not None and len(clauses):
        meaning = np.asarray(encoder([fold(clause) for clause in clauses]), dtype=np.float64)
        rows = np.hstack([rows, unit(meaning - meaning.mean(axis=0))]) / np.sqrt(2)
    return Vectors(rows, counts, vocabulary)


def unit(rows: Floats) -> Floats:
    """Rows of length one; rows of nothing stay zero."""
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.where(lengths > 1e-12, lengths, 1.0))


def _main_directions(matrix: Any) -> Floats:
    """Rows of the sparse matrix along its leading right singular directions."""
    rows, columns = matrix.shape
    wide = min(DIRECTIONS + SPARE, rows, columns)
    if wide == 0:
        return np.zeros((rows, 1))
    block = np.random.Generator(np.random.PCG64(20091216)).standard_normal((columns, wide))
    turned = matrix.T
    for _ in range(ROUNDS):
        block, _ = np.linalg.qr(turned @ (matrix @ block))
    image = matrix @ block
    found, mixed = np.linalg.eigh(image.T @ image)
    best = mixed[:, ::-1][:, : min(DIRECTIONS, wide)]
    return np.asarray(image @ best[:, found[::-1][: best.shape[1]] > 1e-9])
