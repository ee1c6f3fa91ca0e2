"""Bank transfers: real money today, with nothing but the council's own bank account and its statement file.

There is no computer to ask. The giver is shown the account and a reference to write on the transfer; the statement that
finance imports is what says that the money came (`actions.import_statement`). Refunds and payouts go on a list that
finance makes (`actions.make_list`) and a second person releases; the statement says again that they were paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from becontree.foundations.payments.port import Begun, Capabilities, Event, News, Rejected, SignatureRefused, Take, What


class BankFile:
    name = "bankfile"
    title = "Bank transfer"
    capabilities = Capabilities(
        save_and_charge=False,
        charge_and_refund=True,
        hold_days=0,
        refunds=True,
        direct_debit=False,
        lottery_allowed=True,
        card_kind_known=False,
        key_hours=24 * 365,
        real_money=True,
    )

    def begin(
        self, *, key: str, charge_key: str, amount: int, reference: str, take: Take, return_url: str, now: datetime
    ) -> Begun:
        return Begun(reference, f"/payments/bank/{reference}/")

    def charge(self, *, key: str, instruction: str, amount: int, now: datetime) -> News:
        raise Rejected("giver_pays", "A bank transfer is sent by the giver; it cannot be taken.")

    def refund(self, *, key: str, charge: str, amount: int, now: datetime) -> News:
        return News("accepted", key)  # it waits for the next list

    def look_up(self, *, what: What, remote_id: str, key: str, now: datetime) -> News | None:
        return News("waiting" if what == "instruction" else "accepted", remote_id)

    def read_events(self, *, raw: bytes, headers: Mapping[str, str], now: datetime) -> Sequence[Event]:
        raise SignatureRefused("A bank file sends no messages.")

    def balance(self, *, now: datetime) -> int | None:
        return None
