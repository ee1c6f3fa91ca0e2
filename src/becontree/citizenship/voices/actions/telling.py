"""The loop back: what we heard, what was decided, what came of it, in at most one letter a week to each address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.actions.common import LONDON
from becontree.citizenship.voices.actions.rounds import close_round
from becontree.citizenship.voices.models import Contact, Response, Round, Update
from becontree.foundations.messages import leaving
from becontree.foundations.messages.actions import forget_address, news, send
from becontree.foundations.messages.models import Message
from becontree.foundations.people.actors import System

A_WEEK: Final = timedelta(days=7)


def tell_everybody(now: datetime, limit: int = 500) -> int:
    """Send what is new since each one's last letter. Returns how many were told.

    People with an account get it in their weekly letter of news. An address without one gets a letter of its own, at
    most one in seven days, with everything new about every round that it answered; one click leaves.
    """
    told = 0
    for found in Update.objects.filter(at__lte=now, told_at=None).select_related("round").order_by("at"):
        told += _tell_members(found, now)
    return told + _tell_addresses(now, limit)


@transaction.atomic
def _tell_members(found: Update, now: datetime) -> int:
    rows = Response.objects.filter(round=found.round).exclude(person=None).select_related("person")
    people = {row.person_id: row.person for row in rows}
    for person in people.values():
        if person is not None:
            news(
                person=person,
                title=f"{found.round.title}: {found.get_step_display()}",
                text=found.words[:500],
                url=found.round.get_absolute_url(),
                key=f"round-update/{found.pk}/{person.pk}",
                now=now,
            )
    Update.objects.filter(pk=found.pk).update(told_at=now)
    return len(people)


def _tell_addresses(now: datetime, limit: int) -> int:
    rounds = {update.round_id for update in Update.objects.filter(at__lte=now)}
    due = Contact.objects.filter(response__round__in=rounds)
    due = due.filter(Q(told_at=None) | Q(told_at__lt=now - A_WEEK))
    marks = due.order_by().values_list("mark", flat=True).distinct()
    return sum(_tell_one(mark, now) for mark in _with_news(marks, limit))


def _with_news(marks: Iterable[str], limit: int) -> list[str]:
    """Those whose rounds have something newer than their last letter."""
    found = []
    latest: dict[Any, datetime] = {}
    for update in Update.objects.order_by("at").values_list("round", "at"):
        latest[update[0]] = update[1]
    wanted = set(marks)
    rows = Contact.objects.filter(response__round__in=latest).order_by("made_at")
    for mark, round_, told_at, made_at in rows.values_list("mark", "response__round", "told_at", "made_at"):
        if mark in wanted and latest[round_] > (told_at or made_at):
            found.append(mark)
            wanted.discard(mark)
            if len(found) >= limit:
                break
    return found


@transaction.atomic
def _tell_one(mark: str, now: datetime) -> int:
    contacts = list(
        Contact.objects.select_for_update(of=("self",)).filter(mark=mark).select_related("response").order_by("made_at")
    )
    if not contacts:
        return 0
    last = contacts[-1]
    if not leaving.wants_news(last.address):  # they clicked once: the address has no more use here
        Response.objects.filter(contact__in=[each.pk for each in contacts]).update(contact=None)
        Contact.objects.filter(mark=mark).delete()
        forget_address(last.address, now=now)
        return 0
    since = max((each.told_at for each in contacts if each.told_at), default=None)
    if since is not None and since > now - A_WEEK:
        return 0
    items: list[dict[str, str]] = []
    seen: set[Any] = set()
    for contact in contacts:
        response = contact.response
        if response.round_id is None or response.round_id in seen:
            continue
        seen.add(response.round_id)
        fresh = Update.objects.filter(round=response.round_id, at__lte=now, at__gt=since or contact.made_at)
        items += [
            {
                "round": update.round.title,
                "step": str(update.get_step_display()),
                "words": update.words,
                "url": update.round.get_absolute_url(),
                "own": tokens.own_path(response),
            }
            for update in fresh.select_related("round").order_by("at")
        ]
    if not items:
        return 0
    send(
        to=last.address,
        template="voices/came_of_it",
        context={"items": items},
        key=f"round-news/{last.pk}/{now.isoformat()}",
        purpose=Message.Purpose.NEWS,
        now=now,
    )
    Contact.objects.filter(mark=mark).update(told_at=now)
    return 1


def close_due(now: datetime) -> int:
    """Rounds whose last day is over close by themselves."""
    today = now.astimezone(LONDON).date()
    over = list(Round.objects.filter(state=Round.State.OPEN, closes_on__lt=today))
    for round in over:
        close_round(round=round, by=System("voices.close"), now=now)
    return len(over)
