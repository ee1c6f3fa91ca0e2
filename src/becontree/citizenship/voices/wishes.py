"""Forms without an account that somebody asks us, by letter or telephone, to forget (`foundations.forgetting`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.actions.leaving import forget_response
from becontree.citizenship.voices.models import Response, Voice
from becontree.foundations.forgetting.kinds import BY, Kind
from becontree.foundations.kit import dates


def find(text: str) -> Sequence[Any]:
    """By the reference that the speaker was told, or by the address they left. An account, where it was theirs."""
    forms = Response.objects.select_related("person", "contact")
    if "@" in text:
        return list(forms.filter(person=None, contact__address__iexact=text))
    return [form.person or form for form in forms.filter(handle=text.lower())]


def rows(keys: Sequence[str]) -> Iterable[Response]:
    return Response.objects.select_related("contact").filter(pk__in=keys).order_by("pk")


def facts(form: Response) -> Sequence[tuple[str, str]]:
    """What an officer compares; not the words, which are nobody's proof."""
    told = [
        (gettext("Reference"), form.handle),
        (gettext("When it was said"), dates.day(form.said_on)),
        (gettext("How"), str(form.get_channel_display())),
        (gettext("E-mail address"), form.contact.address if form.contact else ""),
    ]
    return [(what, value) for what, value in told if value]


def forget(form: Response, now: datetime) -> None:
    forget_response(response=form, by=BY, now=now)


def gone(form: Response) -> bool:
    return form.contact_id is None and not form.voices.exclude(state=Voice.State.WITHDRAWN).exists()


KIND = Kind(
    "voices",
    _("What somebody said without an account"),
    find=find,
    rows=rows,
    facts=facts,
    forget=forget,
    keeps=lambda form, now: [(gettext("Voices"), gettext("That somebody spoke is still counted; the words are gone."))],
    gone=gone,
    language=lambda form: form.language,
    columns=("voices.contact.address",),
)
