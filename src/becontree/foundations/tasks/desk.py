"""The administrators' page: is the background work going on?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.paging import page
from becontree.foundations.tasks import queries, queue


@gate("administrator")
def jobs(request: HttpRequest) -> HttpResponse:
    now = request.now  # type: ignore[attr-defined]
    return render(
        request,
        "tasks/jobs.html",
        {
            "jobs": queries.job_rows(now),
            "workers": queries.workers(now),
            "backlog": queries.backlog(now),
            "runs": page(request, queries.runs(), 30),
        },
    )


@require_POST
@gate("administrator")
def try_again(request: HttpRequest, task_id: str) -> HttpResponse:
    queue.try_again(task_id=task_id, now=request.now)  # type: ignore[attr-defined]
    return redirect("tasks:jobs")
