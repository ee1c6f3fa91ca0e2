"""When an entry of this room's is reversed: its rows follow, and the public record says so, naming what it said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving import books
from becontree.citizenship.giving.actions.locking import campaign_locked, fund_locked
from becontree.citizenship.giving.models import Award, Campaign, Contribution, PayIn, Slice
from becontree.foundations.kit.dates import LONDON
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.ledger import undoing
from becontree.foundations.ledger.models import Journal
from becontree.foundations.people.actors import Actor
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry

INSTEAD: Final = {
    "pledge.promised": _("Let the promise go on its own page instead: then its giver hears of it."),
    "match.promised": _("This follows the gifts and the campaign by itself, and is let go with them."),
}


def may(journal: Journal) -> None:
    words = INSTEAD.get(journal.kind)
    if words:
        raise Invalid("giving.reversal", str(words), "reason")
    contribution = _contribution(journal)
    if contribution is not None and journal.kind == "contribution.received" and books.is_found(contribution):
        raise Invalid(
            "giving.reversal-found", str(_("The bank's line was found for this: reverse that match first.")), "reason"
        )


def undo(*, journal: Journal, reason: str, by: Actor, now: datetime) -> None:
    refs = [journal.subject]
    if (award := _award(journal)) is not None:
        _take_back(award)
        refs = [f"award/{award.fund.slug}/{award.number}"]
    if (written := _pay_in(journal)) is not None:
        written.state = PayIn.State.REVERSED
        written.save(update_fields=["state"])
    contribution = _contribution(journal)
    if contribution is not None and contribution.campaign is not None:
        credited = journal.transfers.filter(credit__code=contribution.campaign.held).exists()
        if credited and contribution.state == Contribution.State.RECEIVED:
            contribution.state = Contribution.State.PROMISED
            contribution.save(update_fields=["state"])
    said = _said(journal, refs)
    if said is not None:
        _say(said, reason, now.astimezone(LONDON).date(), by, now)


def _pay_in(journal: Journal) -> PayIn | None:
    """What somebody had written down by hand, and this entry posted."""
    if journal.kind != "fund.paid-in":
        return None
    standing = PayIn.objects.filter(
        fund__slug=journal.subject.removeprefix("fund/"), state__in=[PayIn.State.ALONE, PayIn.State.CONFIRMED]
    )
    for one in standing.select_related("fund"):
        key = books.pay_in_key(one.fund, one.plain)
        again = journal.key.removeprefix(f"{key}:")  # written down anew after a reversal: the key with a number
        if journal.key == key or (again != journal.key and again.isdecimal()):
            return one
    return None


def _award(journal: Journal) -> Award | None:
    """The award that this entry granted."""
    what, _colon, rest = journal.key.partition(":")
    pk, _colon, step = rest.partition(":")
    if what != "award" or step != "granted":
        return None
    found = Award.objects.select_related("fund", "campaign").get(pk=pk)
    return found if found.state == Award.State.GRANTED else None


def _take_back(award: Award) -> None:
    """A grant that was none: its number is never used again, and neither the fund nor the project counts it."""
    campaign = campaign_locked(award.campaign)
    fund_locked(award.fund)
    Slice.objects.filter(award=award, released=False).update(released=True)
    award.state = Award.State.LAPSED
    award.save(update_fields=["state"])
    Campaign.objects.filter(pk=campaign.pk).update(match_promised=F("match_promised") - award.pence)


def _contribution(journal: Journal) -> Contribution | None:
    for text in (journal.subject, journal.key):
        if text.startswith(("contribution/", "contribution:")):
            pk = text[len("contribution/") :].partition(":")[0]
            return Contribution.objects.select_for_update(of=("self",)).select_related("campaign").filter(pk=pk).first()
    return None


def _said(journal: Journal, refs: list[str]) -> Entry | None:
    """What the public record says of this entry: written down in the same moment, of the same thing and pence."""
    pence = sum(journal.transfers.filter(unit="GBP").values_list("amount", flat=True))
    rows = Entry.objects.filter(thing_id__in=refs)
    named = {facts.get("reverses") for facts in rows.filter(kind__endswith=".reversed").values_list("facts", flat=True)}
    for entry in rows.filter(recorded_at=journal.recorded_at).exclude(kind__endswith=".reversed").order_by("pk"):
        if entry.facts.get("pence") == pence and str(entry.pk) not in named:
            return entry
    return None


def _say(said: Entry, reason: str, on: date, by: Actor, now: datetime) -> None:
    record.enter(
        kind=f"{said.kind}.reversed",
        step=said.step,
        thing=said.thing_id,
        title=f"Reversed: {said.title}"[:300],
        facts={"pence": said.facts["pence"], "why": reason, "reverses": str(said.pk)},
        on=on,
        by=by,
        now=now,
    )


def register() -> None:
    undoing.register("giving", may=may, undo=undo)
