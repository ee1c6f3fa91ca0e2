"""Which name a gift shows: a new one for that gift only, or with all that the giver gave to the project."""

from __future__ import annotations

from datetime import datetime

from becontree.citizenship.giving import figures, names
from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.foundations.kit.words import one_line
from becontree.foundations.people.models import Person

THIS, ALL = "this", "all"


def as_shown(name: str, now: datetime) -> dict[str, str]:
    """The name to show, and whether a person must read it first."""
    name = one_line(name)
    why = names.doubts(name, figures.name_words(now.date()))
    state = Pledge.NameState.WAITING if why else Pledge.NameState.SHOWN
    return {"public_name": name, "name_state": state, "name_doubts": "; ".join(why)[:300]}


def with_all(*, campaign: Campaign, giver: Person, name: str, now: datetime) -> None:
    """Show this name (or none) with everything that the giver gave to the project so far.

    A name that an officer hid stays as it is: only an appeal can change that.
    """
    mine = Pledge.objects.filter(campaign=campaign, giver=giver).exclude(name_state=Pledge.NameState.HIDDEN)
    mine.update(**as_shown(name, now))


def anew(pledge: Pledge, name: str, now: datetime, **also: str) -> Pledge:
    """The same form came again with another name: the gift stands, and shows what was written last."""
    held = Pledge.objects.select_for_update().get(pk=pledge.pk)  # an officer may be hiding it in this moment
    pledge.public_name, pledge.name_state, pledge.name_doubts = held.public_name, held.name_state, held.name_doubts
    given = {} if held.name_state == Pledge.NameState.HIDDEN else as_shown(name, now)
    for field, value in (given | also).items():
        setattr(pledge, field, value)
    pledge.save(update_fields=[*given, *also])
    return pledge
