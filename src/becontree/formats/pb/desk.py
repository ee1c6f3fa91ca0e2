"""What the parts of the reader share: where findings are gathered, and how a number is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from becontree.methods.findings import Finding, Unusable

SECTIONS: Final = ("META", "PROJECTS", "VOTES")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(?:[.,][0-9]{1,12})?")
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
    """An exact number with a decimal point or comma; None if it is not one.

    >>> number("1234,50"), number("1e9")
    (Fraction(2469, 2), None)
    """
    text = text.strip().replace("\u00a0", "")
    return Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
