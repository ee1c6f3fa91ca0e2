"""The port: what every payment provider looks like from inside, and what each one says it can do.

An adapter turns a provider's own words into the few words here. It never writes to our tables and never decides: it
asks, refunds, charges and translates. Adapters are called by the outbox, the inbox and the sweep, outside any
transaction; every call that changes something carries our own key, made from the business fact, so that asking twice
changes nothing twice.

The capabilities follow what the providers publish (design/money.md, section 2): Stripe holds a card for 7 days, saves
it for later, forbids lotteries and forgets keys after a day; GOV.UK Pay holds for 120 hours, charges at once, has no
keys for one-off payments (so its adapter must search for our reference before it retries).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from django.conf import settings

from becontree.foundations.kit.errors import Invalid

__all__ = [
    "Begun",
    "Capabilities",
    "Event",
    "News",
    "Provider",
    "Rejected",
    "SignatureRefused",
    "Unreachable",
    "adapter",
    "providers",
]

Take = Literal["later", "now"]
What = Literal["instruction", "charge", "refund", "dispute"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do. Rooms ask these, never the provider's name."""

    save_and_charge: bool  # keep a means of payment now, charge it later without the giver present
    charge_and_refund: bool  # charge now, give back later
    hold_days: int  # for how many days an amount can be held without taking it; 0: not at all
    refunds: bool  # the provider itself sends money back to the source
    direct_debit: bool
    lottery_allowed: bool
    card_kind_known: bool  # tells debit from credit cards (a remote lottery may not take credit)
    key_hours: int  # for how long the provider remembers our keys; afterwards a retry would be a new request
    real_money: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """An opened page of the provider's where the giver goes."""

    remote_id: str
    hosted_url: str


@dataclass(frozen=True, slots=True)
class News:
    """What the provider says about one thing, in our words.

    `kind`: for an instruction "waiting", "ready", "failed", "cancelled"; for a charge or refund "accepted" (under way),
    "settled", "failed", "lost" (nobody knows); for a dispute "open", "won", "lost_to_giver".
    """

    kind: str
    remote_id: str = ""
    code: str = ""
    amount: int | None = None  # pence; where given it must equal ours
    fee: int = 0  # pence, kept by the provider
    card_kind: str = ""  # "debit", "credit", ""
    fingerprint: str = ""  # the same card gives the same mark, without saying which card
    about_key: str = ""  # for a dispute: the key of the charge


@dataclass(frozen=True, slots=True)
class Event:
    """A note that something happened: it names the thing and claims nothing. What is true is then asked."""

    event_id: str
    what: What
    remote_id: str
    key: str = ""  # ours, where the provider repeats it


class Unreachable(Exception):
    """No answer, or one that says nothing: the thing may or may not have been done."""


class Rejected(Exception):
    """A clear no: the thing was not done and will not be. `code` says why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class SignatureRefused(Exception):
    """The message is not from the provider, or too old, or we hold no secret to tell by."""


class Provider(Protocol):
    """An adapter. Every method may raise Unreachable; those that change something may raise Rejected."""

    name: str
    title: str  # what the giver reads
    capabilities: Capabilities

    def begin(
        self, *, key: str, charge_key: str, amount: int, reference: str, take: Take, return_url: str, now: datetime
    ) -> Begun:
        """Open a page where the giver pays ("now": under `charge_key`) or leaves a means of payment ("later")."""
        ...

    def charge(self, *, key: str, instruction: str, amount: int, now: datetime) -> News:
        """Charge the saved means of payment; `instruction` is the provider's id of it."""
        ...

    def refund(self, *, key: str, charge: str, amount: int, now: datetime) -> News:
        """Send `amount` back to where the charge came from; `charge` is the provider's id of it."""
        ...

    def look_up(self, *, what: What, remote_id: str, key: str, now: datetime) -> News | None:
        """How a thing stands, found by the provider's id or by our key; None where the provider never heard of it."""
        ...

    def read_events(self, *, raw: bytes, headers: Mapping[str, str], now: datetime) -> Sequence[Event]:
        """Check the signature over the raw bytes, then say what they are about. Raises SignatureRefused."""
        ...

    def balance(self, *, now: datetime) -> int | None:
        """What the provider holds for us, in pence, by its own book; None where it cannot be asked."""
        ...


def adapter(name: str) -> Provider:
    """The adapter of this name, where this installation allows it. Raises Invalid."""
    found = providers().get(name)
    if found is None:
        raise Invalid("payments.provider", f"There is no way to pay called {name!r} here.", "provider")
    return found


def providers() -> dict[str, Provider]:
    """Every adapter of this installation. Practice payments exist only where nobody could take them for real."""
    from becontree.foundations.payments.adapters.bankfile import BankFile
    from becontree.foundations.payments.adapters.practice import Practice

    found: dict[str, Provider] = {"bankfile": BankFile()}
    if settings.MODE != "production":
        found["practice"] = Practice()
    return found
