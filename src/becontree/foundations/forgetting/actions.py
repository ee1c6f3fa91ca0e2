"""The verbs of `forgetting`: take a wish down, check who asked, confirm, refuse, and tell the person.

Two people always: whoever says how identity was checked cannot be the one at whose word somebody is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from becontree.foundations import policy
from becontree.foundations.access import reads
from becontree.foundations.forgetting import kinds, queries
from becontree.foundations.forgetting.models import Part, Wish
from becontree.foundations.forgetting.permissions import PURPOSE, must_be_strangers, must_handle
from becontree.foundations.kit import dates
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages import actions as messages
from becontree.foundations.messages.rendering import render
from becontree.foundations.people.actions.common import note
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person
from becontree.foundations.people.teams import INFORMATION
from becontree.foundations.policy import clocks

TEMPLATES = "forgetting/"
P = ParamSpec("P")


def due_on(came_on: date) -> date:
    """The day by which somebody who asked on `came_on` has an answer (policies: data.erasure)."""
    return clocks.corresponding_date(came_on, int(str(policy.at(came_on).get("data.erasure"))), working=True)


def later_due_on(came_on: date) -> date:
    """The day by which they have one who was told in the first month that it takes longer (data.erasure_extension).

    Both are counted together from the day on which the wish came, so that a weekend counts once.
    """
    rules = policy.at(came_on)
    months = int(str(rules.get("data.erasure"))) + int(str(rules.get("data.erasure_extension")))
    return clocks.corresponding_date(came_on, months, working=True)


def look(*, given: str, by: Person, now: datetime) -> list[tuple[str, Any]]:
    """(kind, row) of what is held under exactly this address or reference. Written down as a reading, found or not.

    Raises NotAllowed before anything is looked up, and where it is about the officer's own home. Must not run inside
    another transaction.
    """
    must_handle(by)
    found = kinds.find(given)
    if not found:
        reads.looked(by, Person, PURPOSE, now)
        return []
    reads.record(by, [row for _label, row in found], PURPOSE, now)
    must_be_strangers(by, [row for _label, row in found])
    return found


def take_down(
    *, given: str, came_by: str, came_on: date, tell_by: str, tell_to: str, by: Person, now: datetime
) -> Wish:
    """Somebody asked. The clock runs from `came_on`, found or not.

    Raises NotAllowed, Invalid, and Clash where the same was asked already.
    """
    must_handle(by)
    today = now.astimezone(dates.LONDON).date()
    if came_on > today:
        raise Invalid("forgetting.came_on", gettext("This day is still to come."), "came_on")
    if clocks.corresponding_date(came_on, 12) < today:
        raise Invalid("forgetting.came_on", gettext("This is more than a year ago. Look at the date again."), "came_on")
    tell_to = _reachable(tell_by, tell_to)
    found = look(given=given, by=by, now=now)
    with transaction.atomic():
        wish = Wish.objects.create(
            came_by=came_by, came_on=came_on, due_on=due_on(came_on), tell_by=tell_by, tell_to=tell_to,
            taken_by=party_id(by), taken_at=now,
        )  # fmt: skip
        _add(wish, found)
        note("forgetting asked", wish, by=by, now=now, came_by=came_by)
    return wish


def look_again(*, wish: Wish, given: str, by: Person, now: datetime) -> int:
    """Look under another address or reference that the person gave; returns how many things were added."""
    must_handle(by)
    if wish.state != Wish.State.TAKEN:
        raise Clash("forgetting.moved_on", gettext("This has moved on. Look at it again."))
    found = look(given=given, by=by, now=now)
    with transaction.atomic():
        wish = Wish.objects.select_for_update().get(pk=wish.pk)
        if wish.state != Wish.State.TAKEN:
            raise Clash("forgetting.moved_on", gettext("This has moved on. Look at it again."))
        return _add(wish, found)


def _moves(*states: str) -> Callable[[Callable[P, Wish]], Callable[P, Wish]]:
    """An officer of the team moves a wish on from one of `states`, locked; raises Clash where it stands elsewhere."""

    def around(verb: Callable[P, Wish]) -> Callable[P, Wish]:
        @wraps(verb)
        def moved(*args: P.args, **named: P.kwargs) -> Wish:
            by: Any = named["by"]
            given: Any = named["wish"]
            must_handle(by)
            with transaction.atomic():
                wish = Wish.objects.visible_to(by, PURPOSE).select_for_update().filter(pk=given.pk).first()
                if wish is None:
                    raise NotAllowed("forgetting.own", gettext("This is about you or somebody you live with."))
                if wish.state not in states:
                    raise Clash("forgetting.moved_on", gettext("This has moved on. Look at it again."))
                named["wish"] = wish
                return verb(*args, **named)

        return moved

    return around


@_moves(Wish.State.TAKEN)
def leave_out(*, wish: Wish, part: int, by: Person, now: datetime) -> Wish:
    """This is somebody else's who has the same name or number: the wish is not about it."""
    gone, _each = Part.objects.filter(wish=wish, pk=part).delete()
    if gone:
        note("forgetting left out", wish, by=by, now=now)
    return wish


@_moves(Wish.State.TAKEN)
def check(*, wish: Wish, how: str, check_note: str = "", by: Person, now: datetime) -> Wish:
    """Say how it was checked that the person asked themself. Then a second officer looks."""
    if how not in Wish.Check.values:
        raise Invalid("forgetting.how", gettext("Choose how you checked."), "how")
    if all(one.gone for one in queries.held(wish)):
        raise Clash("forgetting.nothing", gettext("Nothing is held that could be forgotten. Close it so."))
    wish.state, wish.check_how, wish.check_note = Wish.State.CHECKED, how, check_note.strip()
    wish.checked_by, wish.checked_at = party_id(by), now
    wish.save()
    note("forgetting checked", wish, by=by, now=now, how=how)
    return wish


@_moves(Wish.State.CHECKED)
def send_back(*, wish: Wish, by: Person, now: datetime) -> Wish:
    """The check does not convince: it has to be made again."""
    wish.state, wish.check_how, wish.check_note, wish.checked_by, wish.checked_at = Wish.State.TAKEN, "", "", "", None
    wish.save()
    note("forgetting sent back", wish, by=by, now=now)
    return wish


@_moves(Wish.State.CHECKED)
def confirm(*, wish: Wish, by: Person, now: datetime, read: str | None = None) -> Wish:
    """The second pair of eyes agrees: everything found is forgotten at once, and the person is told.

    `read`: what they had before them (`queries.as_read`); None where nothing can have come between.
    Raises NotAllowed for whoever checked, and Clash, with nothing changed, where something must be finished first or
    the request is no longer what was read.
    """
    if wish.checked_by == party_id(by):
        raise NotAllowed("forgetting.two", gettext("You checked this yourself. A second person has to confirm it."))
    if read is not None and read != queries.as_read(wish):
        message = gettext("This was changed since you read it. Nothing was done. Read it again before you confirm.")
        raise Clash("forgetting.changed", message)
    held = [one for one in queries.held(wish) if not one.gone]
    go = [one for one in held if not one.kind.kept(one.row, now)]
    if held and not go:
        raise Clash(
            "forgetting.all_kept",
            gettext(
                "The law keeps everything that was found. Refuse for that reason: they are told what stays, and why."
            ),
        )
    language = _language(held)
    keeps = _keeps(held, language, now)
    kept, account = len(go) < len(held), any(one.kind.label == kinds.ACCOUNT for one in go)
    tell_to = wish.tell_to
    _decide(wish, Wish.State.FORGOTTEN, by, now)
    for one in go:
        one.kind.forget(one.row, now)
    wish.tell_to, wish.check_note = tell_to, ""  # the account's own forgetting emptied both
    said = {"keeps": keeps, "kept": kept, "account": account}
    _tell(wish, "forgotten", said, language=language, by=by, now=now)
    note("forgetting confirmed", wish, by=by, now=now)
    return wish


@_moves(*Wish.OPEN)
def refuse(*, wish: Wish, reason: str, words: str, by: Person, now: datetime) -> Wish:
    """Say no, with the reason, in words that the person is told; and what they can do about it.

    Where the law keeps it and it was checked who asks, they are told what stays, why, and until when. Whoever was not
    checked is told nothing of what is held.
    """
    if reason not in Wish.Reason.values:
        raise Invalid("forgetting.reason", gettext("Choose the reason."), "reason")
    if not words.strip():
        raise Invalid("forgetting.words", gettext("Say what it means for this person, in a sentence or two."), "words")
    held = [one for one in queries.held(wish) if not one.gone]
    language = _language(held)
    tell = reason == Wish.Reason.LAW and wish.state == Wish.State.CHECKED
    keeps = _keeps([one for one in held if one.kind.kept(one.row, now)], language, now) if tell else []
    wish.reason = reason
    _decide(wish, Wish.State.REFUSED, by, now)
    with _speaking(language):
        why = str(Wish.Reason(reason).label)
    _tell(wish, "refused", {"why": why, "words": words.strip(), "keeps": keeps}, language=language, by=by, now=now)
    note("forgetting refused", wish, by=by, now=now, reason=reason)
    return wish


@_moves(Wish.State.TAKEN)
def close_empty(*, wish: Wish, by: Person, now: datetime) -> Wish:
    """Nothing is held under what the person gave (or it is gone already), and they are told so."""
    if any(not one.gone for one in queries.held(wish)):
        raise Clash("forgetting.held", gettext("Something is held. Check who asked, or refuse with a reason."))
    _decide(wish, Wish.State.NOTHING, by, now)
    _tell(wish, "nothing", {}, language="en", by=by, now=now)
    note("forgetting found nothing", wish, by=by, now=now)
    return wish


@_moves(*Wish.OPEN)
def take_longer(*, wish: Wish, why: str, words: str, by: Person, now: datetime) -> Wish:
    """Say, once and within the first month, that it takes longer and why. The later day holds when they were told.

    Raises Invalid, and Clash where it was said before or the first month is over.
    """
    if why not in Wish.Longer.values:
        raise Invalid("forgetting.why", gettext("Choose the reason."), "why")
    if not words.strip():
        raise Invalid("forgetting.words", gettext("Say what takes the time, in a sentence or two."), "words")
    if wish.longer:
        raise Clash("forgetting.longer_once", gettext("More time was taken already. The law allows it once."))
    _in_the_first_month(wish, now)
    language = _language(queries.held(wish))
    wish.longer, wish.longer_by, wish.longer_at = why, party_id(by), now
    wish.save()
    with _speaking(language):
        said = {
            "why": str(Wish.Longer(why).label), "words": words.strip(), "due": dates.day(later_due_on(wish.came_on))
        }  # fmt: skip
    _write(wish, "longer", said, key=longer_key(wish), language=language, now=now)
    note("forgetting takes longer", wish, by=by, now=now, why=why)
    return wish


@_moves(*Wish.OPEN)
def say_longer(*, wish: Wish, by: Person, now: datetime) -> Wish:
    """The person was rung up and told that it takes longer. Raises Clash once the first month is over."""
    if wish.longer_waits and wish.tell_by == Wish.TellBy.PHONE:
        _in_the_first_month(wish, now)
        wish.longer_told_at, wish.due_on, wish.words = now, later_due_on(wish.came_on), ""
        wish.save()
    return wish


def note_told_longer(now: datetime) -> int:
    """Where the letter that it takes longer went in the first month, the later day holds. Returns how many."""
    done = 0
    for pk in Wish.objects.filter(queries.LONGER_WAITS).exclude(tell_by=Wish.TellBy.PHONE).values_list("pk", flat=True):
        with transaction.atomic():
            wish = Wish.objects.select_for_update().get(pk=pk)
            went = messages.went_at(longer_key(wish))
            if not wish.longer_waits or went is None or went.astimezone(dates.LONDON).date() > due_on(wish.came_on):
                continue
            wish.longer_told_at, wish.due_on = went, later_due_on(wish.came_on)
            wish.save()
            done += 1
    return done


@_moves(Wish.State.FORGOTTEN, Wish.State.REFUSED, Wish.State.NOTHING)
def say_told(*, wish: Wish, by: Person, now: datetime) -> Wish:
    """The person was rung up and told."""
    if wish.told_at is None:
        _told(wish, by, now)
    return wish


def clear_letters(now: datetime) -> int:
    """Answers that went need no words any longer, nor where they went. Returns how many were emptied."""
    return messages.empty_sent(TEMPLATES)


def _add(wish: Wish, found: list[tuple[str, Any]]) -> int:
    people = [row.pk for label, row in found if label == kinds.ACCOUNT]
    list(Person.objects.select_for_update().filter(pk__in=people).values_list("pk"))  # one wish about one person
    added = 0
    for label, row in found:
        other = Part.objects.filter(kind=label, key=str(row.pk), wish__state__in=Wish.OPEN).exclude(wish=wish)
        if twin := other.select_related("wish").first():
            raise Clash(
                "forgetting.already",
                gettext("The same was asked already: see %(handle)s.") % {"handle": twin.wish.handle},
                "given",
            )
        added += Part.objects.get_or_create(wish=wish, kind=label, key=str(row.pk))[1]
    return added


def longer_key(wish: Wish) -> str:
    """The key of the letter that it takes longer."""
    return f"{TEMPLATES}{wish.handle}/longer"


def _in_the_first_month(wish: Wish, now: datetime) -> None:
    last = due_on(wish.came_on)
    if now.astimezone(dates.LONDON).date() > last:
        said = gettext("Too late. They had to be told by %(day)s that it takes longer. Answer now.")
        raise Clash("forgetting.longer_late", said % {"day": dates.day(last)})


def _decide(wish: Wish, state: str, by: Person, now: datetime) -> None:
    wish.state, wish.decided_by, wish.decided_at, wish.words = state, party_id(by), now, ""
    wish.save()
    messages.unsend([longer_key(wish)], now=now)  # nobody is asked to wait for an answer that is here


def _tell(wish: Wish, letter: str, context: dict[str, Any], *, language: str, by: Person, now: datetime) -> None:
    """Answer by the way that the person gave. By telephone they are told once somebody has rung."""
    _write(wish, letter, context, key=f"{TEMPLATES}{wish.handle}/{wish.state}", language=language, now=now)
    if wish.tell_by != Wish.TellBy.PHONE:
        _told(wish, by, now)


def _write(
    wish: Wish, letter: str, context: dict[str, Any], *, key: str, language: str, now: datetime
) -> None:  # fmt: skip
    """Put a letter in the outbox. By telephone: put the words down, for somebody to ring and read out."""
    with _speaking(language):
        context |= {"came_on": dates.day(wish.came_on), "handle": wish.handle}
    template = f"{TEMPLATES}{letter}"
    if wish.tell_by == Wish.TellBy.PHONE:
        wish.words = render(template, context, language=language)[1]
        wish.save()
        return
    messages.send(
        to="" if wish.tell_by == Wish.TellBy.PRINT else wish.tell_to,
        envelope=wish.tell_to if wish.tell_by == Wish.TellBy.PRINT else "",
        template=template, context=context, language=language, team=INFORMATION.code, key=key, now=now,
    )  # fmt: skip


def _told(wish: Wish, by: Person, now: datetime) -> None:
    wish.told_by, wish.told_at = party_id(by), now
    wish.tell_to = wish.check_note = wish.words = ""
    wish.save()


def _language(held: list[queries.Held]) -> str:
    return next((one.kind.language(one.row) for one in held), "en")


def _keeps(held: list[queries.Held], language: str, now: datetime) -> list[dict[str, str]]:
    """What stays and why, in the person's language; what stays for the same reason stands together, each once."""
    whats: dict[str, dict[str, None]] = {}
    with _speaking(language):
        for one in held:
            for what, why in one.kind.keeps(one.row, now):
                whats.setdefault(why, {})[what] = None
    return [{"what": "; ".join(what), "why": why} for why, what in whats.items()]


def _speaking(language: str) -> Any:
    return translation.override(language if translation.check_for_language(language) else "en")


def _reachable(tell_by: str, tell_to: str) -> str:
    """Where to answer, trimmed. Raises Invalid where nobody could be reached there."""
    lines = [" ".join(line.split()) for line in tell_to.splitlines()]
    text = "\n".join(line for line in lines if line)
    if tell_by == Wish.TellBy.EMAIL:
        try:
            validate_email(text.lower())
        except ValidationError as error:
            said = gettext("Write an e-mail address like name@example.org.")
            raise Invalid("forgetting.tell_to", said, "tell_to") from error
    elif tell_by == Wish.TellBy.PHONE:
        if sum(letter.isdigit() for letter in text) < 5 or not set(text) <= set("0123456789 +()-."):
            said = gettext("Write a telephone number with digits, like 020 7946 0000.")
            raise Invalid("forgetting.tell_to", said, "tell_to")
    elif tell_by == Wish.TellBy.PRINT:
        if "\n" not in text:
            said = gettext("Write it as on an envelope: the name, then the address, each line by itself.")
            raise Invalid("forgetting.tell_to", said, "tell_to")
    else:
        raise Invalid("forgetting.tell_by", gettext("Choose how to answer."), "tell_by")
    return text
