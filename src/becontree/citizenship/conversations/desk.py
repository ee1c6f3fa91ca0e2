"""The front of the desk: answers that are due, appeals, statements to read, all conversations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from becontree.citizenship.conversations import queries
from becontree.citizenship.conversations.hosting import TEAM
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request


@gate(TEAM)
def desk(request: Request) -> HttpResponse:
    waiting = list(queries.waiting(request.user)[:20])
    reads.record(request.user, waiting, "moderation", request.now)
    return render(
        request,
        "conversations/desk.html",
        {
            "due": queries.due(request.today)[:20],
            "appeals": queries.open_appeals(request.user)[:20],
            "waiting": waiting,
            "page": page(request, queries.for_desk(request.user), 20),
        },
    )
