"""What pages and exports read of conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations.models import (
    Answer,
    Appeal,
    BanAppeal,
    Conversation,
    MapDocument,
    Participant,
    Ruling,
    Statement,
    Vote,
)
from becontree.citizenship.conversations.permissions import listens
from becontree.foundations.people.models import Membership
from becontree.methods.suppression import few, one_way


def public() -> QuerySet[Conversation]:
    """Every conversation that has opened, newest first, with its answers."""
    return (
        Conversation.objects.exclude(state=Conversation.State.DRAFT)
        .select_related("ward", "organisation")
        .prefetch_related(Prefetch("host_answers", queryset=Answer.objects.order_by("at", "id")))
    )


def open_now(now: datetime) -> QuerySet[Conversation]:
    """Those in which one can vote now, nearest closing first."""
    return public().filter(state=Conversation.State.OPEN, closes_at__gt=now).order_by("closes_at")


def hosted_by(user: Any) -> QuerySet[Conversation]:
    """What the person hosts, alone or with a group; drafts too."""
    groups = Membership.objects.filter(person=user, left_at__isnull=True).values("organisation_id")
    return Conversation.objects.filter(Q(host=user) | Q(organisation__in=groups)).select_related("ward", "organisation")


def without_host() -> QuerySet[Conversation]:
    """Not answered yet, a resident's or a group's, and nobody is left who hosts it: the one who did has gone."""
    left = Membership.objects.filter(organisation=OuterRef("organisation"), left_at__isnull=True)
    rows = Conversation.objects.exclude(state=Conversation.State.ANSWERED).exclude(host_kind=Conversation.Host.OFFICER)
    return rows.exclude(host__is_active=True).filter(~Exists(left)).order_by("answer_due", "pk")


def for_desk(user: Any) -> QuerySet[Conversation]:
    """All conversations with how many statements wait, for the team that listens."""
    rows = Conversation.objects.all() if listens(user) else Conversation.objects.none()
    waiting = Count("statements", filter=Q(statements__state=Statement.State.WAITING))
    return rows.select_related("ward", "organisation").annotate(waiting=waiting).order_by("-made_at", "-pk")


def due(today: date) -> QuerySet[Conversation]:
    """Those that are closed and not answered yet, by the day the answer is due."""
    return Conversation.objects.filter(state=Conversation.State.CLOSED).order_by("answer_due")


def counts(conversation: Conversation) -> dict[str, int | None]:
    """How many have voted (None: 1 to 4) and what there is to vote on; nothing of how the votes stand. Two queries.

    It is the map's number, which is drawn while votes are hidden too, so that every page says the same.
    """
    statements = conversation.statements.aggregate(
        live=Count("pk", filter=Q(state=Statement.State.LIVE, about_you=False)),
        read=Count("pk", filter=~Q(state=Statement.State.WAITING)),
    )
    drawn = document(conversation)
    people = (
        int(drawn.document.get("participants", 0))
        if drawn is not None and drawn.version
        else _voted([conversation]).get(conversation.pk, 0)
    )
    return {
        "participants": None if few(people) else people,
        "statements": statements["live"],
        "read": statements["read"],  # whatever became of them; for those who host it
    }


def _voted(conversations: Sequence[Conversation]) -> dict[int, int]:
    """Conversation id -> how many people have voted who count. One query."""
    rows = Participant.objects.filter(conversation__in=conversations, erased_at=None, banned_at=None)
    rows = rows.filter(Exists(Vote.objects.filter(participant=OuterRef("pk"))))
    return dict(rows.order_by().values_list("conversation").annotate(n=Count("pk")))


def totals(conversations: Sequence[Conversation]) -> dict[int, Totals]:
    """Conversation id -> what is counted in it; of votes only where anybody may see how they stand. Three queries."""
    live = Statement.objects.filter(conversation__in=conversations, state=Statement.State.LIVE, about_you=False)
    statements = dict(live.order_by().values_list("conversation").annotate(n=Count("pk")))
    maps = MapDocument.objects.filter(conversation__in=conversations).defer("inside").in_bulk()
    drawn = {pk: one.document for pk, one in maps.items() if one.version}
    voted = _voted([one for one in conversations if one.pk not in drawn])
    found = {}
    for one in conversations:
        people = int(drawn[one.pk].get("participants", 0)) if one.pk in drawn else voted.get(one.pk, 0)  # as `counts`
        seen = maps[one.pk].document if one.results_shown and one.pk in maps else None
        found[one.pk] = Totals(None if few(people) else people, statements.get(one.pk, 0), seen)
    return found


def shown(conversation: Conversation) -> QuerySet[Statement]:
    """The statements that everybody may read, by number."""
    return conversation.statements.filter(state=Statement.State.LIVE).order_by("number")


def words(conversation: Conversation) -> dict[int, str]:
    """Statement number -> its words, of those that are shown. One query."""
    return dict(shown(conversation).values_list("number", "words"))


def waiting(user: Any, conversation: Conversation | None = None) -> QuerySet[Statement]:
    """Statements to read, oldest first, that the person may moderate: of one conversation, or of all of them."""
    rows = Statement.objects.filter(state=Statement.State.WAITING)
    if conversation is not None:
        rows = rows.filter(conversation=conversation)
    # The author is asked for with it: each reading says about whom it was.
    found = rows.visible_to(user, "moderation").select_related("conversation", "author")
    return found.order_by("made_at", "pk")


def open_appeals(user: Any, conversation: Conversation | None = None) -> QuerySet[Appeal]:
    """Appeals that wait, nearest date first, that the person may decide: of one conversation, or of all of them."""
    rows = Statement.objects.filter(appeals__decided_at=None, appeals__isnull=False)
    if conversation is not None:
        rows = rows.filter(conversation=conversation)
    seen = rows.visible_to(user, "moderation").values("pk")
    return (
        Appeal.objects.filter(decided_at=None, statement__in=seen)
        .select_related("statement__conversation", "statement__author")
        .order_by("due_on", "pk")
    )


def settled(statement: Statement) -> bool:
    """Whether appeals about it were decided and none is open: only somebody new to it may decide otherwise."""
    decided = [one.decided_at is not None for one in statement.appeals.all()]
    return bool(decided) and all(decided)


def banned(user: Any, conversation: Conversation | None = None) -> QuerySet[Participant]:
    """Who was taken out, with what they have asked since, the latest first; for the team that listens."""
    rows = Participant.objects.visible_to(user, "moderation").filter(banned_at__isnull=False, erased_at=None)
    if conversation is not None:
        rows = rows.filter(conversation=conversation)
    asked = Prefetch("ban_appeals", queryset=BanAppeal.objects.order_by("-made_at"))
    return rows.select_related("conversation").prefetch_related(asked).order_by("-banned_at", "-pk")


def open_ban_appeals(user: Any) -> QuerySet[BanAppeal]:
    """Who asks to count again, nearest date first; for the team that listens."""
    seen = Participant.objects.visible_to(user, "moderation").filter(banned_at__isnull=False).values("pk")
    return (
        BanAppeal.objects.filter(decided_at=None, participant__in=seen)
        .select_related("participant__conversation")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that the team owes somebody by a day: an "answer", a decision on an "appeal" or on a "ban"."""

    kind: str
    due: date
    slug: str
    title: str
    who: str  # who answers
    key: int  # of the appeal, or of the participant who was taken out
    number: int  # of the statement that an appeal is about


def clocks(user: Any, most: int) -> list[Clock]:
    """What is due of all conversations, nearest day first, of what the person may decide. One query."""

    def rows(of: QuerySet[Any], kind: str, due: str, talk: str, **more: Any) -> Any:
        # as_ : these are columns of three tables in one, and no field's name
        given = {"as_who": Value("", output_field=CharField()), "as_key": Value(0), "as_number": Value(0)} | more
        named = of.order_by().annotate(
            as_kind=Value(kind, output_field=CharField()),
            as_due=F(due),
            as_slug=F(f"{talk}slug"),
            as_title=F(f"{talk}title"),
            **given,
        )
        return named.values_list("as_kind", "as_due", "as_slug", "as_title", "as_who", "as_key", "as_number")

    answers = Conversation.objects.filter(state=Conversation.State.CLOSED)
    found = rows(
        answers if listens(user) else answers.none(), "answer", "answer_due", "", as_who=F("answered_by")
    ).union(
        rows(
            open_appeals(user),
            "appeal",
            "due_on",
            "statement__conversation__",
            as_key=F("pk"),
            as_number=F("statement__number"),
        ),
        rows(open_ban_appeals(user), "ban", "due_on", "participant__conversation__", as_key=F("participant_id")),
        all=True,
    )
    return [Clock(*row) for row in found.order_by("as_due", "as_kind", "as_key")[:most]]


@dataclass(frozen=True, slots=True)
class Decided:
    """The public log of moderation, in numbers. `shown` counts published statements. None: hidden, as it is 1 to 4, or
    would give such a number away."""

    shown: int
    held: int | None
    reasons: list[tuple[str, int | None]]  # (code of the reason, how many times), as often as not hidden
    banned: int | None


def decided(conversation: Conversation) -> Decided:
    """What was decided about statements, by reason; never which, never the words, never who. Two queries."""
    rows = Ruling.objects.filter(statement__conversation=conversation).order_by().values_list("outcome", "reason")
    found = list(rows.annotate(n=Count("pk")))
    reasons = {reason: n for outcome, reason, n in found if outcome == "held"}
    safe = one_way(reasons, fixed=False)
    banned = conversation.participants.exclude(banned_at=None).count()
    return Decided(
        sum(n for outcome, _reason, n in found if outcome != "held"),
        None if safe.exposed else safe.shown[""],
        [(code, None if safe.exposed else safe.shown[code]) for code in sorted(reasons)],
        None if few(banned) else banned,
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """What everybody may count of a conversation. `map`: its document; None where votes are hidden or none is there."""

    people: int | None  # None: 1 to 4
    statements: int
    map: Mapping[str, Any] | None

    @property
    def votes(self) -> int | None:
        return int(self.map.get("votes", 0)) if self.map is not None else None

    @property
    def groups(self) -> list[Mapping[str, Any]]:
        return list(self.map.get("groups", ())) if self.map is not None else []

    @property
    def common_ground(self) -> list[Mapping[str, Any]]:
        return list(self.map.get("common_ground", ())) if self.map is not None else []

    def tally(self, number: int) -> tuple[int | None, int | None, int | None, int | None]:
        """(agree, disagree, pass, votes) of one statement; nothing while votes are hidden, or where 1 to 4 are."""
        if self.map is None:
            return None, None, None, None
        agree, disagree, seen, *_rest = self.map.get("tallies", {}).get(str(number), (0, 0, 0))
        return agree, disagree, None if agree is None else seen - agree - disagree, seen


@dataclass(frozen=True, slots=True)
class Cast:
    """One vote that counts: the statement, the vote, its place in the order and its receipt."""

    statement: Statement
    value: int
    vote: int
    code: str
    at: datetime

    @property
    def said(self) -> str:
        return str(Vote.Value(self.value).label)


def cast(participant: Participant) -> list[Cast]:
    """A person's votes that count, the newest first. One query."""
    last: dict[int, Vote] = {}
    for vote in participant.votes.select_related("statement").order_by("id"):
        last[vote.statement_id] = vote
    return [
        Cast(
            vote.statement,
            vote.value,
            vote.pk,
            identity.vote_receipt(vote.pk, participant.pk, vote.statement_id, vote.value),
            vote.at,
        )
        for vote in sorted(last.values(), key=lambda each: -each.pk)
    ]


def by_receipt(code: str) -> Participant | None:
    """Whose receipt code it is; None where it is nobody's."""
    return (
        Participant.objects.filter(receipt_hash=identity.receipt_hash(code), erased_at=None)
        .select_related("conversation")
        .first()
    )


def voted_on(conversation: Conversation) -> QuerySet[Statement]:
    """Its statements, each with whether anybody has voted on it."""
    there = Vote.objects.filter(conversation=conversation, statement=OuterRef("pk"))
    return conversation.statements.annotate(voted=Exists(there)).order_by("number")


def document(conversation: Conversation) -> MapDocument | None:
    """The map as it is stored, not drawn anew."""
    return MapDocument.objects.filter(pk=conversation.pk).first()
