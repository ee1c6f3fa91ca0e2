"""`becontree manage record_cosign FILE`: keep the witnesses' signatures that a checkpoint came back with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from becontree.foundations.kit.errors import Refused
from becontree.foundations.record import actions


class Command(BaseCommand):
    help = "Keep the witnesses' signatures under one of our checkpoints; FILE is the checkpoint as it came back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            kept = actions.cosign(note=options["file"].read_text(encoding="utf-8"), now=timezone.now())
        except (OSError, UnicodeDecodeError, Refused) as error:
            raise CommandError(str(error)) from error
        for row in kept:
            self.stdout.write(f"{row.witness} saw the record at {row.checkpoint_id} entries, {row.signed_at:%d %B %Y}.")
