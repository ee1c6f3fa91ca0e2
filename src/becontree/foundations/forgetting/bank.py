"""Lines of the bank's with somebody's name or reference: accounts, which have to be kept for some years.

Told of, not taken away, until those years are over; then the words and the note of a line go by themselves, whether
anybody asks or not, and its sum stays. A line that nobody has matched keeps its words: its money is still somebody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.forgetting import accounts, reach
from becontree.foundations.forgetting.kinds import Kind
from becontree.foundations.kit import dates
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.pence import pounds
from becontree.foundations.payments import actions as payments
from becontree.foundations.payments.models import BankLine

PORTION: Final = 2_000
MOST: Final = 100  # more than one person has; whoever gives less is found too often


def find(text: str) -> Sequence[BankLine]:
    """By a whole name, or by a reference of six letters and figures or more, as words of the line.

    Raises Invalid where too many lines hold it.
    """
    wanted = reach.whole_name(text) or _reference(text)
    if not wanted:
        return []
    lines = BankLine.objects.exclude(description="")
    for word in wanted:
        if word.isascii():  # how the bank writes another letter, only its folding tells
            lines = lines.filter(description__icontains=word)
    found = []
    for line in lines.order_by("on", "line_number").iterator(chunk_size=500):
        if reach.within(wanted, line.description):
            found.append(line)
        if len(found) > MOST:
            said = gettext("Too many lines of the bank's hold this. Give the whole name, or a reference.")
            raise Invalid("forgetting.too_many", said, "given")
    return found


def empty_old(now: datetime) -> int:
    """Matched lines whose years are over lose their words. Returns how many, `PORTION` at most at a time."""
    rows = BankLine.objects.exclude(description="", note="").exclude(matched="").order_by("on", "line_number")
    emptied = 0
    for line in rows.filter(on__lte=accounts.over(now))[:PORTION]:
        payments.empty_line(line=line)
        emptied += 1
    return emptied


def _reference(text: str) -> tuple[str, ...]:
    found = reach.words(text)
    long = len(found) == 1 and len(found[0]) >= 6 and any(letter.isdigit() for letter in found[0])
    return found if long and "@" not in text else ()


def facts(line: BankLine) -> Sequence[tuple[str, str]]:
    return [
        (gettext("Day"), dates.day(line.on)),
        (gettext("Amount"), pounds(line.amount)),
        (gettext("What the bank's statement says"), line.description),
    ]


def keeps(line: BankLine, now: datetime) -> Sequence[tuple[str, str]]:
    what = gettext("A line of our bank statement of %(day)s, %(sum)s")
    return [(what % {"day": dates.day(line.on), "sum": pounds(line.amount)}, accounts.why(line.on, now))]


KIND: Final = Kind(
    "bank",
    _("A line of the bank's statement"),
    find=find,
    rows=lambda keys: BankLine.objects.filter(pk__in=keys).order_by("on", "line_number"),
    facts=facts,
    forget=lambda line, now: payments.empty_line(line=line),
    keeps=keeps,
    gone=lambda line: line.description == "",
    kept=lambda line, now: accounts.must_stay(line.on, now),
    columns=("payments.bankline.description",),
)
