"""Read what waits, let it through, leave a part out or hold it back; decide appeals; type in a single talk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from becontree.citizenship.voices import actions, queries, screening, tokens
from becontree.citizenship.voices.actions.moderating import reasons_for
from becontree.citizenship.voices.forms import AnswerForm, DecideForm, EnterForm, HoldForm
from becontree.citizenship.voices.forms.desk import MaskForm
from becontree.citizenship.voices.models import Appeal, Voice
from becontree.citizenship.voices.policy import BY_CODE, REASONS
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM = "officer:engagement"
A_PAGE = 50


@gate(TEAM)
def queue(request: Request) -> HttpResponse:
    """What waits: appeals by their date, then voices, oldest first; what looks personal is marked.

    Those in which nothing was found are ticked already, so that one button publishes what the officer has just read.
    """
    visible = Voice.objects.visible_to(request.user, "moderation")
    if request.method == "POST":
        chosen = list(visible.filter(handle__in=request.POST.getlist("voice")[: 2 * A_PAGE]))
        count = actions.publish_many(voices=chosen, by=request.user, now=request.now)
        messages.success(request, _("%(count)s published.") % {"count": count})
        return redirect(request.get_full_path())
    wanted = request.GET.get("round", "")
    rows = queries.waiting().filter(pk__in=visible.values("pk"))
    if wanted:
        rows = rows.filter(response__round__slug=wanted)
    shown = page(request, rows.select_related("question").defer("response__ward__geometry"), A_PAGE)
    reads.record(request.user, list(shown.object_list), "moderation", request.now)
    screen = screening.screen()
    return render(
        request,
        "voices/desk_queue.html",
        {
            "page": shown,
            "rows": [
                {
                    "voice": voice,
                    "found": (found := screen.find(voice.words)),
                    "parts": screening.parts(voice.words, found),
                }
                for voice in shown
            ],
            "appeals": queries.open_appeals()[:20],
            "rounds": queries.rounds_waiting(),
            "wanted": wanted,
        },
    )


@gate(TEAM)
def read(request: Request, handle: str) -> HttpResponse:
    """One voice: publish it, publish it but for a part, hold it with a reason, or answer it."""
    rows = Voice.objects.visible_to(request.user, "moderation").select_related(
        "response__ward", "response__round", "question"
    )
    voice = get_object_or_404(rows, handle=handle)
    reads.record(request.user, voice, "moderation", request.now)
    wanted = request.POST.get("do", "")
    screen = screening.screen()
    found = screen.find(voice.words)
    hold = HoldForm(request.POST if wanted == "hold" else None, prefix="hold")
    hold.fields["reason"].choices = [(code, BY_CODE[code].name) for code in reasons_for(voice.response.round)]  # type: ignore[attr-defined]
    mask = MaskForm(
        request.POST if wanted == "mask" else None,
        prefix="mask",
        initial={"words": screening.masked(voice.words, found)},
    )
    answer = AnswerForm(request.POST if wanted == "answer" else None, prefix="answer")
    used: Any = {"answer": answer, "mask": mask}.get(wanted, hold)
    try:
        if wanted == "publish":
            actions.publish(voice=voice, by=request.user, now=request.now)
            messages.success(request, _("Published."))
            return redirect("voices:desk")
        if wanted == "mask" and mask.is_valid():
            actions.mask(voice=voice, by=request.user, now=request.now, **mask.cleaned_data)
            messages.success(request, _("Published, with a part left out; the speaker is told."))
            return redirect("voices:desk")
        if wanted == "hold" and hold.is_valid():
            actions.hold(voice=voice, by=request.user, now=request.now, **hold.cleaned_data)
            messages.success(request, _("Not published; the speaker is told why."))
            return redirect("voices:desk")
        if wanted == "answer" and answer.is_valid():
            actions.answer(voice=voice, by=request.user, now=request.now, **answer.cleaned_data)
            messages.success(request, _("Answered."))
            return redirect("voices:read", handle)
    except Refused as refused:
        put_errors(used, refused)
    return render(
        request,
        "voices/desk_read.html",
        {
            "voice": voice,
            "found": found,
            "parts": screening.parts(voice.words, found),
            "hold": hold,
            "mask": mask,
            "answer": answer,
            "form": used,
            "rulings": voice.rulings.all(),
            "answers": voice.answers.all(),
            "reasons": REASONS,
        },
    )


@gate(TEAM)
def enter(request: Request) -> HttpResponse:
    """Type in one talk or call. The channel, day and place stay for the next. For a pile of paper there is `pile`."""
    kept = {name: request.GET[name] for name in ("channel", "said_on", "place") if name in request.GET}
    form = EnterForm(request.POST or None, initial={"said_on": request.today, "once": tokens.fresh()} | kept)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            voice = actions.say(
                kind=chosen["kind"],
                words=chosen["words"],
                ward=form.ward_chosen,
                may_quote=chosen["may_quote"],
                channel=chosen["channel"],
                said_on=chosen["said_on"],
                place=chosen["place"],
                contact=chosen["contact"] or None,
                by=request.user,
                now=request.now,
                key=f"desk:{chosen['once']}" if chosen["once"] else "",
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("Taken down as %(handle)s. Ready for the next.") % {"handle": voice.handle})
            query = request.GET.copy()
            query.update({"channel": chosen["channel"], "said_on": str(chosen["said_on"]), "place": chosen["place"]})
            return redirect(f"{request.path}?{query.urlencode()}")
    return render(request, "voices/desk_enter.html", {"form": form})


@gate(TEAM)
def decide_appeal(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Appeal.objects.select_related("voice__response"), pk=pk)
    reads.record(request.user, found.voice, "moderation", request.now)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_appeal(
                appeal=found,
                upheld=form.cleaned_data["upheld"] == "yes",
                answer=form.cleaned_data["answer"],
                by=request.user,
                now=request.now,
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, _("Decided; the speaker is told."))
            return redirect("voices:desk")
    return render(
        request, "voices/desk_appeal.html", {"form": form, "appeal": found, "rulings": found.voice.rulings.all()}
    )
