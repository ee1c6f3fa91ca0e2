"""How an action says no: a code for the tests and the API, a sentence for the person."""

from __future__ import annotations


class Refused(Exception):
    """The base of all refusals. `code` never changes; `message` is plain English; `field` names the input."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class NotAllowed(Refused):
    """The actor may not do this. Pages answer 403."""


class Invalid(Refused):
    """The input cannot stand. `errors` maps each field ("" for the whole) to its sentence."""

    def __init__(self, code: str, message: str, field: str = "", errors: dict[str, str] | None = None) -> None:
        super().__init__(code, message, field)
        self.errors: dict[str, str] = errors or {field: message}


class Clash(Refused):
    """Somebody was faster, or the thing has moved on. Nothing was changed; look again, then retry."""
