"""`becontree manage translations`: renew the catalogues from the templates and the code, and say what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from becontree.web import extraction
from becontree.web.catalogues import ENGLISH, LANGUAGES, SOURCE

HEAD: Final = """\
# Translations of Becontree.
# Translated-By: machine
# An entry that a person has read and mended carries the comment "checked" (docs/languages.md)."""
# What Django itself says on our pages, for languages in which Django has no catalogue of its own.
DJANGOS: Final = [
    "This field is required.",
    "Enter a valid value.",
    "Enter a whole number.",
    "Enter a number.",
    "Enter a valid date.",
    "Enter a valid email address.",
    "Enter a valid URL.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "No file was submitted. Check the encoding type on the form.",
    "The submitted file is empty.",
]


def template() -> Catalog:
    """All messages, in the order of their files."""
    found = Catalog(charset="utf-8")
    for each in [*extraction.templates(), *extraction.code()]:
        found.add(
            (each.message, each.plural) if each.plural else each.message,
            locations=[(each.path, 1)],
            context=each.context or None,
            flags=["python-format"] if "%(" in each.message else [],
        )
    for message in DJANGOS:
        found.add(message, locations=[("django", 1)])
    for entry in found:
        entry.locations.sort()  # messages are written in the order of their first place, whichever was read first
    return found


def begun(language: str) -> Catalog:
    """A new catalogue, to be translated by machine first; a person who has checked all of it takes the mark out."""
    return Catalog(locale=language, charset="utf-8", project="Becontree", version="1", fuzzy=False, header_comment=HEAD)


def missing(catalogue: Catalog) -> list[Message]:
    """The messages without a translation."""
    return [each for each in catalogue if each.id and not all(_strings(each))]


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, locale=language)


class Command(BaseCommand):
    help = "Renews the catalogues of translations and says what is missing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="print the messages that have no translation")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(None):
            wanted = template()
        for language, name, _ in LANGUAGES:
            if language == ENGLISH:
                continue
            path = SOURCE / language / "LC_MESSAGES" / "django.po"
            catalogue = read(path, language) if path.is_file() else begun(language)
            wanted.creation_date = catalogue.creation_date  # a date that changes with every run tells nothing
            catalogue.update(wanted, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            lost = missing(catalogue)
            if not options["dry_run"]:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as text:
                    write_po(text, catalogue, width=100, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
            checked = sum("checked" in each.user_comments for each in catalogue)
            done = len(catalogue) - len(lost)
            self.stdout.write(
                f"{language} {name}: {done} of {len(catalogue)} translated, {checked} checked by a person"
            )
            if options["missing"]:
                for each in lost:
                    self.stdout.write(repr(each.id))
