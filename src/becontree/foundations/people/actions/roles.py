"""Roles are granted and ended by an administrator, never to or by themselves, each time with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import queries
from becontree.foundations.people.actions.common import note, reason_given
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Person, RoleHeld
from becontree.foundations.people.roles import ROLES, apart
from becontree.foundations.people.teams import TEAMS


def grant_role(*, person: Person, role: str, team: str = "", reason: str = "", by: Actor, now: datetime) -> RoleHeld:
    """Give a person a role (for an officer: in a team). Held already: returns the one that stands.

    An administrator alone grants no role that takes two (`Role.by_two`): see `asked.ask_role`.
    Raises NotAllowed, Invalid, and Clash where two roles would let one person check their own work.
    """
    if isinstance(by, Person):
        may_grant(by, person)
        reason = reason_given(reason)
    if role not in ROLES or not ROLES[role].granted:
        raise Invalid("people.role_unknown", gettext("There is no such role to grant."), "role")
    if ROLES[role].by_two and isinstance(by, Person):
        raise NotAllowed(
            "people.grant_two", gettext("Two administrators grant this role: one asks for it, another confirms it.")
        )
    if ROLES[role].in_a_team and team not in TEAMS:
        raise Invalid("people.team_missing", gettext("Say which team the officer works in."), "team")
    if not ROLES[role].in_a_team and team:
        raise Invalid("people.team_needless", gettext("This role is not in a team."), "team")
    try:
        with transaction.atomic():
            person = locked(person)
            held = RoleHeld.objects.filter(person=person, role=role, team=team, ends_at__isnull=True).first()
            if held is None:
                could_hold(person, role)
                held = put_in(person, role, team, reason, by, now)
    except IntegrityError as error:
        raise Clash("people.role_raced", gettext("Somebody has just granted this role.")) from error
    return held


def may_grant(by: Person, person: Person) -> None:
    """Raises NotAllowed: no administrator, or oneself."""
    if not by.has_role("administrator"):
        raise NotAllowed("people.grant", gettext("Only an administrator grants roles."))
    if by.pk == person.pk:
        raise NotAllowed("people.grant_self", gettext("Nobody grants a role to themselves. Ask another administrator."))


def could_hold(person: Person, role: str) -> None:
    """Raises Clash where the account is closed, or the role may not stand beside another that they hold."""
    if person.erased_at is not None or not person.is_active:
        raise Clash("people.not_active", gettext("This account is closed."))
    if other := apart(role, {code for code, _ in person.live_roles}):
        raise Clash(
            "people.roles_apart",
            gettext("%(name)s and %(name2)s cannot be the same person: one checks the other.")
            % {"name": ROLES[role].name, "name2": ROLES[other].name},
            "role",
        )


def put_in(
    person: Person, role: str, team: str, reason: str, by: Actor, now: datetime, *, second: Person | None = None
) -> RoleHeld:
    """Write it down. `second`: who confirmed what `by` asked for."""
    held = RoleHeld.objects.create(
        person=person, role=role, team=team, granted_by=party_id(by), granted_at=now, grant_reason=reason,
        confirmed_by=party_id(second) if second else "",
    )  # fmt: skip
    note("role granted", person, by=second or by, now=now, role=role, team=team)
    return held


def end_role(*, held: RoleHeld, reason: str = "", by: Actor, now: datetime) -> RoleHeld:
    """End a role that is held. The last administrator stays."""
    if isinstance(by, Person):
        if not by.has_role("administrator"):
            raise NotAllowed("people.end", gettext("Only an administrator ends roles."))
        reason = reason_given(reason)
    with transaction.atomic():
        if held.role == "administrator":
            hold_the_keys()
        row = RoleHeld.objects.select_for_update().get(pk=held.pk)
        if row.ends_at is None:
            others = queries.keyholders().exclude(person=row.person_id)
            if row.role == "administrator" and not others.exists():
                raise Clash(
                    "people.last_administrator",
                    gettext("This is the only administrator. Grant the role to another first."),
                )
            row.ends_at, row.ended_by, row.end_reason = now, party_id(by), reason
            row.save(update_fields=["ends_at", "ended_by", "end_reason"])
            note("role ended", row.person, by=by, now=now, role=row.role, team=row.team)
    held.person.forget_roles()
    held.refresh_from_db(fields=["ends_at", "ended_by", "end_reason"])
    return row


def hold_the_keys() -> None:
    """Nobody else changes who is an administrator until this transaction ends; always locked in the same order.

    So two administrators cannot end each other, nor both be forgotten, in the same moment.
    """
    held = RoleHeld.objects.filter(role="administrator", ends_at__isnull=True).order_by("pk")
    list(held.select_for_update().values_list("pk", flat=True))


def locked(person: Person) -> Person:
    """The person's row, held for this transaction; the caller's own object forgets its roles."""
    person.forget_roles()
    return Person.objects.select_for_update().get(pk=person.pk)
