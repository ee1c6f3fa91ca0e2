"""How the ledger says no."""

from __future__ import annotations

from becontree.foundations.kit.errors import Refused


class KeyClash(Refused):
    """The key was used before, for something else. A key names one business fact for ever."""

    def __init__(self, key: str) -> None:
        super().__init__("ledger.key", f"The key {key} was used before, for something else.", "key")
        self.key = key


class Overdrawn(Refused):
    """The account would fall below zero, with what is pending counted as gone. Nothing was written."""

    def __init__(self, account: str) -> None:
        super().__init__("ledger.overdrawn", f"There is not enough in {account}.", "amount")
        self.account = account


class MonthClosed(Refused):
    """The date lies in a month that is closed. Book it in an open month, as a correction."""

    def __init__(self, day: object) -> None:
        super().__init__("ledger.month-closed", f"{day} lies in a month that is closed.", "occurred_on")


class AlreadyResolved(Refused):
    """A pending transfer was settled or released before, under another key."""

    def __init__(self) -> None:
        super().__init__("ledger.resolved", "This was settled or released before.", "pending")
