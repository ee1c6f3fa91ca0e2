"""The adapter of the pretend provider: its words into ours."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from becontree.foundations.payments.port import (
    Begun,
    Capabilities,
    Event,
    News,
    Rejected,
    SignatureRefused,
    Take,
    Unreachable,
    What,
)
from becontree.foundations.payments.practice import remote

TOLERANCE: Final = 300  # seconds: an old signed message that somebody kept is no longer good
_SIGNATURE: Final = re.compile(r"^t=(\d{1,12}),v1=([0-9a-f]{64})$")
_CHARGE: Final = {"processing": "accepted", "paid": "settled", "declined": "failed"}
_REFUND: Final = {"paid": "settled", "failed": "failed"}
_SETUP: Final = {"waiting": "waiting", "ready": "ready", "declined": "failed", "cancelled": "cancelled"}


class Practice:
    name = "practice"
    title = "Practice payment (no money moves)"
    capabilities = Capabilities(
        save_and_charge=True,
        charge_and_refund=True,
        hold_days=7,
        refunds=True,
        direct_debit=False,
        lottery_allowed=True,
        card_kind_known=True,
        key_hours=24,
        real_money=False,
    )

    def begin(
        self, *, key: str, charge_key: str, amount: int, reference: str, take: Take, return_url: str, now: datetime
    ) -> Begun:
        setup = _ask(
            remote.open_setup,
            key=key,
            charge_key=charge_key,
            amount=amount,
            take=take,
            reference=reference,
            return_url=return_url,
            now=now,
        )
        return Begun(setup, f"/payments/practice/{setup}/")

    def charge(self, *, key: str, instruction: str, amount: int, now: datetime) -> News:
        return _charge(_ask(remote.pay, key=key, setup=instruction, amount=amount, now=now))

    def refund(self, *, key: str, charge: str, amount: int, now: datetime) -> News:
        found = _ask(remote.give_back, key=key, payment=charge, amount=amount, now=now)
        return News(_REFUND[found["state"]], found["id"])

    def look_up(self, *, what: What, remote_id: str, key: str, now: datetime) -> News | None:
        found = _ask(remote.find, what=what, identity=remote_id, key=key, now=now)
        if found is None:
            return None
        if what == "charge":
            return _charge(found)
        if what == "refund":
            return News(_REFUND[found["state"]], found["id"])
        if what == "dispute":
            return News(found["state"], found["id"], amount=found["amount"], about_key=found["charge_key"])
        return News(
            _SETUP[found["state"]],
            found["id"],
            code=found["code"],
            card_kind=found["card_kind"],
            fingerprint=found["fingerprint"],
        )

    def read_events(self, *, raw: bytes, headers: Mapping[str, str], now: datetime) -> Sequence[Event]:
        given = _SIGNATURE.match(headers.get(remote.SIGNATURE, ""))
        if not given:
            raise SignatureRefused("There is no signature that can be read.")
        if abs(int(now.timestamp()) - int(given[1])) > TOLERANCE:
            raise SignatureRefused("The signature is too old.")
        right = hmac.new(remote.secret(), given[1].encode() + b"." + raw, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, given[2]):
            raise SignatureRefused("The signature does not fit the message.")
        try:
            body = json.loads(raw)
            what = cast("What", {"instruction", "charge", "refund", "dispute"} & {body["about"]} and body["about"])
            return [Event(str(body["id"]), what, str(body["object"]), str(body["key"]))] if what else []
        except (ValueError, KeyError, TypeError) as error:
            raise SignatureRefused("The message is signed and cannot be read.") from error

    def balance(self, *, now: datetime) -> int | None:
        return remote.balance()


def _ask(call: Any, **facts: Any) -> Any:
    try:
        return call(**facts)
    except remote.LineDead as error:
        raise Unreachable("The line went dead.") from error
    except remote.No as error:
        raise Rejected(error.code) from error


def _charge(found: dict[str, Any]) -> News:
    return News(_CHARGE[found["state"]], found["id"], found["code"], found["amount"], found["fee"])
