"""Work of `forgetting` that comes round by the clock; `tasks` collects it."""

from __future__ import annotations

from datetime import timedelta

from becontree.foundations.forgetting import bank
from becontree.foundations.forgetting.actions import clear_letters, note_told_longer
from becontree.foundations.kit.schedule import Job

JOBS: list[Job] = [
    Job("forgetting.note_told_longer", timedelta(minutes=5), note_told_longer),
    Job("forgetting.clear_letters", timedelta(hours=1), clear_letters),
    Job("forgetting.empty_old_bank_lines", timedelta(hours=6), bank.empty_old),
]
