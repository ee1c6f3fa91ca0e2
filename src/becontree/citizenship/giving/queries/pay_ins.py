"""Money into funds that somebody wrote down by hand: all of it, what waits for a second person, what they read."""

from __future__ import annotations

from django.db.models import QuerySet

from becontree.citizenship.giving.models import PayIn
from becontree.foundations.kit.as_read import mark
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person


def pay_ins() -> QuerySet[PayIn]:
    """All money into funds that somebody wrote down by hand, newest first."""
    return PayIn.objects.select_related("fund")


def pay_ins_waiting(user: Person) -> QuerySet[PayIn]:
    """What somebody else wrote down and a second person must look at."""
    return pay_ins().filter(state=PayIn.State.WAITS).exclude(written_by=party_id(user))


def as_read(written: PayIn) -> str:
    """A mark of all that the second person reads before deciding; it goes with the form and must still be the same."""
    fund = written.fund
    return mark(
        written.pk, fund.slug, fund.name, written.pence, written.reference, written.on.isoformat(), written.written_by
    )
