"""Pages for the officers who send people out: shifts and devices, streets, calls, doors to leave alone, the plan."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from becontree.citizenship.outreach import actions, limits, queries
from becontree.citizenship.outreach.forms import AloneForm, DeviceForm, PlanForm, ShiftForm, StreetsForm
from becontree.citizenship.outreach.models import CallBack, Device, NoKnock, Shift
from becontree.citizenship.outreach.views import where
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.places import queries as places
from becontree.methods.findings import Finding, Unusable

TEAM = "officer:engagement"


@gate(TEAM)
def desk(request: Request) -> HttpResponse:
    """The shifts, newest first, and what waits."""
    shown = page(request, queries.shifts(), 20)
    context = {
        "page": shown,
        "rows": [(shift, shift.stage(request.today, in_use=shift.in_use)) for shift in shown],
        "calls": queries.open_calls().count(),
        "late": queries.open_calls().filter(due_on__lt=request.today).count(),
    }
    return render(request, "outreach/desk.html", context)


@gate(TEAM)
def plan_shift(request: Request) -> HttpResponse:
    asked = [key for key in request.GET.getlist("street") if _uuid(key)]
    initial: dict[str, object] = {"begins_on": request.today}
    if asked:
        initial |= {"streets": asked, "kind": Shift.Kind.DOORSTEP}
    form = ShiftForm(request.POST or None, streets=queries.streets(request.today), initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = dict(form.cleaned_data)
        chosen["ward"] = form.ward_chosen
        with told_in(form):
            made = actions.plan_shift(by=request.user, now=request.now, **chosen)
            messages.success(request, _("Planned. Now give out a code for each phone or tablet."))
            return redirect("outreach:shift-desk", made.handle)
    return render(request, "outreach/desk_plan_shift.html", {"form": form}, status=422 if form.errors else 200)


@gate(TEAM)
@never_cache
def shift(request: Request, handle: str) -> HttpResponse:
    """One shift: its devices, its outcomes; give out a code, end a device or all of it."""
    found = get_object_or_404(queries.shifts(), handle=handle)
    form = DeviceForm(request.POST if request.POST.get("do") == "add" else None)
    code = ""
    do = request.POST.get("do", "")
    try:
        if do == "add" and form.is_valid():
            _device, code = actions.add_device(
                shift=found, label=form.cleaned_data["label"], by=request.user, now=request.now
            )
            form = DeviceForm()
        elif do in {"end", "lost"}:
            device = get_object_or_404(Device, pk=_uuid(request.POST.get("device", "")), shift=found)
            actions.end_device(device=device, lost=do == "lost", by=request.user, now=request.now)
            messages.success(request, _("It forgets everything at its next contact."))
            return redirect("outreach:shift-desk", handle)
        elif do == "over":
            actions.end_shift(shift=found, by=request.user, now=request.now)
            messages.success(request, _("The shift is over. What still waits on its devices can be sent."))
            return redirect("outreach:shift-desk", handle)
    except Refused as refused:
        put_errors(form, refused)
    stage = found.stage(request.today, in_use=found.in_use)
    context = {
        "shift": found,
        "stage": stage,
        "over": stage == Shift.Stage.OVER,
        "form": form,
        "code": f"{code[:4]}-{code[4:7]}-{code[7:]}" if code else "",
        "join_url": request.build_absolute_uri(reverse("outreach:join")),
        "devices": found.devices.all(),
        "outcomes": queries.outcomes(found),
        "streets": found.streets.all(),
    }
    return render(request, "outreach/desk_shift.html", context, status=409 if form.errors else 200)


@gate(TEAM)
def streets(request: Request) -> HttpResponse:
    """The streets, those that have waited longest first, with the map of wards; bring them from a file."""
    form = StreetsForm(request.POST or None, request.FILES or None)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = actions.import_streets(file.read(), file_name=file.name, by=request.user, now=request.now)
        except Unusable as error:
            findings = error.findings
        else:
            messages.success(request, _("%(n)d streets are in use.") % {"n": len(kept)})
            return redirect("outreach:streets")
    shown = page(request, queries.streets(request.today), 50)
    context = {
        "form": form,
        "findings": findings,
        "page": shown,
        "rows": [(street, queries.weeks(street.last, request.today)) for street in shown],
        **where(request),
    }
    return render(request, "outreach/desk_streets.html", context, status=422 if findings or form.errors else 200)


@gate(TEAM)
def calls(request: Request) -> HttpResponse:
    """Who asked to be called, by the day it is due. Reading it is written down."""
    if request.method == "POST":
        found = get_object_or_404(
            CallBack.objects.visible_to(request.user, "case"), handle=request.POST.get("call", "")
        )
        actions.call_made(call=found, by=request.user, now=request.now)
        messages.success(request, _("Well done. The name and the number are forgotten in a few weeks."))
        return redirect("outreach:calls")
    rows = CallBack.objects.visible_to(request.user, "case").filter(done_on=None).select_related("shift")
    shown = page(request, rows, 20)
    reads.record(request.user, list(shown.object_list), "case", request.now)
    return render(request, "outreach/desk_calls.html", {"page": shown, "today": request.today})


@gate(TEAM)
def left_alone(request: Request) -> HttpResponse:
    """Doors at which nobody knocks; a row that is no longer wished for is erased."""
    form = AloneForm(request.POST if request.POST.get("do") == "add" else None)
    if request.POST.get("do") == "erase":
        found = get_object_or_404(
            NoKnock.objects.visible_to(request.user, "case"), pk=_uuid(request.POST.get("left", ""))
        )
        actions.knock_again(left=found, by=request.user, now=request.now)
        messages.success(request, _("Erased."))
        return redirect("outreach:left-alone")
    if form.is_bound and form.is_valid():
        with told_in(form):
            actions.leave_alone(by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Nobody will knock there."))
            return redirect("outreach:left-alone")
    rows = (
        NoKnock.objects.visible_to(request.user, "case").select_related("street__ward").defer("street__ward__geometry")
    )
    shown = page(request, rows.order_by("street__name", "door", "id"), 50)
    reads.record(request.user, list(shown.object_list), "case", request.now)
    return render(
        request, "outreach/desk_left_alone.html", {"form": form, "page": shown}, status=422 if form.errors else 200
    )


@gate(TEAM)
def plan(request: Request) -> HttpResponse:
    """Where to go next with the hours there are: a list to print."""
    asked = bool(request.GET)
    form = PlanForm(request.GET if asked else None)
    context: dict[str, object] = {"form": form, "today": request.today}
    if asked and form.is_valid():
        names = places.ward_names()
        known = {name: limits.whole(name, request.today) for name in ("door_minutes", "answer_percent")}
        found = queries.next_plan(today=request.today, minutes=form.minutes, ward=form.cleaned_data["ward"], **known)
        context |= {
            "plan": found,
            "talks": round(found.talks),
            "doors": sum(stop.place.doors for stop in found.stops),
            "rows": [
                {
                    "stop": stop,
                    "ward": names.get(stop.place.ward, stop.place.ward),
                    "heard": round(stop.heard),
                    "due": round(stop.due),
                    "talks": round(stop.talks),
                    "weeks": queries.weeks(stop.place.last, request.today),
                }
                for stop in found.stops
            ],
            "people_hours": f"{found.minutes * (2 if form.cleaned_data['pairs'] else 1) / 60:.1f}",
            **known,
        }
    return render(request, "outreach/desk_plan.html", context, status=422 if form.errors else 200)


@gate(TEAM)
def heard(request: Request) -> HttpResponse:
    """Who has not been heard, also while a round is open: so that the next weeks can mend it."""
    rounds = list(queries.rounds(live=True)[:40])
    slug = request.GET.get("round", "")
    if slug and not any(round.slug == slug for round in rounds):
        raise Http404
    chosen = next((round for round in rounds if not slug or round.slug == slug), None)
    context: dict[str, object] = {"rounds": rounds, "chosen": chosen}
    if chosen is not None:
        context["heard"] = queries.who_was_heard(chosen, on=request.today, live=True)
    return render(request, "outreach/desk_heard.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
