"""Give a promise figures to reach, and take them out with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto.actions.promises import locked, plain
from becontree.citizenship.manifesto.actions.studies import plain_line, plain_text
from becontree.citizenship.manifesto.models import Promise, Target
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.foundations.kit.dates import day as write_day
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.measures.models import Measure
from becontree.foundations.measures.queries import series
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record


@transaction.atomic
def set_target(
    *,
    promise: Promise,
    measure: Measure,
    baseline: Decimal | None,
    baseline_on: date | None,
    value: Decimal,
    by_on: date,
    source: str,
    rationale: str,
    by: Actor,
    now: datetime,
    baseline_because: str = "",
) -> Target:
    """Give a promise a figure to reach: its direction follows from baseline and value. On the record, with why.

    baseline, baseline_on: None takes the measure's own latest reading. Where a start is given that the measure's own
    readings do not say, `baseline_because` must say why; everybody can read it.
    """
    must_engage(by)
    promise = locked(promise)
    errors = {}
    if baseline is None or baseline_on is None:
        own = known_at(measure, now.date() if baseline_on is None else baseline_on)
        if own is None:
            raise Invalid(
                "target.incomplete",
                _("Some parts need another look."),
                errors={"baseline": _("This was not measured yet. Say where it starts, and on which day.")},
            )
        baseline, baseline_on = own.value if baseline is None else baseline, baseline_on or own.on
    own = known_at(measure, baseline_on)
    baseline_because = plain_line(baseline_because, 500)
    if own is not None and own.value != baseline and not baseline_because:
        errors["baseline"] = _("We measured %(value)s on %(day)s. Use that, or say why it starts elsewhere.") % {
            "value": plain(own.value),
            "day": write_day(own.on),
        }
    if promise.standing in Promise.OVER:
        raise Clash("promise.over", _("This promise is closed."))
    if value == baseline:
        errors["value"] = _("The target must differ from where it starts.")
    if by_on <= baseline_on:
        errors["by_on"] = _("The target's day must come after the baseline's.")
    elif by_on > promise.vision_on:
        errors["by_on"] = _("The promise runs until %(day)s; the target must be no later.") % {
            "day": write_day(promise.vision_on)
        }
    if not plain_text(source):
        errors["source"] = _("Say where the figure comes from.")
    if not plain_text(rationale):
        errors["rationale"] = _("Say why this figure and this day.")
    for name, figure in (("baseline", baseline), ("value", value)):
        if not figure.is_finite() or abs(figure) >= Decimal(10) ** 12:
            errors[name] = _("Write a number that can be shown.")
    finite = baseline.is_finite() and value.is_finite()
    wrong = finite and {"up": value < baseline, "down": value > baseline}.get(str(measure.direction), False)
    if not errors.keys() & {"value", "baseline"} and wrong:
        errors["value"] = _("For this measure the other direction is better.")
    if promise.targets.filter(measure=measure, by_on=by_on).exists():
        errors["by_on"] = _("There is a target of this measure for that day already.")
    if errors:
        raise Invalid("target.incomplete", _("Some parts need another look."), errors=errors)
    target = Target.objects.create(
        promise=promise,
        measure=measure,
        baseline=baseline,
        baseline_on=baseline_on,
        value=value,
        by_on=by_on,
        source=plain_line(source, 300),
        rationale=plain_text(rationale)[:4_000],
        baseline_because=baseline_because if own is not None and own.value != baseline else "",
        set_by=party_id(by),
        set_at=now,
    )
    record.enter(
        kind="promise.target",
        step="promised",
        thing=promise.ref,
        title=f"Target: {measure.title} from {plain(baseline)} to {plain(value)} by {write_day(by_on)}",
        facts={
            "measure": measure.slug,
            "unit": measure.unit,
            "baseline": plain(baseline),
            "baseline_on": baseline_on.isoformat(),
            "value": plain(value),
            "by_on": by_on.isoformat(),
            "source": target.source,
        }
        | ({"baseline_because": target.baseline_because} if target.baseline_because else {}),
        on=now.date(),
        by=by,
        now=now,
    )
    return target


@transaction.atomic
def take_out_target(*, target: Target, reasons: str, by: Actor, now: datetime) -> None:
    """Take a target out, with reasons that stay on the record."""
    must_engage(by)
    reasons = plain_text(reasons)[:1_000]
    if not reasons:
        raise Invalid("target.reasons", _("Say why the target goes."), "reasons")
    record.enter(
        kind="promise.target-withdrawn",
        step="promised",
        thing=target.promise.ref,
        title=f"A target was taken out: {target.measure.title} by {write_day(target.by_on)}",
        facts={"measure": target.measure.slug, "value": plain(target.value), "reasons": reasons},
        on=now.date(),
        by=by,
        now=now,
    )
    target.delete()


@dataclass(frozen=True, slots=True)
class Known:
    """What a measure's own readings say: of which day, and how much."""

    on: date
    value: Decimal


def known_at(measure: Measure, on: date) -> Known | None:
    """The borough's last reading up to a day that may be shown, or None. One query."""
    found = [
        Known(point.on, point.value)
        for point in series(measure)
        if not point.ward_code and point.value is not None and point.on <= on
    ]
    return found[-1] if found else None
