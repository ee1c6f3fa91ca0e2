"""`becontree manage reset_second_factor`: where no second administrator could confirm, whoever runs the server does it.

It writes what the desk would write: the person is told, signed out, and sets up a new one; auditors see it.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from becontree.foundations.kit.errors import Refused
from becontree.foundations.people import actions, queries
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import FactorReset


class Command(BaseCommand):
    help = (
        "Take away the second factor of somebody who lost it with its recovery codes. Check first who they are. "
        "They are told by e-mail; auditors see it under Roles."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address with which they sign in")
        parser.add_argument("--reason", required=True, help="what happened to their telephone and their codes")
        parser.add_argument("--checked", required=True, choices=FactorReset.Checked.values, help="how you checked")
        parser.add_argument("--note", required=True, help="when and where you checked")

    def handle(self, *args: Any, **options: Any) -> None:
        person = queries.by_email(options["address"])
        if person is None:
            raise CommandError("Nobody has an account with this address.")
        try:
            actions.reset_at_server(
                person=person,
                reason=options["reason"],
                checked=options["checked"],
                check_note=options["note"],
                by=System("reset_second_factor"),
                now=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write("Taken away. They are told by e-mail, and set up a new one when they next sign in.")
