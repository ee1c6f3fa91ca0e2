"""What giving keeps about a person: their pledges. Sums stand; words and names go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from becontree.citizenship.giving.actions import pledges
from becontree.citizenship.giving.models import NameRuling, Pledge
from becontree.foundations.kit.pence import pounds
from becontree.foundations.people.models import Person
from becontree.foundations.people.shredders import Standing


def export(person: Person) -> list[dict[str, Any]]:
    """Each of the person's pledges, oldest first. Money in pence."""
    rows = (
        Pledge.objects.filter(giver=person)
        .select_related("campaign__project")
        .prefetch_related("name_rulings")
        .order_by("made_at", "handle")
    )
    return [
        {
            "to": pledge.campaign.project.title,
            "reference": pledge.handle,
            "kind": pledge.kind,
            "pence": pledge.pence,
            "quantity": pledge.quantity,
            "note": pledge.note,
            "public name": pledge.public_name,
            "public name is": pledge.name_state,
            "appeals about the name": [ruling.appeal for ruling in pledge.name_rulings.all() if ruling.appeal],
            "ward": pledge.ward_code,
            "state": pledge.state,
            "when": pledge.made_at.isoformat(),
        }
        for pledge in rows
    ]


def erase(person: Person, now: datetime) -> int:
    """Note, public name and ward are emptied; amount, state and the party id stand, as accounts must for six years."""
    NameRuling.objects.filter(pledge__giver=person).update(note="", appeal="", answer="")
    return Pledge.objects.filter(giver=person).update(note="", public_name="", name_doubts="", ward_code="")


def did(person: Person) -> bool:
    """Whether the person gave or promised anything."""
    return Pledge.objects.filter(giver=person).exists()


def standing(person: Person, now: datetime) -> list[Standing]:
    """Promises that are not settled. What can still be let go is; money of a closed campaign is being collected."""
    return [_stands(pledge, now) for pledge in _unsettled(person)]


def release(person: Person, now: datetime) -> None:
    """Let go of what the person could let go of one by one. Raises what `withdraw` raises."""
    for pledge in _unsettled(person):
        if pledges.may_let_go(pledge, now):
            pledges.withdraw(pledge=pledge, by=person, now=now)


def _unsettled(person: Person) -> QuerySet[Pledge]:
    """By campaign, so that two who are forgotten at once lock campaigns in one order."""
    waiting = Pledge.objects.filter(giver=person, state__in=[Pledge.State.BEGUN, Pledge.State.FIRM])
    return waiting.select_related("campaign__project", "need").order_by("campaign_id", "made_at")


def _stands(pledge: Pledge, now: datetime) -> Standing:
    title = pledge.campaign.project.title
    if pledge.kind == Pledge.Kind.MONEY:
        what = gettext("%(sum)s promised to “%(title)s”.") % {"sum": pounds(pledge.pence), "title": title}
    else:
        need = pledge.need.what if pledge.need else pledge.get_kind_display()
        what = gettext("Help promised to “%(title)s”: %(need)s.") % {"title": title, "need": need}
    if pledges.may_let_go(pledge, now):
        return Standing(what, gettext("Let go"), reverse("giving:withdraw", args=[pledge.handle]), goes=True)
    todo = gettext("It is being collected now. When that is done, you can be forgotten. See how it stands.")
    return Standing(what, todo, reverse("giving:returned", args=[pledge.handle]))
