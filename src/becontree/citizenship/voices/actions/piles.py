"""A clerk's pile of paper forms, and a class: typed in fast, once or twice, the last one undone, the whole undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from becontree.citizenship.voices import equality as apart
from becontree.citizenship.voices.actions.checking import Said, wrong_day
from becontree.citizenship.voices.actions.common import LONDON
from becontree.citizenship.voices.actions.responding import Taken, respond, respond_many, vet
from becontree.citizenship.voices.models import Batch, Channel, Contact, Keying, Response, Round, Voice
from becontree.citizenship.voices.permissions import must_listen
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import plain
from becontree.foundations.messages.actions import unsend
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.places import queries as places

KEPT: Final = ("channel", "said_on", "place", "language", "source")  # what stays for the next form
MOST_PUPILS: Final = 400


@transaction.atomic
def begin_pile(
    *, round: Round | None, by: Actor, now: datetime, kept: Mapping[str, str], way: str = Batch.Way.CLERK
) -> Batch:
    """Begin a pile: how it reached us, when and where, for all its forms until the clerk says otherwise."""
    must_listen(by)
    errors = {}
    if kept.get("channel") not in Channel.values:
        errors["channel"] = _("Choose how it reached us.")
    if way == Batch.Way.CLASS and kept.get("channel") != Channel.SCHOOL:
        errors["channel"] = _("A class is at school.")
    if kept.get("said_on"):  # told now, not after the first form is typed
        errors |= dict(wrong_day(date.fromisoformat(kept["said_on"]), round, now.astimezone(LONDON).date()))
    if errors:
        raise Invalid("batch.begin", _("Some parts need another look."), errors=errors)
    if round is not None and round.state not in {Round.State.OPEN, Round.State.CLOSED}:
        raise Clash("round.closed", _("This round is not listening now."))
    return Batch.objects.create(
        way=way,
        round=round,
        made_by=party_id(by),
        made_at=now,
        kept={name: str(kept.get(name) or "") for name in KEPT},
    )


@transaction.atomic
def type_in(*, batch: Batch, form: Said, by: Actor, now: datetime) -> Response | None:
    """One form of the pile. None where the round wants each form typed twice: it waits for the second clerk.

    What was said of channel, day, place and language stays for the next form.
    """
    must_listen(by)
    batch = _held(batch)
    _must_be_open(batch)
    batch.kept = {
        "channel": form.channel,
        "said_on": form.said_on.isoformat() if form.said_on else "",
        "place": form.place,
        "language": form.language,
        "source": form.source,
    }
    batch.save(update_fields=["kept"])
    if not _twice(batch):
        return _respond(batch, form, by=by, now=now)
    content = content_of(form)
    if Keying.objects.filter(batch=batch, copy=1, content__once=form.key).exists():
        return None
    number = batch.keyings.filter(copy=1).count() + 1
    vet(round=batch.round, form=form, batch=batch, by=by, now=now)  # now, not at the second typing
    Keying.objects.create(
        batch=batch, number=number, copy=1, content=content | {"once": form.key}, by=party_id(by), at=now
    )
    if form.equality:  # counted at once and apart: it never waits beside the words for the second typing
        apart.keep(round=batch.round, sheets=[form.equality], now=now)
    return None


@transaction.atomic
def type_again(*, batch: Batch, number: int, form: Said, by: Actor, now: datetime) -> Response | None:
    """The same form, typed blind by another clerk. The response, where both agree; None where they differ."""
    must_listen(by)
    batch = _held(batch)
    _must_be_open(batch)
    first = batch.keyings.filter(number=number, copy=1).first()
    if first is None:
        raise Clash("keying.first", _("This form has not been typed in yet."))
    if first.response_id is not None:
        return first.response
    if first.by == party_id(by):
        raise NotAllowed("keying.second", _("Somebody else than who typed it first has to type it again."))
    if batch.keyings.filter(number=number, copy=2).exists():
        raise Clash("keying.twice", _("This form has been typed twice already."))
    second = Keying.objects.create(
        batch=batch, number=number, copy=2, content=content_of(form), by=party_id(by), at=now
    )
    if differences(first, second):
        return None
    return _settle(batch, first, second, form, by=by, now=now)


@transaction.atomic
def resolve(*, batch: Batch, number: int, form: Said, by: Actor, now: datetime) -> Response:
    """Somebody has looked at the paper where two typings differ, and says what stands there."""
    must_listen(by)
    batch = _held(batch)
    _must_be_open(batch)
    found = {keying.copy: keying for keying in batch.keyings.filter(number=number)}
    if set(found) != {1, 2}:
        raise Clash("keying.twice", _("This form has not been typed twice."))
    if found[1].response is not None:
        return found[1].response
    return _settle(batch, found[1], found[2], form, by=by, now=now)


def _settle(batch: Batch, first: Keying, second: Keying, form: Said, *, by: Actor, now: datetime) -> Response:
    made = _respond(batch, form, by=by, now=now, key=f"pile:{batch.handle}:{first.number}")
    Keying.objects.filter(pk__in=[first.pk, second.pk]).update(content={}, response=made)
    return made


def differences(first: Keying, second: Keying) -> list[str]:
    """The fields in which two typings differ. Spaces do not count."""
    one, two = first.content, second.content
    return sorted(name for name in {*one, *two} - {"once"} if _bare(one.get(name)) != _bare(two.get(name)))


def _bare(text: Any) -> str:
    return " ".join(plain(str(text or "")).split())


def content_of(form: Said) -> dict[str, str]:
    """The form as plain text by field, to be compared and kept until it is taken in."""
    return {f"q:{key}": plain(text) for key, text in form.answers.items()} | {
        "ward": form.ward.pk if form.ward is not None else "",
        "may_quote": "yes" if form.may_quote else "no",
        "contact": form.contact or "",
        "channel": form.channel,
        "said_on": form.said_on.isoformat() if form.said_on else "",
        "place": form.place,
        "language": form.language,
    }


def form_of(content: Mapping[str, str], key: str) -> Said:
    """The form that `content_of` wrote down."""
    wards = {ward.code: ward for ward in places.wards()}
    return Said(
        answers={name[2:]: text for name, text in content.items() if name.startswith("q:")},
        channel=content["channel"],
        key=key,
        ward=wards.get(content["ward"]),
        place=content["place"],
        language=content["language"],
        may_quote=content["may_quote"] == "yes",
        said_on=date.fromisoformat(content["said_on"]) if content["said_on"] else None,
        contact=content["contact"] or None,
    )


def _respond(batch: Batch, form: Said, *, by: Actor, now: datetime, key: str = "") -> Response:
    return respond(
        round=batch.round,
        answers=form.answers,
        channel=form.channel,
        by=by,
        now=now,
        key=key or form.key,
        ward=form.ward,
        place=form.place,
        language=form.language,
        may_quote=form.may_quote,
        said_on=form.said_on,
        source=form.source,
        contact=form.contact,
        equality=form.equality,
        batch=batch,
    )


@transaction.atomic
def type_class(
    *, batch: Batch, answers: Mapping[Any, Sequence[str]], key: str, by: Actor, now: datetime, may_quote: bool = False
) -> Taken:
    """A class in one sitting: for each question one text a pupil, in any order; each text is one pupil's form.

    No names, no addresses. `key` is the page's own, so that a page sent twice counts once.
    """
    must_listen(by)
    batch = _held(batch)
    _must_be_open(batch)
    kept = batch.kept
    said = [
        Said(
            answers={question: text},
            channel=Channel.SCHOOL,
            key=f"class:{batch.handle}:{key}:{place}:{number}",
            place=kept.get("place", ""),
            language=kept.get("language") or "en",
            source=kept.get("source", ""),
            may_quote=may_quote,
            said_on=date.fromisoformat(kept["said_on"]) if kept.get("said_on") else None,
        )
        for place, (question, texts) in enumerate(answers.items())
        for number, text in enumerate(texts)
        if plain(text)
    ]
    if not said:
        raise Invalid("class.empty", _("Write at least one line."), "")
    if len(said) > MOST_PUPILS:
        raise Invalid("class.many", _("At most %(most)s at once: send these first.") % {"most": MOST_PUPILS}, "")
    return respond_many(round=batch.round, said=said, by=by, now=now, batch=batch)


@transaction.atomic
def undo_last(*, batch: Batch, by: Actor, now: datetime) -> int:
    """Take the last form of the pile out again. Returns its number. Not once a moderator has read it."""
    must_listen(by)
    batch = _held(batch)
    _must_be_open(batch)
    if _twice(batch):
        last = batch.keyings.filter(copy=1).order_by("-number").first()
        if last is None:
            raise Clash("batch.empty", _("There is nothing to undo."))
        if last.response_id is not None or batch.keyings.filter(number=last.number, copy=2).exists():
            raise Clash("batch.read", _("That form has been typed twice already."))
        last.delete()
        return last.number
    form = batch.responses.order_by("-number", "-entered_at").first()
    if form is None:
        raise Clash("batch.empty", _("There is nothing to undo."))
    _take_out(Response.objects.filter(pk=form.pk), now=now)
    return form.number


@transaction.atomic
def undo_batch(*, batch: Batch, by: Actor, now: datetime) -> int:
    """Take everything of this pile, class or file out again. Returns how many forms. Not once any has been read.

    What people said about themselves is counted apart and stays counted; the same file counts no age twice.
    """
    must_listen(by)
    batch = _held(batch)
    if batch.state == Batch.State.UNDONE:
        return 0
    if batch.state == Batch.State.DRAFT:  # nothing of it was taken in: there is nothing to tell of
        batch.delete()
        return 0
    gone = _take_out(batch.responses.all(), now=now)
    batch.keyings.all().delete()
    batch.state, batch.undone_by, batch.undone_at, batch.content = Batch.State.UNDONE, party_id(by), now, None
    batch.save(update_fields=["state", "undone_by", "undone_at", "content"])
    return gone


@transaction.atomic
def finish_pile(*, batch: Batch, by: Actor, now: datetime) -> Batch:
    """The pile is typed in. Raises Clash while a form waits for its second typing."""
    must_listen(by)
    batch = _held(batch)
    _must_be_open(batch)
    if batch.keyings.filter(response=None).exists():
        raise Clash("batch.waiting", _waiting(batch))
    batch.state = Batch.State.DONE
    batch.save(update_fields=["state"])
    return batch


def _waiting(batch: Batch) -> str:
    """What a double-typed pile still waits for, by whom and where."""
    open_ = batch.keyings.filter(response=None)
    differ = open_.filter(copy=2).count()
    once = open_.filter(copy=1).count() - differ
    said = []
    if once:
        said.append(
            ngettext(
                "%(n)s form waits until somebody else types it again: they find it under Piles and files, Type again.",
                "%(n)s forms wait until somebody else types them again: they find them under Piles and files, "
                "Type again.",
                once,
            )
            % {"n": once}
        )
    if differ:
        said.append(
            ngettext(
                "%(n)s form differs and waits to be settled, under What differs.",
                "%(n)s forms differ and wait to be settled, under What differs.",
                differ,
            )
            % {"n": differ}
        )
    return " ".join(said)


def _take_out(forms: Any, *, now: datetime) -> int:
    voices = Voice.objects.filter(response__in=forms)
    read = voices.exclude(state=Voice.State.WAITING).count()
    if read:
        raise Clash(
            "batch.read",
            _("%(count)s of these have been read by a moderator. Hold those back one by one instead.")
            % {"count": read},
        )
    contacts = list(Contact.objects.filter(response__in=forms).values_list("pk", flat=True))
    letters = [f"voice:{handle}:thanks" for handle in forms.values_list("handle", flat=True)]
    unsend(letters, now=now)
    keys = list(forms.values_list("pk", flat=True))
    voices.delete()
    for start in range(0, len(keys), 500):  # under SQLite's limit of parameters
        Response.objects.filter(pk__in=keys[start : start + 500]).delete()
    Contact.objects.filter(pk__in=contacts).delete()
    return len(keys)


def _twice(batch: Batch) -> bool:
    return batch.round is not None and batch.round.double_entry and batch.way == Batch.Way.CLERK


def _held(batch: Batch) -> Batch:
    return Batch.objects.select_for_update(of=("self",)).select_related("round").get(pk=batch.pk)


def _must_be_open(batch: Batch) -> None:
    if batch.state != Batch.State.OPEN:
        raise Clash("batch.closed", _("This pile is finished. Begin another."))
