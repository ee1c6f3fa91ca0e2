"""Read what waits, let it through, leave a part out or hold it back; decide appeals; type in a single talk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from becontree.citizenship.voices import actions, bursts, queries, tokens
from becontree.citizenship.voices.actions.answering import decided_first
from becontree.citizenship.voices.actions.moderating import reasons_for
from becontree.citizenship.voices.forms import AnswerForm, DecideForm, EnterForm, HoldForm
from becontree.citizenship.voices.forms.desk import FindReferenceForm, MaskForm
from becontree.citizenship.voices.models import Appeal, Round, Voice
from becontree.citizenship.voices.policy import BY_CODE
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit import once
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.forms import focus_error, put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import screening

TEAM = "officer:engagement"
A_PAGE = 50


@gate(TEAM)
def queue(request: Request) -> HttpResponse:
    """What waits: appeals by their date, then voices, oldest first; what looks personal is marked.

    Ticked already are those in which nothing was found and that did not come in a burst. What is ticked is shown once
    more, with its number, before it goes out.
    """
    visible = Voice.objects.visible_to(request.user, "moderation")
    wanted = request.GET.get("round", "")
    if wanted and not Round.objects.filter(slug=wanted).exists():
        raise Http404
    if request.method == "POST":
        chosen = visible.filter(handle__in=request.POST.getlist("voice")[: 2 * A_PAGE], state=Voice.State.WAITING)
        rows = list(chosen.select_related("response__ward").defer("response__ward__geometry"))
        if not rows and "voice" in request.POST:
            messages.warning(request, _("What was ticked has been read already. Here is what still waits."))
        elif not rows:
            messages.warning(request, _("Nothing is ticked."))
        elif request.POST.get("sure") == str(len(rows)):
            count = actions.publish_many(voices=rows, by=request.user, now=request.now)
            messages.success(request, _("%(count)s published.") % {"count": count})
        else:
            return _sure(request, rows)
        return redirect(request.get_full_path())
    picked = queries.waiting(wanted).filter(pk__in=visible.values("pk"))
    shown = page(request, picked.select_related("question").defer("response__ward__geometry"), A_PAGE)
    reads.record(request.user, list(shown.object_list), "moderation", request.now)
    appeals = list(queries.open_appeals().prefetch_related("voice__rulings")[:20])
    return render(
        request,
        "voices/desk_queue.html",
        {
            "page": shown,
            "groups": bursts.grouped(_screened(list(shown))),
            "appeals": [(appeal, decided_first(appeal.voice, request.user)) for appeal in appeals],
            "rounds": queries.rounds_waiting(),
            "wanted": wanted,
            "unanswered": queries.to_answer(request.user).count(),
            "find": FindReferenceForm(),
        },
    )


def _screened(voices: Sequence[Voice]) -> list[bursts.Row]:
    screen = screening.screen()
    found = [(voice, screen.find(voice.words)) for voice in voices]
    return [bursts.Row(voice, bool(some), screening.parts(voice.words, some)) for voice, some in found]


def _sure(request: Request, voices: Sequence[Voice]) -> HttpResponse:
    """Once more before it goes out: how many, and what in them looks personal."""
    reads.record(request.user, list(voices), "moderation", request.now)
    rows = _screened(voices)
    marked = [row for row in rows if row.found]
    return render(request, "voices/desk_sure.html", {"rows": rows, "marked": marked})


@gate(TEAM)
def read(request: Request, handle: str) -> HttpResponse:
    """One voice: publish it, publish it but for a part, hold it with a reason, or answer it; then the next."""
    rows = Voice.objects.visible_to(request.user, "moderation").select_related(
        "response__ward", "response__round", "question"
    )
    voice = get_object_or_404(rows, handle=handle)
    reads.record(request.user, voice, "moderation", request.now)
    wanted = request.POST.get("do", "")
    found = screening.screen().find(voice.words)
    hold = HoldForm(request.POST if wanted == "hold" else None, prefix="hold")
    hold.fields["reason"].choices = [(code, BY_CODE[code].name) for code in reasons_for(voice.response.round)]  # type: ignore[attr-defined]
    mask = MaskForm(
        request.POST if wanted == "mask" else None,
        prefix="mask",
        initial={"words": screening.masked(voice.words, found)},
    )
    answer = AnswerForm(request.POST if wanted == "answer" else None, prefix="answer")
    forms: dict[str, Any] = {"answer": answer, "mask": mask, "hold": hold}
    who: Any = {"voice": voice, "by": request.user, "now": request.now}
    if wanted == "publish" and found and "sure" not in request.POST:
        return render(
            request, "voices/desk_sure_one.html", {"voice": voice, "parts": screening.parts(voice.words, found)}
        )
    said, refused_note = "", ""
    try:
        if wanted == "publish":
            actions.publish(note=request.POST.get("note", ""), **who)
            said = _("Published.")
        elif wanted == "mask" and mask.is_valid():
            actions.mask(**who, **mask.cleaned_data)
            said = _("Published, with a part left out; the speaker is told.")
        elif wanted == "hold" and hold.is_valid():
            actions.hold(**who, **hold.cleaned_data)
            said = _("Not published; the speaker is told why.")
        elif wanted == "answer" and answer.is_valid():
            actions.answer(**who, **answer.cleaned_data)
            messages.success(request, _("Answered."))
            return redirect("voices:read", handle)
    except Refused as refused:
        if wanted in forms and isinstance(refused, Invalid):
            put_errors(forms[wanted], refused)
        else:
            refused_note = refused.message
    if said:
        return _onward(request, voice, said)
    return render(
        request,
        "voices/desk_read.html",
        {
            "voice": voice,
            "found": found,
            "parts": screening.parts(voice.words, found),
            **forms,
            "form": forms.get(wanted, hold),
            "refused": refused_note,
            "appeal": voice.open_appeal,
            "settled": voice.open_appeal is None and bool(voice.appeals.all()),
            "rulings": voice.rulings.all(),
            "answers": voice.answers.all(),
            "wanted": request.GET.get("round", ""),
        },
        status=422 if refused_note or any(form.errors for form in forms.values()) else 200,
    )


def _onward(request: Request, voice: Voice, said: str) -> HttpResponse:
    """To the next that waits, in the same round where one was chosen; to the list where nothing waits."""
    wanted = request.GET.get("round", "")
    rest = f"?{urlencode({'round': wanted})}" if wanted else ""
    after = queries.next_waiting(voice, wanted)
    if after is None:
        messages.success(request, said)
        return redirect(reverse("voices:desk") + rest)
    messages.success(request, _("%(said)s This is the next.") % {"said": said})
    return redirect(reverse("voices:read", args=[after.handle]) + rest)


@gate(TEAM)
def enter(request: Request) -> HttpResponse:
    """Type in one talk or call. The channel, day and place stay for the next. For a pile of paper there is `pile`."""
    kept = {name: request.GET[name] for name in ("channel", "said_on", "place") if name in request.GET}
    form = EnterForm(request.POST or None, initial={"said_on": request.today, "once": tokens.fresh()} | kept)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        key = once.mark(chosen["once"], chosen, whose=once.sender(request))
        with told_in(form):
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
                key=f"desk:{key}" if key else "",
            )
            messages.success(request, _("Taken down as %(handle)s. Ready for the next.") % {"handle": voice.handle})
            query = request.GET.copy()
            query.update({"channel": chosen["channel"], "said_on": str(chosen["said_on"]), "place": chosen["place"]})
            return redirect(f"{request.path}?{query.urlencode()}")
    focus_error(form)
    return render(request, "voices/desk_enter.html", {"form": form}, status=422 if form.errors else 200)


@gate(TEAM)
def decide_appeal(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Appeal.objects.select_related("voice__response"), pk=pk)
    reads.record(request.user, found.voice, "moderation", request.now)
    mine = decided_first(found.voice, request.user)
    form = DecideForm(None if mine else request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.decide_appeal(
                appeal=found,
                upheld=form.cleaned_data["upheld"] == "yes",
                answer=form.cleaned_data["answer"],
                by=request.user,
                now=request.now,
            )
            messages.success(request, _("Decided; the speaker is told."))
            return redirect("voices:desk")
    return render(
        request,
        "voices/desk_appeal.html",
        {"form": form, "appeal": found, "rulings": found.voice.rulings.all(), "mine": mine},
        status=422 if form.errors else 403 if mine and request.method == "POST" else 200,
    )
