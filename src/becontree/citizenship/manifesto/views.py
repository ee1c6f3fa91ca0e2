"""The Manifesto for everybody: the promises, where they come from, how they stand, and what people said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString

from becontree.citizenship.manifesto import picture
from becontree.citizenship.manifesto.actions.promises import plain
from becontree.citizenship.manifesto.actions.studies import public_themes
from becontree.citizenship.manifesto.forms import ExploreForm
from becontree.citizenship.manifesto.models import Aspiration, Promise, Report, Study
from becontree.citizenship.manifesto.permissions import engages
from becontree.citizenship.manifesto.queries import against, finding, telling
from becontree.citizenship.manifesto.queries import explorer as explorer_reads
from becontree.citizenship.manifesto.queries import promised as reads
from becontree.citizenship.manifesto.queries import workbench as study_reads
from becontree.citizenship.voices import queries as voices
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import asked as asked_for
from becontree.foundations.kit import prepared
from becontree.foundations.kit.downloads import csv_download, csv_lines, json_download, json_parts
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.remembered import remembered
from becontree.foundations.kit.requests import Request
from becontree.foundations.record.models import Entry
from becontree.foundations.record.queries import thread
from becontree.methods.suppression import few

FIELDS: Final = (
    "reference", "promise", "aspiration", "adopted_on", "authority", "minutes", "vision_on", "team", "standing",
    "measure", "unit", "baseline", "baseline_on", "target", "by_on", "source",
)  # fmt: skip
VOICE_FIELDS: Final = ("reference", "kind", "channel", "ward", "said_on", "language", "words")


@gate("everyone")
def manifesto(request: Request) -> HttpResponse:
    """All promises as one document; what got worse comes first."""
    rows = list(reads.promises())
    going = reads.progress_of(rows)
    words = (request.GET.get("words") or request.GET.get("q") or "")[:200]
    return render(
        request,
        "manifesto/manifesto.html",
        {
            "promises": [
                {"of": row, "going": going[row.pk], "against": _against(row.standing, going[row.pk], request.today)}
                for row in rows
            ],
            "words": words,
            "found": finding.find(words, rows) if words.strip() else None,
            "adopted": max((row.adopted_on for row in rows), default=None),
            "vision": max((row.vision_on for row in rows), default=None),
            "concerns": _concerns(rows),
            "report": Report.objects.filter(published_at__isnull=False).defer("document").first(),
            "studies": Study.objects.filter(published_at__isnull=False).order_by("-published_at")[:5],
            "open": Aspiration.objects.filter(state="open").count(),
        },
    )


def _concerns(rows: Sequence[Promise]) -> list[tuple[str, list[tuple[int, Promise]]]]:
    """(how it stands, [(its number in the Manifesto, the promise)]) of those that do not go well, the worst first."""
    found = []
    for standing in (Promise.Standing.OFF_TRACK, Promise.Standing.AT_RISK, Promise.Standing.DROPPED):
        some = [(number, row) for number, row in enumerate(rows, 1) if row.standing == standing]
        if some:
            found.append((str(standing.label), some))
    return found


def _against(standing: str, going: Sequence[reads.Progress], today: date) -> list[dict[str, str]]:
    return [
        {"measure": one.target.measure.title, "how": one.how, "before": plain(one.before), "now": plain(one.now)}
        for one in against(standing, going, today)
    ]


@gate("everyone")
def promise(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(reads.promises(), slug=slug)
    progress = reads.progress_of([found])[found.pk]
    before = reads.continued([found.ref])[:3]
    came_of = reads.what_came_of([found.ref, *(one.thing.ref for one in before)])
    came = came_of[found.ref]
    # The promise came of what it goes on with, and what came of the promise is not counted there a second time.
    since = {thing.ref for thing in came}
    of = {one.thing.ref: {one.thing.ref, *(thing.ref for thing in came_of[one.thing.ref])} - since for one in before}
    raised = reads.money_of([*(one.thing for one in before), *(thing for some in came_of.values() for thing in some)])
    return render(
        request,
        "manifesto/promise.html",
        {
            "promise": found,
            "progress": [{"of": one, "chart": _chart(one), "sources": _sources(one)} for one in progress],
            "against": _against(found.standing, progress, request.today),
            "continued": [
                {"it": one, "money": sum(pence for ref, pence in raised.items() if ref in of[one.thing.ref])}
                for one in before
            ],
            "worse": [one for one in progress if one.worse or one.slipping],
            "standings": list(reads.standings(found)[:20]),
            "quotes": reads.quotes_of(found.aspiration),
            "themes": telling.with_people(found.aspiration.themes.select_related("study")),
            "groups": reads.agreement_rows(found.aspiration),
            "projects": [thing for thing in came if thing.kind == "project"],
            "others": [thing for thing in came if thing.kind not in {"project", "report"}][:30],
            "money": sum(raised.get(thing.ref, 0) for thing in came),
            "decision": Entry.objects.filter(pk=found.decision).first(),
            "thread": thread(found.ref),
        },
    )


def _chart(progress: reads.Progress) -> SafeString:
    target = progress.target
    said = (
        f"{target.measure.title}: {plain(target.baseline)} on {target.baseline_on:%-d %B %Y}, to be "
        f"{plain(target.value)} by {target.by_on:%-d %B %Y}; "
        + (f"{plain(progress.latest.value)} at the latest." if progress.latest else "nothing measured since.")
    )
    return SafeString(  # every part is a number or escaped by formats.svg
        picture.chart(
            [(value.on, value.value) for value in progress.values],
            baseline=(target.baseline_on, target.baseline),
            goal=(target.by_on, target.value),
            title=said,
        )
    )


def _sources(progress: reads.Progress) -> list[str]:
    """Where the figures come from and what is said of them, each said once."""
    said = [progress.target.source, *(part for value in progress.values for part in (value.source, value.note))]
    return list(dict.fromkeys(part.strip().rstrip(".") for part in said if part.strip()))


def _promise_rows() -> Iterator[list[Any]]:
    for row in reads.promises():
        head = [
            row.ref, row.sentence, row.aspiration.ref, row.adopted_on.isoformat(), row.authority, row.minutes,
            row.vision_on.isoformat(), row.team, row.standing,
        ]  # fmt: skip
        targets = list(row.targets.all())
        for target in targets:
            yield [
                *head, target.measure.slug, target.measure.unit, plain(target.baseline),
                target.baseline_on.isoformat(), plain(target.value), target.by_on.isoformat(), target.source,
            ]  # fmt: skip
        if not targets:
            yield [*head, *[""] * 7]


@gate("everyone")
def promises_csv(request: Request) -> HttpResponseBase:
    return csv_download(request, "promises", FIELDS, _promise_rows())


@gate("everyone")
def promises_json(request: Request) -> HttpResponseBase:
    return json_download(request, FIELDS, _promise_rows())


@gate("everyone")
def aspirations(request: Request) -> HttpResponse:
    """What is before the people now; what was adopted became a promise, and is named as one."""
    rows = Aspiration.objects.filter(state=Aspiration.State.OPEN).order_by("-opened_at", "slug")
    adopted = Promise.objects.select_related("aspiration").order_by("-adopted_on", "place")
    return render(
        request, "manifesto/aspirations.html", {"page": page(request, rows, 20), "adopted": list(adopted[:60])}
    )


@gate("everyone")
def aspiration(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(Aspiration.objects.filter(state__in=["open", "adopted"]), slug=slug)
    return render(
        request,
        "manifesto/aspiration.html",
        {
            "aspiration": found,
            "themes": telling.with_people(found.themes.select_related("study")),
            "quotes": reads.quotes_of(found),
            "groups": reads.agreement_rows(found),
            "behind": telling.people_behind(found),
            "promise": Promise.objects.filter(aspiration=found).first(),
            "officer": found.state == Aspiration.State.OPEN and engages(request.user),
            "thread": thread(found.ref),
        },
    )


@gate("everyone")
def heard(request: Request, slug: str) -> HttpResponse:
    """What people spoke of, in themes that a person named, each with words that may be quoted."""
    study = get_object_or_404(Study.objects.filter(published_at__isnull=False), slug=slug)
    themes = public_themes(study)
    counted = remembered(("parts", study.pk), lambda: study_reads.counts(study))
    people = telling.people_of(themes)
    quoted = []
    for card in study_reads.cards(study, themes):
        shown = [part for part in card["typical"] if part.may_quote and part.handle]
        quoted.append({"theme": card["theme"], "people": people[card["theme"].pk], "quotes": shown[:3]})
    return render(
        request,
        "manifesto/heard.html",
        {
            "study": study,
            "cards": quoted,
            "counts": counted | {"people": None if few(counted["people"]) else counted["people"]},
            "largest": max((n for n in people.values() if n), default=1),
            "run": study.runs.filter(state="done").defer("base").first(),
        },
    )


def _asked(request: Request) -> tuple[ExploreForm, explorer_reads.Explored]:
    form = ExploreForm(request.GET, themes=explorer_reads.public_themes())
    return form, explorer_reads.Explored(**asked_for.chosen(form))  # a field that means nothing narrows nothing


@gate("everyone")
def explorer(request: Request) -> HttpResponse:
    """Every voice that may be quoted, narrowed by theme, place, way, time and words."""
    form, asked = _asked(request)
    rows = explorer_reads.explore(asked)
    return render(
        request,
        "manifesto/explorer.html",
        {
            "form": form,
            "page": page(request, rows.select_related("response__ward"), 20),
            "asked": asked,
            "query": urlencode({name: form.data[name] for name in asked_for.chosen(form)}),
        },
        status=asked_for.status(form),
    )


_READ: Final = (
    "handle", "kind", "response__channel", "response__ward__name", "response__said_on", "response__language", "masked",
    "words",
)  # fmt: skip


def _voice_rows(asked: explorer_reads.Explored) -> Iterator[list[Any]]:
    """All of `explore` may be quoted. Read without a model each: there are tens of thousands."""
    found = explorer_reads.explore(asked).select_related(None).defer(None).values_list(*_READ)
    for handle, kind, channel, ward, said_on, language, masked, words in found.iterator(chunk_size=500):
        yield [f"voice/{handle}", kind, channel, ward or "", said_on.isoformat(), language, masked or words]


@gate("everyone")
@asked_for.takes(*ExploreForm.base_fields)
def explorer_csv(request: Request) -> HttpResponseBase:
    """All of them from the copy kept for this version; a choice for the asker."""
    form, asked = _asked(request)
    asked_for.strictly(form)
    if asked == explorer_reads.Explored():
        version = voices.version(request.now)
        return prepared.send(
            request, "voices-found.csv", version, "text/csv", lambda: csv_lines(VOICE_FIELDS, _voice_rows(asked))
        )
    return csv_download(request, "voices-found", VOICE_FIELDS, _voice_rows(asked))


@gate("everyone")
@asked_for.takes(*ExploreForm.base_fields)
def explorer_json(request: Request) -> HttpResponseBase:
    """As `explorer_csv`, for programs."""
    form, asked = _asked(request)
    asked_for.strictly(form)
    if asked == explorer_reads.Explored():
        version = voices.version(request.now)
        return prepared.send(
            request,
            "voices-found.json",
            version,
            "application/json",
            lambda: json_parts(VOICE_FIELDS, _voice_rows(asked)),
        )
    return json_download(request, VOICE_FIELDS, _voice_rows(asked))


@gate("everyone")
def decisions(request: Request) -> HttpResponse:
    """Every decision should name a promise: here are those that do not, or did not up to a day (`until`)."""
    until = asked_for.day(request, "until")
    found = reads.nameless_decisions()
    if until is not None:
        found = found.filter(happened_on__lte=until)
    shown = page(request, found.prefetch_related("because"), 25)
    later = reads.named_later(shown.object_list)
    titles = dict(Promise.objects.values_list("slug", "sentence")) if later else {}
    rows = [
        {"entry": entry, "later": later.get(entry.pk), "promise": _named(later.get(entry.pk), titles)}
        for entry in shown.object_list
    ]
    return render(request, "manifesto/decisions.html", {"page": shown, "rows": rows, "until": until})


def _named(later: reads.Continued | None, titles: dict[str, str]) -> tuple[str, str] | None:
    """(slug, sentence) of the promise that names a decision's project since."""
    if later is None:
        return None
    slug = later.promise.partition("/")[2]
    return slug, titles.get(slug, slug)


@gate("everyone")
def reports(request: Request) -> HttpResponse:
    rows = Report.objects.filter(published_at__isnull=False).defer("document")
    return render(request, "manifesto/reports.html", {"reports": rows[:60]})


def _published(year: int) -> Report:
    found = Report.objects.filter(year=year, published_at__isnull=False).first()
    if found is None:
        raise Http404
    return found


@gate("everyone")
def report(request: Request, year: int) -> HttpResponse:
    found = _published(year)
    return render(request, "manifesto/report.html", {"report": found, "document": found.document})


@gate("everyone")
def report_json(request: Request, year: int) -> HttpResponse:
    """The very document whose hash is on the record."""
    return JsonResponse(_published(year).document, json_dumps_params={"ensure_ascii": False})


REPORT_FIELDS: Final = (
    "promise", "sentence", "standing", "measure", "unit", "baseline", "then", "then_on", "now", "now_on", "target",
    "by_on", "worse", "money_pence", "projects",
)  # fmt: skip


@gate("everyone")
def report_csv(request: Request, year: int) -> HttpResponseBase:
    document = _published(year).document
    rows = []
    for one in document["promises"]:
        for target in one["targets"] or [{}]:
            rows.append(  # noqa: PERF401 - two loops read better than one line
                [one["ref"], one["sentence"], one["standing"]]
                + [target.get(name, "") for name in REPORT_FIELDS[3:12]]
                + ["yes" if target.get("worse") else "no" if target else "", one["money_pence"], len(one["projects"])]
            )
    return csv_download(request, f"state-of-the-borough-{year}", REPORT_FIELDS, rows)
