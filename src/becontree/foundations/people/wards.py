"""The wards a person may choose from. `places`, which lies above, says which there are."""

from __future__ import annotations

from collections.abc import Callable

Choices = list[tuple[str, str]]

_providers: list[Callable[[], Choices]] = []


def register(provider: Callable[[], Choices]) -> None:
    """`provider()` returns (code, name) of every ward, in the order to be shown. The last one registered holds."""
    _providers[:] = [provider]


def choices() -> Choices:
    """(code, name) of every ward; empty where no borough has been loaded."""
    return _providers[0]() if _providers else []
