"""Handing a hub over to another group: who runs it, or the team that listens, asks; a checked group says yes.

The link names nobody, works once, and lasts two weeks. A hub is never anybody's own: it passes from group to group.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from becontree.citizenship.hubs.models import Hub
from becontree.citizenship.hubs.permissions import belongs, must_run
from becontree.foundations.kit.dates import LONDON
from becontree.foundations.kit.errors import Clash, NotAllowed
from becontree.foundations.kit.invitations import invitation, stands
from becontree.foundations.people.actors import Actor
from becontree.foundations.people.models import Organisation
from becontree.foundations.record import actions as record

_SALT: Final = "becontree.hubs.handing"


def invite(*, hub: Hub, by: Actor, now: datetime) -> str:
    """A token with which one checked group may keep the hub from now on. Nothing is kept of it."""
    must_run(by, hub)
    return invitation([hub.pk.hex, hub.handings], salt=_SALT, now=now)


def invited(*, hub: Hub, token: str, now: datetime) -> bool:
    """Whether a token hands this hub over now; not once another group keeps it, or it has closed."""
    return stands(token, [hub.pk.hex, hub.handings], salt=_SALT, now=now) and hub.is_open


@transaction.atomic
def take_over(*, hub: Hub, organisation: Organisation, token: str, by: Any, now: datetime) -> Hub:
    """The group keeps the hub from now on, and the public record says so.

    Raises NotAllowed where the token is not good or the group is not the actor's own, and Clash where it is not
    checked or keeps the hub already.
    """
    hub = Hub.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=hub.pk)
    if not invited(hub=hub, token=token, now=now) or not belongs(by, organisation):
        raise NotAllowed("hub.invitation", _("This invitation was used already, or is too old. Ask again."))
    if organisation.verified_at is None:
        raise Clash("hub.unchecked", _("We have to check the group first. Ask for it on the group's page."))
    if organisation.pk == hub.organisation_id:
        raise Clash("hub.keeps_already", _("Your group keeps this hub already."))
    hub.organisation, hub.handings = organisation, hub.handings + 1
    hub.save(update_fields=["organisation", "handings"])
    record.enter(
        kind="hub.handed-over",
        step="heard",
        thing=hub.ref,
        title=f"{hub.name} is now kept by {organisation.name}"[:300],
        facts={"organisation": organisation.org_id or organisation.slug},
        on=now.astimezone(LONDON).date(),
        by=by,
        now=now,
    )
    return hub
