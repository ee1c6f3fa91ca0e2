"""`becontree manage grant_role`: the first administrator, and a role of two where no second one could confirm.

It writes what the desk would write: the person and every administrator are told; auditors see it.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from becontree.foundations.kit.errors import Refused
from becontree.foundations.people import actions, queries
from becontree.foundations.people.actors import System
from becontree.foundations.people.roles import BY_TWO


class Command(BaseCommand):
    help = (
        "Grant a role that takes two administrators, where there are no two. They need an account first. They and "
        "every administrator are told by e-mail; auditors see it under Roles."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address with which they sign in")
        parser.add_argument("role", choices=BY_TWO, help="which role")
        parser.add_argument("--reason", required=True, help="why they need it")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.by_email(options["address"])
        if person is None:
            raise CommandError("Nobody has an account with this address. Ask them to make one first.")
        try:
            actions.grant_at_server(
                person=person,
                role=options["role"],
                reason=options["reason"],
                by=System("grant_role"),
                now=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write("Granted. They and every administrator are told by e-mail.")
