"""What waits to be read or answered at the desk, and what clerks typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from becontree.citizenship.voices.models import (
    Appeal,
    Batch,
    Keying,
    Round,
    Voice,
)
from becontree.citizenship.voices.queries.public import public_words_hold, published
from becontree.foundations.people.actors import party_id
from becontree.foundations.people.models import Person


def waiting(round: str = "") -> QuerySet[Voice]:
    """What waits to be read, oldest first; of one round by its slug."""
    rows = Voice.objects.filter(state=Voice.State.WAITING).select_related("response__ward", "response__round")
    if round:
        rows = rows.filter(response__round__slug=round)
    return rows.order_by(*_WAITING)


_WAITING: Final = ("response__entered_at", "response__number", "position", "id")


def next_waiting(voice: Voice, round: str = "") -> Voice | None:
    """What stands after this one in the queue; where nothing does, the first that waits; None where none does."""
    here = (voice.response.entered_at, voice.response.number, voice.position, voice.pk)
    later, same = Q(pk__in=[]), Q()
    for name, value in zip(_WAITING, here, strict=True):
        later |= same & Q(**{f"{name}__gt": value})
        same &= Q(**{name: value})
    rows = waiting(round).exclude(pk=voice.pk)
    return rows.filter(later).first() or rows.first()


def unanswered(
    *, words: str = "", reference: str = "", round: str = "", ward: str = "", kind: str = ""
) -> QuerySet[Voice]:
    """Published and not answered yet, oldest first. For officers: `words` are sought in what stays private too.

    A round's answer is the answer to all that was said in it, so its voices wait no longer; who names the round, or a
    reference, finds them all the same.
    """
    rows = published().filter(answers=None).order_by("published_at", "pk")
    if not (round or reference):
        rows = rows.filter(Q(response__round=None) | ~Q(response__round__state=Round.State.ANSWERED))
    for word in words.split()[:8]:
        rows = rows.filter(public_words_hold(word))
    if reference:
        rows = rows.filter(pk__in=[voice.pk for voice in by_reference(reference)])
    if round:
        rows = rows.filter(response__round__slug=round)
    if ward:
        rows = rows.filter(response__ward_id=ward)
    return rows.filter(kind=kind) if kind else rows


def to_answer(user: Person, **chosen: str) -> QuerySet[Voice]:
    """Of `unanswered`, what this officer may answer: not their own words, nor their household's."""
    return unanswered(**chosen).filter(pk__in=Voice.objects.visible_to(user, "moderation").values("pk"))


def code_of(reference: str) -> str:
    """A reference as we write it, however people write it: "Voice/BNR7 jrqhjv"."""
    return "".join(letter for letter in reference.lower().rpartition("/")[2] if letter.isalnum())[:16]


def by_reference(reference: str) -> list[Voice]:
    """The voices that a reference stands for, a form's or a voice's own; what people add to it does not matter."""
    code = code_of(reference)
    rows = Voice.objects.filter(Q(handle=code) | Q(response__handle=code)).select_related("response__round")
    return list(rows.order_by("position")) if code else []


def rounds_waiting() -> list[tuple[str, str, int]]:
    """(slug, title, how many wait) of each round with something to read; no slug is what was said at any time."""
    rows = Voice.objects.filter(state=Voice.State.WAITING).order_by()
    found = rows.values_list("response__round__slug", "response__round__title").annotate(n=Count("pk"))
    return sorted((slug or "", title or "", n) for slug, title, n in found)


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that wait, nearest date first."""
    return Appeal.objects.filter(decided_at=None).select_related("voice__response__ward").order_by("due_on")


def late(now: datetime, on: date) -> int:
    """Appeals past their date."""
    return Appeal.objects.filter(decided_at=None, due_on__lt=on).count()


def kept_files(user: Person) -> QuerySet[Batch]:
    """Files that the person has brought without saying for which round."""
    return Batch.objects.filter(way=Batch.Way.FILE, state=Batch.State.DRAFT, round=None, made_by=party_id(user))


def batches() -> QuerySet[Batch]:
    """Every pile, class and file, newest first, with its number of forms; without the rows of files."""
    rows = Batch.objects.exclude(state=Batch.State.UNDONE).select_related("round").defer("content")
    unsettled = Q(keyings__response=None)
    return rows.annotate(
        forms=Count("responses", distinct=True),
        typed=Count("keyings", distinct=True),
        first=Count("keyings", filter=unsettled & Q(keyings__copy=1), distinct=True),
        differ=Count("keyings", filter=unsettled & Q(keyings__copy=2), distinct=True),
        once=F("first") - F("differ"),
    ).order_by("-made_at")


@dataclass(frozen=True, slots=True)
class Counted:
    """How a pile stands: forms taken in, forms typed once and waiting for the second time, forms that differ."""

    forms: int
    once: int
    differ: int

    @property
    def next(self) -> int:
        return self.forms + self.once + self.differ + 1


def pile_counts(batch: Batch) -> Counted:
    forms = batch.responses.count()
    copies = dict(batch.keyings.filter(response=None).order_by().values_list("copy").annotate(n=Count("pk")))
    differ = copies.get(2, 0)
    return Counted(forms, copies.get(1, 0) - differ, differ)


def to_type_again(batch: Batch, by: Person) -> QuerySet[Keying]:
    """Forms that another clerk typed and nobody typed again yet, in the order of the paper."""
    again = batch.keyings.filter(copy=2).values("number")
    return batch.keyings.filter(copy=1, response=None).exclude(by=party_id(by)).exclude(number__in=again)


def typed_once(by: Person) -> QuerySet[Keying]:
    """Forms of all piles that somebody else typed and that wait to be typed again."""
    other = Keying.objects.filter(batch=OuterRef("batch"), number=OuterRef("number"), copy=2)
    rows = Keying.objects.filter(copy=1, response=None).exclude(batch__state=Batch.State.UNDONE)
    return rows.exclude(by=party_id(by)).exclude(Exists(other))


def typed_in_two_ways() -> QuerySet[Keying]:
    """The second typings, in all piles, that differ from the first and are not settled."""
    return Keying.objects.filter(copy=2, response=None).exclude(batch__state=Batch.State.UNDONE)


def differing(batch: Batch) -> list[tuple[Keying, Keying]]:
    """Pairs of typings that differ and are not settled, by number."""
    pairs: dict[int, dict[int, Keying]] = {}
    for keying in batch.keyings.filter(response=None).order_by("number", "copy"):
        pairs.setdefault(keying.number, {})[keying.copy] = keying
    return [(pair[1], pair[2]) for pair in pairs.values() if len(pair) == 2]
