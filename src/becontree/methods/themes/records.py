"""What a run of themes takes and gives: acts, quotes, themes, what the next run must know, and the whole result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from becontree.methods.findings import Finding


@dataclass(frozen=True, slots=True)
class Edit:
    """One act of a person. Which fields it needs: rename theme, label; merge themes (the first stays), label if
    wanted; split theme, texts, label (the texts leave for a new theme); exclude theme or texts; move texts, theme.

    `texts` are text ids; `by` and `when` say who did it.
    """

    act: str
    theme: str = ""
    themes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    label: str = ""
    by: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause as written (personal details left out), and the text it is from."""

    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Theme:
    """`size` counts texts, `different` counts a campaign's near-copies once. `named` says a person gave the label.

    `near`: for each member how close its nearest clause is to the theme's centre, in thousandths of a cosine.
    """

    id: str
    label: str
    terms: tuple[str, ...]
    members: tuple[str, ...]
    different: int
    quotes: tuple[Quote, ...]
    borderline: tuple[Quote, ...]
    named: bool = False
    near: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the next run needs: where each text (by its key) belongs, the labels people gave, what they left out."""

    placed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)  # text id -> key
    labels: Mapping[str, str] = field(default_factory=dict)
    excluded_themes: tuple[str, ...] = ()
    excluded_texts: tuple[str, ...] = ()  # keys
    touched: tuple[str, ...] = ()  # themes that people merged, split or moved texts into
    next: int = 1
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The result. `unplaced` are text ids in no theme; `excluded` those that people left out.

    `guesses`: for an unplaced text that says anything at all, the theme nearest to it and how near, in thousandths.
    """

    method: str
    texts: int
    themes: tuple[Theme, ...]
    unplaced: tuple[str, ...]
    excluded: tuple[str, ...]
    repeats: tuple[tuple[tuple[str, ...], bool], ...]
    personal: tuple[str, ...]
    findings: tuple[Finding, ...]
    memory: Memory
    guesses: Mapping[str, tuple[str, int]] = field(default_factory=dict)
