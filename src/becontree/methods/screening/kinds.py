"""What the screen finds: one place in a text, its kind, and why it was taken for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = (
    Literal[
        "email",
        "link",
        "account",
        "bank",
        "health number",
        "insurance number",
        "telephone",
        "postcode",
        "plate",
        "birth",
    ]
    | Literal["street", "name"]
)

KINDS: Final[tuple[Kind, ...]] = (
    "email",
    "link",
    "bank",
    "health number",
    "insurance number",
    "telephone",
    "postcode",
    "plate",
    "birth",
    "street",
    "account",
    "name",
)  # where two overlap, the earlier in this order stands


@dataclass(frozen=True, slots=True)
class Found:
    """text[start:end] looks like personal data of a kind. `why`: a few plain words for the person who decides."""

    kind: Kind
    start: int
    end: int
    why: str
