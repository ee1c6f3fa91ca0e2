"""`becontree manage record_key`: make the key that signs the public record, or print its public half."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from becontree.foundations.record import keys
from becontree.foundations.record.notes import LOG, WITNESS, BadNote, Signer


class Command(BaseCommand):
    help = (
        "Write a new private key into FILE (only you can read it) and print its public key; or print one that is there."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="the key file; left out: the one in the settings")
        parser.add_argument("--name", default="", help="whose key it is, like example.org/record (default: the origin)")
        parser.add_argument("--witness", action="store_true", help="a key to witness other councils' records with")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["file"] or keys.path()
        if file is None:
            raise CommandError("Say which file: becontree manage record_key FILE")
        try:
            if not file.exists():
                name = options["name"] or settings.RECORD_ORIGIN
                keys.write(file, Signer.new(name, WITNESS if options["witness"] else LOG))
                self.stderr.write(f"Wrote a new private key to {file}. Keep a copy where no one else can reach it.")
            key = Signer.parse(file.read_text(encoding="utf-8"))
        except (OSError, BadNote, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(str(key.verifier))
