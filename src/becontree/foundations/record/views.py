"""The public record, for everybody: look, follow the thread, check, take it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render

from becontree.formats.tables import write_table
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import prepared
from becontree.foundations.kit.asked import takes
from becontree.foundations.kit.downloads import braked, download
from becontree.foundations.kit.paging import page
from becontree.foundations.record import actions, bundle, facts, keys, queries
from becontree.foundations.record.forms import EntriesForm
from becontree.foundations.record.models import Checkpoint, Decision, Entry, Thing
from becontree.foundations.record.projection import lines, moment, public, public_line
from becontree.methods.canonical import canonical

COLUMNS = ("index", "happened_on", "step", "kind", "thing", "title", "because", "facts", "recorded_at", "id", "leaf")
CHUNK = 500


@gate("everyone")
def explorer(request: HttpRequest) -> HttpResponse:
    """Everything on the record, newest first, to search and to take away."""
    form = EntriesForm(request)
    context = {
        "page": page(request, queries.entries(**form.asks(form.asked)), 30),
        "form": form,
        "query": urlencode(form.asked),
    }
    return render(request, "record/explorer.html", context, status=form.status)


@gate("everyone")
def entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One entry: what happened, why, what came of it, and the proof that it is in the tree."""
    found = get_object_or_404(queries.whole(Entry.objects.all()).prefetch_related("because__cause"), pk=pk)
    context = {
        "key": _key(),
        "entry": found,
        "about": queries.about(found, [*facts.refs(found.facts), *(each.cause_id for each in found.because.all())]),
        "facts": list(facts.rows(found.facts, titles=queries.titles(facts.refs(found.facts)))),
        "because": [because.cause for because in found.because.all()],
        "reverses": found.facts.get("reverses"),
        "reversed_by": queries.reversed_by(found),
        "therefore": queries.therefore(found),
        "inclusion": queries.inclusion(found),
        "thread": queries.thread(found.thing_id),
    }
    return render(request, "record/entry.html", context)


@gate("everyone")
def entry_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The public projection: in the tree, exactly the bytes that are hashed."""
    return HttpResponse(
        _line(get_object_or_404(queries.whole(Entry.objects.all()), pk=pk)), content_type="application/json"
    )


@gate("everyone")
def entry_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The entry, its path up the tree and the signed checkpoint: all that a checker needs."""
    found = get_object_or_404(queries.whole(Entry.objects.all()), pk=pk)
    proof = queries.inclusion(found)
    if proof is None:
        raise Http404("This entry is not in a signed tree yet. Come back within the hour.")
    return JsonResponse(
        {
            "format": "becontree-inclusion/1",
            "line": _line(found).decode(),
            "index": proof.index,
            "size": proof.size,
            "path": proof.path,
            "checkpoint": actions.signed_note(proof.checkpoint),
            "key": str(keys.signer().verifier),
        }
    )


@gate("everyone")
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A decision: who, by what power, why, by which method, and how to compute it again."""
    found = get_object_or_404(Decision.objects.select_related("entry__thing"), pk=pk)
    rules = found.record.get("parameters") or {}
    result = facts.said_once(found.record.get("result") or {})
    told: dict[str, Any] = {
        "family": found.family,
        "terms": rules.get("terms"),
        "titles": queries.titles(facts.refs([rules, result])),
    }
    context = {
        "decision": found,
        "entry": found.entry,
        "about": queries.about(found.entry, facts.refs([rules, result])),
        "parameters": list(facts.rows(rules, **told)),
        "result": list(facts.rows(result, **told)),
        "randomness": list(facts.rows(found.record.get("randomness") or {})),
        "thread": queries.thread(found.entry.thing_id),
    }
    return render(request, "record/decision.html", context)


@gate("everyone")
def decision_json(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The frozen record: exactly the bytes whose hash is in the tree."""
    if slow := braked(request):  # the count of a large vote is megabytes
        return slow
    found = get_object_or_404(Decision, pk=pk)
    return HttpResponse(
        canonical(found.record),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="decision-{pk}.json"'},
    )


@gate("everyone")
def thread(request: HttpRequest, ref: str) -> HttpResponse:
    """The thread through a public thing, both ways."""
    about = get_object_or_404(Thing, pk=ref.rstrip("/"))
    context = {
        "thing": about,
        "thread": queries.thread(about.ref),
        "entries": page(request, queries.entries().filter(thing=about), 50),
    }
    return render(request, "record/thread.html", context)


@gate("everyone")
def checkpoints(request: HttpRequest) -> HttpResponse:
    """The signed checkpoints: the latest in full, and every one there ever was."""
    latest = queries.latest()
    context = {
        "latest": latest,
        "note": actions.signed_note(latest) if latest else "",
        "page": page(request, queries.checkpoints(), 50),
        "key": _key(),
        "witnesses": [str(verifier) for verifier in keys.witnesses()],
        "origin": settings.RECORD_ORIGIN,
    }
    return render(request, "record/checkpoints.html", context)


@gate("everyone")
def checkpoint_text(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """A checkpoint as the signed note that witnesses and checkers read; the latest unless a size is given."""
    found = queries.latest() if size is None else queries.checkpoints().filter(size=size).first()
    if found is None:
        raise Http404("There is no checkpoint of that size.")
    return HttpResponse(actions.signed_note(found), content_type="text/plain; charset=utf-8")


@gate("everyone")
def whole_zip(request: HttpRequest) -> HttpResponseBase:
    """The whole record with the program that checks it and how to: one file, made once for each checkpoint."""
    latest = queries.latest()
    if latest is None:
        raise Http404("Nothing is signed yet. Come back within the hour.")
    return prepared.send(request, "record.zip", bundle.version(latest), "application/zip", lambda: bundle.parts(latest))


@gate("everyone")
@takes("old", "new")
def consistency(request: HttpRequest) -> HttpResponse:
    """`?old=…&new=…` (checkpoint sizes): the proof that the newer tree only adds to the older."""
    latest = Checkpoint.objects.order_by("size").last()
    sizes = [request.GET.get("old", ""), request.GET.get("new", "") or str(latest.size if latest else "")]
    if not all(size.isascii() and size.isdigit() and len(size) < 16 for size in sizes):
        return JsonResponse({"detail": "Give the sizes of two checkpoints: ?old=15&new=315"}, status=400)
    proof = queries.consistency(int(sizes[0]), int(sizes[1]))
    if proof is None:
        return JsonResponse({"detail": "There are no two checkpoints of these sizes, the older one first."}, status=404)
    return JsonResponse(
        {
            "format": "becontree-consistency/1",
            "old": proof.old,
            "new": proof.new,
            "old_root": proof.old_root,
            "new_root": proof.new_root,
            "path": proof.path,
        }
    )


@gate("everyone")
@takes(*EntriesForm.base_fields)
def entries_csv(request: HttpRequest) -> HttpResponseBase:
    """The entries that the explorer would show, as a table."""
    return _entries(request, _csv, "text/csv", "record.csv")


@gate("everyone")
@takes(*EntriesForm.base_fields)
def entries_json(request: HttpRequest) -> HttpResponseBase:
    """The entries that the explorer would show, for programs."""
    return _entries(request, _json, "application/json", "record.json")


def _entries(
    request: HttpRequest, write: Callable[[QuerySet[Entry]], Iterator[str]], kind: str, name: str
) -> HttpResponseBase:
    """All of them from the copy kept for this version; a choice for the asker."""
    if not any(str(value).strip() for value in request.GET.values()):
        return prepared.send(request, name, queries.version(), kind, lambda: write(queries.entries()))
    form = EntriesForm(request)
    return download(request, name, kind, write(queries.entries(**form.asks(form.asked_strictly))))


def _csv(found: QuerySet[Entry]) -> Iterator[str]:
    rows: list[tuple[Any, ...]] = []
    yield write_table(COLUMNS, [])
    for each in lines(found, CHUNK):
        rows.append(
            (each.sequence, each.happened_on, each.step, each.kind, each.thing, each.title, " ".join(each.because),
             canonical(each.facts).decode(), moment(each.recorded_at), each.id, each.leaf)
        )  # fmt: skip
        if len(rows) == CHUNK:
            yield write_table(COLUMNS, rows).split("\r\n", 1)[1]
            rows = []
    yield write_table(COLUMNS, rows).split("\r\n", 1)[1]


def _json(found: QuerySet[Entry]) -> Iterator[str]:
    comma = "["
    for each in lines(found, CHUNK):
        yield f"{comma}\n{canonical(public_line(each)).decode()}"
        comma = ","
    yield "[]\n" if comma == "[" else "\n]\n"


def _key() -> str:
    """The public key that holds the record's signatures; nothing where none is set yet."""
    try:
        return str(keys.signer().verifier)
    except keys.NoKey:
        return ""


def _line(found: Entry) -> bytes:
    """The public projection; `index` is null until the entry has its place."""
    return canonical(public(found, -1 if found.sequence is None else found.sequence) | {"index": found.sequence})
