"""Closing a month."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from django.db import connections, transaction
from django.db.models import Sum

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger.actions.posting import LONDON, USING
from becontree.foundations.ledger.models import Closing, Month, Transfer
from becontree.foundations.ledger.permissions import finance
from becontree.foundations.people.actors import Actor, party_id


@transaction.atomic
def close_month(*, month: date, by: Actor, now: datetime, reason: str = "") -> Month:
    """Close the books up to the end of the month that `month` lies in: nothing more is dated there, ever.

    Raises NotAllowed, Invalid (the month is not over, or a later one is closed already).
    """
    finance(by)
    last_day = date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
    if last_day >= now.astimezone(LONDON).date():
        raise Invalid("ledger.month.running", "This month is not over yet.", "month")
    connection = connections[USING]
    if connection.vendor == "postgresql":  # wait for those who are writing, and let nobody begin
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_journal IN SHARE ROW EXCLUSIVE MODE")
    before = Month.objects.order_by("-last_day").first()
    if before is not None and before.last_day >= last_day:
        raise Invalid("ledger.month.closed", f"The books are closed up to {before.last_day} already.", "month")
    closed = Month.objects.create(last_day=last_day, actor=party_id(by), closed_at=now, reason=reason.strip()[:300])
    totals = {row.account_id: [row.debit, row.credit] for row in before.closings.all()} if before else {}
    moves = Transfer.objects.filter(phase__in=("single", "post"), occurred_on__lte=last_day)
    if before is not None:
        moves = moves.filter(occurred_on__gt=before.last_day)
    for side, name in enumerate(("debit_id", "credit_id")):
        for number, amount in moves.order_by().values_list(name).annotate(Sum("amount")):
            totals.setdefault(number, [0, 0])[side] += amount
    Closing.objects.bulk_create(
        [
            Closing(month=closed, account_id=number, debit=debit, credit=credit)
            for number, (debit, credit) in sorted(totals.items())
        ],
        batch_size=500,
    )
    return closed
