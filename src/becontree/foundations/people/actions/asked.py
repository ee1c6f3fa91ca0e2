"""Roles that two administrators grant (finance, auditor, administrator): one asks, another confirms.

One administrator with two invented accounts could be both of the two people whom money needs. So never the one who
asked, never whoever is to get the role or lives with them, and never anything but what the second one read. Where the
council has no second administrator, whoever runs the server grants it there (`becontree manage grant_role`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from becontree.foundations.kit import dates
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import lapses, letters, queries
from becontree.foundations.people.actions import by_two
from becontree.foundations.people.actions.common import note
from becontree.foundations.people.actions.roles import could_hold, hold_the_keys, locked, may_grant, put_in
from becontree.foundations.people.actors import Actor, System
from becontree.foundations.people.models import Person, RoleHeld, RoleRequest
from becontree.foundations.people.roles import BY_TWO, ROLES


@transaction.atomic
def ask_role(*, person: Person, role: str, reason: str, by: Person, now: datetime) -> RoleRequest:
    """An administrator asks that the person get a role which two administrators grant. Nothing is given yet.

    Raises NotAllowed (no administrator; oneself, or one's own home), Invalid, and Clash where they hold it, it may not
    stand beside another role of theirs, nobody else could confirm, or the same waits already.
    """
    may_grant(by, person)
    by_two.not_ones_own(by, person, "people.role")
    reason = by_two.said(reason, "reason")
    if role not in BY_TWO:
        raise Invalid("people.role_by_one", gettext("One administrator grants this role alone."), "role")
    person = locked(person)
    _close_old(RoleRequest.objects.filter(person=person, role=role), now)
    _not_held(person, role)
    could_hold(person, role)
    others = [each.person for each in queries.could_confirm(person=person, asked_by=by).select_related("person")]
    if not others:
        raise Clash(
            "people.role_alone",
            gettext("Nobody else here could confirm this. Whoever runs the server grants this role."),
        )
    try:
        with transaction.atomic():
            made = RoleRequest.objects.create(
                person=person, role=role, reason=reason, asked_by=by, asked_at=now, lapses_at=lapses.at(now)
            )
    except IntegrityError as error:
        raise Clash(
            "people.role_asked", gettext("Somebody has asked for this already. It waits to be confirmed.")
        ) from error
    note("role asked", person, by=by, now=now, request=str(made.pk), role=role)
    _tell(made, person, "role_asked", now)
    for each in others:
        _tell(made, each, "role_waits", now)
    return made


@transaction.atomic
def confirm_role(*, request: RoleRequest, read: str, by: Person, now: datetime) -> RoleHeld:
    """A second administrator confirms, and the person holds the role. `read`: what they had before them (`as_read`).

    Raises NotAllowed (no administrator, the same one, the person, the home of either) and Clash: decided, too old, not
    what was read, or whoever asked is no administrator any longer or lives with the person now.
    """
    person = locked(request.person)  # before the keys, as where somebody is forgotten
    hold_the_keys()  # nobody loses the role until this is done
    waits = _waiting(request, now)
    by.forget_roles()
    _second(by, waits)
    by_two.may_be_confirmed(waits, read)
    _not_held(person, waits.role)
    could_hold(person, waits.role)
    by_two.decide(waits, RoleRequest.State.DONE, by, now)
    held = put_in(person, waits.role, "", waits.reason, waits.asked_by, now, second=by)
    request.person.forget_roles()
    _tell_both(waits, now)
    return held


@transaction.atomic
def decline_role(*, request: RoleRequest, why_not: str, by: Person, now: datetime) -> RoleRequest:
    """A second administrator says no, and why: nothing changes, and both are told. Raises as `confirm_role`."""
    waits = _waiting(request, now)
    _second(by, waits)
    return _end(waits, RoleRequest.State.DECLINED, by, now, why_not=by_two.said(why_not, "why_not"))


@transaction.atomic
def stop_role(*, request: RoleRequest, by: Person, now: datetime) -> RoleRequest:
    """Whoever asked takes it back. Raises NotAllowed, Clash."""
    waits = _waiting(request, now)
    if by.pk != waits.asked_by_id:
        raise NotAllowed("people.role_not_yours", gettext("Somebody else asked for this: decline it instead."))
    return _end(waits, RoleRequest.State.STOPPED, by, now)


@transaction.atomic
def grant_at_server(*, person: Person, role: str, reason: str, by: System, now: datetime) -> RoleHeld:
    """Whoever runs the server grants such a role there: the first administrator, or where there are no two.

    The person is told, and so is every administrator. Raises NotAllowed for a person, Invalid, Clash.
    """
    if not isinstance(by, System):
        raise NotAllowed("people.grant_two", gettext("Two administrators do this, or whoever runs the server."))
    reason = by_two.said(reason, "reason")
    if role not in BY_TWO:
        raise Invalid("people.role_by_one", gettext("One administrator grants this role alone."), "role")
    person = locked(person)
    _not_held(person, role)
    could_hold(person, role)
    for waits in RoleRequest.objects.select_for_update().filter(
        person=person, role=role, state=RoleRequest.State.WAITS
    ):
        _end(waits, RoleRequest.State.STOPPED, by, now, tell=False)
    held = put_in(person, role, "", reason, by, now)
    told = {person.pk: person} | {each.person_id: each.person for each in queries.keyholders().select_related("person")}
    for each in told.values():
        with letters.in_their_language(each):
            context = {"mine": each.pk == person.pk, "state": "server", "asked_on": dates.day(now)}
        _write(each, "role_decided", role, context, str(held.pk), now)
    return held


def expire_roles(now: datetime) -> int:
    """Close what nobody confirmed in time. Returns how many."""
    with transaction.atomic():
        return _close_old(RoleRequest.objects.all(), now)


def forget_roles_asked(person: Person, now: datetime) -> int:
    """The person is forgotten: what waits for them ends, and the words about them go."""
    about = RoleRequest.objects.filter(person=person)
    about.filter(state=RoleRequest.State.WAITS).update(state=RoleRequest.State.STOPPED, decided_at=now)
    return about.update(reason="", why_not="")


def _not_held(person: Person, role: str) -> None:
    if any(held == role for held, _team in person.live_roles):
        raise Clash("people.role_held", gettext("They have this role already."), "role")


def _second(by: Person, waits: RoleRequest) -> None:
    if not by.has_role("administrator"):
        raise NotAllowed("people.grant", gettext("Only an administrator grants roles."))
    by_two.may_decide(by, waits)


def _waiting(request: RoleRequest, now: datetime) -> RoleRequest:
    return by_two.waiting(request, now, too_old=gettext("This is too old. Ask anew, if they still need the role."))


def _end(
    request: RoleRequest, state: str, by: Actor, now: datetime, *, why_not: str = "", tell: bool = True
) -> RoleRequest:
    by_two.decide(request, state, by, now, why_not)
    note(f"role asked {state}", request.person, by=by, now=now, request=str(request.pk), role=request.role)
    if tell:
        _tell_both(request, now)
    return request


def _tell_both(request: RoleRequest, now: datetime) -> None:
    """How it ended, to whoever was to get the role and to whoever asked."""
    for each in (request.person, request.asked_by):
        _tell(request, each, "role_decided", now)


def _tell(request: RoleRequest, to: Person, letter: str, now: datetime) -> None:
    with letters.in_their_language(to):
        context = {
            "mine": to.pk == request.person_id,
            "state": str(request.state),
            "asked_on": dates.day(request.asked_at),
            "until": dates.moment(request.lapses_at),
            "request": str(request.pk),
        }
    _write(to, letter, request.role, context, str(request.pk), now)


def _write(to: Person, letter: str, role: str, context: dict[str, object], about: str, now: datetime) -> None:
    said = context | {"role": ROLES[role].name}
    letters.write(to=to, template=f"people/{letter}", context=said, key=f"people/{letter}/{about}/{to.pk}", now=now)


def _close_old(requests: QuerySet[RoleRequest], now: datetime) -> int:
    closed = 0
    for one in requests.filter(state=RoleRequest.State.WAITS, lapses_at__lte=now).select_for_update():
        _end(one, RoleRequest.State.EXPIRED, System("people.expire_roles"), now)
        closed += 1
    return closed
