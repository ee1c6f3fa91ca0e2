"""Themes in many short texts: which clauses belong together, and words that set each theme apart.

What it computes. Spherical k-means (Dhillon and Modha 2001) on the clauses' vectors, from three k-means++ starts with
fixed draws; a clause belongs to its theme only if it is close enough, else its text is "not yet sorted". Labels are
the terms with the highest log odds against all other clauses with the whole collection as prior (Monroe, Colaresi
and Quinn 2008), in the spelling people used most.

Why a tray of unsorted texts: no unsupervised method is good enough to publish (58 to 79 % of members fit by eye, in the
design paper), and a heap of leftovers always forms. Better an honest tray than a theme called "maybe, one, every".
Rejected: UMAP with HDBSCAN (themes change when one answer is added, and with the order of answers); steering by NPMI
(rewards repeated words); one theme an answer (37 % of real answers hold more than one thing).

Order. Texts are put in order of their words before anything is drawn, so the order of rows does not matter.

Cost: three runs of k-means over 100 numbers a clause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from becontree.methods.themes.vectors import Floats, Vectors, unit
from becontree.methods.themes.words import fold, surface

MOST_THEMES: Final = 30
CLAUSES_A_THEME: Final = 25
STARTS: Final = 3
ROUNDS: Final = 60
CLOSE: Final = 0.38  # least cosine between a clause and its theme's centre
SMALLEST: Final = 3  # texts; what is smaller stays unsorted
LABEL_TERMS: Final = 3
PRIOR: Final = 100  # words' worth of the whole collection that every theme is taken to hold beforehand
SURE: Final = 2.0  # z of a term that sets a theme apart
MARKS: Final = 25


def how_many(clauses: int) -> int:
    """Themes to look for: one for every 25 clauses, at most 30."""
    return max(1, min(MOST_THEMES, clauses // CLAUSES_A_THEME)) if clauses >= 2 * CLAUSES_A_THEME else min(2, clauses)


def cluster(rows: Floats, k: int) -> tuple[Floats, NDArray[np.int64]]:
    """Centres (k, directions) of length one, and the nearest centre of each row."""
    usable = np.flatnonzero((rows**2).sum(axis=1) > 0)
    k = min(k, len(np.unique(np.round(rows[usable], 9), axis=0)))
    if k == 0:
        return np.zeros((0, rows.shape[1])), np.full(len(rows), -1, dtype=np.int64)
    points = rows[usable]
    random = np.random.Generator(np.random.PCG64(1967))
    best: tuple[float, Floats] | None = None
    for _ in range(STARTS):
        centres = _spread(points, k, random)
        label = np.full(len(points), -1, dtype=np.int64)
        for _round in range(ROUNDS):
            nearest = np.argmax(np.round(points @ centres.T, 12), axis=1)
            if np.array_equal(nearest, label):
                break
            label = nearest
            sums = np.zeros_like(centres)
            np.add.at(sums, label, points)
            held = np.bincount(label, minlength=k) > 0
            centres = np.where(held[:, None], unit(sums), centres)
        total = float((points * centres[label]).sum())
        if best is None or total > best[0] + 1e-9:
            best = (total, centres)
    assert best is not None
    label = np.full(len(rows), -1, dtype=np.int64)
    label[usable] = np.argmax(np.round(points @ best[1].T, 12), axis=1)
    return best[1], label


def _spread(points: Floats, k: int, random: np.random.Generator) -> Floats:
    """k-means++: each next centre drawn with a chance that grows with its distance from those chosen."""
    chosen = [int(random.integers(len(points)))]
    away = np.maximum(1 - points @ points[chosen[0]], 0)
    while len(chosen) < k:
        mass = np.cumsum(away)
        chosen.append(min(int(np.searchsorted(mass, random.random() * mass[-1], side="right")), len(points) - 1))
        away = np.minimum(away, np.maximum(1 - points @ points[chosen[-1]], 0))
    return points[chosen].copy()


def telling_terms(vectors: Vectors, members: Sequence[Sequence[int]]) -> list[dict[str, float]]:
    """For each theme (a list of clause indices) its terms, most telling first, with z: log odds with a prior."""
    whole: Counter[str] = Counter()
    for counts in vectors.counts:
        whole.update(counts)
    total = sum(whole.values())
    strength = min(PRIOR, total / 10)
    known = set(vectors.vocabulary)
    found = []
    for own in members:
        inside: Counter[str] = Counter()
        spread: Counter[str] = Counter()
        for at in own:
            inside.update(vectors.counts[at])
            spread.update(vectors.counts[at].keys())
        size = sum(inside.values())
        scores = {}
        for term, times in inside.items():
            if term not in known or (spread[term] < 2 <= len(own)):
                continue
            prior = strength * whole[term] / total
            others = whole[term] - times
            # The half keeps a term that is everywhere, or nothing else, from dividing by zero.
            odds = np.log((times + prior) / (size + strength - times - prior + 0.5))
            odds -= np.log((others + prior) / (total - size + strength - others - prior + 0.5))
            scores[term] = float(odds / np.sqrt(1 / (times + prior) + 1 / (others + prior)))
        found.append({term: scores[term] for term in sorted(scores, key=lambda term: (-round(scores[term], 9), term))})
    return found


def marks(scores: Mapping[str, float]) -> list[str]:
    """The terms that surely set a theme apart, at most 25; in small collections, the ten that do so best."""
    sure = [term for term, z in scores.items() if z >= SURE][:MARKS]
    return sure if len(sure) >= 3 else [term for term, z in scores.items() if z > 0][:10]


def label_from(ranked: Sequence[str], spelling: Mapping[str, str]) -> tuple[str, ...]:
    """Up to three terms that do not repeat each other, as people spelt them; a pair says more than its words."""
    chosen: list[str] = []
    for rank, term in enumerate(ranked[:40]):
        words = set(term.split())
        touching = [other for other in chosen if words & set(other.split())]
        if not touching:
            if len(chosen) < LABEL_TERMS:
                chosen.append(term)
        elif rank < 8 and all(set(other.split()) < words for other in touching):
            chosen[chosen.index(touching[0])] = term
            chosen = [one for one in chosen if one not in touching[1:]]
    return tuple(" ".join(spelling.get(word, word) for word in term.split()) for term in chosen)


def spellings(clauses: Sequence[str]) -> dict[str, str]:
    """How each term is mostly written, in small letters."""
    written: dict[str, Counter[str]] = {}
    for clause in clauses:
        for term, word in surface(fold(clause)):
            written.setdefault(term, Counter())[word] += 1
    return {term: min(words, key=lambda word: (-words[word], word)) for term, words in written.items()}
