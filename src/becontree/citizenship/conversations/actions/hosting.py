"""Prepare, open, close and answer a conversation."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.actions.speaking import add, check_words, one_line, plain
from becontree.citizenship.conversations.actions.voting import LONDON
from becontree.citizenship.conversations.models import (
    Answer,
    Contact,
    Conversation,
    MapDocument,
    Participant,
    Statement,
)
from becontree.citizenship.conversations.permissions import listens, must_host, must_listen, must_open
from becontree.citizenship.manifesto import queries as manifesto
from becontree.citizenship.manifesto.actions.aspirations import take_agreement
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, System
from becontree.foundations.people.models import Person
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing

LEAST_SEEDS: Final = 5
MOST_SEEDS: Final = 60
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


@transaction.atomic
def edit(*, conversation: Conversation, by: Actor, now: datetime, **fields: Any) -> Conversation:
    """Change a draft. Once it is open people have answered *that* question: nothing of it changes any more."""
    must_host(by, conversation)
    conversation = _locked(conversation)
    if conversation.state != Conversation.State.DRAFT:
        raise Clash("conversation.state", "People have begun to vote, so its words and dates stand.")
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
) -> list[Statement]:
    """Lay down the statements that people will find there. `aspirations`: for each, what it puts to them."""
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
    if conversation.state == Conversation.State.OPEN:
        maps.reroute(conversation, now=now)
    return made


@transaction.atomic
def seed_aspirations(*, conversation: Conversation, by: Actor, now: datetime) -> list[Statement]:
    """Put every aspiration of the manifesto that is before the people into a draft; what they say goes back to it."""
    must_listen(by)
    if conversation.state != Conversation.State.DRAFT:
        raise Clash("conversation.state", "Aspirations are put in before it opens.")
    there = set(conversation.statements.exclude(aspiration="").values_list("aspiration", flat=True))
    new = [one for one in manifesto.aspirations_to_agree() if one.ref not in there]
    return seed_statements(
        conversation=conversation,
        words=[one.sentence for one in new],
        aspirations=[one.ref for one in new],
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
    if conversation.closes_at is None or conversation.closes_at <= now:
        errors["closes_at"] = "Say when voting closes; it is a day to come."
    if conversation.answer_due is None:
        errors["answer_due"] = "Say by when the answer comes."
    elif (
        conversation.closes_at is not None
        and conversation.answer_due < conversation.closes_at.astimezone(LONDON).date()
    ):
        errors["answer_due"] = "The answer comes after voting closes."
    elif conversation.closes_at is not None and conversation.answer_due > (
        conversation.closes_at.astimezone(LONDON).date() + timedelta(days=183)
    ):
        errors["answer_due"] = "Nobody waits longer than half a year: bring the answer nearer."
    seeds = conversation.statements.filter(state=Statement.State.LIVE, about_you=False).count()
    if seeds < LEAST_SEEDS:
        errors["words"] = f"Put down at least {LEAST_SEEDS} statements to begin with; there are {seeds}."
    return errors


@transaction.atomic
def close(*, conversation: Conversation, by: Actor, now: datetime) -> Conversation:
    """End the voting: the last map is drawn and stands, and the clock of the answer runs."""
    must_host(by, conversation)
    conversation = _locked(conversation)
    if conversation.state != Conversation.State.OPEN:
        raise Clash("conversation.state", f"It is {conversation.get_state_display()}.")
    if conversation.closes_at is not None and now < conversation.closes_at and not isinstance(by, System):
        conversation.closes_at = now
    conversation.state, conversation.closed_at = Conversation.State.CLOSED, now
    conversation.save(update_fields=["state", "closed_at", "closes_at"])
    document = maps.redraw(conversation, now=now, firm=True)
    record.enter(
        kind="conversation.closed",
        step="heard",
        thing=conversation.ref,
        title=f"{document.document.get('participants', 0):,} people cast {document.document.get('votes', 0):,} votes",
        facts={
            "participants": int(document.document.get("participants", 0)),
            "votes": int(document.document.get("votes", 0)),
            "statements": int(document.document.get("statements", 0)),
            "groups": len(document.document.get("groups", [])),
            "common_ground": [str(one["number"]) for one in document.document.get("common_ground", [])],
            "seed": conversation.seed,
            "map": str(document.document.get("method", "")),
        },
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    _give_back(conversation, document, now)
    return conversation


def _give_back(conversation: Conversation, document: MapDocument, now: datetime) -> None:
    """Tell the manifesto what each group said of the aspirations that were put to them."""
    asked = {one.aspiration: one for one in conversation.statements.exclude(aspiration="")}
    for aspiration in manifesto.aspirations_to_agree() if asked else ():
        statement = asked.get(aspiration.ref)
        groups = maps.by_group(document, statement) if statement is not None else []
        if groups:
            take_agreement(
                aspiration=aspiration,
                conversation_ref=conversation.ref,
                groups=groups,
                by=System("conversations.close"),
                now=now,
            )


@transaction.atomic
def answer(
    *,
    conversation: Conversation,
    status: str,
    title: str,
    body: str,
    team: str,
    by: Actor,
    now: datetime,
    about: Iterable[int] = (),
    leads_to: str = "",
) -> Answer:
    """Say back what becomes of it. It enters the record because of the conversation; who left an address is told."""
    must_host(by, conversation)
    conversation = _locked(conversation)
    errors = {}
    if status not in Answer.Status.values:
        errors["status"] = "Choose what becomes of it."
    if not one_line(title):
        errors["title"] = "Say it in one sentence."
    if not body.strip():
        errors["body"] = "Give the answer and its reasons."
    if not team.strip():
        errors["team"] = "Say who answers."
    if leads_to and not Thing.objects.filter(ref=leads_to).exists():
        errors["leads_to"] = "That is not in the public record."
    if errors:
        raise Invalid("answer.incomplete", "Some parts need another look.", errors=errors)
    if not conversation.over:
        raise Clash("answer.state", "Close the conversation first: the answer is to what people said in the end.")
    known = set(conversation.statements.values_list("number", flat=True))
    found = Answer.objects.create(
        conversation=conversation,
        status=status,
        title=one_line(title)[:200],
        body=plain(body)[:6000],
        team=one_line(team)[:120],
        about=sorted(known & {int(one) for one in about}),
        leads_to=leads_to,
        by=str(getattr(by, "pk", "") or getattr(by, "name", "")),
        at=now,
    )
    first = conversation.state == Conversation.State.CLOSED
    if first:
        conversation.state = Conversation.State.ANSWERED
        conversation.save(update_fields=["state"])
    ref = f"{conversation.ref}/answer/{found.pk}" if status != Answer.Status.LISTENING else conversation.ref
    today = now.astimezone(LONDON).date()
    because = [conversation.ref]
    if ref == conversation.ref:
        because = []
    else:
        record.thing(
            ref=ref, kind="answer", title=found.title, url=f"{conversation.get_absolute_url()}#answer-{found.pk}"
        )
    record.enter(
        kind=f"conversation.{status}",
        step="decided" if status == Answer.Status.DECISION else "facilitated",
        thing=ref,
        title=f"{found.get_status_display()}: {found.title}"[:300],
        because=because,
        facts={"status": status, "team": found.team, "statements": found.about, "leads_to": leads_to},
        on=today,
        by=by,
        now=now,
    )
    _tell_everybody(conversation, found, now)
    return found


def _tell_everybody(conversation: Conversation, found: Answer, now: datetime) -> None:
    context = {
        "question": conversation.title,
        "status": str(found.get_status_display()),
        "title": found.title,
        "body": found.body,
        "team": found.team,
        "url": conversation.get_absolute_url(),
    }
    told: set[int] = set()
    for contact in Contact.objects.filter(participant__conversation=conversation).order_by("pk").iterator():
        told.add(contact.participant_id)
        send(
            to=contact.address,
            template="conversations/answered",
            context=context,
            purpose="service",
            key=f"conversation:answer:{found.pk}:{contact.participant_id}",
            now=now,
        )
    own = Participant.objects.filter(conversation=conversation, person__isnull=False, banned_at=None, erased_at=None)
    for participant in own.exclude(pk__in=told).select_related("person").order_by("pk").iterator():
        assert participant.person is not None
        send(
            to=participant.person,
            template="conversations/answered",
            context=context,
            purpose="service",
            key=f"conversation:answer:{found.pk}:{participant.pk}",
            now=now,
        )


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
