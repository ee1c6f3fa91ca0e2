"""What a person may take away or have erased of the Manifesto.

Words are not kept here: an answer is a reference to a voice, so when `voices` empties a voice, studies, quotes and the
explorer are empty of it in the same moment. Counts of people stand. What is here about a person is what they did as an
officer: acts with themes, and what they said as a coder; that stays, under the random id of somebody who has left.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from becontree.citizenship.manifesto.models import Coding, Quote, Step
from becontree.citizenship.voices.models import Voice
from becontree.foundations.people.models import Person


def export(person: Person) -> dict[str, Any]:
    """What the person did in the workbench, and where their own words are quoted."""
    mine = Voice.objects.filter(response__person=person).values("handle")
    return {
        "acts": [
            {"study": step.study.title, "act": step.kind, "at": step.at.isoformat()}
            for step in Step.objects.filter(by=str(person.pk)).select_related("study")
        ],
        "sorted as a second reader": Coding.objects.filter(coder=str(person.pk)).count(),
        "quoted in": [
            quote.aspiration.sentence
            for quote in Quote.objects.filter(handle__in=mine).select_related("aspiration")
            if quote.aspiration.is_public
        ],
    }


def erase(person: Person, now: datetime) -> int:
    """Take the person's voices out of the quotes that aspirations rest on. Their words go with the voices."""
    mine = list(Voice.objects.filter(response__person=person).values_list("handle", flat=True))
    return Quote.objects.filter(handle__in=mine).delete()[0]


def did(person: Person) -> bool:
    """Whether the person said something that may have been counted under a theme."""
    return Voice.objects.filter(response__person=person).exists()
