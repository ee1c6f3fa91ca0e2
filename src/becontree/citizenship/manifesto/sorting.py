"""People's acts over what a machine suggested: pure, so that everything can be undone and replayed.

A run of `methods.themes` leaves a `Base`: suggested themes, and for each clause where the machine would put it. What
people do is a list of `Act`s. What is shown is always `replay(base, acts)`: nothing else is ever the truth. Undoing an
act is replaying without it. A new run makes a new base and the same acts are replayed over it, so people's work stays.

Why replay everything instead of patching: 6,000 clauses and 1,000 acts take some 20 ms, and there is one way only by
which a state can come about. Rejected: inverse acts (a merge forgets who was where), and a copy of the words (people
may take them back; `sources` reads them where they live).

An act that names a theme which is not there any more (its own act was undone) does nothing, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

KINDS: Final = (
    "name",  # theme, label: a person gives (or changes) a theme's name
    "seed",  # theme (new), label, clauses: a theme that a person begins, with examples
    "merge",  # themes: the first stays
    "split",  # theme, clauses, label, new: these clauses leave for a new theme
    "move",  # clauses, theme: out of every other theme, into this
    "add",  # clauses, theme: into this as well
    "remove",  # clauses, theme: out of this one
    "keep",  # clauses, theme: somebody looked, and they belong here
    "place",  # clauses, themes: in exactly these (none: nowhere), after two coders settled it
    "exclude",  # clauses, reason: left out of everything
    "include",  # clauses: back to the tray
    "hide",  # theme: never shown in public
    "show",  # theme: shown again
)

BEGUN: Final = "p"  # codes of themes that people begin; a machine's begin with "t"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person. Clauses are numbers within their study; themes are codes like "t3" or "p2"."""

    kind: str
    theme: str = ""
    themes: tuple[str, ...] = ()
    clauses: tuple[int, ...] = ()
    label: str = ""
    new: str = ""
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Only what is said, for keeping as JSON."""
        full = {
            "theme": self.theme,
            "themes": list(self.themes),
            "clauses": list(self.clauses),
            "label": self.label,
            "new": self.new,
            "reason": self.reason,
        }
        return {name: value for name, value in full.items() if value}

    @classmethod
    def of(cls, kind: str, said: Mapping[str, Any]) -> Act:
        return cls(
            kind=kind,
            theme=said.get("theme", ""),
            themes=tuple(said.get("themes", ())),
            clauses=tuple(said.get("clauses", ())),
            label=said.get("label", ""),
            new=said.get("new", ""),
            reason=said.get("reason", ""),
        )

    @property
    def themes_named(self) -> frozenset[str]:
        return frozenset({self.theme, self.new, *self.themes} - {""})


@dataclass(frozen=True, slots=True)
class Suggested:
    """A theme as the machine found it: words that set it apart, five typical and five doubtful clauses."""

    code: str
    terms: tuple[str, ...] = ()
    typical: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        return ", ".join(self.terms)


@dataclass(frozen=True, slots=True)
class Base:
    """What a machine suggested: themes by code, clause -> {theme: nearness in thousandths}, clause -> best guess."""

    themes: Mapping[str, Suggested] = field(default_factory=dict)
    placed: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    guesses: Mapping[int, tuple[str, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "themes": [[s.code, list(s.terms), list(s.typical), list(s.doubtful)] for s in self.themes.values()],
            "placed": {str(clause): dict(held) for clause, held in self.placed.items()},
            "guesses": {str(clause): list(guess) for clause, guess in self.guesses.items()},
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Base:
        return cls(
            themes={
                code: Suggested(code, tuple(terms), tuple(typical), tuple(doubtful))
                for code, terms, typical, doubtful in said.get("themes", ())
            },
            placed={int(clause): dict(held) for clause, held in said.get("placed", {}).items()},
            guesses={int(clause): (guess[0], guess[1]) for clause, guess in said.get("guesses", {}).items()},
        )


@dataclass(slots=True)
class Shown:
    """A theme as it stands: `named` by a person, `hidden` from the public, `gone` into another."""

    code: str
    label: str = ""
    named: bool = False
    hidden: bool = False
    gone: str = ""
    touched: bool = False
    suggested: Suggested | None = None


@dataclass(slots=True)
class State:
    """`placed`: clause -> {theme: nearness; None where a person put it there}. `touched`: a person decided about it."""

    themes: dict[str, Shown] = field(default_factory=dict)
    placed: dict[int, dict[str, int | None]] = field(default_factory=dict)
    guesses: dict[int, tuple[str, int]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    excluded: dict[int, str] = field(default_factory=dict)
    idle: list[int] = field(default_factory=list)  # which acts (by their place in the list) did nothing
    found: Mapping[str, Suggested] = field(default_factory=dict)  # what the machine says of every theme

    def live(self, code: str) -> Shown | None:
        found = self.themes.get(code)
        return found if found is not None and not found.gone else None

    def members(self, code: str) -> list[int]:
        return [clause for clause, held in self.placed.items() if code in held]


def replay(base: Base, acts: Iterable[Act]) -> State:
    """What is shown: the machine's suggestions with every act applied, in order."""
    state = State(
        themes={
            code: Shown(code, label=suggested.label, suggested=suggested)
            for code, suggested in base.themes.items()
            if not code.startswith(BEGUN)  # a theme that a person began is there because of that act, or not at all
        },
        placed={clause: dict(held) for clause, held in base.placed.items()},
        guesses=dict(base.guesses),
        found=base.themes,
    )
    for at, act in enumerate(acts):
        if not apply(state, act):
            state.idle.append(at)
    alive = {code for code, theme in state.themes.items() if not theme.gone}
    heirs = {code: _heir(state, code) for code in state.themes}
    for clause in list(state.placed):
        kept: dict[str, int | None] = {}
        for code, near in state.placed[clause].items():
            heir = heirs.get(code, "")
            if heir in alive:
                kept.setdefault(heir, near)
        if kept and clause not in state.excluded:
            state.placed[clause] = kept
        else:
            del state.placed[clause]
    state.guesses = {
        clause: (heirs[guess], near)
        for clause, (guess, near) in state.guesses.items()
        if heirs.get(guess, "") in alive and clause not in state.placed and clause not in state.excluded
    }
    return state


def _heir(state: State, code: str) -> str:
    """The theme into which one has gone, at the end of a chain of merges."""
    seen = set()
    while code in state.themes and state.themes[code].gone and code not in seen:
        seen.add(code)
        code = state.themes[code].gone
    return code


def apply(state: State, act: Act) -> bool:
    """Apply one act. False where it does nothing, because what it names is not there."""
    if act.kind in {"seed", "split"}:
        return _begin(state, act)
    if act.kind == "merge":
        return _merge(state, act)
    if act.kind in {"exclude", "include", "place"}:
        return _settle(state, act)
    theme = state.live(act.theme)
    if theme is None:
        return False
    if act.kind == "name":
        theme.label, theme.named = act.label, True
    elif act.kind in {"hide", "show"}:
        theme.hidden = act.kind == "hide"
    elif act.kind in {"move", "add", "remove", "keep"}:
        return _put(state, act, theme)
    else:
        return False
    theme.touched = True
    return True


def _put(state: State, act: Act, theme: Shown) -> bool:
    for clause in act.clauses:
        held = state.placed.setdefault(clause, {})
        if act.kind == "move":
            held.clear()
        if act.kind == "remove":
            held.pop(act.theme, None)
        else:
            held[act.theme] = None
        state.excluded.pop(clause, None)
        state.touched.add(clause)
    theme.touched = True
    return bool(act.clauses)


def _begin(state: State, act: Act) -> bool:
    code = act.new
    if not code or (code in state.themes and not state.themes[code].gone):
        return False
    source = state.live(act.theme) if act.kind == "split" else None
    if act.kind == "split" and source is None:
        return False
    state.themes[code] = Shown(
        code, label=act.label, named=bool(act.label), touched=True, suggested=state.found.get(code)
    )
    for clause in act.clauses:
        held = state.placed.setdefault(clause, {})
        if source is not None:
            held.pop(source.code, None)
        held[code] = None
        state.excluded.pop(clause, None)
        state.touched.add(clause)
    if source is not None:
        source.touched = True
    return True


def _merge(state: State, act: Act) -> bool:
    first, *rest = [code for code in dict.fromkeys(act.themes) if state.live(code)] or [""]
    if not rest:
        return False
    stays = state.themes[first]
    for code in rest:
        state.themes[code].gone = first
        if not stays.named and state.themes[code].named:
            stays.label, stays.named = state.themes[code].label, True
    if act.label:
        stays.label, stays.named = act.label, True
    stays.touched = True
    gone = set(rest)
    for held in state.placed.values():
        for code in gone & held.keys():
            near = held.pop(code)
            held.setdefault(first, near)
    return True


def _settle(state: State, act: Act) -> bool:
    if act.kind == "place" and not all(state.live(code) for code in act.themes):
        return False
    for clause in act.clauses:
        state.touched.add(clause)
        if act.kind == "include":
            state.excluded.pop(clause, None)
            continue
        state.placed[clause] = {}
        if act.kind == "exclude":
            state.excluded[clause] = act.reason
            continue
        state.excluded.pop(clause, None)
        for code in act.themes:
            state.placed[clause][code] = None
            state.themes[code].touched = True
    return bool(act.clauses)


def carry_over(before: Base, fresh: Base, acts: Sequence[Act]) -> Base:
    """A new run's base with what acts speak of kept from the one before, so that each act still finds its theme.

    A theme that no act names is the new run's to make or drop. A clause that stood in a kept theme stays there.
    """
    named = frozenset[str]().union(*(act.themes_named for act in acts)) if acts else frozenset()
    kept = {code: theme for code, theme in before.themes.items() if code in named}
    touched = {clause for act in acts for clause in act.clauses}  # the machine has no say about these any more
    placed = {clause: held for clause, held in fresh.placed.items() if clause not in touched}
    for clause, held in before.placed.items():
        still = {code: near for code, near in held.items() if code in kept}
        if still:
            placed[clause] = still
    renewed = {code: fresh.themes.get(code, theme) for code, theme in kept.items()}
    others = {code: theme for code, theme in fresh.themes.items() if code not in renewed}
    return Base({**renewed, **others}, placed, dict(fresh.guesses))
