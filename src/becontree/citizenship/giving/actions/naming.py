"""Names to show: read first where there is a doubt, hidden with a reason, appealed, decided by another person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from becontree.citizenship.giving import figures
from becontree.citizenship.giving.actions.letters import letter_to
from becontree.citizenship.giving.models import NameRuling, Pledge
from becontree.citizenship.giving.permissions import must_own, must_run_funds
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import plain
from becontree.foundations.messages.actions import send
from becontree.foundations.people.actors import Actor, System, party_id
from becontree.foundations.policy import clocks

State = Pledge.NameState


@transaction.atomic
def show(*, pledge: Pledge, name: str, by: Actor, now: datetime) -> Pledge:
    """An officer has read the name, and it may be shown. `name`: as they read it.

    Raises NotAllowed, Clash (hidden: that is for an appeal; or the giver has written another name meanwhile).
    """
    must_run_funds(by)
    row = _named(pledge, name)
    if row.name_state == State.HIDDEN:
        raise Clash("name.hidden", gettext("This name was hidden. Only an appeal can show it again."))
    row.name_state = State.SHOWN
    row.save(update_fields=["name_state"])
    return row


@transaction.atomic
def hide(*, pledge: Pledge, name: str, reason: str, by: Actor, now: datetime, note: str = "") -> NameRuling:
    """Do not show the name, for a reason; the giver is told. The gift stands. `name`: as the officer read it.

    Raises NotAllowed, Invalid, Clash.
    """
    must_run_funds(by)
    row = _named(pledge, name)
    _not_ones_own(row, by)
    if reason not in NameRuling.Reason.values:
        raise Invalid("name.reason", gettext("Choose a reason."), "reason")
    if row.name_state == State.HIDDEN:
        raise Clash("name.hidden", gettext("This name is hidden already."))
    row.name_state = State.HIDDEN
    row.save(update_fields=["name_state"])
    ruling = NameRuling.objects.create(
        pledge=row, reason=reason, note=plain(note)[:300], hidden_by=party_id(by), hidden_at=now
    )
    _tell(
        row,
        "giving/name_hidden",
        {"reason": str(ruling.get_reason_display()), "note": ruling.note},
        key=f"name:{ruling.pk}:hidden",
        now=now,
    )
    return ruling


@transaction.atomic
def appeal(*, ruling: NameRuling, words: str, by: Actor, now: datetime) -> NameRuling:
    """The giver asks that another person look again, once. Raises NotAllowed, Invalid, Clash."""
    ruling = _locked(ruling)
    must_own(by, ruling.pledge)
    if not words.strip():
        raise Invalid("name.appeal", gettext("Say in your words why the name should be shown."), "appeal")
    if ruling.appealed_at is not None:
        raise Clash("name.appealed", gettext("You have asked for this already."))
    ruling.appeal, ruling.appealed_at = plain(words)[:1_000], now
    ruling.due_on = clocks.add_working_days(now.date(), figures.name_appeal_days(now.date()))
    ruling.save()
    return ruling


@transaction.atomic
def decide_appeal(*, ruling: NameRuling, upheld: bool, answer: str, by: Actor, now: datetime) -> NameRuling:
    """Another officer than the one who hid it decides, with an answer for the giver. NotAllowed, Invalid, Clash."""
    must_run_funds(by)
    ruling = _locked(ruling)
    _not_ones_own(ruling.pledge, by)
    if party_id(by) == ruling.hidden_by:
        raise NotAllowed("name.second", gettext("You hid this name, so somebody else must decide."))
    if ruling.appealed_at is None:
        raise Clash("name.no-appeal", gettext("Nobody has asked for this to be looked at again."))
    if ruling.decided_at is not None:
        raise Clash("name.decided", gettext("This has been decided already."))
    if not answer.strip():
        raise Invalid("name.answer", gettext("Write the giver an answer."), "answer")
    ruling.upheld, ruling.answer = upheld, plain(answer)[:1_000]
    ruling.decided_by, ruling.decided_at = party_id(by), now
    ruling.save()
    if upheld:
        ruling.pledge.name_state = State.SHOWN
        ruling.pledge.save(update_fields=["name_state"])
    _tell(
        ruling.pledge,
        "giving/name_decided",
        {"upheld": upheld, "answer": ruling.answer},
        key=f"name:{ruling.pk}:decided",
        now=now,
    )
    return ruling


def _named(pledge: Pledge, name: str) -> Pledge:
    """The gift, held, with the name that was read; the giver may have written another since."""
    row = Pledge.objects.select_for_update(of=("self",)).select_related("campaign__project").get(pk=pledge.pk)
    if not row.public_name:
        raise Clash("name.none", gettext("This gift shows no name."))
    if row.public_name != name:
        raise Clash("name.changed", gettext("The giver has changed this name. Nothing was decided: read the new one."))
    return row


def _locked(ruling: NameRuling) -> NameRuling:
    rows = NameRuling.objects.select_for_update(of=("self",)).select_related("pledge__campaign__project")
    return rows.get(pk=ruling.pk)


def _not_ones_own(pledge: Pledge, by: Actor) -> None:
    if not isinstance(by, System) and by.pk == pledge.giver_id:
        raise NotAllowed("name.own", gettext("This is your own gift, so somebody else must decide."))


def _tell(pledge: Pledge, template: str, context: dict[str, object], *, key: str, now: datetime) -> None:
    facts = {"project": pledge.campaign.project.title, "url": f"/my/giving/gifts/{pledge.handle}/name/", **context}
    send(to=letter_to(pledge), template=template, context=facts, purpose="service", key=key, now=now)
