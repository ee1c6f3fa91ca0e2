"""Put an adopted promise on the record, give it targets, and tell how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto.actions import aspirations
from becontree.citizenship.manifesto.actions.studies import plain_line, plain_text
from becontree.citizenship.manifesto.models import Aspiration, Promise, Standing, ThemeRun
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.citizenship.manifesto.queries import telling
from becontree.citizenship.manifesto.queries.against import Against, against
from becontree.citizenship.manifesto.queries.promised import CONTINUES, series_of, what_came
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry, Thing

METHOD: Final = "adoption@1"
FAMILY: Final = "adoption"
# What the public record says, in its one language.
STANDINGS: Final = {
    "on-track": "On track",
    "at-risk": "At risk",
    "off-track": "Off track",
    "kept": "Kept",
    "dropped": "Dropped",
}


@transaction.atomic
def adopt(
    *,
    aspiration: Aspiration,
    sentence: str,
    vision_on: date,
    rationale: str,
    team: str,
    authority: str,
    minutes: str,
    on: date,
    by: Actor,
    now: datetime,
) -> Promise:
    """Record that those with authority adopted an aspiration as a promise. The officer records; the authority decides.

    authority: who decided ("Cabinet"). minutes: where that is written down ("16 October 2018, minute 12"). on: the day
    of the decision. What was before them is frozen: themes with their people, the quotes' references, the run that
    suggested the themes (method, hash of its inputs), and what each group of people said.
    """
    must_engage(by)
    aspiration = aspirations.locked(aspiration)
    sentence = plain_line(sentence, 240)
    errors = {
        name: said
        for name, value, said in (
            ("sentence", sentence, _("Write the promise in one sentence.")),
            ("rationale", plain_text(rationale), _("Say why this is promised.")),
            ("team", team.strip(), _("Say which team answers for it.")),
            ("authority", authority.strip(), _("Say by whose authority it was adopted.")),
            ("minutes", minutes.strip(), _("Say where the decision is written down.")),
        )
        if not value
    }
    if on > now.date():
        errors["on"] = _("The day is in the future.")
    if vision_on <= on:
        errors["vision_on"] = _("The promise must look ahead of the day on which it was adopted.")
    if errors:
        raise Invalid("promise.incomplete", _("Some parts need another look."), errors=errors)
    aspirations.move(aspiration, Aspiration.State.ADOPTED)
    aspiration.save(update_fields=["state"])
    slug = slug_for(sentence, taken=set(Promise.objects.values_list("slug", flat=True)))
    promise = Promise(
        slug=slug,
        sentence=sentence,
        aspiration=aspiration,
        vision_on=vision_on,
        rationale=plain_text(rationale)[:8_000],
        team=plain_line(team, 80),
        authority=plain_line(authority, 300),
        minutes=plain_line(minutes, 300),
        adopted_on=on,
        adopted_at=now,
        place=Promise.objects.count() + 1,
    )
    record.thing(ref=promise.ref, kind="promise", title=sentence, url=promise.get_absolute_url(), step="promised")
    entry = record.decide(
        thing=promise.ref,
        title=f"Promised: {sentence}",
        family=FAMILY,
        method=METHOD,
        record=decision(aspiration, promise),
        authority=f"{promise.authority}, {promise.minutes}"[:300],
        reasons=promise.rationale,
        kind="promise.adopted",
        step="promised",
        because=[aspiration.ref, *aspirations.causes(aspiration, by=by, now=now)],
        facts={"vision_on": vision_on.isoformat(), "team": promise.team},
        on=on,
        by=by,
        now=now,
    )
    promise.decision = entry.pk
    promise.save(force_insert=True)
    return promise


def decision(aspiration: Aspiration, promise: Promise) -> dict[str, Any]:
    """The frozen decision record (family "adoption"): see `becontree.verify.adoption`, which computes it again."""
    groups = [
        {
            "conversation": agreement.conversation,
            "group": label,
            "people": n,
            "agree": agrees,
            "pass": passes,
            "disagree": disagrees,
        }
        for agreement in aspiration.agreements.order_by("conversation")
        for label, n, agrees, passes, disagrees in agreement.groups
    ]
    themes = list(aspiration.themes.select_related("study").order_by("study__slug", "code"))
    studies = {theme.study_id: theme.study for theme in themes}
    runs = []
    for study in sorted(studies.values(), key=lambda one: one.slug):
        run = study.runs.filter(state=ThemeRun.State.DONE).order_by("-number").defer("base").first()
        if run is not None:
            runs.append(
                {
                    "study": study.slug,
                    "method": run.method,
                    "versions": run.versions,
                    "inputs_sha256": run.inputs_sha256,
                    "acts": study.steps.filter(undone_at=None).count(),
                }
            )
    shares = [agree_share(group) for group in groups]
    asked = [share for share in shares if share is not None]
    return {
        "format": "becontree-decision/1",
        "family": FAMILY,
        "method": METHOD,
        "parameters": {
            "promise": promise.ref,
            "sentence": promise.sentence,
            "adopted_on": promise.adopted_on.isoformat(),
            "vision_on": promise.vision_on.isoformat(),
            "authority": promise.authority,
            "minutes": promise.minutes,
        },
        "inputs": {
            "aspiration": {
                "ref": aspiration.ref,
                "sentence": aspiration.sentence,
                "minority": aspiration.minority,
                "quotes": sorted(f"voice/{quote.handle}" for quote in aspiration.quotes.all()),
            },
            "themes": [
                {"ref": f"theme/{theme.study.slug}-{theme.code}", "label": theme.label, "people": people}
                for theme, people in telling.with_people(themes)
            ],
            "runs": runs,
            "groups": groups,
        },
        "randomness": None,
        "result": {
            "themes": len(themes),
            "quotes": aspiration.quotes.count(),
            "agreement": [_written(share) for share in shares],
            "least_agreement": _written(min(asked)) if asked else None,
            "every_group_mostly_agrees": all(share > Fraction(1, 2) for share in asked) if asked else None,
        },
    }


def agree_share(group: Mapping[str, Any]) -> Fraction | None:
    """Those who agree among those who answered (passing is an answer); None where nobody did, or it is hidden.

    Where passing and disagreeing are hidden, everybody who saw it answered.
    """
    if group["agree"] is None:
        return None
    answered = group["people"] if group["pass"] is None else group["agree"] + group["pass"] + group["disagree"]
    return Fraction(group["agree"], answered) if answered else None


def _written(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no idle noughts."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@transaction.atomic
def tell_standing(
    *,
    promise: Promise,
    standing: str,
    reasons: str,
    on: date,
    by: Actor,
    now: datetime,
    despite: str = "",
    once: str = "",
) -> Standing:
    """Say how a promise stands, with reasons. Kept and dropped end it. The history stays.

    Where the latest figures say otherwise (`queries.against`), a person may still say so, but must say why: `despite`
    stands beside it for everybody to read.
    """
    must_engage(by)
    promise = locked(promise)
    if once and (found := promise.standings.filter(once=once).first()) is not None:
        return found
    errors = {}
    if standing not in STANDINGS:
        errors["standing"] = _("Choose how it stands.")
    if not plain_text(reasons):
        errors["reasons"] = _("Say why; people read this.")
    if on > now.date() or on < promise.adopted_on:
        errors["on"] = _("The day must lie between the promise and today.")
    otherwise = [one for one in _against(promise, standing, on) if one.otherwise]
    despite = plain_text(despite)[:2_000] if otherwise else ""
    if otherwise and not despite:
        errors["despite"] = " ".join([*map(against_in_words, otherwise), _("Say why you still say so.")])
    if errors:
        raise Invalid("standing.incomplete", _("Some parts need another look."), errors=errors)
    if promise.standing in Promise.OVER:
        raise Clash("promise.over", _("This promise is closed: it was kept, or dropped."))
    told = Standing.objects.create(
        promise=promise,
        standing=standing,
        reasons=plain_text(reasons)[:4_000],
        despite=despite,
        on=on,
        once=once,
        by=party_id(by),
        at=now,
    )
    latest = promise.standings.order_by("-on", "-at", "-pk").first()
    assert latest is not None
    promise.standing = latest.standing
    promise.save(update_fields=["standing"])
    record.enter(
        kind="promise.standing",
        step="measured",
        thing=promise.ref,
        title=f"{STANDINGS[standing]}: {promise.sentence[:200]}",
        facts={"standing": standing, "reasons": told.reasons}
        | ({"although": [against_on_record(one) for one in otherwise], "despite": despite} if otherwise else {}),
        on=on,
        by=by,
        now=now,
    )
    return told


def _against(promise: Promise, standing: str, on: date) -> tuple[Against, ...]:
    rows = promise.targets.select_related("measure").order_by("by_on", "id")
    return against(standing, [series_of(target, on) for target in rows], on)


def against_in_words(one: Against) -> str:
    """A figure that says otherwise, in one sentence for the page."""
    known = {"what": one.target.measure.title, "before": plain(one.before), "now": plain(one.now)}
    if one.how == "missed":
        return _("%(what)s: %(now)s, where %(before)s was promised.") % known
    if one.how == "behind-start":
        return _("%(what)s: %(now)s, worse than at the start (%(before)s).") % known
    if one.how == "reached":
        return _("%(what)s: %(now)s. That is what was promised.") % known
    return _("%(what)s got worse: from %(before)s to %(now)s.") % known


def against_on_record(one: Against) -> dict[str, str]:
    """The same for programs: which measure, how it says otherwise, against what, and what it is."""
    return {"measure": one.target.measure.slug, "how": one.how, "before": plain(one.before), "now": plain(one.now)}


@transaction.atomic
def continues(*, promise: Promise, thing: str, reasons: str, by: Actor, now: datetime) -> Entry:
    """Name something that was there before the promise and that the promise goes on with: a project, as a rule.

    It did not come of the promise, and the record does not say so: the promise came of it, too. thing: its public
    reference. reasons: why the two belong together; they stand on the record. Raises Invalid, Clash.
    """
    must_engage(by)
    promise = locked(promise)
    found = Thing.objects.filter(ref=thing.strip().strip("/"), kind="project").first()
    errors = {}
    if found is None:
        errors["thing"] = _("We know no project of that name.")
    if not plain_text(reasons):
        errors["reasons"] = _("Say why the two belong together.")
    if errors:
        raise Invalid("continues.incomplete", _("Some parts need another look."), errors=errors)
    assert found is not None
    if found.ref in {one.ref for one in what_came(promise.ref)}:
        raise Clash("continues.came", _("This project names the promise already."))
    if Entry.objects.filter(kind=CONTINUES, thing_id=promise.ref, because__cause_id=found.ref).exists():
        raise Clash("continues.twice", _("The promise names this already."))
    return record.enter(
        kind=CONTINUES,
        step="promised",
        thing=promise.ref,
        title=f"It goes on with: {found.title[:200]}",
        because=[found.ref],
        facts={"reasons": plain_text(reasons)[:1_000]},
        on=now.date(),
        by=by,
        now=now,
    )


@transaction.atomic
def rearrange(*, slugs: Sequence[str], by: Actor, now: datetime) -> None:
    """The order of the promises in the Manifesto; promises that are not named keep their order after the others."""
    must_engage(by)
    rows = list(Promise.objects.select_for_update().order_by("place", "adopted_on", "slug"))
    wanted = {slug: at for at, slug in enumerate(slugs)}
    rows.sort(key=lambda row: wanted.get(row.slug, len(wanted)))
    for place, row in enumerate(rows, 1):
        row.place = place
    Promise.objects.bulk_update(rows, ["place"])


def locked(promise: Promise) -> Promise:
    return Promise.objects.select_for_update().get(pk=promise.pk)
