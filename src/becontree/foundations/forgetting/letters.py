"""Letters to somebody without an account: to an e-mail address that they left, or to an envelope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.forgetting import reach
from becontree.foundations.forgetting.kinds import Kind
from becontree.foundations.kit import dates
from becontree.foundations.messages import actions as messages
from becontree.foundations.messages.models import Message


def find(text: str) -> Sequence[Message]:
    """By the address, or by the name on the envelope. Our own answers are not among them: they empty themselves."""
    letters = Message.objects.filter(person=None).exclude(template__startswith="forgetting/").order_by("made_at", "id")
    if "@" in text:
        return list(letters.filter(address__iexact=text))
    if not (wanted := reach.name(text)):
        return []
    return [one for one in letters.exclude(envelope="") if reach.words(one.envelope.splitlines()[0]) == wanted]


def facts(letter: Message) -> Sequence[tuple[str, str]]:
    told = [
        (gettext("Letter"), letter.title),
        (gettext("When it was written"), dates.day(letter.made_at)),
        (gettext("State"), str(letter.get_state_display())),
        (gettext("E-mail address"), letter.address),
        (gettext("Envelope"), letter.envelope),
    ]
    return [(what, value) for what, value in told if value]


def keeps(letter: Message, now: datetime) -> Sequence[tuple[str, str]]:
    return [
        (gettext("Letters"), gettext("That a letter went, and when. Not what was in it, and not where it went.")),
        (
            gettext("If you said that you want no news"),
            gettext("A number made from your address, so that no news goes there again. It does not show the address."),
        ),
    ]


KIND: Final = Kind(
    "letters",
    _("A letter to somebody without an account"),
    find=find,
    rows=lambda keys: Message.objects.filter(pk__in=keys).order_by("made_at", "id"),
    facts=facts,
    forget=lambda letter, now: messages.forget_letter(letter=letter),
    keeps=keeps,
    gone=lambda letter: not (letter.address or letter.envelope or letter.body),
    columns=("letters.message.address", "letters.message.envelope"),
)
