"""Is the record safe: a key that only we hold, and witnesses who would notice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from becontree.foundations.record import keys
from becontree.foundations.record.notes import BadNote, Signer


@checks.register
def the_key_is_safe(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """record.E001 no key, E002 unusable, E003 others can read it, E004 another origin; only for a key that is set."""
    file = keys.path()
    if file is None:
        hint = "Run `becontree manage record_key FILE`, then set BECONTREE_RECORD_KEY to the file."
        return [checks.Error("No key signs the public record.", hint=hint, id="record.E001")]
    if not settings.RECORD_KEY:
        return []
    try:
        key = Signer.parse(file.read_text(encoding="utf-8"))
        open_to_others = keys.others_can_read(file)
    except (OSError, BadNote, UnicodeDecodeError) as error:
        return [checks.Error(f"The record's key {file} cannot be used: {error}", id="record.E002")]
    found: list[checks.CheckMessage] = []
    if open_to_others:
        hint = f"chmod 600 {file}"
        found.append(
            checks.Error(f"Others on this machine can read the record's key {file}.", hint=hint, id="record.E003")
        )
    if key.name != settings.RECORD_ORIGIN:
        hint = "Set BECONTREE_RECORD_ORIGIN to the name in the key, or make a key for this name."
        found.append(
            checks.Error(
                f"The key is {key.name}'s but the record's origin is {settings.RECORD_ORIGIN}.",
                hint=hint,
                id="record.E004",
            )
        )
    return found


@checks.register
def somebody_else_watches(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """record.E005 a witness key that cannot be read; E006 no witness at all, in production."""
    try:
        known = keys.witnesses()
    except BadNote as error:
        return [checks.Error(f"BECONTREE_RECORD_WITNESSES: {error}", id="record.E005")]
    if not known and settings.MODE == "production":
        hint = (
            "Ask somebody outside the council (a neighbour, a paper, the auditor) to witness the record, and "
            "put their public key in BECONTREE_RECORD_WITNESSES."
        )
        return [checks.Error("Nobody outside the council witnesses the record.", hint=hint, id="record.E006")]
    return []
