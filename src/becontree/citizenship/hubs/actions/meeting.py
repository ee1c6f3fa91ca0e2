"""Hold a conversation in a room: plan it, put statements on the screen, take votes by phone and paper, end it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import actions as talks
from becontree.citizenship.conversations.models import Conversation, Participant, Statement, Vote
from becontree.citizenship.conversations.permissions import hosts as hosts_talk
from becontree.citizenship.hubs.actions import reminding
from becontree.citizenship.hubs.models import Hub, Meeting, Paper, Retyping, Shown
from becontree.citizenship.hubs.permissions import must_host, runs
from becontree.citizenship.voices.actions import plain
from becontree.foundations.kit.dates import moment as write_moment
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import short_id
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Person
from becontree.foundations.record import actions as record
from becontree.methods.suppression import few

LONDON: Final = ZoneInfo("Europe/London")
CODE_LETTERS: Final = 6  # 27**6 = 387 million: nobody guesses the room that is open tonight
MOST_LINES: Final = 20
MOST_HEADS: Final = 100_000
SOON: Final = timedelta(hours=12)  # a room opens on the day of its meeting, or so long before it (past midnight)
_MARK: Final = re.compile(r"^(\d{1,5})\s*([adpADP])$", re.ASCII)
_VALUES: Final = {"a": 1, "d": -1, "p": 0}


@transaction.atomic
def plan(
    *,
    conversation: Conversation,
    starts_at: datetime,
    place: str,
    by: Actor,
    now: datetime,
    hub: Hub | None = None,
    ward: Any = None,
    step_free: bool = False,
    agenda: Sequence[str] = (),
) -> Meeting:
    """Plan a meeting of a conversation that is open: by its hosts, or by a hub that invites people to it.

    Without a `place` it is where the hub meets, and what is known of getting in there holds.
    """
    if not hosts_talk(by, conversation) and not (hub is not None and runs(by, hub)):
        raise NotAllowed("meeting.host", _("Only the people who host the conversation, or a hub, can do that."))
    if hub is not None and not runs(by, hub):
        raise NotAllowed("hub.run", _("Only the group that keeps this hub can do that."))
    lines = [" ".join(plain(line).split()) for line in agenda]
    lines = [line for line in lines if line]
    where = " ".join(plain(place).split())
    if not where and hub is not None:
        where, step_free, ward = hub.venue.said[:200], hub.venue.step_free, ward or hub.venue.ward
    errors = {}
    if conversation.state != Conversation.State.OPEN:
        errors["conversation"] = _("Choose a conversation that is open.")
    elif conversation.closes_at is not None and starts_at >= conversation.closes_at:
        errors["starts_at"] = _("Voting is over by then: the conversation closes before.")
    if starts_at < now - timedelta(days=1) or starts_at > now + timedelta(days=730):
        errors["starts_at"] = _("Look at the day again.")
    if not where or len(where) > 200:
        errors["place"] = _("Say where it is, in at most 200 letters.")
    if not lines:
        errors["agenda"] = _("Write at least one line: what happens first?")
    elif len(lines) > MOST_LINES or any(len(line) > 200 for line in lines):
        errors["agenda"] = _("At most 20 lines of 200 letters.")
    if hub is not None and not hub.is_open:
        errors["hub"] = _("This hub is closed.")
    if errors:
        raise Invalid("meeting.fields", _("Some parts need another look."), errors=errors)
    return Meeting.objects.create(
        conversation=conversation,
        hub=hub,
        starts_at=starts_at,
        place=where,
        ward=ward,
        step_free=step_free,
        agenda=lines,
        made_by=party_id(by),
        made_at=now,
    )


@transaction.atomic
def cancel(*, meeting: Meeting, by: Actor, now: datetime) -> Meeting:
    """It does not happen; its page says so, and who asked to be reminded is told."""
    must_host(by, meeting)
    meeting = _locked(meeting)
    _move(meeting, Meeting.State.CANCELLED)
    meeting.save(update_fields=["state"])
    reminding.tell_cancelled(meeting, now=now)
    return meeting


@transaction.atomic
def begin(*, meeting: Meeting, by: Actor, now: datetime) -> Meeting:
    """Open the room: from now on phones join with the code on the screen. Not on a day before the meeting."""
    must_host(by, meeting)
    meeting = _locked(meeting)
    if meeting.state == Meeting.State.PLANNED and not may_begin(meeting, now):
        raise Clash(
            "meeting.early",
            _(
                "This meeting is planned for %(when)s, and its room opens on that day. Do people meet today? Then plan "
                "a meeting for today. Has the day changed? Say that this one does not take place, so that whoever "
                "asked to be reminded is told, and plan another."
            )
            % {"when": write_moment(meeting.starts_at)},
        )
    if meeting.conversation.state != Conversation.State.OPEN:
        raise Clash("meeting.talk", _("Voting in this conversation is over."))
    _move(meeting, Meeting.State.OPEN)
    meeting.began_at = now
    for _attempt in range(8):
        meeting.code = short_id(CODE_LETTERS)
        try:
            with transaction.atomic():
                meeting.save(update_fields=["state", "began_at", "code"])
        except IntegrityError:
            continue
        return meeting
    raise Clash("meeting.code", _("No free code was found. Please try again."))


def may_begin(meeting: Meeting, now: datetime) -> bool:
    """Whether its day has come: else it was pressed by mistake, and the day that people were told would be lost."""
    return (
        meeting.starts_at - now <= SOON or now.astimezone(LONDON).date() >= meeting.starts_at.astimezone(LONDON).date()
    )


@transaction.atomic
def show(*, meeting: Meeting, number: int | None, by: Actor, now: datetime) -> Meeting:
    """Put a statement on the screen, by its number; None takes it off. Every one is logged with its time."""
    must_host(by, meeting)
    meeting = _locked(meeting)
    if meeting.state != Meeting.State.OPEN:
        raise Clash("meeting.state", _("The room is not open."))
    if number is not None:
        live = Statement.objects.filter(
            conversation=meeting.conversation, number=number, state=Statement.State.LIVE
        ).exists()
        if not live:
            raise Invalid("meeting.number", _("There is no statement with that number to show."), "number")
    if number != meeting.showing:
        meeting.showing = number
        meeting.save(update_fields=["showing"])
        if number is not None:
            Shown.objects.create(meeting=meeting, number=number, at=now)
    return meeting


def join(*, meeting: Meeting, key: str, person: Person | None, now: datetime) -> Participant:
    """Take part from the room, with one's own phone: the same person as in the conversation on this site."""
    if meeting.state != Meeting.State.OPEN:
        raise Clash("meeting.state", _("The room is not open. You can take part on the conversation's own page."))
    return talks.start(
        conversation=meeting.conversation, key=key, person=person, channel=Participant.Channel.ROOM, now=now
    )


def vote(*, meeting: Meeting, participant: Participant, number: int, value: int, now: datetime) -> Any:
    """Vote on what the screen shows, or showed. Answers with a receipt."""
    if meeting.state != Meeting.State.OPEN:
        raise Clash("meeting.state", _("The room is closed."))
    if not meeting.shown.filter(number=number).exists():
        raise Clash("meeting.not_shown", _("That statement was not on the screen."))
    return talks.vote_in_room(
        conversation=meeting.conversation, participant=participant, number=number, value=value, now=now
    )


@transaction.atomic
def type_paper(*, meeting: Meeting, marks: str, key: str, by: Actor, now: datetime) -> Paper:
    """Type in one sheet: "1a 2d 5p" is agree with 1, disagree with 2, pass on 5. The same `key` is one sheet.

    Raises Invalid, naming each mark that cannot be read; then nothing of the sheet is counted. Raises Clash
    ("paper.differs") where the sheet is in with other marks: `retype_paper` says which of the two are right.
    """
    meeting = _to_type_in(meeting, by)
    if not key or len(key) > 40:
        raise Invalid("paper.key", _("Load the page again and type the sheet once more."), "marks")
    before = meeting.sheets.filter(key=key).first()
    down = taken_down(before) if before is not None else {}
    votes = read_marks(meeting, marks, also=down)
    if before is not None:
        if down | votes != down | votes_of(before):
            raise Clash("paper.differs", _("This sheet is in already, with other marks. Nothing was changed."))
        return before
    sheet = _counted(meeting, key, votes, now=now)
    meeting.papers += 1
    meeting.save(update_fields=["papers"])
    return Paper.objects.create(
        meeting=meeting,
        key=key,
        number=meeting.papers,
        participant=sheet,
        votes=len(votes),
        typed_by=party_id(by),
        typed_at=now,
    )


@transaction.atomic
def retype_paper(*, meeting: Meeting, marks: str, key: str, take: bool, by: Actor, now: datetime) -> Paper:
    """A sheet was typed again with other marks: `take` them, or leave the sheet as it was. Who decided is kept.

    Its votes are then cast anew by another participant, and the first one leaves the map with all its votes: a
    statement that is not on the sheet after all has no vote of it. What the sheet says of a statement that was taken
    down since stays with it, and counts again should the statement come back.
    """
    meeting = _to_type_in(meeting, by)
    paper = meeting.sheets.select_for_update().filter(key=key).first()
    if paper is None:
        raise Clash("paper.none", _("This sheet is not in yet. Type it in."))
    down = taken_down(paper)
    votes, first = down | read_marks(meeting, marks, also=down), down | votes_of(paper)
    if votes == first:
        return paper
    if take:
        paper.participant = talks.recast_sheet(
            participant=paper.participant, key=_key_of(meeting, key), votes=votes, now=now
        )
        paper.votes = len(votes)
        paper.save(update_fields=["participant", "votes"])
    Retyping.objects.create(
        paper=paper, before=marks_of(first), after=marks_of(votes), taken=take, by=party_id(by), at=now
    )
    return paper


def votes_of(paper: Paper) -> dict[int, int]:
    """Statement number -> the vote of the sheet, of those that are shown. One query."""
    votes = Vote.objects.filter(participant=paper.participant_id, statement__state=Statement.State.LIVE)
    return dict(votes.order_by("id").values_list("statement__number", "value"))


def taken_down(paper: Paper) -> dict[int, int]:
    """Statement number -> the vote of the sheet, of those that were taken down since. One query."""
    votes = Vote.objects.filter(participant=paper.participant_id).exclude(statement__state=Statement.State.LIVE)
    return dict(votes.order_by("id").values_list("statement__number", "value"))


def marks_of(votes: Mapping[int, int]) -> str:
    """The votes as a clerk types them.

    >>> marks_of({5: 0, 1: 1, 2: -1})
    '1a 2d 5p'
    """
    letters = {value: letter for letter, value in _VALUES.items()}
    return " ".join(f"{number}{letters[value]}" for number, value in sorted(votes.items()))


def _to_type_in(meeting: Meeting, by: Actor) -> Meeting:
    must_host(by, meeting)
    meeting = _locked(meeting)
    if meeting.state not in {Meeting.State.OPEN, Meeting.State.OVER}:
        raise Clash("meeting.state", _("The meeting has not begun."))
    return meeting


def _counted(meeting: Meeting, key: str, votes: Mapping[int, int], *, now: datetime) -> Participant:
    """Somebody who voted so on paper."""
    sheet = talks.start(
        conversation=meeting.conversation, key=_key_of(meeting, key), channel=Participant.Channel.PAPER, now=now
    )
    for number, value in votes.items():
        talks.vote_in_room(conversation=meeting.conversation, participant=sheet, number=number, value=value, now=now)
    return sheet


def _key_of(meeting: Meeting, key: str) -> str:
    return f"paper:{meeting.pk}:{key}"


def read_marks(meeting: Meeting, marks: str, *, also: Collection[int] = ()) -> dict[int, int]:
    """Statement number -> vote. Raises Invalid, naming each mark that cannot be read.

    `also`: statements that were taken down since, of which this sheet speaks.
    """
    words = re.sub(r"(\d)\s+([adpADP])\b", r"\1\2", plain(marks)).replace(",", " ").split()
    live = set(
        Statement.objects.filter(conversation=meeting.conversation, state=Statement.State.LIVE).values_list(
            "number", flat=True
        )
    ) | set(also)
    votes: dict[int, int] = {}
    wrong = []
    for word in words[:500]:
        found = _MARK.match(word)
        if found is None:
            wrong.append(_("“%(word)s” is not a number followed by a, d or p.") % {"word": word[:20]})
            continue
        number, value = int(found[1]), _VALUES[found[2].lower()]
        if number not in live:
            wrong.append(_("There is no statement %(number)s to vote on.") % {"number": number})
        elif votes.get(number, value) != value:
            wrong.append(_("Statement %(number)s is there twice, with different marks.") % {"number": number})
        else:
            votes[number] = value
    if not words:
        wrong.append(_("Type the marks of one sheet, such as 1a 2d 5p."))
    if wrong:
        raise Invalid("paper.marks", " ".join(wrong[:6]), "marks")
    return votes


@transaction.atomic
def finish(
    *, meeting: Meeting, attendance: int, by: Actor, now: datetime, notes: str = "", consent: bool = False
) -> Meeting:
    """End it: how many came (a count, no names), and notes if the room was asked and agreed. It enters the record."""
    must_host(by, meeting)
    meeting = _locked(meeting)
    text = plain(notes)
    errors = {}
    if not 0 < attendance <= MOST_HEADS:
        errors["attendance"] = _("Count the people in the room.")
    if text and not consent:
        errors["consent"] = _("Notes are kept only where the room was asked and agreed. Tick it, or leave them out.")
    if len(text) > 8_000:
        errors["notes"] = _("Please keep the notes to 8,000 letters.")
    if errors:
        raise Invalid("meeting.finish", _("Some parts need another look."), errors=errors)
    _move(meeting, Meeting.State.OVER)
    meeting.attendance, meeting.notes, meeting.consent = attendance, text, bool(text)
    meeting.ended_at, meeting.code, meeting.showing = now, "", None
    meeting.save()
    record.enter(
        kind="conversation.met",
        step="heard",
        thing=meeting.conversation.ref,
        title="People talked about it in a room"
        if few(attendance)
        else f"{attendance:,} people talked about it in a room",
        because=[meeting.hub.ref] if meeting.hub is not None else [],
        facts={
            **{name: n for name, n in meeting.heads().items() if n is not None},
            "statements shown": meeting.shown.values("number").distinct().count(),
            "ward": meeting.ward_id or "",
        },
        on=meeting.starts_at.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    return meeting


def _locked(meeting: Meeting) -> Meeting:
    return (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("conversation", "hub__organisation")
        .get(pk=meeting.pk)
    )


def _move(meeting: Meeting, to: str) -> None:
    if to not in Meeting.MOVES[meeting.state]:
        raise Clash("meeting.state", _("This meeting is %(state)s.") % {"state": meeting.get_state_display()})
    meeting.state = to
