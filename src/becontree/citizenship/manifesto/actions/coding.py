"""Two people sort the same clauses apart from each other; where they differ, somebody settles it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto.actions import acts
from becontree.citizenship.manifesto.actions.studies import locked
from becontree.citizenship.manifesto.models import Clause, Coding, Sample, Step, Study
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people.actors import Actor, party_id

LEAST: Final = 10
MOST: Final = 500


@transaction.atomic
def draw_sample(*, study: Study, size: int, seed: str, by: Actor, now: datetime) -> Sample:
    """Draw clauses for two coders: those with the smallest SHA-256 of "seed/number", so that anybody can draw again."""
    must_engage(by)
    numbers = list(study.clauses.filter(excluded=False).values_list("number", flat=True))
    if not LEAST <= size <= MOST:
        raise Invalid(
            "sample.size", _("Choose between %(least)d and %(most)d texts.") % {"least": LEAST, "most": MOST}, "size"
        )
    if len(numbers) < size:
        raise Invalid("sample.size", _("There are only %(n)d texts to draw from.") % {"n": len(numbers)}, "size")
    drawn = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}/{number}".encode()).digest())[:size]
    return Sample.objects.create(study=study, seed=seed, clauses=drawn, made_by=party_id(by), made_at=now)


@transaction.atomic
def code(*, sample: Sample, clause: int, themes: Sequence[str], by: Actor, now: datetime) -> Coding:
    """Say in which themes a clause is, without seeing what the other says. The first two who begin are the coders."""
    must_engage(by)
    me = party_id(by)
    sample = Sample.objects.select_for_update().select_related("study").get(pk=sample.pk)
    if me not in sample.coders:
        if len(sample.coders) == 2:
            raise NotAllowed("sample.full", _("Two others are sorting this sample."))
        sample.coders = [*sample.coders, me]
        sample.save(update_fields=["coders"])
    if clause not in sample.clauses:
        raise Invalid("sample.clause", _("That text is not in the sample."), "clause")
    known = set(sample.study.themes.filter(live=True).values_list("code", flat=True))
    wanted = sorted(set(themes))
    if set(wanted) - known:
        raise Invalid("sample.themes", _("Choose among the themes that are there."), "themes")
    row = Clause.objects.get(study=sample.study, number=clause)
    return Coding.objects.update_or_create(
        sample=sample, clause=row, coder=me, defaults={"themes": wanted, "at": now}
    )[0]  # fmt: skip


@transaction.atomic
def settle(*, sample: Sample, clause: int, themes: Sequence[str], by: Actor, now: datetime, once: str = "") -> Step:
    """Decide where a clause belongs on which two coders differed: an act like every other, which can be undone."""
    must_engage(by)
    study = locked(sample.study)
    if Coding.objects.filter(sample=sample, clause__number=clause).count() < 2:
        raise Clash("sample.unfinished", _("Both must have sorted it first."))
    return acts.act(
        study=study, kind="place", themes=sorted(set(themes)), clauses=[clause], reason="settled", by=by, now=now,
        once=once,
    )  # fmt: skip
