"""Read a statement before others do, decide appeals, and who no longer counts. Two doors to most (`kit.doors`)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.forms import BanForm, DecideForm, HoldForm, LiftForm, MaskForm, ShowForm
from becontree.citizenship.conversations.hosting import TEAM, hosted
from becontree.citizenship.conversations.models import Statement
from becontree.citizenship.conversations.permissions import listens
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.doors import page_at, two_doors
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import screening


def statement(request: Request, slug: str, number: int, at: str) -> HttpResponse:
    """Read one statement: show it, show it but for a part, or hold it; an officer may take its author out."""
    found = hosted(request, slug, at)
    said = get_object_or_404(
        found.statements.visible_to(request.user, "moderation").select_related("conversation", "author"), number=number
    )
    reads.record(request.user, said, "moderation", request.now)
    wanted = request.POST.get("do", "")
    marks = screening.screen().find(said.words)
    hold = HoldForm(request.POST if wanted == "hold" else None, prefix="hold")
    ban = BanForm(request.POST if wanted == "ban" else None, prefix="ban")
    mask = MaskForm(
        request.POST if wanted == "mask" else None,
        prefix="mask",
        initial={"words": screening.masked(said.words, marks)},
    )
    show = ShowForm(request.POST if wanted == "show" else None, prefix="show")
    forms = {"hold": hold, "ban": ban, "mask": mask, "show": show}
    used: Any = forms.get(wanted, hold)
    try:
        if wanted and _done(request, wanted, said, forms):
            return redirect(f"conversations:{at}-manage", found.slug)
    except Refused as refused:
        put_errors(used, refused)
    may_ban = listens(request.user) and said.author is not None and said.author.counts and not found.over
    return page_at(
        request,
        "conversations/host_statement.html",
        at,
        {
            "conversation": found,
            "statement": said,
            "found": marks,
            "parts": screening.parts(said.words, marks),
            "hold": hold,
            "show": show,
            "settled": queries.settled(said),
            "mask": mask if said.state != Statement.State.WITHDRAWN and not said.votes.exists() else None,
            "ban": ban if may_ban else None,
            "rulings": said.rulings.all(),
        },
        used,
    )


def _done(request: Request, wanted: str, said: Statement, forms: dict[str, Any]) -> bool:
    """Do what was asked for; False where a form has mistakes, or there is no such thing to do."""
    doing: dict[str, Any] = {"statement": said, "by": request.user, "now": request.now}
    form = forms.get(wanted)
    if form is None or not form.is_valid():
        return False
    if wanted == "show":
        actions.show(**doing, **form.cleaned_data)
    elif wanted == "hold":
        actions.hold(**doing, **form.cleaned_data)
    elif wanted == "mask":
        actions.mask(**doing, **form.cleaned_data)
        messages.success(request, _("Shown, with a part left out; the author is told."))
    elif said.author is not None:
        actions.ban(participant=said.author, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("This person's votes no longer count. They are told and can ask again."))
    return True


def decide(request: Request, slug: str, pk: int, at: str) -> HttpResponse:
    """Decide an appeal about a statement."""
    found = hosted(request, slug, at)
    appeal = get_object_or_404(queries.open_appeals(request.user, found), pk=pk)
    reads.record(request.user, appeal.statement, "moderation", request.now)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.decide_appeal(appeal=appeal, by=request.user, now=request.now, **form.chosen())
            messages.success(request, _("Decided; the author is told."))
            return redirect(f"conversations:{at}-manage", found.slug)
    rulings = appeal.statement.rulings.all()
    context = {"conversation": found, "appeal": appeal, "rulings": rulings}
    return page_at(request, "conversations/host_appeal.html", at, context, form)


@gate(TEAM)
def bans(request: Request, slug: str) -> HttpResponse:
    """Who no longer counts in a conversation, why, and who has asked us to look again."""
    found = hosted(request, slug, "desk")
    rows = page(request, queries.banned(request.user, found), 30)
    reads.record(request.user, list(rows.object_list), "moderation", request.now)
    return render(
        request,
        "conversations/desk_bans.html",
        {"conversation": found, "page": rows, "rows": [(one, BY_CODE.get(one.banned_for)) for one in rows]},
    )


@gate(TEAM)
def lift(request: Request, slug: str, who: int) -> HttpResponse:
    """One who no longer counts, and what they said: decide what they ask, or let them count again unasked."""
    found = hosted(request, slug, "desk")
    person = get_object_or_404(queries.banned(request.user, found), pk=who)
    appeal = next((one for one in person.ban_appeals.all() if one.decided_at is None), None)
    said = list(found.statements.visible_to(request.user, "moderation").filter(author=person).select_related("author"))
    reads.record(request.user, [person, *said], "moderation", request.now)
    form: Any = LiftForm(request.POST or None) if appeal is not None else None
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if appeal is not None:
                actions.decide_ban_appeal(appeal=appeal, by=request.user, now=request.now, **form.chosen())
                messages.success(request, _("Decided; they are told."))
            else:
                actions.lift_ban(participant=person, by=request.user, now=request.now)
                messages.success(request, _("Their votes count again."))
        except Refused as refused:
            problem = refused.message
            if form is not None:
                put_errors(form, refused)
        else:
            return redirect("conversations:desk-bans", found.slug)
    return render(
        request,
        "conversations/desk_ban.html",
        {
            "conversation": found,
            "person": person,
            "reason": BY_CODE.get(person.banned_for),
            "votes": person.votes.values("statement").distinct().count(),
            "said": said,
            "appeal": appeal,
            "form": form,
            "problem": problem if form is None else "",
        },
        status=422 if problem or (form is not None and form.errors) else 200,
    )


my_statement, desk_statement = two_doors(statement, team=TEAM)
my_decide, desk_decide = two_doors(decide, team=TEAM)
