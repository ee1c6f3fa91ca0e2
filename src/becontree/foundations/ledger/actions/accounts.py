"""Opening accounts."""

from __future__ import annotations

import re
from typing import Final

from django.db import IntegrityError, transaction

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.ledger.models import Account
from becontree.foundations.ledger.records import DEBIT_KINDS, KINDS, UNITS

_CODE: Final = re.compile(r"^[a-z]+(?::[a-z0-9][a-z0-9._-]*)+$")


@transaction.atomic
def open_account(
    *, code: str, name: str, kind: str, unit: str = "GBP", floor: bool = False, subject: str = ""
) -> Account:
    """The account of this code, opened where it is not there yet.

    Raises Invalid, or Clash where an account of the code is there with another kind, unit or floor.
    """
    if not _CODE.match(code) or len(code) > 100:
        raise Invalid("ledger.account.code", f"{code!r} is not an account code (like fund:parks).", "code")
    if kind not in KINDS or unit not in UNITS or not name or (unit != "GBP" and kind != "memo"):
        raise Invalid("ledger.account.kind", f"An account is {', '.join(KINDS)}; hours and items are memo.", "kind")
    if code.partition(":")[0] != kind:
        raise Invalid("ledger.account.code", f"The code of an account of this kind begins with {kind}:.", "code")
    account = Account.objects.filter(code=code).first()
    if account is None:
        try:
            with transaction.atomic():
                account = Account.objects.create(
                    code=code,
                    name=name[:200],
                    kind=kind,
                    by_debit=kind in DEBIT_KINDS,
                    unit=unit,
                    floor=floor,
                    subject=subject,
                )
        except IntegrityError:  # somebody opened it meanwhile
            account = Account.objects.get(code=code)
    if (account.kind, account.unit, account.floor) != (kind, unit, floor):
        raise Clash("ledger.account.differs", f"The account {code} is there already, as something else.")
    return account
