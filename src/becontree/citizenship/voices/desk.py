"""Pages for the officers who listen: read, publish or hold, answer, decide appeals, type in what was said elsewhere."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.forms import AnswerForm, DecideForm, EnterForm, HoldForm
from becontree.citizenship.voices.models import Appeal, Voice
from becontree.citizenship.voices.policy import REASONS
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM = "officer:engagement"


@gate(TEAM)
def queue(request: Request) -> HttpResponse:
    """What waits: appeals by their date, then voices, oldest first."""
    rows = Voice.objects.visible_to(request.user, "moderation").filter(state=Voice.State.WAITING)
    shown = page(request, rows.select_related("response__ward").order_by("response__entered_at", "position"), 20)
    reads.record(request.user, list(shown.object_list), "moderation", request.now)
    return render(
        request, "voices/desk_queue.html", {"page": shown, "appeals": queries.open_appeals()[:20], "reasons": REASONS}
    )


@gate(TEAM)
def read(request: Request, handle: str) -> HttpResponse:
    """One voice: publish it, hold it with a reason, or answer it."""
    voice = get_object_or_404(
        Voice.objects.visible_to(request.user, "moderation").select_related("response__ward"), handle=handle
    )
    reads.record(request.user, voice, "moderation", request.now)
    wanted = request.POST.get("do", "")
    hold = HoldForm(request.POST if wanted == "hold" else None, prefix="hold")
    answer = AnswerForm(request.POST if wanted == "answer" else None, prefix="answer")
    try:
        if wanted == "publish":
            actions.publish(voice=voice, by=request.user, now=request.now)
            messages.success(request, "Published.")
            return redirect("voices:desk")
        if wanted == "hold" and hold.is_valid():
            actions.hold(voice=voice, by=request.user, now=request.now, **hold.cleaned_data)
            messages.success(request, "Not published; the speaker is told why.")
            return redirect("voices:desk")
        if wanted == "answer" and answer.is_valid():
            actions.answer(voice=voice, by=request.user, now=request.now, **answer.cleaned_data)
            messages.success(request, "Answered.")
            return redirect("voices:read", handle)
    except Refused as refused:
        put_errors(answer if wanted == "answer" else hold, refused)
    return render(
        request,
        "voices/desk_read.html",
        {
            "voice": voice,
            "hold": hold,
            "answer": answer,
            "form": answer if wanted == "answer" else hold,
            "rulings": voice.rulings.all(),
            "answers": voice.answers.all(),
        },
    )


@gate(TEAM)
def enter(request: Request) -> HttpResponse:
    """Type in a paper form, a talk at a door, a call. The channel, day and place stay for the next form."""
    kept = {name: request.GET[name] for name in ("channel", "said_on", "place") if name in request.GET}
    form = EnterForm(request.POST or None, initial={"said_on": request.today} | kept)
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
                by=request.user,
                now=request.now,
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            messages.success(request, f"Taken down as {voice.handle}. Ready for the next.")
            query = request.GET.copy()
            query.update({"channel": chosen["channel"], "said_on": str(chosen["said_on"]), "place": chosen["place"]})
            return redirect(f"{request.path}?{query.urlencode()}")
    return render(request, "voices/desk_enter.html", {"form": form})


@gate(TEAM)
def decide_appeal(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Appeal.objects.select_related("voice"), pk=pk)
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
            messages.success(request, "Decided; the speaker is told.")
            return redirect("voices:desk")
    return render(
        request, "voices/desk_appeal.html", {"form": form, "appeal": found, "rulings": found.voice.rulings.all()}
    )
