"""Reads of studies: cards of themes, the texts in them with the doubtful first, the tray, what was done, agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from becontree.citizenship.manifesto import sources
from becontree.citizenship.manifesto.models import Clause, Coding, Placement, Sample, Step, Study, Theme
from becontree.foundations.people import queries as people
from becontree.methods import themes as method


@dataclass(frozen=True, slots=True)
class Part:
    """A clause with its words as they stand now; `words` is empty where somebody took them back."""

    number: int
    words: str
    ref: str
    handle: str
    language: str
    may_quote: bool
    touched: bool
    excluded: bool
    near: int | None = None
    guess: str = ""
    themes: tuple[str, ...] = ()
    alike: tuple[int, ...] = ()  # the numbers of those that say the same in the same words, of those shown

    @property
    def times(self) -> int:
        return 1 + len(self.alike)

    @property
    def numbers(self) -> str:
        """Its own number and those of its likes, for one tick that means them all: "12,15"."""
        return ",".join(str(number) for number in (self.number, *self.alike))


def studies() -> QuerySet[Study]:
    """Every study, newest first, with its number of texts."""
    return Study.objects.annotate(texts=Count("answers", distinct=True)).order_by("-created_at", "slug")


def themes(study: Study) -> QuerySet[Theme]:
    """Live themes: those that people named or made first, each kind with the largest first, in people."""
    return study.themes.filter(live=True).order_by("-named", "-people", "id")


def parts(rows: Sequence[Clause], near: Mapping[int, int | None] | None = None) -> list[Part]:
    """Clauses (with `answer` joined) with their words. One query for the words, however many."""
    said = sources.words(row.answer.handle for row in rows)
    cut: dict[int, list[str]] = {}
    found = []
    for row in rows:
        answer = row.answer
        voice = said.get(answer.handle)
        if answer.pk not in cut:
            whole = answer.words or (voice.words if voice else "")
            cut[answer.pk] = method.clauses(whole) if whole else []
        own = cut[answer.pk]
        found.append(
            Part(
                number=row.number,
                words=own[row.part] if row.part < len(own) else "",
                ref=answer.ref,
                handle=answer.handle,
                language=voice.language if voice else "",
                may_quote=voice.may_quote if voice else answer.may_quote,
                touched=row.touched,
                excluded=row.excluded,
                near=near.get(row.pk) if near is not None else row.near,
                guess=row.guess,
            )
        )
    return found


def cards(study: Study, shown: Iterable[Theme]) -> list[dict[str, Any]]:
    """Each theme with its five typical and five doubtful clauses. Two queries for all of them.

    A theme whose clauses a machine has not weighed (a person began it) shows the first of its own.
    """
    listed = list(shown)
    wanted = {number for theme in listed for number in [*theme.typical, *theme.doubtful]}
    bare = [theme.pk for theme in listed if not theme.typical]
    own: dict[int, list[int]] = {}
    if bare:
        rows = Placement.objects.filter(theme__in=bare).order_by("theme", "clause__number")
        for theme_id, number in rows.values_list("theme_id", "clause__number")[:2_000]:
            if len(own.setdefault(theme_id, [])) < 5:
                own[theme_id].append(number)
        wanted |= {number for numbers in own.values() for number in numbers}
    rows_of = study.clauses.filter(number__in=wanted).select_related("answer")
    by_number = {part.number: part for part in parts(list(rows_of))}

    def pick(numbers: Iterable[int]) -> list[Part]:
        return together(by_number[number] for number in numbers if number in by_number and by_number[number].words)

    return [
        {
            "theme": theme,
            "typical": pick(theme.typical or own.get(theme.pk, [])),
            "doubtful": pick(theme.doubtful),
        }
        for theme in listed
    ]


def together(rows: Iterable[Part]) -> list[Part]:
    """The same words once, with how many said them; whatever the case and the spaces. Words taken back stay apart."""
    first: dict[tuple[str, bool], Part] = {}
    for part in rows:
        said = " ".join(part.words.casefold().split()).rstrip(".!")
        key = (said or f"\0{part.number}", part.near is None)  # what a person placed stays apart from a machine's
        known = first.get(key)
        first[key] = replace(known, alike=(*known.alike, part.number)) if known else part
    return list(first.values())


def members(theme: Theme) -> QuerySet[Placement]:
    """A theme's clauses, the doubtful ones first; what a person put there comes last, in order."""
    return (
        theme.placements.select_related("clause__answer")
        .order_by(F("near").asc(nulls_last=True), "clause__number")
    )  # fmt: skip


def tray(study: Study) -> QuerySet[Clause]:
    """What is not yet sorted, what is nearest to some theme first. What somebody left there on purpose is not here."""
    return (
        study.clauses.filter(sorted=False, excluded=False, touched=False)
        .select_related("answer")
        .order_by("-near", "number")
    )


def left_out(study: Study) -> QuerySet[Clause]:
    return study.clauses.filter(excluded=True).select_related("answer").order_by("number")


def counts(study: Study) -> dict[str, int]:
    """How much is sorted, waits, was left out or decided by people; texts and people. One query and one more."""
    every = Count("pk")
    found = study.clauses.aggregate(
        n_parts=every,
        n_sorted=Count("pk", filter=Q(sorted=True)),
        n_waiting=Count("pk", filter=Q(sorted=False, excluded=False, touched=False)),
        n_nowhere=Count("pk", filter=Q(sorted=False, excluded=False, touched=True)),
        n_excluded=Count("pk", filter=Q(excluded=True)),
        n_touched=Count("pk", filter=Q(touched=True)),
    )
    heard = study.answers.aggregate(n_texts=every, n_people=Count("person", distinct=True))
    return {name.removeprefix("n_"): n for name, n in {**found, **heard}.items()}


def history(study: Study) -> QuerySet[Step]:
    """What people did, newest first."""
    return study.steps.order_by("-number")


def names_of(steps: Iterable[Step]) -> dict[str, str]:
    """Who did them, by party id. One query."""
    listed = list(steps)
    return people.names({step.by for step in listed} | {step.undone_by for step in listed if step.undone_by})


@dataclass(frozen=True, slots=True)
class Difference:
    part: Part
    first: tuple[str, ...]
    second: tuple[str, ...]
    settled: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far two coders agree. `alpha` over sets of themes; `kappa` over the texts to which both gave one theme at
    most; `by_theme`: (theme, kappa of in-or-out, how often the first and the second used it)."""

    done: tuple[int, int]
    both: int
    alpha: Fraction | None
    kappa: method.Kappa | None
    by_theme: tuple[tuple[Theme, method.Kappa, int, int], ...]
    differences: tuple[Difference, ...]


def agreement_of(sample: Sample) -> Agreed:
    """The two coders' agreement on a sample, and where they differ. Six queries."""
    given: dict[str, dict[int, frozenset[str]]] = {coder: {} for coder in sample.coders}
    for coder, number, codes in Coding.objects.filter(sample=sample).values_list("coder", "clause__number", "themes"):
        given.setdefault(coder, {})[number] = frozenset(codes)
    first, second = ([given[coder] for coder in sample.coders] + [{}, {}])[:2]
    both = sorted(first.keys() & second.keys())
    units = [{"first": first[number], "second": second[number]} for number in both]
    alpha = method.krippendorffs_alpha(units, method.masi_distance)
    single = [number for number in both if len(first[number]) <= 1 and len(second[number]) <= 1]
    kappa = method.cohens_kappa([first[n] for n in single], [second[n] for n in single]) if single else None
    by_code = {theme.code: theme for theme in sample.study.themes.all()}
    used = sorted({code for number in both for code in first[number] | second[number]} & by_code.keys())
    per_theme = []
    for code in used:
        ours, theirs = [code in first[n] for n in both], [code in second[n] for n in both]
        per_theme.append((by_code[code], method.cohens_kappa(ours, theirs), sum(ours), sum(theirs)))
    apart = [number for number in both if first[number] != second[number]]
    rows = list(sample.study.clauses.filter(number__in=apart).select_related("answer"))
    settled = _settled(sample.study, apart)
    differences = [
        Difference(part, _labels(first[part.number], by_code), _labels(second[part.number], by_code),
                   part.number in settled)
        for part in parts(rows)
    ]  # fmt: skip
    per_theme.sort(key=lambda one: (one[1].value is None, one[1].value or 0, one[0].code))
    return Agreed(
        (len(first), len(second)), len(both), alpha, kappa, tuple(per_theme),
        tuple(sorted(differences, key=lambda one: (one.settled, one.part.number))),
    )  # fmt: skip


def _labels(codes: Iterable[str], by_code: Mapping[str, Theme]) -> tuple[str, ...]:
    return tuple(str(by_code[code]) if code in by_code else code for code in sorted(codes))


def _settled(study: Study, numbers: Sequence[int]) -> set[int]:
    rows = study.steps.filter(kind="place", undone_at=None).values_list("said", flat=True)
    return {number for said in rows for number in said.get("clauses", ())} & set(numbers)
