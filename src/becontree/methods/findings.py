"""How a method or a reader says that something is wrong: structured, never a bare traceback.

A `Finding` is a code (what the tests, the API and the pages use), a sentence in plain English, and where it was
found. `Unusable` carries one or more of them when nothing useful can be computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in an input or met on the way.

    >>> str(Finding("pb.budget.negative", "The budget is below zero.", line=4, field="budget", fix="Give pounds."))
    'line 4, budget: The budget is below zero. Give pounds.'
    """

    code: str
    message: str
    level: Level = "error"
    file: str = ""
    line: int | None = None
    field: str = ""
    fix: str = ""

    def __str__(self) -> str:
        where = ", ".join(
            part for part in (self.file, f"line {self.line}" if self.line is not None else "", self.field) if part
        )
        return (
            f"{where}: {self.message} {self.fix}".strip(": ").strip() if where else f"{self.message} {self.fix}".strip()
        )

    def as_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


class Unusable(ValueError):
    """The input cannot be used. `findings` says why, each with its place and what to do."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
