"""Money that givers have paid and the bank has not: which accounts hold it in our books, and what was paid out of it.

A provider pays in many gifts in one sum and names none, so the rule is that of `following`: the gifts that were paid
first came with its first sums. What it still holds is therefore the last that it took.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Subquery

from becontree.foundations.ledger.models import Account
from becontree.foundations.payments import books
from becontree.foundations.payments.models import Charge, Payout
from becontree.foundations.payments.port import providers
from becontree.foundations.payments.states import State

AT_A_TIME = 500


def still_with_providers(accounts: Iterable[str] | None = None) -> dict[str, int]:
    """Account credited -> pence that a provider took for it and has not paid in to the bank.

    Only of these accounts, where they are given. One query for each provider that holds money, and one for what they
    hold.
    """
    found: dict[str, int] = defaultdict(int)
    wanted = None if accounts is None else set(accounts)
    for provider, holds in _held().items():
        if holds <= 0 or provider == "bankfile":
            continue
        left = holds
        rows = Charge.objects.filter(provider=provider, state=State.SETTLED).order_by("-settled_at", "-pk")
        taken = rows.annotate(net=F("amount") - F("fee") - F("refunding")).values_list("account", "net")
        for code, net in taken.iterator(chunk_size=AT_A_TIME):
            part = min(left, net)
            if part > 0 and (wanted is None or code in wanted):
                found[code] += part
            left -= part
            if left <= 0:
                break
    return dict(found)


def _held() -> dict[str, int]:
    names = {books.clearing(name): name for name in providers()}
    return {names[one.code]: one.debit_posted - one.credit_posted for one in Account.objects.filter(code__in=names)}


def paid_ahead(payouts: Iterable[Payout]) -> dict[Any, int]:
    """Payout id -> pence of it that have not reached the bank; only those where there are any.

    What an account holds and the bank has goes out first, in the order in which payouts were proposed.
    """
    shown = {payout.pk: payout for payout in payouts if payout.state != Payout.State.REFUSED}
    missing = still_with_providers({payout.from_account for payout in shown.values()}) if shown else {}
    found: dict[Any, int] = {}
    for code, with_providers in missing.items():
        account = Account.objects.filter(code=OuterRef("from_account"))
        left = Subquery(account.values_list(F("credit_posted") - F("debit_posted")))
        ever = Payout.objects.filter(from_account=code).exclude(state=Payout.State.REFUSED)
        rows = list(ever.order_by("proposed_at", "pk").values_list("pk", "amount", "state", left))
        gone = sum(amount for _, amount, state, _ in rows if state == Payout.State.PAID)
        there = rows[0][3] + gone - with_providers
        for pk, amount, _state, _left in rows:
            ahead = min(amount, max(0, amount - max(0, there)))
            there -= amount
            if ahead and pk in shown:
                found[pk] = ahead
    return found
