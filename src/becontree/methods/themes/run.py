"""A run: texts in, themes out, with what people have decided about earlier themes kept.

People's acts are inputs: rename, merge, split, exclude and move. They name themes by the ids of an earlier run, which
is given as `previous`. A re-run with new texts leaves every text that was sorted where it was, replays the acts, then
sorts only the new texts: into a theme whose texts they resemble, else into new themes, else into the unsorted tray.
So nothing that people did is undone by a machine. Texts are recognised by their words (and their number among equals),
not by their row.

Source: how analysts keep a code frame (Braun and Clarke 2006: themes are revised by people); the replay is our own
(docs/decisions/0012). Why: a council reads the first thousand answers before the last thousand come. Cost: that of one
finding over the new texts. Rejected: sorting everything anew (people's work would be undone), and edits as changes to
a stored result (nobody could then say what was decided).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from becontree.methods.findings import Finding, Unusable
from becontree.methods.themes import finding
from becontree.methods.themes.personal import has_personal, without_personal
from becontree.methods.themes.records import Edit, Memory, Quote, Run, Theme
from becontree.methods.themes.repeats import Repeat, repeats
from becontree.methods.themes.vectors import Encoder, Floats, unit, vectors
from becontree.methods.themes.words import clauses as split_clauses

METHOD: Final = "themes/words@1"
QUOTES: Final = 5
QUOTED_LETTERS: Final = (20, 240)  # shorter says little, longer is hard to read in a list
MARKS_QUOTED: Final = 8
ACTS: Final = ("rename", "merge", "split", "exclude", "move")


def find_themes(
    texts: Sequence[str],
    *,
    ids: Sequence[str] | None = None,
    edits: Sequence[Edit] = (),
    previous: Memory | None = None,
    k: int | None = None,
    encoder: Encoder | None = None,
    encoder_name: str = "",
    progress: Callable[[int, int, str], None] | None = None,
) -> Run:
    """Themes in `texts`. `ids` (unique; default the row number from 1) name them in the result.

    Raises Unusable where there is no text at all, ids are not unique, or an act names what is not there.
    """
    names = [str(one + 1) for one in range(len(texts))] if ids is None else list(ids)
    if len(names) != len(texts):
        raise ValueError("ids and texts must be equally long.")
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        what = f"The id {twice[0]} stands twice."
        raise Unusable(Finding("themes.id.twice", what, field="id", fix="Give every text an id of its own."))
    if not any(text.strip() for text in texts):
        raise Unusable(Finding("themes.texts.none", "There is no text.", fix="Give a column that holds the answers."))
    tell = progress or (lambda done, total, what: None)
    tell(0, 4, "reading")
    keys = text_keys(texts)
    work = _Work(texts, names, keys, previous or Memory(), encoder)
    tell(1, 4, "finding themes")
    if previous is None:
        work.suggest(list(range(len(work.clauses))), k)
        work.replay(edits)
    else:
        work.recall()
        work.replay(edits)
        work.sort_new(k)
    tell(2, 4, "comparing texts")
    copies = repeats(texts)
    tell(3, 4, "writing labels")
    method = METHOD if encoder is None else f"{METHOD}+{encoder_name or 'encoder'}"
    run = work.result(method, copies, tuple(edits))
    tell(4, 4, "done")
    return run


def text_keys(texts: Sequence[str]) -> list[str]:
    """A name for each text that does not hang on its row: a hash of its words, and its number among equals."""
    seen: Counter[str] = Counter()
    keys = []
    for text in texts:
        digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] += 1
        keys.append(digest if seen[digest] == 1 else f"{digest}/{seen[digest]}")
    return keys


class _Work:
    """The state of one run."""

    def __init__(
        self, texts: Sequence[str], names: list[str], keys: list[str], memory: Memory, encoder: Encoder | None
    ) -> None:
        self.texts, self.names, self.keys, self.memory = texts, names, keys, memory
        order = sorted(range(len(texts)), key=lambda at: (texts[at], keys[at]))  # rows may come in any order
        self.clauses: list[str] = []
        self.owner: list[int] = []
        for at in order:
            parts = split_clauses(texts[at])
            self.clauses.extend(parts)
            self.owner.extend([at] * len(parts))
        self.vectors = vectors(self.clauses, encoder)
        self.of_text: dict[int, list[int]] = defaultdict(list)
        for clause, at in enumerate(self.owner):
            self.of_text[at].append(clause)
        self.members: dict[str, dict[int, list[int]]] = {}  # theme -> text -> its clauses there
        self.labels: dict[str, str] = dict(memory.labels)
        self.excluded_themes: set[str] = set(memory.excluded_themes)
        self.excluded: set[int] = set()
        self.touched: set[str] = set(memory.touched)
        self.next = memory.next
        self.findings: list[Finding] = []

    def suggest(self, clauses: list[int], k: int | None) -> None:
        """New themes among these clauses, largest first."""
        if not clauses:
            return
        rows = self.vectors.rows[clauses]
        centres, label = finding.cluster(rows, k if k is not None else finding.how_many(len(clauses)))
        close = np.einsum("ij,ij->i", rows, centres[label]) >= finding.CLOSE if len(centres) else np.zeros(len(rows))
        groups: dict[int, list[int]] = defaultdict(list)
        for at, clause in enumerate(clauses):
            if label[at] >= 0 and close[at]:
                groups[int(label[at])].append(clause)
        # A clause that uses none of the words that set its theme apart is near it by accident.
        numbers = sorted(groups)
        apart = finding.telling_terms(self.vectors, [groups[one] for one in numbers])
        for number, scores in zip(numbers, apart, strict=True):
            marks = set(finding.marks(scores))
            groups[number] = [one for one in groups[number] if marks & self.vectors.counts[one].keys()]
        ready = [group for group in groups.values() if len({self.owner[one] for one in group}) >= finding.SMALLEST]
        ready.sort(key=lambda group: (-len({self.owner[one] for one in group}), group[0]))
        for group in ready:
            theme = self._new_theme()
            for clause in group:
                self.members[theme].setdefault(self.owner[clause], []).append(clause)

    def _new_theme(self) -> str:
        theme = f"t{self.next}"
        self.next += 1
        self.members[theme] = {}
        return theme

    def recall(self) -> None:
        """Every text that an earlier run sorted goes back to where it was."""
        at_key = {key: at for at, key in enumerate(self.keys)}
        for key in self.memory.excluded_texts:
            if key in at_key:
                self.excluded.add(at_key[key])
        for theme in sorted({theme for held in self.memory.placed.values() for theme in held}, key=_number):
            self.members[theme] = {}
        for key, held in self.memory.placed.items():
            if key in at_key:
                for theme in held:
                    self.members[theme][at_key[key]] = []
        gone = len(set(self.memory.placed) - set(at_key))
        if gone:
            what = f"{gone} texts of the earlier run are not in this file."
            self.findings.append(Finding("themes.texts.gone", what, "note"))

    def replay(self, edits: Sequence[Edit]) -> None:
        at_name = {name: at for at, name in enumerate(self.names)}
        at_key = {key: at for at, key in enumerate(self.keys)}
        earlier = {name: at_key[key] for name, key in self.memory.ids.items() if key in at_key}

        def text(name: str, number: int) -> int:
            # An id means the text that had it when people acted: rows may have moved since.
            found = earlier.get(name, at_name.get(name))
            if found is None:
                raise _unknown(f"Act {number} names text {name}, which is not there.", "texts")
            return found

        def theme(name: str, number: int) -> str:
            if name not in self.members:
                raise _unknown(f"Act {number} names theme {name or '(none)'}, which is not there.", "theme")
            return name

        for number, edit in enumerate(edits, 1):
            picked = [text(name, number) for name in edit.texts]
            if edit.act == "rename":
                if not edit.label.strip():
                    raise _unknown(f"Act {number} gives no label.", "label")
                self.labels[theme(edit.theme, number)] = edit.label.strip()
            elif edit.act == "merge":
                if len(edit.themes) < 2:
                    raise _unknown(f"Act {number} merges fewer than two themes.", "themes")
                first, *rest = [theme(name, number) for name in edit.themes]
                for other in dict.fromkeys(rest):
                    if other == first:
                        continue
                    for at, held in self.members.pop(other).items():
                        self.members[first].setdefault(at, []).extend(held)
                    self.labels.pop(other, None)
                self._name(first, edit.label)
                self.touched.add(first)
            elif edit.act == "split":
                source = theme(edit.theme, number)
                if not picked:
                    raise _unknown(f"Act {number} splits off no texts.", "texts")
                fresh = self._new_theme()
                for at in picked:
                    self.members[fresh][at] = self.members[source].pop(at, [])
                self._name(fresh, edit.label)
                self.touched.update((source, fresh))
            elif edit.act == "exclude":
                if edit.theme:
                    self.excluded_themes.add(theme(edit.theme, number))
                elif not picked:
                    raise _unknown(f"Act {number} excludes neither a theme nor texts.", "theme")
                self.excluded.update(picked)
            elif edit.act == "move":
                target = theme(edit.theme, number)
                for at in picked:
                    for theme_held in self.members.values():
                        theme_held.pop(at, None)
                    self.members[target][at] = []
                self.touched.add(target)
            else:
                raise _unknown(f"Act {number} is {edit.act!r}; known are {', '.join(ACTS)}.", "act")

    def _name(self, theme: str, label: str) -> None:
        if label.strip():
            self.labels[theme] = label.strip()

    def sort_new(self, k: int | None) -> None:
        """Texts that no run has seen: into a theme they resemble, else into new themes."""
        known = set(self.memory.placed) | set(self.memory.excluded_texts) | set(self.memory.ids.values())
        placed = {at for held in self.members.values() for at in held}
        fresh = [
            clause
            for clause, at in enumerate(self.owner)
            if self.keys[at] not in known and at not in placed and at not in self.excluded
        ]
        themes = [theme for theme in self.members if self.members[theme]]
        left = fresh
        if themes and fresh:
            centres = np.vstack([self._centre(theme) for theme in themes])
            like = np.round(self.vectors.rows[fresh] @ centres.T, 12)
            left = []
            for at, clause in enumerate(fresh):
                best = int(np.argmax(like[at]))
                if like[at, best] >= finding.CLOSE:
                    self.members[themes[best]].setdefault(self.owner[clause], []).append(clause)
                else:
                    left.append(clause)
        if len(left) >= 2 * finding.CLAUSES_A_THEME:
            self.suggest(left, k)

    def _own_clauses(self, theme: str) -> list[int]:
        """The clauses by which a theme holds its texts; where that is not known, the text's clause nearest the rest."""
        held = self.members[theme]
        sure = [clause for own in held.values() for clause in own]
        unsure = [at for at, own in held.items() if not own and self.of_text[at]]
        if not unsure:
            return sorted(sure)
        base = sure or [clause for at in unsure for clause in self.of_text[at]]
        centre = unit(self.vectors.rows[base].sum(axis=0)[None, :])[0]
        for at in unsure:
            own = self.of_text[at]
            sure.append(own[int(np.argmax(np.round(self.vectors.rows[own] @ centre, 12)))])
        return sorted(sure)

    def _centre(self, theme: str) -> Floats:
        return unit(self.vectors.rows[self._own_clauses(theme)].sum(axis=0)[None, :])

    def result(self, method: str, copies: tuple[Repeat, ...], edits: tuple[Edit, ...]) -> Run:
        left_out = set(self.excluded)
        for theme in self.excluded_themes:
            left_out.update(self.members.get(theme, ()))
        shown = [theme for theme in self.members if theme not in self.excluded_themes]
        visible = {theme: [at for at in self.members[theme] if at not in self.excluded] for theme in shown}
        shown = sorted((t for t in shown if visible[t]), key=lambda t: (-len(visible[t]), _number(t)))
        own = {theme: [c for c in self._own_clauses(theme) if self.owner[c] not in self.excluded] for theme in shown}
        ranked = finding.telling_terms(self.vectors, [own[theme] for theme in shown])
        spelling = finding.spellings(self.clauses)
        group_of = {at: number for number, copy in enumerate(copies) for at in copy.texts}
        themes = []
        for theme, terms in zip(shown, ranked, strict=True):
            words = finding.label_from(list(terms), spelling)
            members = sorted(visible[theme])
            near = self._near(theme, members)
            different = len({("copy", group_of[at]) if at in group_of else ("text", at) for at in members})
            quotes, borderline = self._quotes(own[theme], finding.marks(terms)[:MARKS_QUOTED], group_of)
            themes.append(
                Theme(
                    id=theme,
                    label=self.labels.get(theme) or ", ".join(words) or (quotes[0].text if quotes else "(no words)"),
                    terms=words,
                    members=tuple(self.names[at] for at in members),
                    different=different,
                    quotes=quotes,
                    borderline=borderline,
                    named=theme in self.labels,
                    near=tuple(near),
                )
            )
        placed = {at for theme in shown for at in visible[theme]}
        unplaced = [at for at in range(len(self.texts)) if at not in placed and at not in left_out]
        homes: dict[str, list[str]] = defaultdict(list)
        for theme in sorted(self.members, key=_number):
            for at in self.members[theme]:
                homes[self.keys[at]].append(theme)
        memory = Memory(
            placed={key: tuple(homes[key]) for key in sorted(homes)},
            ids=dict(zip(self.names, self.keys, strict=True)),
            labels={theme: self.labels[theme] for theme in sorted(self.labels, key=_number) if theme in self.members},
            excluded_themes=tuple(sorted(self.excluded_themes, key=_number)),
            excluded_texts=tuple(sorted(self.keys[at] for at in self.excluded)),
            touched=tuple(sorted(self.touched & self.members.keys(), key=_number)),
            next=self.next,
            edits=(*self.memory.edits, *edits),
        )
        telling = {text for text in set(self.texts) if has_personal(text)}  # people say the same: each text once
        personal = [at for at, text in enumerate(self.texts) if text in telling]
        if personal:
            what = f"{len(personal)} texts seem to hold a name, address or number of a person, left out of quotations."
            self.findings.append(Finding("themes.personal", what, "note", fix="Read quotations before publishing."))
        return Run(
            method=method,
            texts=len(self.texts),
            themes=tuple(themes),
            unplaced=tuple(self.names[at] for at in unplaced),
            excluded=tuple(self.names[at] for at in sorted(left_out - placed)),
            repeats=tuple((tuple(self.names[at] for at in copy.texts), copy.identical) for copy in copies),
            personal=tuple(self.names[at] for at in personal),
            findings=tuple(self.findings),
            memory=memory,
            guesses=self._guesses(shown, unplaced),
        )

    def _near(self, theme: str, members: Sequence[int]) -> list[int]:
        """How near each member's nearest clause is to the theme's centre, in thousandths of a cosine."""
        centre = self._centre(theme)[0]
        return [self._closest(at, centre[None, :])[1] for at in members]

    def _closest(self, at: int, centres: Floats) -> tuple[int, int]:
        """Which of the centres is nearest to any of a text's clauses, and how near, in thousandths."""
        own = self.of_text[at]
        if not own or not len(centres):
            return 0, 0
        like = np.round((self.vectors.rows[own] @ centres.T).max(axis=0), 12)
        best = int(np.argmax(like))
        return best, max(0, round(1000 * float(like[best])))

    def _guesses(self, shown: Sequence[str], unplaced: Sequence[int]) -> dict[str, tuple[str, int]]:
        if not shown:
            return {}
        centres = np.vstack([self._centre(theme) for theme in shown])
        found = {}
        for at in unplaced:
            best, near = self._closest(at, centres)
            if near > 0:
                found[self.names[at]] = (shown[best], near)
        return found

    def _quotes(
        self, own: list[int], marks: Sequence[str], group_of: dict[int, int]
    ) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
        """Five typical clauses and five borderline ones, no two near-copies of each other."""
        if not own:
            return (), ()
        rows = self.vectors.rows[own]
        near = np.round(rows @ unit(rows.sum(axis=0)[None, :])[0], 9)
        said = [len(self.vectors.counts[one].keys() & set(marks)) for one in own]
        handy = [QUOTED_LETTERS[0] <= len(self.clauses[one]) <= QUOTED_LETTERS[1] for one in own]
        order = sorted(range(len(own)), key=lambda at: (not handy[at], -min(said[at], 3), -near[at], own[at]))

        def pick(ordered: Sequence[int], skip: set[Any]) -> tuple[Quote, ...]:
            chosen: list[Quote] = []
            for at in ordered:
                text = self.owner[own[at]]
                mark: Any = group_of.get(text, f"text {text}")
                if mark in skip or len(chosen) == QUOTES:
                    continue
                skip.add(mark)
                chosen.append(Quote(without_personal(self.clauses[own[at]]), self.names[text]))
            return tuple(chosen)

        used: set[Any] = set()
        return pick(order, used), pick(order[::-1], used)


def _number(theme: str) -> tuple[int, str]:
    digits = theme.removeprefix("t")
    return (int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 10**9, theme)


def _unknown(message: str, column: str) -> Unusable:
    fix = "Use the ids of the run that the acts are about, and give that run as the previous one."
    return Unusable(Finding("themes.edit.unknown", message, field=column, fix=fix))
