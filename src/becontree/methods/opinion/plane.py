"""The plane of a conversation: the two directions in which votes differ most, and where each person stands.

What it computes. Principal components of the vote matrix whose holes are filled with the column's mean, as in
Small, Bjorkegren, Erkkila, Shaw and Megill, "Polis: scaling deliberation by mapping high dimensional opinion
spaces" (2021), and as Polis and red-dwarf do. A hole filled with the mean is zero once the mean is taken
away, so that dense matrix *is* the sparse matrix of (vote - mean), and no dense one is ever made.

Why block Lanczos with full re-orthogonalisation and thick restarts, in Davidson's form: each round adds what the two
best vectors so far still miss (Golub and Underwood 1977; Davidson 1975). A round is two sparse products; some fifteen
reach eleven digits, where plain power iteration (Polis: 100 rounds) still holds residue if two eigenvalues are close,
and a dense decomposition is cubic. A warm start needs about half.

Determinism. Votes come in one fixed order, the start block is fixed, each axis is signed so that its largest
loading is positive, and positions are rounded to six decimals, so that a warm and a cold start give the same
bytes unless a value sits within 1e-11 of a rounding edge.

Cost: rounds x 8 floating operations a vote; 12 bytes a vote.

Rejected: dense decompositions (cubic), power iteration (see above), a random start (other bytes on each run).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from becontree.methods.opinion.votes import AGREE, DISAGREE, Votes

Floats = NDArray[np.float64]
Placement = Literal["polis", "live"]
Progress = Callable[[int, int, str], None] | None

BLOCK: Final = 2
WIDEST: Final = (
    30  # vectors held before the space is narrowed: above some 32 LAPACK starts threads for its small matrix
)
KEPT: Final = 8  # best vectors held when it is narrowed, and carried to the next vote
MOST_ROUNDS: Final = 800
TOLERANCE: Final = 1e-11  # length of (matrix x axis - eigenvalue x axis), relative to the largest eigenvalue
DENSE: Final = 40  # up to this many statements the whole small matrix is decomposed at once
PIECE: Final = 200_000  # multiplications in one call: OpenBLAS starts threads above 262,144
NOTHING: Final = 1e-12  # an axis with less than this share of all variance is no axis
DECIMALS: Final = 6
DAMPING: Final = 7  # votes added to a person's own before scaling in the "live" placement


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """How often each statement was agreed with, disagreed with and seen (passes are seen). Shape
    (statements,).
    """

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    seen: NDArray[np.int64]

    @property
    def mean(self) -> Floats:
        """The mean vote; zero for a statement nobody saw."""
        return (self.agree - self.disagree) / np.maximum(self.seen, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """`loadings` has shape (statements, 2), `start` is the block to start from next time, shares sum to at
    most 1.
    """

    loadings: Floats
    shares: tuple[float, float]
    start: Floats
    rounds: int


def tally(votes: Votes) -> Tallies:
    columns = len(votes.statements)
    counts = np.zeros((3, columns), dtype=np.int64)
    for _, part, _ in votes.chunks():
        key = (votes.value[part].astype(np.int32) + 1) * columns
        key += votes.column[part]
        counts += np.bincount(key, minlength=3 * columns).reshape(3, columns)
    return Tallies(counts[AGREE + 1], counts[DISAGREE + 1], counts.sum(axis=0))


def residuals(votes: Votes, mean: Floats) -> Any:
    """The sparse matrix (people, statements) of vote minus column mean; statements taken out are zero."""
    from scipy.sparse import csr_array

    data = votes.value.astype(np.float64)
    live = np.where(votes.out, 0.0, 1.0)
    if votes.out.any():
        data *= live[votes.column]
    data -= (mean * live)[votes.column]
    build: Any = csr_array  # SciPy's sparse classes carry no types
    return build((data, votes.column, votes.start), shape=(len(votes.participants), len(votes.statements)))


def axes_of(matrix: Any, progress: Progress = None, start: Floats | None = None) -> Axes:
    """The two leading axes of a matrix of residuals."""
    turned = matrix.T

    def multiply(block: Floats) -> Floats:
        return np.asarray(turned @ (matrix @ block))

    total = float((matrix.data**2).sum())
    # Every column costs a pass over the votes here, so the two axes alone are carried over.
    carried = None if start is None else start[:, :BLOCK]
    return leading(multiply, matrix.shape[1], total, start=carried, progress=progress)


def leading(
    multiply: Callable[[Floats], Floats],
    size: int,
    total: float,
    *,
    start: Floats | None = None,
    progress: Progress = None,
) -> Axes:
    """The two leading eigenvectors of a symmetric matrix without negative eigenvalues, given by its product.

    `total` is the sum of all its eigenvalues (its trace), of which the two shares are taken.
    """
    if total <= 0 or size == 0:
        return Axes(np.zeros((size, 2)), (0.0, 0.0), _start(size), 0)
    if size <= DENSE:
        matrix = multiply(np.eye(size))
        found, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
        return _signed(found[::-1], vectors[:, ::-1], total, 1)
    basis = _upright(_start(size) if start is None or len(start) != size else start)
    images = multiply(basis)
    small = inner(basis, images)
    rounds = 1
    while True:
        if progress:
            progress(min(rounds, WIDEST), WIDEST, "finding the axes")
        found, mixed = np.linalg.eigh((small + small.T) / 2)
        best, values = mixed[:, ::-1][:, :KEPT], found[::-1][:KEPT]
        missing = times(images, best[:, :2]) - times(basis, best[:, :2]) * values[:2]
        apart = np.sqrt((missing**2).sum(axis=0))
        open_ = apart > TOLERANCE * max(values[0], total * NOTHING)
        fresh = _new_directions(basis, missing[:, open_]) if open_.any() else missing[:, :0]
        if not fresh.shape[1] or rounds == MOST_ROUNDS:
            return _signed(values, times(basis, best), total, rounds)
        if basis.shape[1] + fresh.shape[1] > WIDEST:
            basis, images, small = times(basis, best), times(images, best), np.diag(values)
        image = multiply(fresh)
        rounds += 1
        basis, images = np.hstack([basis, fresh]), np.hstack([images, image])
        seen = inner(basis, image)
        small = np.hstack([np.vstack([small, seen[: len(small)].T]), seen])


def times(left: Floats, right: Floats) -> Floats:
    """left @ right, in pieces too small for the linear algebra library to start threads for.

    At these sizes threads save nothing and wait in a loop: on two cores they took ten times the processor time.
    """
    width = max(1, left.shape[1] * right.shape[1])
    step = max(1, PIECE // width)
    if len(left) <= step:
        return left @ right
    out = np.empty((len(left), right.shape[1]))
    for first in range(0, len(left), step):
        np.matmul(left[first : first + step], right, out=out[first : first + step])
    return out


def inner(left: Floats, right: Floats) -> Floats:
    """left.T @ right, in such pieces."""
    step = max(1, PIECE // max(1, left.shape[1] * right.shape[1]))
    out = left[:step].T @ right[:step]
    for first in range(step, len(left), step):
        out += left[first : first + step].T @ right[first : first + step]
    return out


def _start(size: int) -> Floats:
    """A fixed block with no structure in it: the same for every conversation of this many statements."""
    return np.random.Generator(np.random.PCG64(20190610)).standard_normal((size, BLOCK))


def _new_directions(basis: Floats, block: Floats) -> Floats:
    """What of `block` lies outside `basis`, as orthonormal columns; fewer where there is nothing new."""
    first = block - times(basis, inner(basis, block))
    return _upright(first - times(basis, inner(basis, first)))


def _upright(block: Floats) -> Floats:
    """Gram and Schmidt, twice over: orthonormal columns; those that hold nothing new are left out.

    By `einsum`, which sums in one order on any machine and starts no threads.
    """
    found = np.empty((block.shape[1], len(block)))
    kept = 0
    for at in range(block.shape[1]):
        rest = block[:, at].copy()
        whole = float(np.sqrt(np.einsum("i,i", rest, rest)))
        known = found[:kept]
        for _ in range(2 if kept else 0):
            rest -= np.einsum("i,ij->j", np.einsum("ij,j->i", known, rest), known)
        length = float(np.sqrt(np.einsum("i,i", rest, rest)))
        if length > 1e-9 * whole and length > 0:
            found[kept] = rest / length
            kept += 1
    return np.ascontiguousarray(found[:kept].T)


def _signed(values: Floats, vectors: Floats, total: float, rounds: int) -> Axes:
    size = len(vectors)
    loadings = np.zeros((size, 2))
    shares = [0.0, 0.0]
    for axis in range(min(2, vectors.shape[1])):
        share = float(values[axis]) / total
        if share > NOTHING:
            vector = vectors[:, axis]
            peak = int(np.argmax(np.round(np.abs(vector), 9)))  # rounded, so that a tie does not hang on the last bit
            loadings[:, axis] = vector if vector[peak] > 0 else -vector
            shares[axis] = share
    start = vectors[:, :KEPT] if vectors.shape[1] >= BLOCK else _start(size)
    return Axes(loadings, (shares[0], shares[1]), np.ascontiguousarray(start), rounds)


def place(matrix: Any, votes: Votes, tallies: Tallies, axes: Axes, placement: Placement) -> Floats:
    """Where each person stands, shape (participants, 2), rounded to six decimals.

    "polis": sum over seen statements of residual x loading, times sqrt(statements / seen), where statements
    taken out count as seen by everybody (as Polis and red-dwarf 0.4.0 do). "live": only statements that take
    part count, and seven votes are added to a person's own, so that few votes do not throw a person far out.
    """
    raw = np.asarray(matrix @ axes.loadings)
    known = tallies.seen > 0
    taken_out = int((votes.out & known).sum())
    own = votes.per_person
    if taken_out:
        spent = np.concatenate([[0], np.cumsum(votes.out[votes.column], dtype=np.int64)])
        own = own - (spent[votes.start[1:]] - spent[votes.start[:-1]])
    if placement == "polis":
        scale = np.sqrt(int(known.sum()) / np.maximum(own + taken_out, 1))
    else:
        scale = np.sqrt((int(known.sum()) - taken_out) / (own + DAMPING))
    return np.asarray(np.round(raw * scale[:, None], DECIMALS) + 0.0)  # + 0.0 turns -0.0 into 0.0
