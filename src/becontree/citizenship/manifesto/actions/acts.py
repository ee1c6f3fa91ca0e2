"""What people do with themes: each act is kept, the state is replayed, and the rows that pages read are brought up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto import sorting
from becontree.citizenship.manifesto.actions.studies import locked, plain_line
from becontree.citizenship.manifesto.models import Clause, Placement, Step, Study, Theme, ThemeRun
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.citizenship.manifesto.sorting import Act, Base, State
from becontree.foundations.kit.bulk import insert_rows, update_rows
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.people.actors import Actor, party_id

MOST_CLAUSES: Final = 20_000  # named by one act
LONGEST_LABEL: Final = 120
NEEDS_THEME: Final = {"name", "split", "move", "add", "remove", "keep", "hide", "show"}
NEEDS_CLAUSES: Final = {"split", "move", "add", "remove", "keep", "place", "exclude", "include"}
NEEDS_LABEL: Final = {"name", "seed", "split"}


@transaction.atomic
def act(
    *,
    study: Study,
    kind: str,
    by: Actor,
    now: datetime,
    theme: str = "",
    themes: Sequence[str] = (),
    clauses: Iterable[int] = (),
    label: str = "",
    reason: str = "",
    once: str = "",
) -> Step:
    """Do one act (`sorting.KINDS`), keep it with who and when, and bring the themes up to date.

    themes, theme: codes within the study. clauses: numbers within the study. once: the form's token, so that a form
    sent twice acts once. Raises Invalid that names the field; Clash where what it names has gone meanwhile.
    """
    must_engage(by)
    study = locked(study)
    if once and (found := study.steps.filter(once=once).first()) is not None:
        return found
    wanted = list(dict.fromkeys(clauses))
    label, reason = plain_line(label, LONGEST_LABEL), plain_line(reason, 200)
    _valid(study, kind, theme, themes, wanted, label)
    new = ""
    if kind in {"seed", "split"}:
        new = f"{sorting.BEGUN}{1 + study.steps.filter(kind__in=['seed', 'split']).count()}"
    said = Act(kind, theme, tuple(themes), tuple(wanted), label, new, reason)
    last = study.steps.order_by("-number").values_list("number", flat=True).first() or 0
    step = Step.objects.create(
        study=study, number=last + 1, kind=kind, said=said.as_dict(), once=once, by=party_id(by), at=now
    )
    state = rebuild(study)
    if step.number in {number for number, _said in _idle(study, state)}:
        raise Clash("theme.gone", _("That theme has gone into another meanwhile. Look again."))
    return step


def _valid(study: Study, kind: str, theme: str, themes: Sequence[str], clauses: Sequence[int], label: str) -> None:
    errors: dict[str, str] = {}
    if kind not in sorting.KINDS:
        raise Invalid("act.kind", _("That cannot be done with a theme."), "kind")
    known = set(study.themes.filter(live=True).values_list("code", flat=True))
    if kind in NEEDS_THEME and theme not in known:
        errors["theme"] = _("Choose a theme.")
    if kind == "merge" and len(set(themes) & known) < 2:
        errors["themes"] = _("Choose at least two themes to join.")
    if kind == "place" and set(themes) - known:
        errors["themes"] = _("Choose among the themes that are there.")
    if kind in NEEDS_CLAUSES and not clauses:
        errors["clauses"] = _("Choose at least one text.")
    if kind in NEEDS_LABEL and not label:
        errors["label"] = _("Give it a name, in your own words.")
    if len(clauses) > MOST_CLAUSES:
        errors["clauses"] = _("That is too many texts at once.")
    elif clauses and study.clauses.filter(number__in=clauses).count() != len(clauses):
        errors["clauses"] = _("One of these texts is not in this study.")
    if errors:
        raise Invalid("act.incomplete", " ".join(errors.values()), errors=errors)


@transaction.atomic
def undo(*, study: Study, number: int, by: Actor, now: datetime) -> Step:
    """Take one act back, whichever it is. It stays in the list, marked as undone."""
    must_engage(by)
    study = locked(study)
    step = _step(study, number)
    if step.undone_at is not None:
        return step
    step.undone_at, step.undone_by = now, party_id(by)
    step.save(update_fields=["undone_at", "undone_by"])
    rebuild(study)
    return step


@transaction.atomic
def redo(*, study: Study, number: int, by: Actor, now: datetime) -> Step:
    """Let an act count again."""
    must_engage(by)
    study = locked(study)
    step = _step(study, number)
    if step.undone_at is None:
        return step
    step.undone_at, step.undone_by = None, ""
    step.save(update_fields=["undone_at", "undone_by"])
    rebuild(study)
    return step


def _step(study: Study, number: int) -> Step:
    found = study.steps.filter(number=number).first()
    if found is None:
        raise Invalid("act.unknown", _("There is no such act."), "number")
    return found


def base_of(study: Study) -> Base:
    run = study.runs.filter(state=ThemeRun.State.DONE).order_by("-number").first()
    return Base.of(run.base) if run is not None else Base()


def live_steps(study: Study) -> list[Step]:
    return list(study.steps.filter(undone_at=None).order_by("number"))


def acts_of(steps: Iterable[Step]) -> list[Act]:
    return [Act.of(step.kind, step.said) for step in steps]


def _idle(study: Study, state: State) -> list[tuple[int, Mapping[str, Any]]]:
    steps = live_steps(study)
    return [(steps[at].number, steps[at].said) for at in state.idle]


def rebuild(study: Study, base: Base | None = None) -> State:
    """Replay every act over the latest base, and write the difference into the rows that pages read.

    About 12 statements however many acts there are; the caller holds the study's lock.
    """
    state = sorting.replay(base if base is not None else base_of(study), acts_of(live_steps(study)))
    clauses = {
        number: (pk, answer, person, touched, excluded, placed, guess, near)
        for number, pk, answer, person, touched, excluded, placed, guess, near in study.clauses.values_list(
            "number", "pk", "answer_id", "answer__person", "touched", "excluded", "sorted", "guess", "near"
        )
    }
    people: dict[str, set[str]] = {code: set() for code in state.themes}
    parts = dict.fromkeys(state.themes, 0)
    for number, held in state.placed.items():
        if number in clauses:
            for code in held:
                people[code].add(clauses[number][2])
                parts[code] += 1
    rows = _write_themes(study, state, people, parts)
    _write_placements(study, state, {number: row[0] for number, row in clauses.items()}, rows)
    changed = []
    for number, (pk, _answer, _person, *before) in clauses.items():
        guess, near = state.guesses.get(number, ("", 0))
        after = [number in state.touched, number in state.excluded, number in state.placed, guess, min(near, 1000)]
        if after != before:
            changed.append((pk, *after))
    update_rows(Clause, ["touched", "excluded", "sorted", "guess", "near"], changed)
    return state


def _write_themes(
    study: Study, state: State, people: Mapping[str, set[str]], parts: Mapping[str, int]
) -> dict[str, Theme]:
    rows = {theme.code: theme for theme in study.themes.all()}
    fresh, changed = [], []
    for code, shown in state.themes.items():
        suggested = shown.suggested
        values = {
            "label": shown.label[:LONGEST_LABEL] or code,
            "named": shown.named,
            "hidden": shown.hidden,
            "live": not shown.gone,
            "terms": list(suggested.terms) if suggested else [],
            "typical": list(suggested.typical) if suggested else [],
            "doubtful": list(suggested.doubtful) if suggested else [],
            "people": len(people[code]),
            "parts": parts[code],
        }
        row = rows.get(code)
        if row is None:
            fresh.append(Theme(study=study, code=code, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    for code, row in rows.items():
        if code not in state.themes and (row.live or row.people):
            row.live, row.people, row.parts = False, 0, 0
            changed.append(row)
    Theme.objects.bulk_create(fresh)
    names = ["label", "named", "hidden", "live", "terms", "typical", "doubtful", "people", "parts"]
    Theme.objects.bulk_update(changed, names, batch_size=200)
    return {theme.code: theme for theme in study.themes.all()} if fresh else rows


def _write_placements(study: Study, state: State, clause_pk: Mapping[int, int], rows: Mapping[str, Theme]) -> None:
    there = {
        (clause, theme): (pk, near)
        for pk, clause, theme, near in Placement.objects.filter(clause__study=study).values_list(
            "pk", "clause_id", "theme_id", "near"
        )
    }
    wanted = {
        (clause_pk[number], rows[code].pk): near
        for number, held in state.placed.items()
        if number in clause_pk
        for code, near in held.items()
    }
    gone = [pk for key, (pk, near) in there.items() if key not in wanted or wanted[key] != near]
    for at in range(0, len(gone), 800):
        Placement.objects.filter(pk__in=gone[at : at + 800]).delete()
    insert_rows(
        Placement,
        (
            Placement(clause_id=clause, theme_id=theme, near=near)
            for (clause, theme), near in wanted.items()
            if there.get((clause, theme), (None, "new"))[1] != near
        ),
    )
