"""Putting something on the public record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from becontree.foundations.kit.bulk import insert_rows
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.words import odd
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record.models import STEPS, Because, Decision, Entry, Thing
from becontree.methods.canonical import canonical, digest

MOST_FACTS: Final = 100_000  # bytes of one entry's facts
ODD: Final = (
    "holds a control character, or a sign that turns words round. The record keeps words for ever: take it out."
)
DECISION_FORMAT: Final = "becontree-decision/1"
_REF: Final = re.compile(r"^[a-z][a-z0-9-]*(/[A-Za-z0-9][A-Za-z0-9._~-]*)+$")
_KIND: Final = re.compile(r"^[a-z][a-z0-9._-]*$")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


@transaction.atomic
def thing(*, ref: str, kind: str, title: str, url: str = "", step: str = "") -> Thing:
    """Make a public thing known, or bring its title and address up to date. `ref` is "kind/name" and never changes."""
    _must_be_ref(ref)
    if step not in ("", *STEPS):
        raise Invalid("record.step", f"{step!r} is not a step of the loop.", "step")
    values = {"kind": kind, "title": _sentence(title), "url": url, "step": step}
    return Thing.objects.update_or_create(ref=ref, defaults=values)[0]


@transaction.atomic
def enter(
    *,
    kind: str,
    step: str,
    thing: str | Thing,
    title: str,
    because: Iterable[str | Thing] = (),
    facts: Mapping[str, Any] | None = None,
    on: date,
    by: Actor,
    now: datetime,
) -> Entry:
    """Record that something happened to a public thing, because of others. Public facts only: it is for ever.

    kind: what happened, for programs ("project.verified"). title: the same in one plain sentence.
    facts: whole numbers, text, true, false, lists and objects (no fractions: pence, or "1/3" as text).
    Every thing named must be known (`thing`). Raises Invalid.
    """
    known = _checked(kind, step, title, facts)
    causes = sorted({_ref(cause) for cause in because})
    ref = _ref(thing)
    missing = {ref, *causes} - set(Thing.objects.filter(ref__in={ref, *causes}).values_list("ref", flat=True))
    if missing:
        raise Invalid("record.unknown", f"Not known to the public record: {', '.join(sorted(missing))}.", "because")
    if ref in causes:
        raise Invalid("record.itself", f"{ref} cannot be its own cause.", "because")
    entry = Entry.objects.create(
        kind=kind,
        step=step,
        thing_id=ref,
        title=_sentence(title),
        facts=known,
        happened_on=on,
        recorded_at=now,
        entered_by=party_id(by),
    )
    Because.objects.bulk_create(Because(entry=entry, thing_id=ref, cause_id=cause) for cause in causes)
    return entry


def _checked(kind: str, step: str, title: str, facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """The facts, if all of it may go on the record. Raises Invalid."""
    errors: dict[str, str] = {}
    known = dict(facts or {})
    if not _KIND.match(kind) or len(kind) > 60:
        errors["kind"] = f"{kind!r} is not a kind like project.verified."
    if step not in STEPS:
        errors["step"] = f"{step!r} is not a step of the loop: {', '.join(STEPS)}."
    try:
        body = canonical(known)
    except (TypeError, ValueError) as error:
        errors["facts"] = str(error)
    else:
        if len(body) > MOST_FACTS:
            errors["facts"] = f"The facts are {len(body):,} bytes; at most {MOST_FACTS:,} are kept."
        elif _odd_in(known):
            errors["facts"] = f"A text of the facts {ODD}"
        elif _EMAIL.search(body.decode()):
            errors["facts"] = "The facts hold an e-mail address; the public record holds nothing personal."
    if _EMAIL.search(title):
        errors["title"] = "The title holds an e-mail address; the public record holds nothing personal."
    if errors:
        raise Invalid(
            "record.entry", f"This cannot go on the public record: {' '.join(errors.values())}", errors=errors
        )
    return known


@dataclass(frozen=True, slots=True)
class New:
    """A thing that nobody knows yet, and the first that happened to it."""

    ref: str
    thing_kind: str
    title: str
    url: str
    kind: str
    step: str
    on: date
    facts: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def introduce(*, new: Sequence[New], by: Actor, now: datetime) -> int:
    """Many new things, each with its first entry: as `thing` and `enter` of each, in a few queries. No causes.

    Raises Invalid, and writes nothing, where one of them cannot stand or is known already.
    """
    checked = [_checked(each.kind, each.step, each.title, each.facts) for each in new]
    for each in new:
        _must_be_ref(each.ref)
    known: list[str] = []
    refs = [each.ref for each in new]
    for start in range(0, len(refs), 500):  # under SQLite's limit of parameters
        known += Thing.objects.filter(ref__in=refs[start : start + 500]).values_list("ref", flat=True)
    if known or len(set(refs)) != len(refs):
        raise Invalid("record.known", f"Known already: {', '.join(sorted(known)) or 'one of them twice'}.", "ref")
    insert_rows(
        Thing, (Thing(ref=each.ref, kind=each.thing_kind, title=_sentence(each.title), url=each.url) for each in new)
    )
    insert_rows(
        Entry,
        (
            Entry(
                kind=each.kind,
                step=each.step,
                thing_id=each.ref,
                title=_sentence(each.title),
                facts=facts,
                happened_on=each.on,
                recorded_at=now,
                entered_by=party_id(by),
            )
            for each, facts in zip(new, checked, strict=True)
        ),
    )
    return len(new)


@transaction.atomic
def decide(
    *,
    thing: str | Thing,
    title: str,
    family: str,
    method: str,
    record: Mapping[str, Any],
    authority: str,
    reasons: str,
    on: date,
    by: Actor,
    now: datetime,
    kind: str = "decision.made",
    step: str = "decided",
    because: Iterable[str | Thing] = (),
    facts: Mapping[str, Any] | None = None,
) -> Entry:
    """Record a decision with everything that is needed to compute it again; what went in is frozen by its hash.

    record: a decision record (becontree-decision/1, see `becontree.verify`): family, method, parameters, inputs,
    randomness, result. authority: by what power ("Cabinet, 16 October 2018, minute 12"). Raises Invalid.
    """
    frozen = dict(record)
    errors: dict[str, str] = {}
    if frozen.get("format") != DECISION_FORMAT:
        errors["record"] = f"A decision record has the format {DECISION_FORMAT!r}."
    elif frozen.get("family") != family or frozen.get("method") != method:
        errors["record"] = "The record names another family or method than the decision does."
    elif not {"parameters", "inputs", "result"} <= frozen.keys():
        errors["record"] = "A decision record holds its parameters, its inputs and its result."
    else:
        try:
            if b"\\u0000" in canonical(frozen):
                errors["record"] = "The record holds a NUL character."
        except (TypeError, ValueError) as error:
            errors["record"] = str(error)
    if not authority.strip():
        errors["authority"] = "Say by what authority this was decided."
    elif odd(authority, lines=False):
        errors["authority"] = f"The authority {ODD}"
    if not reasons.strip():
        errors["reasons"] = "Give the reasons."
    elif odd(reasons):
        errors["reasons"] = f"A text of the reasons {ODD}"
    if errors:
        raise Invalid(
            "record.decision", f"This decision cannot be recorded: {' '.join(errors.values())}", errors=errors
        )
    entry = enter(
        kind=kind, step=step, thing=thing, title=title, because=because, facts=facts, on=on, by=by, now=now
    )  # fmt: skip
    Decision.objects.create(
        entry=entry,
        family=family,
        method=method,
        record=frozen,
        sha256=digest(frozen),
        authority=authority.strip(),
        reasons=reasons.strip(),
    )
    return entry


def _must_be_ref(ref: str) -> None:
    if not _REF.match(ref) or len(ref) > 120:
        raise Invalid("record.ref", f"{ref!r} is not a public reference like project/play-facility.", "ref")


def _ref(thing: str | Thing) -> str:
    return thing.ref if isinstance(thing, Thing) else thing


def _sentence(title: str) -> str:
    """One line of plain words, or Invalid."""
    line = " ".join(title.split())
    if not line or len(line) > 300:
        raise Invalid("record.title", "Write one plain sentence of at most 300 characters.", "title")
    if odd(line, lines=False):
        raise Invalid("record.title", f"The title {ODD}", "title")
    return line


def _odd_in(value: Any) -> bool:
    """Whether any text in a value, keys too, holds what nobody may put on the record."""
    if isinstance(value, str):
        return odd(value)
    if isinstance(value, Mapping):
        return any(_odd_in(part) for pair in value.items() for part in pair)
    return isinstance(value, (list, tuple)) and any(_odd_in(part) for part in value)
