"""Work after the request: sorting a study takes seconds, and nobody waits on a page for it."""

from __future__ import annotations

from django_tasks import task

from becontree.citizenship.manifesto.actions.running import sort_now
from becontree.foundations.tasks.worker import clock


@task()
def sort_study(run_id: str) -> None:
    """Do a run that was asked for. The same run again does nothing."""
    sort_now(run_id=run_id, clock=clock)
