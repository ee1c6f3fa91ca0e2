"""What the parts of the reader share: where findings are gathered, and how a number is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from becontree.methods.findings import Finding, Unusable

SECTIONS: Final = ("META", "PROJECTS", "VOTES")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]{1,12})?")
_EITHER: Final = re.compile(r"[+-]?([1-9][0-9]{0,2}),([0-9]{3})")
_ENOUGH: Final = 200  # findings of one file; more help nobody


@dataclass(slots=True)
class Desk:
    """Collects findings; knows whether errors are to be borne."""

    name: str
    lenient: bool
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, message: str, fix: str, line: int | None = None, field_: str = "") -> None:
        """An error that lenient reading can step over."""
        self._add(Finding(code, message, "warning" if self.lenient else "error", self.name, line, field_, fix))

    def fatal(self, code: str, message: str, fix: str, line: int | None = None, field_: str = "") -> None:
        self._add(Finding(code, message, "error", self.name, line, field_, fix))
        self.stop()

    def warn(self, code: str, message: str, line: int | None = None, field_: str = "", fix: str = "") -> None:
        """Something a person should look at before the result is published."""
        self._add(Finding(code, message, "warning", self.name, line, field_, fix))

    def note(self, code: str, message: str, line: int | None = None, field_: str = "", fix: str = "") -> None:
        """Something good to know, with nothing to put right."""
        self._add(Finding(code, message, "note", self.name, line, field_, fix))

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < _ENOUGH:
            self.findings.append(finding)

    def stop(self) -> None:
        errors = [finding for finding in self.findings if finding.level == "error"]
        if errors:
            raise Unusable(errors)


def number(text: str) -> Fraction | None:
    """An exact number with a decimal point or comma; None if it is not one, or if it may be either of two.

    Pabulib's files write 1234,50 in some countries, and people in Britain write 100,000 for a hundred thousand. One to
    three digits, a comma and three digits can be meant either way, and the one is a thousand times the other.

    >>> number("1234,50"), number("1e9"), number("100,000")
    (Fraction(2469, 2), None, None)
    """
    text = text.strip().replace("\u00a0", "")
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) and not _EITHER.fullmatch(text) else None


def how_to_write(text: str) -> str:
    """What to do about an amount that `number` does not take.

    >>> how_to_write("100,000")
    'Write 100000 if it is a thousand times 100, or 100.000 if the comma stands for a decimal point.'
    """
    text = text.strip().replace("\u00a0", "")
    if found := _EITHER.fullmatch(text):
        sign = "-" if text.startswith("-") else ""
        whole, rest = found.groups()
        thousands, point = f"{sign}{whole}{rest}", f"{sign}{whole}.{rest}"
        return (
            f"Write {thousands} if it is a thousand times {sign}{whole}, "
            f"or {point} if the comma stands for a decimal point."
        )
    if re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?", text):
        return f"Leave out the commas between thousands: {text.replace(',', '')}."
    return "Write digits, with a point for pence."
