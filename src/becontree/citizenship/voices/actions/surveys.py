"""Bring a published survey in as a closed round of its own: real words to look at, to theme and to measure with.

The rows go the way of every file (`bring`, `map_columns`, `preview`, `take_in`), so that line errors, undoing and the
equal standing of all ways hold. Nothing is shown that no moderator let through, unless whoever brings it says that
what the screen finds nothing in may go out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse

from becontree.citizenship.voices.actions import files, rounds
from becontree.citizenship.voices.actions.common import LONDON
from becontree.citizenship.voices.actions.moderating import publish_many
from becontree.citizenship.voices.models import Batch, Channel, Kind, Round, Voice
from becontree.citizenship.voices.permissions import must_listen
from becontree.citizenship.voices.policy import BY_CODE
from becontree.citizenship.voices.recipes import Asked
from becontree.formats.tables import refuse_figures
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.kit.words import plain
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Person
from becontree.foundations.places import screening
from becontree.methods.findings import Finding, Unusable

Progress = Callable[[int, int, str], None]

NAMED: Final = "Real public data"
CLEAR_NOTE: Final = (
    "Brought in as public data and published in one go: the screen for personal data found nothing in it. "
    "No person here has read it."
)
PRIVACY: Final = (
    "These words were public before they came here. We do not know who wrote them, and we hold no address.\n\n"
    "We keep the words, a day, and the ward where the file names one. Before anything "
    "is shown, a screen looks for names, streets, e-mail addresses and telephone numbers. What it marks waits for a "
    "person.\n\n"
    "If you find yourself in them, tell us and we take the words out."
)
READ: Final = "A person reads each answer before it is shown. We never judge an opinion."
SCREENED: Final = (
    "No person has read each answer. A screen looked for personal data. Where it found nothing the words went out; "
    "the rest waits for a person. We never judge an opinion."
)
STEP: Final = 100  # answers screened between two lines of progress


@dataclass(frozen=True, slots=True)
class Survey:
    """What is said of a file from elsewhere. `column` holds the answers; `ward`, if given, a ward's name or code.

    source, licence: in words, for all to read. Without a licence the words are counted and never quoted.
    day: the last on which people answered; today where it is not known.
    """

    column: str
    owner: Person
    title: str = ""
    question: str = "What did people say?"
    source: str = ""
    licence: str = ""
    channel: str = Channel.ELSEWHERE
    ward: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of it: `taken` answers of `rows` rows, of which `empty` held no words.

    In `marked` the screen found something; `published` went out at once; the others wait to be read.
    """

    round: Round = field(repr=False)
    batch: Batch = field(repr=False)
    rows: int
    taken: int
    empty: int
    marked: int
    published: int

    @property
    def waiting(self) -> int:
        return self.taken - self.published


def _quiet(_done: int, _total: int, _what: str) -> None:
    """Nobody watches."""


@transaction.atomic
def bring_survey(
    *,
    data: bytes,
    name: str,
    survey: Survey,
    by: Actor,
    now: datetime,
    publish_clear: bool = False,
    progress: Progress = _quiet,
) -> Brought:
    """Make a closed round and take every answer of a CSV or .xlsx file into it: all, or nothing.

    publish_clear: publish what the screen finds nothing in, with a note that nobody has read it. Raises Unusable with
    file, line, column and what to do; Invalid, Clash and NotAllowed as the actions below do. Seconds for 4,500 rows.
    """
    must_listen(by)
    _must_be_new(data, survey, name)
    progress(0, 1, "reading the file")
    made = _round(survey, name, by=by, now=now, publish_clear=publish_clear)
    try:
        batch = files.bring(round=made, data=data, name=name, by=by, now=now)
    except Invalid as refused:
        if isinstance(refused.__cause__, Unusable):  # with its lines, as the reader found them
            raise refused.__cause__ from None
        raise
    sheet = files.sheet_of(batch)
    _must_have(sheet.columns, survey, name)
    refuse_figures(
        survey.column,
        {column: [cells[at] for _line, cells in sheet.rows] for at, column in enumerate(sheet.columns)},
        file=name,
    )
    question = made.questions.get()
    mapping = {survey.column: f"q:{question.pk}"} | ({survey.ward: "ward"} if survey.ward else {})
    batch = files.map_columns(batch=batch, mapping=mapping, defaults=_defaults(survey), by=by, now=now)
    progress(0, 1, "checking every line")
    found = files.preview(batch, now=now)
    if found.errors:
        raise Unusable(
            Finding("import.line", error.said, file=name, line=error.line, field=error.column) for error in found.errors
        )
    if not found.forms:
        fix = "Give the column that holds the answers with --column."
        raise Unusable(Finding("import.empty", "No row has an answer here.", file=name, field=survey.column, fix=fix))
    taken = files.take_in(batch=batch, by=by, now=now)
    made = rounds.close_round(round=made, by=by, now=now)
    clear = _clear(made, progress)
    if publish_clear:
        progress(0, 1, f"publishing {len(clear):,} answers")
        publish_many(voices=clear, by=by, now=now, note=CLEAR_NOTE)
    batch.refresh_from_db()
    return Brought(
        round=made,
        batch=batch,
        rows=len(sheet.rows),
        taken=taken.new,
        empty=found.empty,
        marked=taken.new - len(clear),
        published=len(clear) if publish_clear else 0,
    )


def _must_be_new(data: bytes, survey: Survey, name: str) -> None:
    """The same column of the same file is not brought twice; what was undone may come again."""
    there = Batch.objects.filter(way=Batch.Way.FILE, state=Batch.State.DONE, sha256=hashlib.sha256(data).hexdigest())
    for batch in there.select_related("round"):
        if batch.round is not None and batch.mapping.get(survey.column, "").startswith("q:"):
            raise Clash(
                "import.twice",
                f"{name}, {survey.column}: these answers are here already, in {batch.round.get_absolute_url()}. "
                f"To bring them anew, undo that file first, at {reverse('voices:batches')}.",
            )


def _must_have(columns: tuple[str, ...], survey: Survey, name: str) -> None:
    listed = ", ".join(f"'{''.join(sign if sign.isprintable() else '?' for sign in one)[:40]}'" for one in columns[:20])
    missing = [wanted for wanted in (survey.column, survey.ward) if wanted and wanted not in columns]
    if missing:
        raise Unusable(
            Finding(
                "table.column.missing", "There is no such column.", "error", name, 1, one, f"The file has {listed}."
            )
            for one in missing
        )
    if survey.ward == survey.column:
        raise Unusable(
            Finding("import.mapping", "One column cannot be the answers and the ward.", "error", name, 1, survey.column)
        )


def _defaults(survey: Survey) -> dict[str, str]:
    return {
        "channel": survey.channel,
        "language": "en",
        "may_quote": "yes" if survey.licence.strip() else "no",
        "source": NAMED,
    }


def _round(survey: Survey, name: str, *, by: Actor, now: datetime, publish_clear: bool) -> Round:
    """A round of one question and one day, open until its answers are in. Its words say where they come from."""
    today = now.astimezone(LONDON).date()
    day = survey.day or today
    if day > today:
        raise Invalid("survey.day", "The day is in the future.", "day")
    source = plain(survey.source) or f"the file {name}"
    licence = plain(survey.licence) or "not stated, so the words are counted and not shown"
    given = " ".join(plain(survey.title).split()) or name.rpartition(".")[0].replace("-", " ").replace("_", " ") or name
    title = f"{NAMED}: {given}"[:160]
    made = Round.objects.create(
        slug=slug_for(title, taken=set(Round.objects.values_list("slug", flat=True)), most=50),
        title=title,
        why=f"These are real answers of people elsewhere, brought in to look at. Source: {source}. Licence: {licence}."[
            :2_000
        ],
        changes="Nothing here: it was asked elsewhere, by others. It is not what the people of this borough said.",
        answerer="Nobody here: it was asked elsewhere",
        answer_by=today + timedelta(days=365),
        opens_on=day,
        closes_on=day,
        privacy=PRIVACY,
        moderation=SCREENED if publish_clear else READ,
        reasons=list(BY_CODE),
        owner=survey.owner,
        team="Engagement",
        asks_contact=False,
        made_by=party_id(by),
        made_at=now,
    )
    question = [Asked(kind=Kind.OPEN, text=survey.question)]
    made = rounds.set_questions(round=made, questions=question, by=by, now=now)
    made = rounds.edit(round=made, by=by, now=now, owner=survey.owner)  # refuses an owner who is not of the team
    rounds.previewed(round=made, by=by, now=now)  # nobody fills it in on a phone: it closes before this is committed
    return rounds.open_round(round=made, by=by, now=now)


def _clear(made: Round, progress: Progress) -> list[Voice]:
    """The waiting voices of the round in which the screen for personal data finds nothing."""
    screen = screening.screen()
    rows = list(Voice.objects.filter(response__round=made, state=Voice.State.WAITING).only("pk", "words"))
    clear = []
    for at, voice in enumerate(rows, start=1):
        if not screen.find(voice.words):
            clear.append(voice)
        if at % STEP == 0 or at == len(rows):
            progress(at, len(rows), "looking for personal data")
    return clear
