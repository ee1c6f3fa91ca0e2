"""The one writer of what people say, whatever way it reached us: `respond`, and `respond_many` for thousands.

Both keep the same rules in the same order: may they, is it valid, write, thank. A form is taken once: the same `key` in
the same round gives back the first and changes nothing, so that a tablet, a file and a double click may all repeat
themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices import equality as apart
from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.actions.checking import Said, check, questions_of
from becontree.citizenship.voices.models import Batch, Channel, Contact, Kind, Question, Response, Round, Voice
from becontree.citizenship.voices.permissions import must_listen
from becontree.foundations.kit.bulk import insert_rows
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.words import plain
from becontree.foundations.messages import leaving
from becontree.foundations.messages.actions import Letter, send, send_all
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.people.models import Person

LONDON: Final = ZoneInfo("Europe/London")
CONTACT_DAYS: Final = 730  # outside a round


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of many forms: `new` were written, `before` had been taken already."""

    new: int
    before: int


@transaction.atomic
def respond(
    *,
    round: Round | None,
    answers: Mapping[Any, str],
    channel: str,
    by: Actor | None,
    now: datetime,
    key: str,
    ward: Any = None,
    place: str = "",
    language: str = "en",
    may_quote: bool = False,
    said_on: date | None = None,
    source: str = "",
    person: Person | None = None,
    contact: str | None = None,
    equality: Mapping[str, str] | None = None,
    batch: Batch | None = None,
) -> Response:
    """Take down what one person says. `by` is the speaker on the web (None without an account), or who takes it down.

    Only an officer enters another channel than the web, a batch, or a day other than today. Exactly once by (round,
    key). Raises NotAllowed; Clash where the round takes no more; Invalid with a sentence for each field.
    """
    form = Said(
        answers=answers,
        channel=channel,
        key=key,
        ward=ward,
        place=place,
        language=language,
        may_quote=may_quote,
        said_on=said_on,
        source=source,
        person=person,
        contact=contact,
        equality=equality,
    )
    _may([form], batch=batch, by=by, now=now)
    if found := Response.objects.filter(round=round, key=key).first():
        return found
    vet(round=round, form=form, batch=batch, by=by, now=now)
    try:
        with transaction.atomic():
            (written,) = _write(round, [form], by=by, now=now, batch=batch)
    except IntegrityError:  # the same form came twice at one moment
        first = Response.objects.filter(round=round, key=key).first()
        if first is None:
            raise
        return first
    _thank([written], now=now)
    if form.equality:
        apart.keep(round=round, sheets=[form.equality], now=now)
    return written


def vet(*, round: Round | None, form: Said, by: Actor | None, now: datetime, batch: Batch | None = None) -> None:
    """Raise what `respond` would raise for this form, and write nothing."""
    _may([form], batch=batch, by=by, now=now)
    _takes(round, [form], batch=batch, by=by, now=now)
    mistakes = check(round=round, said=[form], now=now)
    if mistakes:
        raise Invalid(
            "voice.incomplete",
            _("Some parts need another look."),
            errors={mistake.field: mistake.said for mistake in reversed(mistakes)},
        )


@transaction.atomic
def respond_many(
    *, round: Round | None, said: Sequence[Said], by: Actor, now: datetime, batch: Batch | None = None
) -> Taken:
    """Take down many forms, all or none. The same rules as `respond`; thousands in seconds.

    Raises Invalid, its errors named "<index>.<field>", where any form cannot stand.
    """
    _may(said, batch=batch, by=by, now=now)
    _takes(round, said, batch=batch, by=by, now=now)
    mistakes = check(round=round, said=said, now=now)
    if mistakes:
        raise Invalid(
            "voice.incomplete",
            _("Nothing was taken in: some forms need another look."),
            errors={f"{mistake.index}.{mistake.field}": mistake.said for mistake in mistakes},
        )
    before = keys_taken(round, [form.key for form in said])
    new: dict[str, Said] = {}
    for form in said:
        if form.key not in before:
            new.setdefault(form.key, form)
    forms = list(new.values())
    written = _write(round, forms, by=by, now=now, batch=batch)
    _thank(written, now=now)
    apart.keep(round=round, sheets=[form.equality for form in forms if form.equality], now=now)
    return Taken(len(forms), len(said) - len(forms))


def keys_taken(round: Round | None, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that the round has already."""
    found: set[str] = set()
    for start in range(0, len(keys), 500):  # under SQLite's limit of parameters
        rows = Response.objects.filter(round=round, key__in=keys[start : start + 500])
        found |= set(rows.values_list("key", flat=True))
    return found


def _may(said: Sequence[Said], *, batch: Batch | None, by: Actor | None, now: datetime) -> None:
    if any(_by_another(form, batch=batch, by=by, now=now) for form in said):
        must_listen(by)


def _by_another(form: Said, *, batch: Batch | None, by: Actor | None, now: datetime) -> bool:
    """Whether somebody else than the speaker takes it down."""
    if batch is not None or form.channel != Channel.WEB or isinstance(by, System):
        return True
    return form.said_on not in {None, now.astimezone(LONDON).date()}


def _takes(round: Round | None, said: Sequence[Said], *, batch: Batch | None, by: Actor | None, now: datetime) -> None:
    """Refuse where the round does not listen: on the web by its dates, to an officer's pile until it is answered."""
    if batch is not None and batch.state in {Batch.State.UNDONE, Batch.State.DONE}:
        raise Clash("batch.closed", _("This pile is finished. Begin another."))
    if round is None:
        return
    if round.state in {Round.State.DRAFT, Round.State.ANSWERED}:
        raise Clash("round.closed", _("This round is not listening now."))
    today = now.astimezone(LONDON).date()
    if round.takes_answers(today):
        return
    if any(not _by_another(form, batch=batch, by=by, now=now) for form in said):
        raise Clash("round.closed", _("This round is not listening now."))


def _write(
    round: Round | None, said: Sequence[Said], *, by: Actor | None, now: datetime, batch: Batch | None
) -> list[Response]:
    """The rows: a response a form, a voice a thing said, a contact where one was left."""
    today = now.astimezone(LONDON).date()
    questions = questions_of(round)
    order = list(questions)
    number = batch.responses.count() if batch is not None else 0
    contacts: list[Contact] = []
    responses: list[Response] = []
    voices: list[Voice] = []
    for form in said:
        another = _by_another(form, batch=batch, by=by, now=now)
        speaker = form.person or (by if isinstance(by, Person) and not another else None)
        contact = None
        if form.contact and speaker is None:
            address = form.contact.strip().lower()
            days = round.contact_days if round is not None else CONTACT_DAYS
            ends = max(round.closes_on, today) if round is not None and round.closes_on else today
            contact = Contact(
                address=address,
                mark=leaving.digest(address),
                language=form.language,
                made_at=now,
                expires_on=ends + timedelta(days=days),
            )
            contacts.append(contact)
        number += 1
        response = Response(
            round=round,
            key=form.key,
            channel=form.channel,
            source=plain(form.source),
            ward=form.ward,
            place=plain(form.place).replace("\n", " "),
            language=form.language,
            may_quote=form.may_quote,
            said_on=form.said_on or (min(today, round.closes_on) if round is not None and round.closes_on else today),
            person=speaker,
            contact=contact,
            batch=batch,
            number=number if batch is not None else 0,
            entered_by=party_id(by) if by is not None and another else "",
            entered_at=now,
        )
        responses.append(response)
        for name, text in form.answers.items():
            words = plain(text)
            if not words:
                continue
            question = questions[str(name)]
            asked = question if isinstance(question, Question) else None
            voices.append(
                Voice(
                    response=response,
                    question=asked,
                    position=order.index(str(name)),
                    kind=asked.kind if asked is not None else str(question),
                    words=words,
                )
            )
    insert_rows(Contact, contacts)
    insert_rows(Response, responses)
    insert_rows(Voice, voices)
    return responses


def _thank(responses: Sequence[Response], *, now: datetime) -> None:
    """A letter to everybody who left a way to be reached, in this transaction's outbox."""
    letters = []
    for response in responses:
        key = f"voice:{response.handle}:thanks"
        context = {"handle": response.handle, "url": tokens.own_path(response), "round": _title(response.round)}
        if response.person_id is not None:
            letters.append(Letter(to=response.person_id, key=key, context=context))
        elif response.contact is not None:
            send(to=response.contact.address, template="voices/thanks", context=context, key=key, now=now)
    if letters:
        send_all(letters, template="voices/thanks", now=now)


def _title(round: Round | None) -> str:
    return round.title if round is not None else ""


@transaction.atomic
def say(
    *,
    kind: str,
    words: str,
    by: Actor | None,
    now: datetime,
    ward: Any = None,
    place: str = "",
    may_quote: bool = False,
    channel: str = Channel.WEB,
    said_on: date | None = None,
    language: str = "en",
    person: Person | None = None,
    contact: str | None = None,
    key: str = "",
) -> Voice:
    """Say one thing, any time, outside a round: a form with one voice. As `respond`; errors name `kind` and `words`.

    Without a `key` each call is another form.
    """
    if kind not in Kind.values:
        raise Invalid(
            "voice.incomplete",
            _("Some parts need another look."),
            errors={"kind": _("Choose whether you like it, do not like it, or hope for it.")},
        )
    try:
        response = respond(
            round=None,
            answers={kind: words},
            channel=channel,
            by=by,
            now=now,
            key=key or tokens.fresh(),
            ward=ward,
            place=place,
            language=language,
            may_quote=may_quote,
            said_on=said_on,
            person=person,
            contact=contact,
        )
    except Invalid as refused:
        errors = {("words" if name == kind else name): text for name, text in refused.errors.items()}
        raise Invalid(refused.code, refused.message, errors=errors) from refused
    return response.voices.select_related("response__ward").get()
