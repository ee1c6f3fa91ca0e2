"""Rounds, what each came to, and how a form stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from uuid import UUID

from django.db.models import Case, Count, QuerySet, When

from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.models import (
    Channel,
    Response,
    Round,
    ToldApart,
    Update,
    Voice,
)
from becontree.citizenship.voices.queries.desk import code_of
from becontree.citizenship.voices.queries.public import on_cards, published


def rounds() -> QuerySet[Round]:
    """Rounds that everybody may see: open ones first, then by the day on which they closed."""
    order = Case(When(state=Round.State.OPEN, then=0), default=1)
    return Round.objects.exclude(state=Round.State.DRAFT).order_by(order, "-closes_on", "slug")


def rounds_to_answer() -> QuerySet[Round]:
    """Closed rounds that have not said yet what came of them, by the day on which an answer was promised."""
    return Round.objects.filter(state=Round.State.CLOSED).order_by("answer_by", "slug")


def people_in(rounds: Iterable[Round]) -> dict[UUID, int]:
    """How many people answered each round. One query."""
    rows = Response.objects.filter(round__in=[each.pk for each in rounds]).order_by()
    return dict(rows.values_list("round").annotate(n=Count("pk")))


def updates(round: Round) -> QuerySet[Update]:
    return round.updates.order_by("at")


def quotes(round: Round, most: int = 6) -> list[Voice]:
    """Some published words that may be quoted, the latest of each kind in turn; only those are read. Two queries."""
    # By its key, not by its slug: a third table in the join, and SQLite begins to sort at the wrong end.
    rows = published().filter(response__round_id=round.pk, response__may_quote=True).values_list("pk", "kind")[:60]
    by_kind: dict[str, list[UUID]] = {}
    for pk, kind in rows:
        by_kind.setdefault(kind, []).append(pk)
    turns = [pk for turn in zip_longest(*by_kind.values()) for pk in turn if pk is not None][:most]
    chosen = on_cards(Voice.objects.select_related("response__ward")).in_bulk(turns)
    return [chosen[pk] for pk in turns if pk in chosen]


@dataclass(frozen=True, slots=True)
class Stands:
    """How one thing that was said stands: `state` in words, and whether it is answered. None of its words."""

    state: str
    answered: bool


def how_it_stands(reference: str) -> list[Stands]:
    """Of each thing said in the form with this reference, in its order; nothing where there is no such form."""
    code = code_of(reference)
    if not code:
        return []
    rows = Voice.objects.filter(response__handle=code).annotate(n=Count("answers")).order_by("position")
    return [Stands(str(Voice.State(state).label), bool(n)) for state, n in rows.values_list("state", "n")]


def asks_about_you(response: Response, *, now: datetime) -> bool:
    """Whether the questions about oneself are still asked for a form: its round is open, it was written on the site by
    the speaker (a clerk or a tablet asks at once), not long ago, and they were not answered.
    """
    round = response.round
    return bool(
        round is not None
        and round.asks_equality
        and round.state == Round.State.OPEN
        and response.channel == Channel.WEB
        and not response.entered_by
        and now - response.entered_at < tokens.ASKED_FOR
        and not ToldApart.objects.filter(mark=tokens.mark(response)).exists()
    )
