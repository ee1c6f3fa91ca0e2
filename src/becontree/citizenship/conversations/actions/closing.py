"""Close a conversation and answer it; who took part and left an address is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from becontree.citizenship.conversations import maps
from becontree.citizenship.conversations.actions.hosting import _locked
from becontree.citizenship.conversations.actions.voting import LONDON
from becontree.citizenship.conversations.models import (
    Answer,
    Contact,
    Conversation,
    MapDocument,
    Participant,
)
from becontree.citizenship.conversations.permissions import must_host
from becontree.citizenship.manifesto import queries as manifesto
from becontree.citizenship.manifesto.actions.aspirations import take_agreement
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, System
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing
from becontree.methods.suppression import few


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
    document = maps.last(conversation, now=now)
    people = int(document.document.get("participants", 0))
    record.enter(
        kind="conversation.closed",
        step="heard",
        thing=conversation.ref,
        title="Voting is over"
        if few(people)
        else f"{people:,} people cast {document.document.get('votes', 0):,} votes",
        facts={
            **({} if few(people) else {"participants": people, "votes": int(document.document.get("votes", 0))}),
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
        if groups and not few(sum(seen for _label, seen, *_answers in groups)):
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
        facts={"status": status, "team": found.team, "statements": found.about, "leads_to": leads_to}
        | ({"authority": found.team} if status == Answer.Status.DECISION else {}),
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
