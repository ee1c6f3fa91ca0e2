"""Work of `voices` that comes round by the clock; `tasks` collects it."""

from __future__ import annotations

from datetime import timedelta

from becontree.citizenship.voices.actions.files import forget_drafts
from becontree.citizenship.voices.actions.leaving import forget_expired
from becontree.citizenship.voices.actions.telling import close_due, tell_everybody
from becontree.foundations.kit.schedule import Job

JOBS = [
    Job("voices.close", timedelta(hours=1), close_due),
    Job("voices.tell", timedelta(hours=1), tell_everybody),
    Job("voices.forget_expired", timedelta(days=1), forget_expired),
    Job("voices.forget_drafts", timedelta(hours=6), forget_drafts),
]
