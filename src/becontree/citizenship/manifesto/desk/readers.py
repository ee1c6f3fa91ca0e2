"""Two readers apart: samples of a study that two people sort without each other's answers, and how far they agree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto import actions
from becontree.citizenship.manifesto.desk.studies import TEAM, TOKEN, numbers
from becontree.citizenship.manifesto.forms import SampleForm
from becontree.citizenship.manifesto.models import Coding, Sample, Study
from becontree.citizenship.manifesto.queries import workbench as reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Refused
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.people.actors import party_id


@gate(TEAM)
def samples(request: Request, slug: str) -> HttpResponse:
    """Samples that two people sort apart from each other."""
    found = get_object_or_404(Study, slug=slug)
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            sample = actions.draw_sample(
                study=found, size=form.cleaned_data["size"], seed=short_id(16), by=request.user, now=request.now
            )
            return redirect("manifesto:code", slug, sample.pk)
    return render(
        request, "manifesto/desk_samples.html", {"study": found, "form": form, "samples": found.samples.all()[:25]}
    )


@gate(TEAM)
def code(request: Request, slug: str, pk: Any) -> HttpResponse:
    """One text after another; the other's answers are not shown."""
    sample = get_object_or_404(Sample.objects.select_related("study"), pk=pk, study__slug=slug)
    me = party_id(request.user)
    if request.method == "POST":
        try:
            actions.code(
                sample=sample,
                clause=(numbers([request.POST.get("clause", "")]) or [0])[0],
                themes=request.POST.getlist("themes"),
                by=request.user,
                now=request.now,
            )
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            return redirect("manifesto:code", slug, pk)
    done = set(Coding.objects.filter(sample=sample, coder=me).values_list("clause__number", flat=True))
    left = [number for number in sample.clauses if number not in done]
    rows = list(sample.study.clauses.filter(number__in=left[:1]).select_related("answer"))
    return render(
        request,
        "manifesto/desk_code.html",
        {
            "study": sample.study,
            "sample": sample,
            "part": next(iter(reads.parts(rows)), None),
            "done": len(done),
            "themes": reads.themes(sample.study),
            "full": len(sample.coders) == 2 and me not in sample.coders,
        },
    )


@gate(TEAM)
def agreement(request: Request, slug: str, pk: Any) -> HttpResponse:
    """How far two readers agree, and where they differ, to be settled. Not shown to a coder who is not through."""
    sample = get_object_or_404(Sample.objects.select_related("study"), pk=pk, study__slug=slug)
    agreed = reads.agreement_of(sample)
    me = party_id(request.user)
    if me in sample.coders and agreed.done[sample.coders.index(me)] < len(sample.clauses):
        messages.error(request, _("Sort the whole sample first, so that the other's answers do not sway you."))
        return redirect("manifesto:code", slug, pk)
    if request.method == "POST":
        try:
            actions.settle(
                sample=sample,
                clause=(numbers([request.POST.get("clause", "")]) or [0])[0],
                themes=request.POST.getlist("themes"),
                by=request.user,
                now=request.now,
                once=request.POST.get("once", "")[:32],
            )
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Settled."))
            return redirect("manifesto:agreement", slug, pk)
    return render(
        request,
        "manifesto/desk_agreement.html",
        {
            "study": sample.study,
            "sample": sample,
            "agreed": agreed,
            "page": page(request, agreed.differences, 10),
            "themes": list(reads.themes(sample.study)),
            "once": short_id(TOKEN),
        },
    )
