"""Somebody asked at the door to be rung, has no account, and asks us to forget them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.outreach import actions
from becontree.citizenship.outreach.models import CallBack
from becontree.foundations.forgetting import reach
from becontree.foundations.forgetting.kinds import Kind
from becontree.foundations.kit import dates


def find(text: str) -> Sequence[CallBack]:
    """By the telephone number however it is written, by exactly their name, or by the reference of the call."""
    if number := reach.telephone(text):
        return list(CallBack.objects.exclude(telephone="").filter(telephone__regex=number).order_by("pk"))
    if wanted := reach.name(text):
        named = CallBack.objects.exclude(name="").order_by("pk")
        if found := [one for one in named if reach.words(one.name) == wanted]:
            return found
    return list(CallBack.objects.filter(handle=text.lower()))


def facts(call: CallBack) -> Sequence[tuple[str, str]]:
    told = [
        (gettext("Reference"), call.handle),
        (gettext("When they asked"), dates.day(call.asked_on)),
        (gettext("Name"), call.name),
        (gettext("Telephone"), call.telephone),
    ]
    return [(what, value) for what, value in told if value]


KIND: Final = Kind(
    "outreach",
    _("A wish to be rung back"),
    find=find,
    rows=lambda keys: CallBack.objects.filter(pk__in=keys).order_by("pk"),
    facts=facts,
    forget=lambda call, now: actions.forget_call(call=call),
    keeps=lambda call, now: [
        (
            gettext("Walking and calling"),
            gettext("That somebody spoke to us at a door is still counted, without a name."),
        )
    ],
    gone=lambda call: not (call.name or call.telephone or call.about),
    columns=("outreach.callback.name", "outreach.callback.telephone"),
)
