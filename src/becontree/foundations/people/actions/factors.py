"""A second factor that was lost with its recovery codes: one administrator asks to take it away, another confirms.

Never the person themself, never somebody they live with, never one administrator alone. Where the council has no second
administrator who could confirm, whoever runs the server does it there (`becontree manage reset_second_factor`).
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from becontree.foundations.kit import dates
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import letters, queries
from becontree.foundations.people.actions import by_two
from becontree.foundations.people.actions.common import end_sessions, note
from becontree.foundations.people.actions.roles import hold_the_keys, locked
from becontree.foundations.people.actors import Actor, System
from becontree.foundations.people.models import FactorReset, Person


@transaction.atomic
def ask_reset(*, person: Person, reason: str, checked: str, check_note: str, by: Person, now: datetime) -> FactorReset:
    """An administrator asks that the person's second factor be taken away, having checked who they are.

    Raises NotAllowed (no administrator; oneself, or one's own home), Invalid, and Clash where nobody else could
    confirm, nothing is set up that could be taken away, or another request waits.
    """
    _administrator(by)
    by_two.not_ones_own(by, person, "people.reset")
    reason, check_note = by_two.said(reason, "reason"), by_two.said(check_note, "check_note")
    if checked not in FactorReset.Checked.values:
        raise Invalid("people.reset_checked", gettext("Choose how you checked."), "checked")
    person = Person.objects.select_for_update().get(pk=person.pk)
    _close_old(FactorReset.objects.filter(person=person), now)
    if not person.is_active or not Authenticator.objects.filter(user=person).exists():
        raise Clash(
            "people.reset_nothing", gettext("They have no second factor. They can set one up when they sign in.")
        )
    if not queries.could_confirm(person=person, asked_by=by).exists():
        raise Clash(
            "people.reset_alone", gettext("Nobody else here could confirm this. Whoever runs the server does it.")
        )
    try:
        with transaction.atomic():
            made = FactorReset.objects.create(
                person=person, reason=reason, checked=checked, check_note=check_note, asked_by=by, asked_at=now
            )
    except IntegrityError as error:
        raise Clash(
            "people.reset_asked", gettext("Somebody has asked for this already. It waits to be confirmed.")
        ) from error
    note("second factor reset asked", person, by=by, now=now, reset=str(made.pk), checked=checked)
    _tell(made, "factor_asked", now)
    return made


@transaction.atomic
def confirm_reset(*, reset: FactorReset, read: str, by: Person, now: datetime) -> FactorReset:
    """A second administrator confirms: the second factor goes at once, and the person is signed out everywhere.

    `read`: what they had before them (`queries.as_read`). Raises NotAllowed (no administrator, the same one, the
    person, the home of either) and Clash: decided, too old, not what was read, or whoever asked is no administrator any
    longer or lives with the person now.
    """
    locked(reset.person)  # before the keys, as where somebody is forgotten
    hold_the_keys()  # nobody is granted or loses the role until this is done
    waits = _waiting(reset, now)
    by.forget_roles()
    _administrator(by)
    by_two.may_decide(by, waits)
    by_two.may_be_confirmed(waits, read)
    if not waits.person.is_active:
        raise Clash("people.not_active", gettext("This account is closed."))
    by_two.decide(waits, FactorReset.State.DONE, by, now)
    _take_away(waits, by, now)
    return waits


@transaction.atomic
def decline_reset(*, reset: FactorReset, why_not: str, by: Person, now: datetime) -> FactorReset:
    """A second administrator says no, and why: nothing changes, and the person is told. Raises as `confirm_reset`."""
    waits = _waiting(reset, now)
    _administrator(by)
    by_two.may_decide(by, waits)
    return _end(waits, FactorReset.State.DECLINED, by, now, why_not=by_two.said(why_not, "why_not"))


@transaction.atomic
def stop_reset(*, reset: FactorReset, by: Person, now: datetime) -> FactorReset:
    """Whoever asked takes it back, or the person, still able to sign in, stops it. Raises NotAllowed, Clash."""
    waits = _waiting(reset, now)
    if by.pk not in (waits.asked_by_id, waits.person_id):
        raise NotAllowed("people.reset_not_yours", gettext("Somebody else asked for this: decline it instead."))
    return _end(waits, FactorReset.State.STOPPED, by, now)


@transaction.atomic
def reset_at_server(
    *, person: Person, reason: str, checked: str, check_note: str, by: System, now: datetime
) -> FactorReset:
    """Whoever runs the server takes it away there, where no two administrators are left who could. The same traces.

    Raises NotAllowed for a person, Invalid, and Clash where nothing is set up that could be taken away.
    """
    if not isinstance(by, System):
        raise NotAllowed("people.reset_two", gettext("Two administrators do this, or whoever runs the server."))
    reason, check_note = by_two.said(reason, "reason"), by_two.said(check_note, "check_note")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active or not Authenticator.objects.filter(user=person).exists():
        raise Clash(
            "people.reset_nothing", gettext("They have no second factor. They can set one up when they sign in.")
        )
    for waits in FactorReset.objects.select_for_update().filter(person=person, state=FactorReset.State.WAITS):
        _end(waits, FactorReset.State.STOPPED, by, now, tell=False)
    made = FactorReset.objects.create(
        person=person, reason=reason, checked=checked, check_note=check_note, asked_at=now, decided_at=now,
        state=FactorReset.State.DONE,
    )  # fmt: skip
    _take_away(made, by, now)
    return made


@transaction.atomic
def factor_set_up(*, person: Person, now: datetime) -> bool:
    """Whether the person has a second factor again since theirs was taken away; if so, every page opens again."""
    if not Authenticator.objects.filter(user=person, type__in=queries.FACTORS).exists():
        return False
    if Person.objects.filter(pk=person.pk, needs_factor=True).update(needs_factor=False):
        note("second factor set up again", person, by=person, now=now)
    return True


def expire_resets(now: datetime) -> int:
    """Close what nobody confirmed in time. Returns how many."""
    with transaction.atomic():
        return _close_old(FactorReset.objects.all(), now)


def forget_resets(person: Person, now: datetime) -> int:
    """The person is forgotten: what waits about them ends, and the words about them go."""
    about = FactorReset.objects.filter(person=person)
    about.filter(state=FactorReset.State.WAITS).update(state=FactorReset.State.STOPPED, decided_at=now)
    return about.update(reason="", check_note="", why_not="")


def _administrator(by: Person) -> None:
    if not by.has_role("administrator"):
        raise NotAllowed("people.reset_role", gettext("Only an administrator takes a second factor away."))


def _waiting(reset: FactorReset, now: datetime) -> FactorReset:
    return by_two.waiting(reset, now, too_old=gettext("This is too old. Check who it is again, and ask anew."))


def _end(
    reset: FactorReset, state: str, by: Actor, now: datetime, *, why_not: str = "", tell: bool = True
) -> FactorReset:
    by_two.decide(reset, state, by, now, why_not)
    note(f"second factor reset {state}", reset.person, by=by, now=now, reset=str(reset.pk))
    if tell:
        _tell(reset, "factor_kept", now)
    return reset


def _take_away(reset: FactorReset, by: Actor, now: datetime) -> None:
    person = Person.objects.select_for_update().get(pk=reset.person_id)
    gone, _kinds = Authenticator.objects.filter(user=person).delete()
    person.needs_factor = person.on_the_desk
    person.set_unusable_password()  # a new one: a session that nobody wrote down is worth nothing either
    person.save(update_fields=["needs_factor", "password"])
    ended = end_sessions(person)
    note("second factor reset done", person, by=by, now=now, reset=str(reset.pk), factors=gone, sessions=ended)
    _tell(reset, "factor_gone", now)


def _tell(reset: FactorReset, letter: str, now: datetime) -> None:
    with letters.in_their_language(reset.person):
        context = {
            "asked_on": dates.day(reset.asked_at),
            "how": str(reset.get_checked_display()),
            "state": str(reset.state),
            "must": reset.person.on_the_desk,
        }
    key = f"people/{letter}/{reset.pk}"
    letters.write(to=reset.person, template=f"people/{letter}", context=context, key=key, now=now)


def _close_old(resets: QuerySet[FactorReset], now: datetime) -> int:
    old = resets.filter(state=FactorReset.State.WAITS, asked_at__lte=now - FactorReset.LASTS)
    closed = 0
    for one in old.select_for_update():
        _end(one, FactorReset.State.EXPIRED, System("people.expire_resets"), now)
        closed += 1
    return closed
