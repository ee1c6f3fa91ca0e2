"""What is kept about a person, class by class: how to hand it over, and how to make it gone.

Each room registers what it holds when it starts (in its `apps.ready`):

    shredders.register("voices", name=_("Voices"), export=export_fn, erase=erase_fn, keeps=_("..."), did=did_fn)

`export(person)` returns plain JSON; `erase(person, now)` empties what is personal and returns how many rows it
changed. `keeps` says what stays afterwards and why, and is shown to those for whom `did(person)` is true (to everybody
where there is no `did`). `standing(person, now)` lists what is not settled, each with where to settle it; what has
`goes` set is let go by `release(person, now)` in the same step, and what has not must be finished first (money under
way). The party id stays everywhere, so everything published still stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from becontree.foundations.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that is not settled: what it is, what to do about it, where; `goes` where forgetting lets it go."""

    what: str
    todo: str
    url: str = ""
    goes: bool = False


@dataclass(frozen=True, slots=True)
class Shredder:
    label: str
    name: StrOrPromise
    export: Callable[[Person], Any]
    erase: Callable[[Person, datetime], int | None]
    keeps: StrOrPromise = ""
    did: Callable[[Person], bool] | None = None
    standing: Callable[[Person, datetime], Sequence[Standing]] | None = None
    release: Callable[[Person, datetime], None] | None = None


_SHREDDERS: Final[dict[str, Shredder]] = {}


def register(
    label: str,
    *,
    name: StrOrPromise,
    export: Callable[[Person], Any],
    erase: Callable[[Person, datetime], int | None],
    keeps: StrOrPromise = "",
    did: Callable[[Person], bool] | None = None,
    standing: Callable[[Person, datetime], Sequence[Standing]] | None = None,
    release: Callable[[Person, datetime], None] | None = None,
) -> None:
    """Say what is held under `label`. The same label again replaces it (a module may be imported twice)."""
    _SHREDDERS[label] = Shredder(label, name, export, erase, keeps, did, standing, release)


def every() -> list[Shredder]:
    """All of them, in the order of their labels."""
    return [_SHREDDERS[label] for label in sorted(_SHREDDERS)]


def stays(person: Person) -> list[Shredder]:
    """The classes of which something stays that this person left there."""
    return [one for one in every() if one.keeps and (one.did is None or one.did(person))]


def standing(person: Person, now: datetime) -> list[Standing]:
    """Everything that is not settled, in every room."""
    return [thing for one in every() if one.standing for thing in one.standing(person, now)]
