"""The State of the Borough: what was promised, what was measured then and now, what got worse, who was heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto.actions.promises import plain
from becontree.citizenship.manifesto.actions.studies import plain_text
from becontree.citizenship.manifesto.models import Promise, Report
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.citizenship.manifesto.queries import promised as reads
from becontree.citizenship.manifesto.queries.against import GOES_WELL, Against, against
from becontree.citizenship.voices import queries as voices
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry
from becontree.methods.canonical import digest
from becontree.methods.suppression import few

FORMAT: Final = "becontree-state-of-the-borough/2"


@transaction.atomic
def make_report(*, year: int, cut_on: date, by: Actor, now: datetime, foreword: str = "") -> Report:
    """Make (or, while it is not published, make anew) the report of a year with what was known on `cut_on`."""
    must_engage(by)
    errors = {}
    if not 2000 <= year <= now.year:
        errors["year"] = _("Choose a year up to this one.")
    if cut_on > now.date():
        errors["cut_on"] = _("The day is in the future.")
    elif cut_on.year < year:
        errors["cut_on"] = _("The day must lie in the year of the report, or after it.")
    if errors:
        raise Invalid("report.incomplete", _("Some parts need another look."), errors=errors)
    old = Report.objects.select_for_update().filter(year=year).first()
    if old is not None and old.published_at is not None:
        raise Clash("report.published", _("This report is published; it does not change any more."))
    document = compose(year=year, cut_on=cut_on)
    if not document["promises"]:
        raise Clash("report.empty", _("Nothing was promised by that day, so there is nothing to report on."))
    return Report.objects.update_or_create(
        year=year,
        defaults={
            "cut_on": cut_on,
            "document": document,
            "sha256": digest(document),
            "foreword": plain_text(foreword)[:8_000],
            "made_by": party_id(by),
            "made_at": now,
        },
    )[0]


@transaction.atomic
def publish_report(*, report: Report, by: Actor, now: datetime, read: str = "") -> Report:
    """Freeze it: its hash goes on the public record, because of every promise it speaks of.

    read: the hash of what was read before it is published, so that nobody publishes what somebody else just made anew.
    """
    must_engage(by)
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.published_at is not None:
        return report
    if read and read != report.sha256:
        raise Clash("report.made-anew", _("The report was made again since you read it. Read it once more."))
    if digest(report.document) != report.sha256:
        raise Clash("report.changed", _("The report does not fit its hash any more. Make it again."))
    title = f"State of the Borough {report.year}"
    record.thing(ref=report.ref, kind="report", title=title, url=report.get_absolute_url(), step="measured")
    entry = record.enter(
        kind="report.published",
        step="measured",
        thing=report.ref,
        title=f"{title}: published",
        because=[one["ref"] for one in report.document["promises"]],
        facts={
            "sha256": report.sha256,
            "cut_on": report.cut_on.isoformat(),
            "promises": len(report.document["promises"]),
            "worse": len(report.document["worse"]),
        },
        on=now.date(),
        by=by,
        now=now,
    )
    report.published_at, report.entry = now, entry.pk
    report.save(update_fields=["published_at", "entry"])
    return report


def compose(*, year: int, cut_on: date) -> dict[str, Any]:
    """The whole report as data: text, whole numbers, true and false only. Reads, writes nothing."""
    promises = list(reads.promises().filter(adopted_on__lte=cut_on))
    going = reads.progress_of(promises, cut_on)
    rows = [_promise(promise, going[promise.pk], year, cut_on) for promise in promises]
    mix = voices.mix(until=cut_on)
    channels = mix.way("channel")
    people = mix.people
    return {
        "format": FORMAT,
        "year": year,
        "cut_on": cut_on.isoformat(),
        "promises": rows,
        "standings": {
            standing: sum(row["standing"] == standing for row in rows) for standing in Promise.Standing.values
        },
        "said_well_against_figures": sum(
            row["standing"] in GOES_WELL and any(one["how"] != "reached" for one in row["against"]) for row in rows
        ),
        "worse": [
            {"ref": row["ref"], "sentence": row["sentence"], **target}
            for row in rows
            for target in row["targets"]
            if target["worse"]
        ],
        "behind_start": [
            {"ref": row["ref"], "sentence": row["sentence"], **target}
            for row in rows
            for target in row["targets"]
            if target["behind_start"] and not target["worse"]
        ],
        "heard": {
            "people": None if few(people) else people,
            "published_in_the_year": sum(n for month, n in mix.things["month"].items() if month.startswith(f"{year}-")),
            "channels": channels,
            "reached": sum(channels.values()),
            "wards": mix.things["ward"],
            "languages": mix.things["language"],
        },
        "nameless_decisions": reads.nameless_decisions().filter(happened_on__lte=cut_on).count(),
    }


def _promise(promise: Promise, going: Sequence[reads.Progress], year: int, cut_on: date) -> dict[str, Any]:
    standing = promise.standings.filter(on__lte=cut_on).order_by("-on", "-at", "-pk").first()
    came = reads.what_came(promise.ref)
    there = set(
        Entry.objects.filter(thing_id__in=[thing.ref for thing in came], happened_on__lte=cut_on).values_list(
            "thing_id", flat=True
        )
    )
    came = [thing for thing in came if thing.ref in there]
    money = reads.money_of(came, cut_on)
    said = standing.standing if standing else Promise.Standing.NOT_SAID.value
    return {
        "ref": promise.ref,
        "sentence": promise.sentence,
        "address": promise.get_absolute_url(),
        "vision_on": promise.vision_on.isoformat(),
        "adopted_on": promise.adopted_on.isoformat(),
        "team": promise.team,
        "standing": said,
        "standing_on": standing.on.isoformat() if standing else "",
        "reasons": standing.reasons if standing else "",
        "against": [_against(one) for one in against(said, going, cut_on)],
        "despite": standing.despite if standing else "",
        "targets": [_target(one, year) for one in going],
        "projects": [
            {"ref": thing.ref, "title": thing.title, "address": thing.url} for thing in came if thing.kind == "project"
        ],
        "continued": [
            {"ref": one.thing.ref, "title": one.thing.title, "address": one.thing.url}
            for one in reads.continued([promise.ref])
            if one.on <= cut_on
        ],
        "decisions": sum(thing.kind in {"decision", "award", "panel", "ballot"} for thing in came),
        "money_pence": sum(money.values()),
    }


def _against(one: Against) -> dict[str, str]:
    return {
        "measure": one.target.measure.title,
        "unit": one.target.measure.unit,
        "how": one.how,
        "before": plain(one.before),
        "now": plain(one.now),
    }


def _target(progress: reads.Progress, year: int) -> dict[str, Any]:
    """A target's figures. worse: the year's last reading is strictly worse than the one before the year (or than the
    start). behind_start: the latest is worse than at the start, whenever it became so."""
    target = progress.target
    then = [value for value in progress.values if value.on.year < year]
    before = plain(then[-1].value) if then else plain(target.baseline)
    now = progress.latest
    return {
        "measure": target.measure.title,
        "address": target.measure.get_absolute_url(),
        "unit": target.measure.unit,
        "baseline": plain(target.baseline),
        "baseline_on": target.baseline_on.isoformat(),
        "then": before,
        "then_on": (then[-1].on if then else target.baseline_on).isoformat(),
        "now": plain(now.value) if now else "",
        "now_on": now.on.isoformat() if now else "",
        "target": plain(target.value),
        "by_on": target.by_on.isoformat(),
        "source": now.source if now else target.source,
        "rises": target.rises,
        "measured": now is not None and now.on.year >= year,
        "worse": now is not None
        and now.on.year >= year
        and target.worse(then[-1].value if then else target.baseline, now.value),
        "behind_start": progress.worse,
        "reached": progress.reached,
    }
