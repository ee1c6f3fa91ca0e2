"""Pages for those who host: prepare, open, read statements, close, answer.

The same pages stand at two addresses: under /my/ for a resident or a group, and on the desk for officers, where the
gate asks for the role and a second factor. `at` says which: it names the addresses and the frame.
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.actions import hosting
from becontree.citizenship.conversations.forms import (
    AnswerForm,
    BanForm,
    ConversationForm,
    DecideForm,
    HoldForm,
    SeedsForm,
)
from becontree.citizenship.conversations.models import Conversation, Statement
from becontree.citizenship.conversations.permissions import hosts, listens, may_open
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM: Final = "officer:engagement"
FRAMES: Final = {"my": "my.html", "desk": "desk.html"}


def _one(request: Request, slug: str, at: str) -> Conversation:
    """The conversation, for its hosts; on the resident's pages nobody acts by an officer's role."""
    found = get_object_or_404(Conversation.objects.select_related("ward", "organisation"), slug=slug)
    if not hosts(request.user, found):
        raise Http404
    if at == "my" and not queries.hosted_by(request.user).filter(pk=found.pk).exists():
        raise Http404
    return found


def _shown(request: Request, template: str, at: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
    wrong = form is not None and form.errors and request.method == "POST"
    return render(
        request,
        f"conversations/{template}",
        {"frame": FRAMES[at], "at": at, "form": form, **context},
        status=422 if wrong else 200,
    )


def _new(request: Request, at: str) -> HttpResponse:
    form = ConversationForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(by=request.user, now=request.now, **form.chosen())
        except Refused as refused:
            put_errors(form, refused)
        else:
            return redirect(f"conversations:{at}-manage", made.slug)
    return _shown(request, "host_form.html", at, {"conversation": None}, form)


def _edit(request: Request, slug: str, at: str) -> HttpResponse:
    found = _one(request, slug, at)
    form = ConversationForm(request.POST or None, by=request.user, initial=ConversationForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(conversation=found, by=request.user, now=request.now, **form.chosen())
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("Kept."))
            return redirect(f"conversations:{at}-manage", found.slug)
    return _shown(request, "host_form.html", at, {"conversation": found}, form)


def _manage(request: Request, slug: str, at: str) -> HttpResponse:
    """One conversation and what can be done with it now."""
    found = _one(request, slug, at)
    wanted = request.POST.get("do", "")
    seeds = SeedsForm(request.POST if wanted == "seeds" else None)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            if wanted == "seeds" and seeds.is_valid():
                made = actions.seed_statements(
                    conversation=found,
                    words=seeds.cleaned_data["words"].splitlines(),
                    about_you=seeds.cleaned_data["about_you"],
                    by=request.user,
                    now=request.now,
                )
                messages.success(request, _("%(n)s statements are put down.") % {"n": len(made)})
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "aspirations":
                made = hosting.seed_aspirations(conversation=found, by=request.user, now=request.now)
                messages.success(request, _("%(n)s aspirations are put down.") % {"n": len(made)})
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted.startswith("drop-"):
                statement = get_object_or_404(found.statements, number=wanted.removeprefix("drop-")[:9])
                hosting.drop_seed(statement=statement, by=request.user, now=request.now)
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "open":
                actions.open_(conversation=found, by=request.user, now=request.now)
                messages.success(request, _("It is open."))
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "close":
                actions.close(conversation=found, by=request.user, now=request.now)
                messages.success(request, _("Voting is over. The clock of the answer runs."))
                return redirect(f"conversations:{at}-manage", found.slug)
        except Refused as refused:
            if wanted == "seeds":
                put_errors(seeds, refused)
            else:
                problems = getattr(refused, "errors", None) or {"": refused.message}
    waiting = found.statements.filter(state=Statement.State.WAITING).order_by("made_at", "pk")
    reads.record(request.user, list(waiting[:20]), "moderation", request.now)
    return _shown(
        request,
        "host_manage.html",
        at,
        {
            "conversation": found,
            "missing": hosting.missing(found, request.now) if found.state == Conversation.State.DRAFT else {},
            "problems": problems,
            "seeds": seeds,
            "may_open": may_open(request.user, found),
            "statements": page(request, found.statements.exclude(state=Statement.State.WAITING).order_by("number"), 30),
            "waiting": waiting[:20],
            "counts": queries.counts(found),
            "appeals": queries.open_appeals(request.user).filter(statement__conversation=found)[:20],
            "answers": found.host_answers.all(),
        },
        seeds,
    )


def _statement(request: Request, slug: str, number: int, at: str) -> HttpResponse:
    """Read one statement: show it, or hold it with a reason; an officer may ban its author."""
    found = _one(request, slug, at)
    statement = get_object_or_404(
        Statement.objects.visible_to(request.user, "moderation").select_related("conversation", "author"),
        conversation=found,
        number=number,
    )
    reads.record(request.user, statement, "moderation", request.now)
    wanted = request.POST.get("do", "")
    hold = HoldForm(request.POST if wanted == "hold" else None, prefix="hold")
    ban = BanForm(request.POST if wanted == "ban" else None, prefix="ban")
    if request.method == "POST":
        try:
            if wanted == "show":
                actions.show(statement=statement, by=request.user, now=request.now)
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "hold" and hold.is_valid():
                actions.hold(statement=statement, by=request.user, now=request.now, **hold.cleaned_data)
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "ban" and statement.author is not None and ban.is_valid():
                actions.ban(
                    participant=statement.author, reason=ban.cleaned_data["reason"], by=request.user, now=request.now
                )
                messages.success(request, _("This person's votes no longer count."))
                return redirect(f"conversations:{at}-manage", found.slug)
        except Refused as refused:
            put_errors(ban if wanted == "ban" else hold, refused)
    return _shown(
        request,
        "host_statement.html",
        at,
        {
            "conversation": found,
            "statement": statement,
            "hold": hold,
            "ban": ban if listens(request.user) and statement.author is not None and statement.author.counts else None,
            "rulings": statement.rulings.all(),
            "near": [],
        },
        ban if wanted == "ban" else hold,
    )


def _decide(request: Request, slug: str, pk: int, at: str) -> HttpResponse:
    found = _one(request, slug, at)
    appeal = get_object_or_404(queries.open_appeals(request.user), pk=pk, statement__conversation=found)
    reads.record(request.user, appeal.statement, "moderation", request.now)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_appeal(
                appeal=appeal,
                upheld=form.cleaned_data["upheld"] == "yes",
                answer=form.cleaned_data["answer"],
                by=request.user,
                now=request.now,
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("Decided; the author is told."))
            return redirect(f"conversations:{at}-manage", found.slug)
    rulings = appeal.statement.rulings.all()
    return _shown(request, "host_appeal.html", at, {"conversation": found, "appeal": appeal, "rulings": rulings}, form)


def _answer(request: Request, slug: str, at: str) -> HttpResponse:
    """Answer the common ground."""
    found = _one(request, slug, at)
    document = queries.document(found)
    words = queries.words(found)
    common = document.document.get("common_ground", []) if document is not None and found.over else []
    offered = [one | {"words": words[one["number"]]} for one in common if one["number"] in words]
    form = AnswerForm(request.POST or None, initial={"team": found.answered_by})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(
                conversation=found,
                about=[int(one) for one in request.POST.getlist("about")[:60] if one.isascii() and one.isdigit()],
                by=request.user,
                now=request.now,
                **form.cleaned_data,
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("Answered. Everybody who left an address is told."))
            return redirect(f"conversations:{at}-manage", found.slug)
    return _shown(request, "host_answer.html", at, {"conversation": found, "common": offered}, form)


@gate("signed-in")
def my_new(request: Request) -> HttpResponse:
    """GET and POST."""
    return _new(request, "my")


@gate("signed-in")
def my_edit(request: Request, slug: str) -> HttpResponse:
    """GET and POST."""
    return _edit(request, slug, "my")


@gate("signed-in")
def my_manage(request: Request, slug: str) -> HttpResponse:
    """GET and POST."""
    return _manage(request, slug, "my")


@gate("signed-in")
def my_statement(request: Request, slug: str, number: int) -> HttpResponse:
    """GET and POST."""
    return _statement(request, slug, number, "my")


@gate("signed-in")
def my_decide(request: Request, slug: str, pk: int) -> HttpResponse:
    """GET and POST."""
    return _decide(request, slug, pk, "my")


@gate("signed-in")
def my_answer(request: Request, slug: str) -> HttpResponse:
    """GET and POST."""
    return _answer(request, slug, "my")


@gate(TEAM)
def desk_new(request: Request) -> HttpResponse:
    """GET and POST."""
    return _new(request, "desk")


@gate(TEAM)
def desk_edit(request: Request, slug: str) -> HttpResponse:
    """GET and POST."""
    return _edit(request, slug, "desk")


@gate(TEAM)
def desk_manage(request: Request, slug: str) -> HttpResponse:
    """GET and POST."""
    return _manage(request, slug, "desk")


@gate(TEAM)
def desk_statement(request: Request, slug: str, number: int) -> HttpResponse:
    """GET and POST."""
    return _statement(request, slug, number, "desk")


@gate(TEAM)
def desk_decide(request: Request, slug: str, pk: int) -> HttpResponse:
    """GET and POST."""
    return _decide(request, slug, pk, "desk")


@gate(TEAM)
def desk_answer(request: Request, slug: str) -> HttpResponse:
    """GET and POST."""
    return _answer(request, slug, "desk")
