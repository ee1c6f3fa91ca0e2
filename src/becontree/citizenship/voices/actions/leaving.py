"""What a speaker without an account may do by their private link: leave, be forgotten, show that they live here.

And what happens by itself: addresses go when their time is over, or when their owner has left the letters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.voices import shred
from becontree.citizenship.voices.actions.common import LONDON
from becontree.citizenship.voices.models import Contact, Response, Round
from becontree.citizenship.voices.permissions import Speaker
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.messages.actions import forget_address
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person


def _must_hold(response: Response, by: Any) -> None:
    if not isinstance(by, System) and not (isinstance(by, Speaker) and by.response_id == response.pk):
        raise NotAllowed("voice.own", _("Only the person who said it can do that."))


@transaction.atomic
def forget_contact(*, response: Response, by: Any, now: datetime) -> None:
    """The address goes, here and from letters that were sent; the words stay."""
    _must_hold(response, by)
    response = Response.objects.select_for_update(of=("self",)).select_related("contact").get(pk=response.pk)
    contact = response.contact
    if contact is None:
        return
    response.contact = None
    response.save(update_fields=["contact"])
    contact.delete()
    if not Contact.objects.filter(mark=contact.mark).exists():
        forget_address(contact.address, now=now)


@transaction.atomic
def forget_response(*, response: Response, by: Any, now: datetime) -> None:
    """Words, place and address go for good. That somebody spoke stays counted."""
    _must_hold(response, by)
    forget_contact(response=response, by=by, now=now)
    shred.erase_responses([response.pk])


@transaction.atomic
def verify(*, response: Response, holder: Any, by: Person, now: datetime) -> None:
    """Somebody who is signed in shows that the words are theirs. It changes no figure and is nobody's condition."""
    _must_hold(response, holder)
    response = Response.objects.select_for_update(of=("self",)).select_related("round").get(pk=response.pk)
    if response.round is None or response.round.verification != Round.Verification.LATER:
        raise Clash("verify.never", _("Nobody has to show who they are here."))
    if response.verified_at is None:
        response.verified_at = now
        response.save(update_fields=["verified_at"])


def forget_expired(now: datetime, limit: int = 1_000) -> int:
    """Addresses whose time is over go. Returns how many."""
    today = now.astimezone(LONDON).date()
    old = list(Contact.objects.filter(expires_on__lt=today).order_by("expires_on")[:limit])
    for contact in old:
        with transaction.atomic():
            Response.objects.filter(contact=contact).update(contact=None)
            contact.delete()
            if not Contact.objects.filter(mark=contact.mark).exists():
                forget_address(contact.address, now=now)
    return len(old)
