"""The one writer of what people say, whatever way it reached us: `respond`, and `respond_many` for thousands.

Both keep the same rules in the same order: may they, is it valid, write, thank. A form is taken once: the same `key` in
the same round gives back the first and changes nothing, so that a tablet, a file and a double click may all repeat
themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices import equality as apart
from becontree.citizenship.voices import tokens
from becontree.citizenship.voices.models import Batch, Channel, Contact, Kind, Question, Response, Round, Voice
from becontree.citizenship.voices.permissions import must_listen
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.measures import actions as measures
from becontree.foundations.messages import leaving
from becontree.foundations.messages.actions import Letter, send, send_all
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.people.models import Person

LONDON: Final = ZoneInfo("Europe/London")
MOST_LETTERS: Final = 4_000  # of one answer
LONGEST_KEY: Final = 80
CONTACT_DAYS: Final = 730  # outside a round
_LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$", re.ASCII)
_JOINERS: Final = "\u200c\u200d"  # several scripts need them between letters


@dataclass(frozen=True, slots=True)
class Said:
    """One person's form as it reached us.

    answers: the id of a question of the round -> words; outside a round, a kind ("like", "hope") -> words.
    key: at most 80 letters, the same however often the form is sent. contact: an e-mail address, or None.
    """

    answers: Mapping[Any, str]
    channel: str
    key: str
    ward: Any = None
    place: str = ""
    language: str = "en"
    may_quote: bool = False
    said_on: date | None = None
    source: str = ""
    person: Person | None = None
    contact: str | None = None
    equality: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the `index`-th form that cannot stand. `field` is a question's id, or a name of `Said`."""

    index: int
    field: str
    said: str


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
        apart.keep(round=round, answers=form.equality, now=now)
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
    measures.keep_many(
        collection=apart.collection(round), sheets=[form.equality for form in forms if form.equality], now=now
    )
    return Taken(len(forms), len(said) - len(forms))


def keys_taken(round: Round | None, keys: Sequence[str]) -> set[str]:
    """Those of `keys` that the round has already."""
    found: set[str] = set()
    for start in range(0, len(keys), 500):  # under SQLite's limit of parameters
        rows = Response.objects.filter(round=round, key__in=keys[start : start + 500])
        found |= set(rows.values_list("key", flat=True))
    return found


def check(*, round: Round | None, said: Sequence[Said], now: datetime) -> list[Mistake]:
    """Everything that cannot stand in these forms, in their order; empty where all is well. One query."""
    today = now.astimezone(LONDON).date()
    questions = _questions(round)
    mistakes: list[Mistake] = []
    for index, form in enumerate(said):
        mistakes += [Mistake(index, field, said) for field, said in _wrong(form, round, questions, today)]
    return mistakes


def _wrong(form: Said, round: Round | None, questions: dict[str, Question | str], today: date) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    words = 0
    for name, text in form.answers.items():
        if str(name) not in questions:
            wrong.append((str(name), _("This question is not one of the round's.")))
            continue
        letters = len(plain(text))
        words += bool(letters)
        if letters > MOST_LETTERS:
            wrong.append(
                (
                    str(name),
                    _("Please keep to %(most)s letters; this is %(given)s.")
                    % {"most": f"{MOST_LETTERS:,}", "given": f"{letters:,}"},
                )
            )
    if not words and not wrong:
        first = next(iter(form.answers), next(iter(questions), ""))
        wrong.append((str(first), _("Say at least one thing, in your own words.")))
    if form.channel not in Channel.values:
        wrong.append(("channel", _("Choose how it reached us.")))
    if not form.key or len(form.key) > LONGEST_KEY:
        wrong.append(("key", _("A form needs a key of 1 to %(most)s letters.") % {"most": LONGEST_KEY}))
    if not _LANGUAGE.match(form.language):
        wrong.append(("language", _("Write a language as its short code, like en or bn.")))
    if len(plain(form.place)) > 160:
        wrong.append(("place", _("Please keep the place to 160 letters.")))
    if len(plain(form.source)) > 60:
        wrong.append(("source", _("Please keep this to 60 letters.")))
    if form.contact:
        try:
            validate_email(form.contact.strip())
        except ValidationError:
            wrong.append(("contact", _("Write an e-mail address like name@example.org, or leave it empty.")))
    if form.channel == Channel.SCHOOL and (form.contact or form.person):
        wrong.append(("contact", _("From a school we keep no names and no addresses.")))
    if form.said_on is not None:
        wrong += _wrong_day(form.said_on, round, today)
    return wrong


def _wrong_day(day: date, round: Round | None, today: date) -> list[tuple[str, str]]:
    if day > today:
        return [("said_on", _("The day is in the future."))]
    if day.year < today.year - 30:
        return [("said_on", _("Look at the year again."))]
    if round is not None and round.opens_on and round.closes_on and not round.opens_on <= day <= round.closes_on:
        return [
            (
                "said_on",
                _("This round listened from %(first)s to %(last)s. Look at the day again.")
                % {"first": f"{round.opens_on:%d.%m.%Y}", "last": f"{round.closes_on:%d.%m.%Y}"},
            )
        ]
    return []


def plain(text: str) -> str:
    """Text without what cannot be seen or turns its neighbours round: control and format characters but line ends."""
    return "".join(
        sign
        for sign in text.replace("\r\n", "\n").replace("\r", "\n")
        if sign in f"\n\t{_JOINERS}" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cn", "Cs"}
    ).strip(f" \n\t\u00a0{_JOINERS}")


def _questions(round: Round | None) -> dict[str, Question | str]:
    if round is None:
        return {kind: kind for kind in Kind.values}
    return {str(question.pk): question for question in round.questions.all()}


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
    questions = _questions(round)
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
    Contact.objects.bulk_create(contacts, batch_size=500)
    Response.objects.bulk_create(responses, batch_size=500)
    Voice.objects.bulk_create(voices, batch_size=500)
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
