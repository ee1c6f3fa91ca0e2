"""The front of the desk: answers that are due, appeals, statements to read, all conversations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from becontree.citizenship.conversations import queries
from becontree.citizenship.conversations.hosting import TEAM
from becontree.citizenship.conversations.readings import A_QUEUE, readings, show_chosen
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request


@gate(TEAM)
def desk(request: Request) -> HttpResponse:
    if request.method == "POST":
        show_chosen(request)
        return redirect("conversations:desk")
    alone = request.GET.get("show") == "without-host"
    rows = queries.for_desk(request.user)
    waiting = list(queries.waiting(request.user)[:A_QUEUE])
    reads.record(request.user, waiting, "moderation", request.now)
    return render(
        request,
        "conversations/desk.html",
        {
            "clocks": queries.clocks(request.user, 40),
            "readings": readings(waiting),
            "at": "desk",
            "alone": alone,
            "page": page(request, rows.filter(pk__in=queries.without_host().values("pk")) if alone else rows, 20),
        },
    )
