"""`becontree manage record_publish FOLDER`: number, sign and write the public record as static files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from becontree.foundations.kit.errors import Refused
from becontree.foundations.record import actions


class Command(BaseCommand):
    help = "Number what waits, sign a checkpoint, and write the public record into FOLDER as static files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            while actions.sequence(now=now):
                pass
            actions.checkpoint(now=now)
            index = actions.publish(options["folder"], now=now)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(
            f"{options['folder']}: {index['size']} entries, {len(index['decisions'])} decisions, "
            f"{len(index['checkpoints'])} checkpoints. Check it with: becontree verify {options['folder']}"
        )
