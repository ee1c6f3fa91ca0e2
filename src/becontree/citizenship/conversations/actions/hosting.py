"""Prepare and open a conversation."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.actions.speaking import add, check_words
from becontree.citizenship.conversations.actions.voting import LONDON
from becontree.citizenship.conversations.models import (
    Conversation,
    Ruling,
    Statement,
)
from becontree.citizenship.conversations.permissions import listens, must_host, must_listen, must_open
from becontree.citizenship.manifesto import queries as manifesto
from becontree.foundations.kit.as_read import mark, must_stand
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.people.models import Person
from becontree.foundations.places import screening
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing

LEAST_SEEDS: Final = 5
MOST_SEEDS: Final = 60
LONGEST_WAIT: Final = 183  # days from the last vote to the answer
RESERVED: Final = {"new", "receipt", "how-it-works", "hubs", "join"}  # addresses of other pages
FIELDS: Final = (
    "title",
    "about",
    "place",
    "ward",
    "ground_rules",
    "can_change",
    "language",
    "host_kind",
    "host_name",
    "organisation",
    "answered_by",
    "answer_due",
    "closes_at",
    "verified",
    "results",
    "own_statements",
)
NEEDED: Final = {
    "about": "Say what it is about, and why now.",
    "place": "Say which place it is about.",
    "ground_rules": "Say how people treat each other here.",
    "can_change": "Say what it can change, and what it cannot.",
    "answered_by": "Say who will answer.",
    "host_name": "Say who hosts it, as people will read it.",
}


@transaction.atomic
def draft(*, title: str, by: Actor, now: datetime, **fields: Any) -> Conversation:
    """Begin to prepare a conversation. Nobody but its hosts and the team that listens sees it."""
    if not isinstance(by, (Person, System)):
        raise NotAllowed("conversation.sign_in", "Sign in to host a conversation.")
    said = one_line(title)
    if not said or len(said) > 200:
        raise Invalid("conversation.title", "Ask one question, in at most 200 letters.", "title")
    taken = set(Conversation.objects.filter(slug__startswith=slug_for(said)[:40]).values_list("slug", flat=True))
    made = Conversation(slug=slug_for(said, taken=taken | RESERVED), title=said, made_at=now)
    made.host = by if isinstance(by, Person) else None
    if "host_kind" not in fields:
        made.host_kind = Conversation.Host.OFFICER if listens(by) else Conversation.Host.RESIDENT
    _set(made, fields)
    made.save()
    return made


def as_read(conversation: Conversation) -> str:
    """The mark of all that a host has before them on its form (`kit.as_read`)."""
    shown = [field.attname for field in Conversation._meta.concrete_fields if field.name in FIELDS]
    return mark(*(getattr(conversation, name) for name in shown))


@transaction.atomic
def edit(*, conversation: Conversation, by: Actor, now: datetime, read: str = "", **fields: Any) -> Conversation:
    """Change a draft. Once it is open people have answered *that* question: nothing of it changes any more.

    read: the mark of what they had before them (`as_read`). Raises Clash where somebody changed it since.
    """
    must_host(by, conversation)
    conversation = _locked(conversation)
    if conversation.state != Conversation.State.DRAFT:
        raise Clash("conversation.state", "People have begun to vote, so its words and dates stand.")
    must_stand(read, as_read(conversation), "conversation.changed")
    _set(conversation, fields)
    conversation.save()
    return conversation


@transaction.atomic
def seed_statements(
    *,
    conversation: Conversation,
    words: Sequence[str],
    by: Actor,
    now: datetime,
    about_you: bool = False,
    aspirations: Sequence[str] = (),
    looked_at: Collection[str] = (),
) -> list[Statement]:
    """Lay down the statements that people will find there. `aspirations`: for each, what it puts to them.

    They go through the same screen as anybody's words. Raises Invalid ("seeds.personal") while one in which something
    personal is found is not among `looked_at`: those that the host has read with what was found, and stands for.
    """
    must_host(by, conversation)
    if conversation.over:
        raise Clash("conversation.state", "Voting is over.")
    lines = [one_line(each) for each in words]
    lines = [line for line in dict.fromkeys(lines) if line]
    for place, line in enumerate(lines, start=1):
        try:
            check_words(line, "words")
        except Invalid as error:
            raise Invalid(error.code, f"Line {place}: {error.message}", "words") from error
    there = set(conversation.statements.values_list("words", flat=True))
    if len(there) + len(lines) > MOST_SEEDS and not isinstance(by, System):
        raise Invalid("seeds.many", f"At most {MOST_SEEDS}: people add their own.", "words")
    personal = {one.words for one in personal_lines(lines)}
    if personal - {one_line(each) for each in looked_at}:
        raise Invalid("seeds.personal", "Something here looks personal. Read it again before it is put down.", "words")
    refs = dict(zip((one_line(each) for each in words), aspirations, strict=False))
    made = [
        add(
            conversation=conversation,
            words=line,
            now=now,
            is_seed=True,
            about_you=about_you,
            aspiration=refs.get(line, ""),
            language=conversation.language,
            state=Statement.State.LIVE,
        )
        for line in lines
        if line not in there
    ]
    for statement in made:
        if statement.words in personal:  # somebody has looked: who it was stays with it, as with anybody's words
            Ruling.objects.create(statement=statement, outcome="shown", by=party_id(by), at=now)
    if conversation.state == Conversation.State.OPEN:
        maps.reroute(conversation, now=now)
    return made


@dataclass(frozen=True, slots=True)
class Line:
    """A statement to begin with in which something looks personal, in pieces."""

    words: str
    parts: Sequence[screening.Part]


def personal_lines(lines: Sequence[str]) -> list[Line]:
    """Those of the lines in which the screen finds something. One query."""
    screen = screening.screen()
    tidy = dict.fromkeys(one_line(each) for each in lines)
    found = [(line, screen.find(line)) for line in tidy]
    return [Line(line, screening.parts(line, marks)) for line, marks in found if marks]


@transaction.atomic
def seed_aspirations(*, conversation: Conversation, by: Actor, now: datetime, only: str = "") -> list[Statement]:
    """Put every aspiration of the manifesto that is before the people into a draft (or `only` one, by reference); what
    they say goes back to it."""
    must_listen(by)
    if conversation.state != Conversation.State.DRAFT:
        raise Clash("conversation.state", "Aspirations are put in before it opens.")
    there = set(conversation.statements.exclude(aspiration="").values_list("aspiration", flat=True))
    new = [one for one in manifesto.aspirations_to_agree() if one.ref not in there and only in {"", one.ref}]
    return seed_statements(
        conversation=conversation,
        words=[one.sentence for one in new],
        aspirations=[one.ref for one in new],
        looked_at=[one.sentence for one in new],  # the manifesto has published them
        by=by,
        now=now,
    )


@transaction.atomic
def drop_seed(*, statement: Statement, by: Actor, now: datetime) -> None:
    """Take a seed statement out of a draft."""
    must_host(by, statement.conversation)
    if statement.conversation.state != Conversation.State.DRAFT:
        raise Clash("conversation.state", "It is open: hold the statement with a reason instead.")
    statement.delete()


@transaction.atomic
def open_(*, conversation: Conversation, by: Actor, now: datetime, seed: str = "") -> Conversation:
    """Open it to everybody. Raises Invalid with everything that is still missing, field by field."""
    must_open(by, conversation)
    conversation = _locked(conversation)
    if conversation.state != Conversation.State.DRAFT:
        raise Clash("conversation.state", f"It is {conversation.get_state_display()} already.")
    errors = missing(conversation, now)
    if errors:
        raise Invalid("conversation.incomplete", "It cannot open yet. " + " ".join(errors.values()), errors=errors)
    conversation.state, conversation.opened_at = Conversation.State.OPEN, now
    conversation.seed = seed or secrets.token_hex(16)
    conversation.save()
    maps.reroute(conversation, now=now)
    record.thing(
        ref=conversation.ref, kind="conversation", title=conversation.title, url=conversation.get_absolute_url()
    )
    aspirations = conversation.statements.exclude(aspiration="").values_list("aspiration", flat=True)
    record.enter(
        kind="conversation.opened",
        step="heard",
        thing=conversation.ref,
        title=f"{conversation.host_name} asks: {conversation.title}"[:300],
        because=Thing.objects.filter(ref__in=list(aspirations)).values_list("ref", flat=True),
        facts={
            "host": conversation.host_kind,
            "ward": conversation.ward_id or "",
            "closes": _day(conversation.closes_at),
            "answered_by": conversation.answered_by,
            "answer_due": str(conversation.answer_due),
            "verified": conversation.verified,
            "results": conversation.results,
        },
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    return conversation


def missing(conversation: Conversation, now: datetime) -> dict[str, str]:
    """What a draft lacks before it can open, by field."""
    errors = {
        field: words
        for field, words in NEEDED.items()
        if not str(getattr(conversation, field)).strip() and not (field == "place" and conversation.ward_id is not None)
    }
    if conversation.closes_at is None:
        errors["closes_at"] = "Say when voting closes; it is a day to come."
    if conversation.answer_due is None:
        errors["answer_due"] = "Say by when the answer comes."
    errors |= wrong_dates(conversation.closes_at, conversation.answer_due, now)
    seeds = conversation.statements.filter(state=Statement.State.LIVE, about_you=False).count()
    if seeds < LEAST_SEEDS:
        errors["words"] = f"Put down at least {LEAST_SEEDS} statements to begin with; there are {seeds}."
    return errors


def wrong_dates(closes_at: datetime | None, answer_due: date | None, now: datetime) -> dict[str, str]:
    """What cannot be of the dates that are given, by field."""
    errors = {}
    if closes_at is not None and closes_at <= now:
        errors["closes_at"] = gettext("This day is over. Choose a day to come.")
    if answer_due is not None:
        last = closes_at.astimezone(LONDON).date() if closes_at is not None else now.astimezone(LONDON).date()
        if answer_due < last:
            errors["answer_due"] = (
                gettext("The answer comes after voting closes.")
                if closes_at is not None
                else gettext("This day is over. Choose a day to come.")
            )
        elif closes_at is not None and (answer_due - last).days > LONGEST_WAIT:
            errors["answer_due"] = gettext("Nobody waits longer than half a year: bring the answer nearer.")
    return errors


def _set(conversation: Conversation, fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise ValueError(f"A conversation has no {', '.join(sorted(unknown))}.")
    errors = {}
    for name, given in fields.items():
        value = given
        if isinstance(given, str):
            line = name not in {"about", "ground_rules", "can_change"}
            value = one_line(given) if line else plain(given)
            most = Conversation._meta.get_field(name).max_length  # type: ignore[union-attr]
            if most and len(value) > most:
                errors[name] = f"Please keep to {most:,} letters; this is {len(value):,}."
        setattr(conversation, name, value)
    for name, choices in (
        ("host_kind", Conversation.Host),
        ("verified", Conversation.Verified),
        ("results", Conversation.Results),
    ):
        if getattr(conversation, name) not in choices.values:
            errors[name] = "Choose one of these."
    if not conversation.title:
        errors["title"] = "Ask one question."
    if errors:
        raise Invalid("conversation.fields", "Some parts need another look.", errors=errors)


def _locked(conversation: Conversation) -> Conversation:
    return (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("organisation", "ward")
        .get(pk=conversation.pk)
    )


def _day(moment: datetime | None) -> str:
    return moment.astimezone(LONDON).date().isoformat() if moment is not None else ""
