"""Prepare, open, close and answer a listening round. What is public about it goes on the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from becontree.citizenship.voices import equality, queries
from becontree.citizenship.voices.actions.common import LONDON
from becontree.citizenship.voices.checklist import checklist
from becontree.citizenship.voices.models import Kind, Question, Round, ToldApart, Update
from becontree.citizenship.voices.permissions import must_listen
from becontree.citizenship.voices.policy import BY_CODE
from becontree.citizenship.voices.recipes import Asked, recipes
from becontree.foundations.kit.as_read import mark, must_stand
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.kit.words import plain
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Person
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Thing
from becontree.methods.suppression import few

EDITABLE: Final = frozenset(
    {
        "title",
        "why",
        "changes",
        "answerer",
        "answer_by",
        "opens_on",
        "closes_on",
        "places",
        "languages",
        "privacy",
        "moderation",
        "reasons",
        "owner",
        "team",
        "verification",
        "layout",
        "double_entry",
        "asks_equality",
        "asks_contact",
        "contact_days",
        "easy_read",
        "translations",
    }
)
# What may still change while people answer: more time and more help, never another promise.
WHILE_OPEN: Final = frozenset({"closes_on", "answer_by", "easy_read", "translations", "places", "languages"})
MOST_QUESTIONS: Final = 12


@transaction.atomic
def draft(*, recipe: str, by: Actor, now: datetime, title: str = "") -> Round:
    """A round from a recipe: a draft with its questions, dates from today, and whoever began it as its owner."""
    must_listen(by)
    found = recipes().get(recipe)
    if found is None:
        raise Invalid("round.recipe", _("Choose a recipe."), "recipe")
    today = now.astimezone(LONDON).date()
    name = _line(title) or found.title
    made = Round.objects.create(
        slug=slug_for(name, taken=set(Round.objects.values_list("slug", flat=True)), most=50),
        recipe=found.slug,
        title=name[:160],
        why=found.why,
        changes=found.changes,
        easy_read=found.easy_read,
        layout=found.layout,
        places=list(found.places),
        privacy=found.privacy,
        moderation=found.moderation,
        reasons=list(BY_CODE),
        opens_on=today,
        closes_on=today + timedelta(weeks=found.weeks),
        answer_by=today + timedelta(weeks=found.weeks + found.answer_weeks),
        owner=by if isinstance(by, Person) else None,
        made_by=party_id(by),
        made_at=now,
    )
    _put_questions(made, found.questions, {})
    return made


def as_read(round: Round) -> str:
    """The mark of all that an officer has before them on its form (`kit.as_read`)."""
    parts = [getattr(round, "owner_id" if name == "owner" else name) for name in sorted(EDITABLE - {"translations"})]
    return mark(round.state, *parts, *sorted(round.wards.values_list("pk", flat=True)))


@transaction.atomic
def edit(
    *, round: Round, by: Actor, now: datetime, wards: Sequence[Any] | None = None, read: str = "", **changes: Any
) -> Round:
    """Change a draft; of an open round only the dates (never shorter), languages, places and help with reading.

    read: the mark of what they had before them (`as_read`); "" where nothing can have come between. Raises Clash where
    somebody changed the round since: a form left open in another window would put back all that was there before.
    """
    must_listen(by)
    round = _held(round)
    must_stand(read, as_read(round), "round.changed")
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"A round has no {sorted(unknown)} to change.")
    if round.state not in {Round.State.DRAFT, Round.State.OPEN}:
        raise Clash("round.state", _("This round is closed; it stays as it was."))
    changed = {name for name, value in changes.items() if getattr(round, name) != value}
    if wards is not None and set(wards) != set(round.wards.all()):
        changed.add("wards")
    errors = _wrong(changes)
    if round.state == Round.State.OPEN:
        for name in changed - WHILE_OPEN:
            errors.setdefault(name, _("People are answering already, so this stays as it is."))
        for name in ("closes_on", "answer_by"):
            if name in changes and changes[name] is None:
                errors[name] = _("People were told a day. Give one.")
        until = changes.get("closes_on")
        if until is not None and round.closes_on is not None and until < round.closes_on:
            errors["closes_on"] = _("People were told a later day. You may only give them more time.")
    if errors:
        raise Invalid("round.edit", _("Some parts need another look."), errors=errors)
    for name, value in changes.items():
        setattr(round, name, value)
    if round.opens_on and round.closes_on and round.closes_on < round.opens_on:
        raise Invalid("round.dates", _("It has to close after it opens."), "closes_on")
    if changed and round.state == Round.State.DRAFT:
        round.previewed_at = None  # what somebody looked at is not what it says now
    round.save()
    if wards is not None:
        round.wards.set(wards)
    return round


def _wrong(changes: Mapping[str, Any]) -> dict[str, str]:
    errors = {}
    if "title" in changes and not str(changes["title"]).strip():
        errors["title"] = _("Give it a title.")
    owner = changes.get("owner")
    if owner is not None and not owner.has_role("officer", "engagement"):
        errors["owner"] = _("The owner is an officer of the engagement team.")
    if set(changes.get("reasons", ())) - set(BY_CODE):
        errors["reasons"] = _("Choose from the reasons of our policy.")
    return errors


@transaction.atomic
def set_questions(
    *, round: Round, questions: Sequence[Asked], by: Actor, now: datetime, translations: Sequence[Any] = ()
) -> Round:
    """The questions in the order of the paper form; only while the round is a draft.

    translations: for each question {language: {"text", "hint", "by": "human" or "machine"}}.
    """
    must_listen(by)
    round = _held(round)
    if round.state != Round.State.DRAFT:
        raise Clash("round.state", _("People are answering already, so the questions stay as they are."))
    errors = {}
    if not questions:
        errors["0"] = _("Ask at least one question.")
    if len(questions) > MOST_QUESTIONS:
        errors["0"] = _("Ask at most %(most)s questions: people have a minute.") % {"most": MOST_QUESTIONS}
    for number, question in enumerate(questions):
        if question.kind not in Kind.values:
            errors[str(number)] = _("Choose what it asks for.")
        if not plain(question.text) or len(plain(question.text)) > 300 or len(plain(question.hint)) > 300:
            errors[str(number)] = _("Write the question in at most 300 letters.")
    if errors:
        raise Invalid("round.questions", _("Some questions need another look."), errors=errors)
    _put_questions(round, questions, dict(enumerate(translations)))
    round.previewed_at = None
    round.save(update_fields=["previewed_at"])
    return round


@transaction.atomic
def translate_questions(
    *, round: Round, translations: Mapping[str, Mapping[str, Mapping[str, str]]], by: Actor, now: datetime
) -> Round:
    """The questions in other languages, side by side: question id -> language -> {"text", "hint", "by"}.

    `by` is "human" or "machine", and the page says which. An empty text takes a translation away. Also while open:
    a better translation asks the same.
    """
    must_listen(by)
    round = _held(round)
    if round.state not in {Round.State.DRAFT, Round.State.OPEN}:
        raise Clash("round.state", _("This round is closed; it stays as it was."))
    errors: dict[str, str] = {}
    questions = {str(question.pk): question for question in round.questions.all()}
    for key, languages in translations.items():
        for language, given in languages.items():
            text, hint = _line(given.get("text", "")), _line(given.get("hint", ""))
            if key not in questions or language not in round.languages or language == "en":
                errors[f"{key}:{language}"] = _("This is not a question or a language of the round.")
            elif len(text) > 300 or len(hint) > 300:
                errors[f"{key}:{language}"] = _("Write the question in at most 300 letters.")
            elif given.get("by") not in {"human", "machine"}:
                errors[f"{key}:{language}"] = _("Say whether a person or a machine translated it.")
            elif text:
                questions[key].translations[language] = {"text": text, "hint": hint, "by": given["by"]}
            else:
                questions[key].translations.pop(language, None)
    if errors:
        raise Invalid("round.translations", _("Some translations need another look."), errors=errors)
    for question in questions.values():
        question.save(update_fields=["translations"])
    return round


def _put_questions(round: Round, questions: Sequence[Asked], translations: Mapping[int, Any]) -> None:
    round.questions.all().delete()
    Question.objects.bulk_create(
        Question(
            round=round,
            position=number,
            kind=asked.kind,
            text=_line(asked.text),
            hint=_line(asked.hint),
            translations=translations.get(number, {}),
        )
        for number, asked in enumerate(questions)
    )


@transaction.atomic
def previewed(*, round: Round, by: Actor, now: datetime) -> None:
    """Somebody has looked at the round as people will see it."""
    must_listen(by)
    Round.objects.filter(pk=round.pk, state=Round.State.DRAFT).update(previewed_at=now)


@transaction.atomic
def open_round(*, round: Round, by: Actor, now: datetime) -> Round:
    """Let people answer. Raises Invalid, one sentence for each thing that is missing, named by its field."""
    must_listen(by)
    round = _held(round)
    _must_move(round, Round.State.OPEN)
    today = now.astimezone(LONDON).date()
    missing = [item for item in checklist(round, list(round.questions.all()), today) if item.must and not item.done]
    if missing:
        raise Invalid(
            "round.missing",
            _("This round cannot open yet."),
            errors={item.field: _("Not yet: %(what)s") % {"what": item.said} for item in missing},
        )
    round.state, round.opened_at = Round.State.OPEN, now
    round.save(update_fields=["state", "opened_at"])
    record.thing(ref=round.ref, kind="round", title=round.title, url=round.get_absolute_url())
    record.enter(
        kind="round.opened",
        step="heard",
        thing=round.ref,
        title=f"We listen: {round.title}",
        facts={
            "opens_on": str(round.opens_on),
            "closes_on": str(round.closes_on),
            "answer_by": str(round.answer_by),
            "answers": round.answerer,
            "questions": [question.text for question in round.questions.all()],
            "wards": sorted(ward.code for ward in round.wards.all()),
        },
        on=today,
        by=by,
        now=now,
    )
    return round


@transaction.atomic
def throw_away(*, round: Round, by: Actor, now: datetime) -> None:
    """A draft that never opened goes, with its questions. What was once open stays: people were promised an answer."""
    must_listen(by)
    round = _held(round)
    if round.state != Round.State.DRAFT or round.opened_at is not None:
        raise Clash("round.state", _("This round was open, so it stays."))
    try:
        round.delete()
    except ProtectedError as held:
        raise Clash("round.used", _("Something else rests on this round already, so it stays.")) from held


@transaction.atomic
def close_round(*, round: Round, by: Actor, now: datetime) -> Round:
    """No more answers on the web; clerks may finish their piles. How many answered so far goes on the record.

    Not how: the record never changes, and beside what is published later the numbers by channel would tell of the few
    whose words never were.
    """
    must_listen(by)
    round = _held(round)
    _must_move(round, Round.State.CLOSED)
    round.state, round.closed_at = Round.State.CLOSED, now
    round.save(update_fields=["state", "closed_at"])
    found = queries.mix(round)
    record.enter(
        kind="round.closed",
        step="heard",
        thing=round.ref,
        title=f"Closed: {round.title}" if few(found.people) else f"{found.people:,} people answered: {round.title}",
        facts={} if few(found.people) else {"people": found.people, "voices": found.voices},
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    return round


@transaction.atomic
def answer_round(
    *, round: Round, asked: str, said: str, did: str, by: Actor, now: datetime, leads_to: str = ""
) -> Round:
    """We asked, you said, we did: in public, on the record, and to everybody who left a way to be reached."""
    must_listen(by)
    round = _held(round)
    texts = {"asked": plain(asked), "said": plain(said), "did": plain(did)}
    errors = {name: _("Write this part.") for name, text in texts.items() if not text}
    if leads_to and not Thing.objects.filter(ref=leads_to).exists():
        errors["leads_to"] = _("That is not in the public record.")
    if errors:
        raise Invalid("round.answer", _("Some parts need another look."), errors=errors)
    if round.state != Round.State.ANSWERED:
        _must_move(round, Round.State.ANSWERED)
        equality.show(round=round, now=now)
        ToldApart.objects.filter(round=round).delete()  # nothing more is taken, so nothing can come twice
    for name, text in texts.items():
        setattr(round, name, text)
    round.state, round.answered_at = Round.State.ANSWERED, round.answered_at or now
    round.save(update_fields=[*texts, "state", "answered_at"])
    record.enter(
        kind="round.answered",
        step="facilitated",
        thing=round.ref,
        title=f"Answered: {round.title}",
        facts={"leads_to": leads_to, "team": round.team},
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    if not round.updates.filter(words=texts["did"]).exists():
        Update.objects.create(round=round, step=Update.Step.DECIDED, words=texts["did"], by=party_id(by), at=now)
    return round


@transaction.atomic
def update(*, round: Round, step: str, words: str, by: Actor, now: datetime) -> Update:
    """Tell what we heard, what was decided or what came of it: on the round's page and in everybody's next letter."""
    must_listen(by)
    round = _held(round)
    if round.state == Round.State.DRAFT:
        raise Clash("round.state", _("This round has not begun."))
    if step not in Update.Step.values:
        raise Invalid("update.step", _("Choose what this tells."), "step")
    words = plain(words)
    if not words or len(words) > 4_000:
        raise Invalid("update.words", _("Write what you want to tell, in at most 4,000 letters."), "words")
    if words == round.did or round.updates.filter(words=words).exists():
        raise Invalid(
            "update.again", _("These words stand on the round's page already. Write what is new since then."), "words"
        )
    return Update.objects.create(round=round, step=step, words=words, by=party_id(by), at=now)


def _held(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).get(pk=round.pk)


def _must_move(round: Round, to: str) -> None:
    if to not in Round.MOVES[round.state]:
        raise Clash(
            "round.state",
            _("This round is %(state)s, so that cannot be done now.") % {"state": round.get_state_display()},
        )


def _line(text: str) -> str:
    return " ".join(plain(text).split())
