"""Begin a study, bring a survey's answers into it, and make its themes public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from becontree.citizenship.manifesto.models import Answer, Study, Theme
from becontree.citizenship.manifesto.permissions import must_engage
from becontree.citizenship.manifesto.queries import telling
from becontree.formats.tables import Limits, read_table
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.kit.words import one_line, plain
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.record import actions as record
from becontree.methods.findings import Unusable

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 8_000_000
LONGEST: Final = 20_000  # letters of one imported answer


@transaction.atomic
def begin(
    *,
    title: str,
    question: str,
    rounds: Sequence[str],
    by: Actor,
    now: datetime,
    kinds: Sequence[str] = (),
    once: str = "",
) -> Study:
    """Begin a study over listening rounds (their slugs; "" is what was said outside any). `once`: the form's token."""
    must_engage(by)
    if not title.strip():
        raise Invalid("study.title", _("Give the study a name."), "title")
    if once and (found := Study.objects.filter(once=once).first()) is not None:
        return found
    slug = slug_for(title, taken=set(Study.objects.values_list("slug", flat=True)))
    return Study.objects.create(
        slug=slug,
        title=plain_line(title, 160),
        question=plain_line(question, 300),
        rounds=list(dict.fromkeys(rounds)),
        kinds=list(dict.fromkeys(kinds)),
        once=once,
        created_by=party_id(by),
        created_at=now,
    )


@transaction.atomic
def import_answers(
    *, study: Study, content: bytes, column: str, by: Actor, now: datetime, name: str = "", may_quote: bool = False,
    person_column: str = "",
) -> int:  # fmt: skip
    """Take a survey's answers from a CSV file: all of them, or none and an error that names the line.

    column: the heading of the answers. person_column: what says that two rows are one person's (kept as a number only).
    Raises Invalid. Returns how many texts came in; empty cells are passed over.
    """
    must_engage(by)
    study = locked(study)
    try:
        needed = [name for name in (column, person_column) if name]
        table = read_table(content, file=name, required=needed, limits=Limits(bytes=MOST_BYTES, rows=MOST_ROWS))
    except Unusable as unusable:
        said = " ".join(str(finding) for finding in unusable.findings[:10])
        raise Invalid("study.import", said, "file") from unusable
    fresh: list[Answer] = []
    people: dict[str, str] = {}
    errors: list[str] = []
    start = study.answers.filter(ref__startswith="row/").count()
    for number, row in enumerate(table.rows, 1):
        words = plain_text(row[column])
        if not words:
            continue
        if len(words) > LONGEST:
            errors.append(
                _("Row %(row)d has %(letters)d letters; at most %(most)d are taken.")
                % {"row": number, "letters": len(words), "most": LONGEST}
            )
            continue
        who = row[person_column].strip() if person_column else ""
        at = start + number
        person = people.setdefault(who, f"import {at}") if who else f"import {at}"
        fresh.append(Answer(study=study, ref=f"row/{at}", person=person, words=words, may_quote=may_quote))
    if errors:
        raise Invalid("study.import", " ".join(errors[:10]), "file")
    if not fresh:
        raise Invalid("study.import.empty", _("There is no answer in that column."), "column")
    Answer.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


@transaction.atomic
def publish(*, study: Study, by: Actor, now: datetime) -> Study:
    """Show the study's themes to everybody: only those that a person named, none that a person hid. Each becomes a
    thing of the public record, so that aspirations can rest on it."""
    must_engage(by)
    study = locked(study)
    shown = list(public_themes(study))
    if not shown:
        raise Clash("study.unnamed", _("No theme has a name yet that a person gave it. Name at least one first."))
    study.published_at = study.published_at or now
    study.save(update_fields=["published_at"])
    for theme in shown:
        enter_theme(study=study, theme=theme, by=by, now=now)
    return study


def enter_theme(*, study: Study, theme: Theme, by: Actor, now: datetime) -> str:
    """Make a named theme known to the public record, and return its reference. The same again changes nothing."""
    ref = f"theme/{study.slug}-{theme.code}"
    known = record.thing(
        ref=ref, kind="theme", title=theme.label, url=f"{study.get_absolute_url()}#{theme.code}", step="heard"
    )
    people = telling.people_of([theme])[theme.pk]
    said = f"{theme.label}: people spoke of it" if people is None else f"{people} people spoke of it: {theme.label}"
    facts = {"study": study.slug} if people is None else {"people": people, "parts": theme.parts, "study": study.slug}
    if not known.entries.filter(title=" ".join(said.split())).exists():
        record.enter(
            kind="theme.named",
            step="heard",
            thing=ref,
            title=said,
            facts=facts,
            on=now.date(),
            by=by,
            now=now,
        )
    return ref


def public_themes(study: Study) -> list[Theme]:
    """What everybody may see: named by a person, not hidden, somebody in it."""
    return list(Theme.objects.filter(Q(study=study, live=True, named=True, hidden=False, people__gt=0)))


def locked(study: Study) -> Study:
    return Study.objects.select_for_update().get(pk=study.pk)


def plain_text(text: str) -> str:
    """Typed text as it is kept; line ends stay."""
    return plain(text)


def plain_line(text: str, most: int) -> str:
    """One line of plain text. Raises Invalid where it is too long."""
    line = one_line(text)
    if len(line) > most:
        raise Invalid(
            "manifesto.long",
            _("Please keep to %(most)d letters; this is %(letters)d.") % {"most": most, "letters": len(line)},
        )
    return line
