"""Bring a file of answers: read it, say which column is what, look at the counts, take all of it in, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from becontree.citizenship.voices import importing
from becontree.citizenship.voices.actions.checking import Said, check
from becontree.citizenship.voices.actions.common import LONDON
from becontree.citizenship.voices.actions.responding import Taken, keys_taken, respond_many
from becontree.citizenship.voices.importing import LineError, Sheet
from becontree.citizenship.voices.models import Batch, Round
from becontree.citizenship.voices.permissions import must_listen
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.words import plain
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.places import queries as places
from becontree.foundations.policy import settings
from becontree.methods.findings import Unusable

DEFAULTS: Final = ("channel", "said_on", "language", "may_quote", "place", "source")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: its forms, how many are there already, the counts, and everything in the way."""

    forms: list[Said]
    before: int
    voices: int
    by: dict[str, dict[str, int]]
    errors: list[LineError]
    empty: int

    @property
    def new(self) -> int:
        return len(self.forms) - self.before


@transaction.atomic
def bring(*, round: Round | None, data: bytes, name: str, by: Actor, now: datetime) -> Batch:
    """Read a CSV or .xlsx file and keep its rows until it is taken in. Raises Invalid naming what is broken.

    A file that the same person has brought to the round and not taken in yet is gone on with, as it was left. Without a
    round it only waits for one (`give_round`).
    """
    must_listen(by)
    _must_take(round)
    name = plain(name)[:160]
    try:
        sheet = importing.read(data, name=name)
    except Unusable as refused:
        raise Invalid("import.unreadable", str(refused), "file") from refused
    given = {"way": Batch.Way.FILE, "round": round, "state": Batch.State.DRAFT, "made_by": party_id(by)}
    given |= {"sha256": hashlib.sha256(data).hexdigest(), "file_name": name}
    if left := Batch.objects.filter(**given).first():
        Batch.objects.filter(pk=left.pk).update(made_at=now)
        left.made_at = now
        return left
    return Batch.objects.create(
        **given,
        made_at=now,
        content={"columns": sheet.columns, "rows": _storable(sheet)},
        mapping=_guess(sheet, round) if round is not None else {},
    )


@transaction.atomic
def give_round(*, batch: Batch, round: Round, by: Actor, now: datetime) -> Batch:
    """Say which round a file is for that was kept without one: it need not be chosen again."""
    must_listen(by)
    _must_take(round)
    batch = _draft(batch)
    if batch.round is not None or batch.made_by != party_id(by):
        raise Clash("import.state", _("This file has been taken in, or undone, already."))
    batch.round, batch.made_at, batch.mapping = round, now, _guess(sheet_of(batch), round)
    batch.save(update_fields=["round", "made_at", "mapping"])
    return batch


def _must_take(round: Round | None) -> None:
    if round is not None and round.state not in {Round.State.OPEN, Round.State.CLOSED}:
        raise Clash("round.closed", _("This round is not listening now."))


def _guess(sheet: Sheet, round: Round) -> dict[str, str]:
    known = targets(round)
    guessed = importing.guess(sheet.columns, list(round.questions.all()))
    return {column: target if target in known else importing.LEAVE for column, target in guessed.items()}


def targets(round: Round) -> set[str]:
    """What a column of a file for this round can be. Ages only where the round asks about people."""
    known = {f"q:{question.pk}" for question in round.questions.all()} | set(importing.TARGETS)
    return known if round.asks_equality else known - {"age"}


def _storable(sheet: Sheet) -> list[Any]:
    """Rows as JSON may hold them on both engines: no NUL, no half a character."""
    return [
        [line, *(cell.replace("\0", "").encode("utf-8", "ignore").decode() for cell in cells)]
        for line, cells in sheet.rows
    ]


@transaction.atomic
def map_columns(
    *, batch: Batch, mapping: Mapping[str, str], defaults: Mapping[str, str], by: Actor, now: datetime
) -> Batch:
    """Say what each column is, and what holds where a cell is empty. Raises Invalid by column."""
    must_listen(by)
    batch = _draft(batch)
    assert batch.round is not None
    known = targets(batch.round)
    columns = list(sheet_of(batch).columns)
    errors: dict[str, str] = {}
    used: dict[str, str] = {}
    for column in columns:
        target = mapping.get(column, importing.LEAVE)
        if target and target not in known:
            errors[column] = _("Choose from the list.")
        elif target and target in used:
            errors[column] = _("“%(other)s” is that already. Choose one of them.") % {"other": used[target]}
        elif target:
            used[target] = column
    if not any(target.startswith("q:") for target in used):
        errors[""] = _("Say which column holds the answers to at least one question.")
    if "channel" not in used and not defaults.get("channel"):
        errors["channel"] = _("Say how these reached us, or which column tells.")
    if errors:
        raise Invalid("import.mapping", _("Some columns need another look."), errors=errors)
    batch.mapping = {column: mapping.get(column, importing.LEAVE) for column in columns}
    batch.kept = {name: defaults[name] for name in DEFAULTS if defaults.get(name)}
    batch.save(update_fields=["mapping", "kept"])
    return batch


def sheet_of(batch: Batch) -> Sheet:
    content = batch.content or {"columns": [], "rows": []}
    return Sheet(tuple(content["columns"]), tuple((row[0], tuple(row[1:])) for row in content["rows"]))


def preview(batch: Batch, *, now: datetime) -> Preview:
    """What taking the file in would do. Writes nothing."""
    sheet = sheet_of(batch)
    said, errors = importing.forms(
        sheet,
        mapping=batch.mapping,
        defaults=batch.kept,
        wards={ward.code: ward for ward in places.wards().defer("geometry")},
        prefix=f"file:{batch.sha256[:16]}",
        today=now.astimezone(LONDON).date(),
    )
    mistakes = importing.lines(sheet, batch.mapping, check(round=batch.round, said=said, now=now))
    by: dict[str, dict[str, int]] = {"channel": {}, "source": {}, "ward": {}, "language": {}}
    for form in said:
        for name, value in (
            ("channel", form.channel),
            ("source", form.source or form.channel),
            ("ward", form.ward.name if form.ward is not None else ""),
            ("language", form.language),
        ):
            by[name][value] = by[name].get(value, 0) + 1
    return Preview(
        forms=said,
        before=len(keys_taken(batch.round, [form.key for form in said])),
        voices=sum(bool(plain(text)) for form in said for text in form.answers.values()),
        by={name: dict(sorted(counts.items(), key=lambda each: -each[1])) for name, counts in by.items()},
        errors=sorted([*errors, *mistakes], key=lambda error: error.line),
        empty=len(sheet.rows) - len(said),
    )


@transaction.atomic
def take_in(*, batch: Batch, by: Actor, now: datetime) -> Taken:
    """Everything in the file, or nothing: Invalid names the lines that cannot stand. The rows are then dropped."""
    must_listen(by)
    batch = _draft(batch)
    found = preview(batch, now=now)
    if found.errors:
        raise Invalid(
            "import.errors",
            _("Nothing was taken in: %(count)s lines need another look.")
            % {"count": len({error.line for error in found.errors})},
            errors={f"{error.line}:{error.column}": error.said for error in found.errors[:200]},
        )
    if not found.forms:
        raise Invalid("import.empty", _("No row holds an answer."), "")
    batch.state = Batch.State.OPEN
    batch.save(update_fields=["state"])
    said = [replace(form, equality=None) for form in found.forms] if _ages_counted(batch) else found.forms
    taken = respond_many(round=batch.round, said=said, by=by, now=now, batch=batch)
    batch.state, batch.content = Batch.State.DONE, None
    batch.save(update_fields=["state", "content"])
    return taken


def _ages_counted(batch: Batch) -> bool:
    """Whether the ages of this very file were counted before it was undone: that count is apart, and stayed."""
    undone = Batch.objects.filter(round=batch.round, sha256=batch.sha256, state=Batch.State.UNDONE)
    return any("age" in mapping.values() for mapping in undone.values_list("mapping", flat=True))


def goes_on(batch: Batch) -> datetime:
    """When a file that was brought and not taken in goes: the council's own rule of the day on which it was brought."""
    days = int(settings.council("voices.draft_days", batch.made_at.astimezone(LONDON).date()))
    return batch.made_at + timedelta(days=days)


def forget_drafts(now: datetime) -> int:
    """What was begun and came to nothing goes: a file not taken in, a pile or class in which nothing was typed."""
    empty = Q(responses=None, keyings=None)
    begun = Q(way__in=[Batch.Way.CLERK, Batch.Way.CLASS], state=Batch.State.OPEN)
    draft = Q(way=Batch.Way.FILE, state=Batch.State.DRAFT)
    rows = Batch.objects.filter(empty, begun | draft).only("pk", "made_at")
    gone = [batch.pk for batch in rows if goes_on(batch) <= now]
    return sum(Batch.objects.filter(pk__in=gone[start : start + 500]).delete()[0] for start in range(0, len(gone), 500))


def _draft(batch: Batch) -> Batch:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("round").get(pk=batch.pk)
    if batch.state != Batch.State.DRAFT or batch.content is None:
        raise Clash("import.state", _("This file has been taken in, or undone, already."))
    return batch
