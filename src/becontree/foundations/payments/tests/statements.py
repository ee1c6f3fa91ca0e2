"""A gift by bank transfer, and the lines of a statement on which it comes."""

from __future__ import annotations

from becontree.foundations.payments import actions
from becontree.foundations.payments.models import Charge
from becontree.foundations.payments.reference import shown
from becontree.foundations.payments.tests.conftest import NOON, begin, settle_down
from becontree.foundations.people.actors import System

SET_UP = System("test")
CLEARING, SUSPENSE, BANK = "asset:clearing:bankfile", "liability:suspense", "asset:bank:main"


def asked(key="gift/1", amount=2500, now=NOON):
    instruction = begin(key, amount=amount, provider="bankfile", purpose=key, now=now)
    settle_down(now, times=1)
    instruction.refresh_from_db()
    return instruction


def bring_in(*lines, now=NOON, by=SET_UP):
    text = "Date,Description,Amount\n" + "".join(f"{on},{words},{amount}\n" for on, words, amount in lines)
    return actions.import_statement(raw=text.encode(), file_name="s.csv", by=by, now=now)


def gift_line(instruction, pounds="25.00"):
    return ("20/11/2026", f"FP {shown(instruction.reference)} A GIVER", pounds)


def paid_gift(key="gift/1", amount=2500):
    instruction = asked(key, amount)
    bring_in(gift_line(instruction, f"{amount // 100}.{amount % 100:02d}"))
    return Charge.objects.get(instruction=instruction)
