"""What must not be quoted: whatever `becontree.methods.screening` takes for personal data.

A person still reads every quotation before it is published (7 of 3,186 real anonymous answers gave somebody away).

Source, cost and what was rejected: there. Why a module of its own: themes know one question to ask, not how it is
answered.
"""

from __future__ import annotations

from becontree.methods import screening


def has_personal(text: str) -> bool:
    return bool(screening.find(text))


def without_personal(text: str) -> str:
    """The text with such places replaced by [left out].

    >>> without_personal("Ring Oluwaseun on 020 7946 0018 or ann@example.org")
    'Ring [left out] on [left out] or [left out]'
    """
    return screening.masked(text, screening.find(text))
