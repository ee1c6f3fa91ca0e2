"""Django's own `migrate`, which does not stop at a missing guard: it is what puts the guards in place."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from becontree.foundations.kit import triggers


class Command(migrate.Command):
    def check(self, *args: Any, **kwargs: Any) -> None:
        with triggers.not_asked_for():
            super().check(*args, **kwargs)
