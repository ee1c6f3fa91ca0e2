"""What is kept about a person, class by class: how to hand it over, and how to make it gone.

Each room registers what it holds when it starts (in its `apps.ready`):

    shredders.register("voices", export=export_fn, erase=erase_fn, keeps="What you said stays, without your name.")

`export(person)` returns plain JSON; `erase(person, now)` empties what is personal and returns how many rows it
changed; `holds(person)` returns a sentence where something must be finished first (money under way), else "".
The party id stays everywhere, so everything published still stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from becontree.foundations.people.models import Person


@dataclass(frozen=True, slots=True)
class Shredder:
    label: str
    export: Callable[[Person], Any]
    erase: Callable[[Person, datetime], int | None]
    keeps: str = ""
    holds: Callable[[Person], str] | None = None


_SHREDDERS: Final[dict[str, Shredder]] = {}


def register(
    label: str,
    *,
    export: Callable[[Person], Any],
    erase: Callable[[Person, datetime], int | None],
    keeps: str = "",
    holds: Callable[[Person], str] | None = None,
) -> None:
    """Say what is held under `label`. The same label again replaces it (a module may be imported twice)."""
    _SHREDDERS[label] = Shredder(label, export, erase, keeps, holds)


def every() -> list[Shredder]:
    """All of them, in the order of their labels."""
    return [_SHREDDERS[label] for label in sorted(_SHREDDERS)]
