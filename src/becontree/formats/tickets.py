"""Tickets of a draw as a table: columns `id` (opaque), `number` (for a prize table), `salt` (hexadecimal, optional).

Source: the rules of docs/rooms/draw.md. Why text for numbers: 004312 is not 4312. Cost: one pass. Rejected: making
missing ids or salts by ourselves (nobody could repeat the draw).
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from becontree.formats.tables import decode, read_bytes, read_table
from becontree.methods.draw import PrizeTable, Pulse, pulse
from becontree.methods.draw.prizes import table_from
from becontree.methods.findings import Finding, Unusable

_SALT: Final = re.compile(r"(?:[0-9a-f]{2}){16,64}", re.ASCII)
LARGEST: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Tickets:
    """Entries in the file's order, each {"id"} or {"id", "number"}; salts by id."""

    entries: tuple[dict[str, str], ...]
    salts: dict[str, bytes]
    findings: tuple[Finding, ...] = ()


def read_tickets(source: Path | bytes, *, file: str = "", digits: int | None = None) -> Tickets:
    """The tickets of a table. digits: how many digits a number has; None if the draw has no numbers."""
    required = ("id",) if digits is None else ("id", "number")
    table = read_table(source, file=file, required=required)
    found: list[Finding] = []
    entries: list[dict[str, str]] = []
    salts: dict[str, bytes] = {}
    seen: dict[str, int] = {}
    for row in table.rows:
        name = row["id"].strip()

        def wrong(code: str, field: str, message: str, fix: str, line: int = row.line) -> None:
            found.append(Finding(code, message, "error", table.file, line, field, fix))

        if not name:
            wrong("tickets.id", "id", "This ticket has no id.", "Give every ticket an id of its own.")
        elif name in seen:
            wrong(
                "tickets.twice", "id", f"This id is already used on line {seen[name]}.", "Give every ticket its own id."
            )
        seen.setdefault(name, row.line)
        entry = {"id": name}
        if digits is not None:
            number = row["number"].strip()
            if len(number) != digits or not number.isdecimal() or not number.isascii():
                fix = "Keep leading zeros; a spreadsheet drops them unless the column is text."
                wrong("tickets.number", "number", f"This is not a number of {digits} digits.", fix)
            entry["number"] = number
        salt = row.get("salt").strip().lower()
        if salt and not _SALT.fullmatch(salt):
            wrong("tickets.salt", "salt", "This is not 16 to 64 bytes in hexadecimal.", "Copy it as it was made.")
        elif salt:
            salts[name] = bytes.fromhex(salt)
        entries.append(entry)
        if len(found) >= 50:
            break
    if found:
        raise Unusable(found)
    if not entries:
        raise Unusable(Finding("tickets.none", "There are no tickets.", file=table.file))
    return Tickets(tuple(entries), salts, table.findings)


def read_prizes(source: Path | bytes, *, file: str = "") -> PrizeTable:
    """A prize table from TOML: name, digits, rule, ticket_pence, and [[prizes]] with match, pence or free_tickets."""
    if isinstance(source, Path):
        file, source = file or source.name, read_bytes(source, limit=LARGEST)
    text, _ = decode(source, file=file)
    try:
        facts = tomllib.loads(text)
    except ValueError as problem:
        raise Unusable(Finding("draw.table.toml", f"This is not TOML: {problem}.", file=file)) from problem
    except RecursionError as problem:
        raise Unusable(Finding("draw.table.toml", "This is nested too deeply.", file=file)) from problem
    return table_from(facts, file=file)


def read_beacon(source: Path | bytes, *, file: str = "") -> Pulse:
    """A drand round from the JSON that its relays publish."""
    if isinstance(source, Path):
        file, source = file or source.name, read_bytes(source, limit=LARGEST)
    text, _ = decode(source, file=file)
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError) as problem:
        fix = "Save the beacon's answer as it is."
        raise Unusable(Finding("draw.beacon.json", "This is not JSON.", file=file, fix=fix)) from problem
    if not isinstance(facts, dict):
        raise Unusable(Finding("draw.beacon.json", "This is not one round of a beacon.", file=file))
    return pulse(facts, file=file)
