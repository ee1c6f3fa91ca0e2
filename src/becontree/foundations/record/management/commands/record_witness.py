"""`becontree manage record_witness FOLDER --key FILE`: check another council's record, and sign that you saw it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from becontree.foundations.record.notes import WITNESS, BadNote, Signer, split
from becontree.verify import log


class Command(BaseCommand):
    help = (
        "Check a published record in FOLDER; if all agrees, print its latest checkpoint with your signature under it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--key", type=Path, required=True, help="your key: becontree manage record_key FILE --witness"
        )
        parser.add_argument("--log-key", default="", help="the record's public key, as the council printed it")
        parser.add_argument("--seen", type=Path, help="the checkpoint that you signed last time")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            signer = Signer.parse(options["key"].read_text(encoding="utf-8"))
            problems = log.check_folder(options["folder"], key=options["log_key"], seen=options["seen"])
            if problems:
                raise CommandError("Not signed. The record does not agree:\n  - " + "\n  - ".join(problems))
            note = (options["folder"] / "checkpoint").read_text(encoding="utf-8")
            body, _ = split(note)
        except (OSError, BadNote, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        if signer.kind != WITNESS:
            raise CommandError(f"{options['key']}: this key signs a record; a witness needs one made with --witness.")
        self.stdout.write(note + signer.cosign(body, timezone.now()))
