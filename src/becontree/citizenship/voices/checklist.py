"""What a round needs before it may open, and what is only wise: each with where to put it right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from becontree.citizenship.voices.models import Question, Round


@dataclass(frozen=True, slots=True)
class Item:
    """`field` is the form field to go to ("questions" and "preview" are pages). `must`: it cannot open without."""

    field: str
    said: str
    done: bool
    must: bool = True


def checklist(round: Round, questions: Sequence[Question], today: date) -> list[Item]:
    """Every point, in the order of the form."""
    items = [
        Item("title", _("It has a title."), bool(round.title.strip())),
        Item("why", _("It says why we ask."), bool(round.why.strip())),
        Item("changes", _("It says what the answers can change, and what not."), bool(round.changes.strip())),
        Item("questions", _("It asks at least one question."), bool(questions)),
        Item("opens_on", _("It has a day to open."), round.opens_on is not None),
        Item("closes_on", _("It has a closing date."), round.closes_on is not None),
        Item(
            "answer_by",
            _("It says by when we answer, after it closes."),
            bool(round.answer_by and round.closes_on and round.answer_by > round.closes_on),
        ),
        Item("answerer", _("It says who will answer."), bool(round.answerer.strip())),
        Item("owner", _("It has an owner: an officer of the team."), round.owner_id is not None),
        Item("team", _("It names the team."), bool(round.team.strip())),
        Item("languages", _("It names at least one language."), bool(round.languages)),
        Item("privacy", _("It has a privacy notice."), bool(round.privacy.strip())),
        Item("moderation", _("It has a moderation policy."), bool(round.moderation.strip())),
        Item("reasons", _("The reasons for holding words back are chosen."), bool(round.reasons)),
        Item("preview", _("Somebody has looked at it as on a phone."), round.previewed_at is not None),
    ]
    missing = [code for code in round.languages if code != "en" and not all(code in q.translations for q in questions)]
    items.append(
        Item(
            "languages-page",
            _("Every question is there in every language.")
            + (" " + _("Missing: %(which)s.") % {"which": ", ".join(missing)} if missing else ""),
            not missing,
            must=False,
        )
    )
    items.append(Item("easy_read", _("There is an easy-read version."), bool(round.easy_read.strip()), must=False))
    if round.closes_on is not None:
        items.append(
            Item(
                "closes_on",
                _("It ends in the future. (If not, it takes in only what was said before.)"),
                round.closes_on >= today,
                must=False,
            )
        )
    return items
