"""Reads of `people`. There is no search of people, on purpose: one finds a person by what they take part in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from allauth.mfa.models import Authenticator
from django.db.models import Count, Model, Q, QuerySet

from becontree.foundations.kit.as_read import mark
from becontree.foundations.kit.dates import within
from becontree.foundations.people.models import (
    Change,
    FactorReset,
    HouseholdMember,
    Membership,
    Organisation,
    Person,
    RoleHeld,
    RoleRequest,
)
from becontree.foundations.people.roles import ROLES
from becontree.foundations.people.teams import TEAMS

M = TypeVar("M", bound=Model)
FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


def by_email(email: str) -> Person | None:
    """The live account with exactly this address."""
    return Person.objects.filter(email=email.strip().lower(), is_active=True).first()


def names(ids: Iterable[uuid.UUID | str]) -> dict[str, str]:
    """Names for party ids in one query; an erased person is "Someone who has left", the software "the system"."""
    wanted = {str(one) for one in ids}
    found = {one: "The system" for one in wanted if one.startswith("system:")}
    for pk, name, erased in Person.objects.filter(pk__in=wanted - found.keys()).values_list("pk", "name", "erased_at"):
        found[str(pk)] = "Someone who has left" if erased else name or "Someone"
    return found


def household_ids(person: Person) -> set[uuid.UUID]:
    """The ids of everybody who lives with the person now, and the person's own."""
    return {person.pk, *(each["person_id"] for each in household_rows(person))}


def household_rows(person: Person) -> QuerySet[HouseholdMember, Any]:
    """The `person_id` of everybody who is in a household with the person now, as part of another question."""
    mine = HouseholdMember.objects.filter(person=person, until__isnull=True).values("household")
    return HouseholdMember.objects.filter(household__in=mine, until__isnull=True).values("person_id")


def organisations_of(person: Person) -> QuerySet[Membership]:
    """Where the person belongs now, by name."""
    return (
        Membership.objects.filter(person=person, left_at__isnull=True)
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id")
    )


def organisations(*, verified: bool | None = None) -> QuerySet[Organisation]:
    """The register, by name, with the number of people in each."""
    rows: QuerySet[Any] = Organisation.objects.annotate(
        people=Count("memberships", filter=Q(memberships__left_at__isnull=True))
    )
    if verified is not None:
        rows = rows.filter(verified_at__isnull=not verified)
    return rows.order_by("name", "id")


def roles_held(*, live: bool = True) -> QuerySet[RoleHeld]:
    """Who holds which role, for the administrator's page."""
    rows = RoleHeld.objects.select_related("person")
    if live:
        rows = rows.filter(ends_at__isnull=True)
    return rows.order_by("role", "team", "person__name", "granted_at")


def keyholders() -> QuerySet[RoleHeld]:
    """The administrators who could sign in now: one of them must always be left."""
    return RoleHeld.objects.filter(
        role="administrator", ends_at__isnull=True, person__is_active=True, person__email__isnull=False
    )


def could_confirm(*, person: Person, asked_by: Person) -> QuerySet[RoleHeld]:
    """The administrators who could confirm, about this person, what one administrator may not do alone."""
    return keyholders().exclude(person__in=household_ids(person) | household_ids(asked_by))


def alone() -> bool:
    """Whether there are no two administrators who could sign in."""
    return keyholders().values("person").distinct().count() < 2


def resets() -> QuerySet[FactorReset]:
    """Every second factor that was to be taken away, newest first."""
    return FactorReset.objects.select_related("person", "asked_by", "decided_by")


class Told(NamedTuple):
    """Who was in it, by name."""

    person: str
    asker: str
    decider: str


def told(reset: FactorReset | RoleRequest) -> Told:
    """Names for a reset or a role asked for, with its people; the server has none, nor has what nobody decided."""

    def name(person: Person | None) -> str:
        return "" if person is None else "Someone who has left" if person.erased_at else str(person)

    return Told(name(reset.person), name(reset.asked_by) or "The server", name(reset.decided_by))


def resets_to_confirm(user: Person) -> QuerySet[FactorReset]:
    """Those that wait for this administrator: asked for by nobody of their own home, and about nobody of it."""
    home = household_ids(user)
    return resets().filter(state=FactorReset.State.WAITS).exclude(asked_by__in=home).exclude(person__in=home)


def roles_asked() -> QuerySet[RoleRequest]:
    """Every role that was asked for and takes two administrators, newest first."""
    return RoleRequest.objects.select_related("person", "asked_by", "decided_by")


def roles_to_confirm(user: Person, now: datetime) -> QuerySet[RoleRequest]:
    """Those that wait for this administrator: asked for by nobody of their own home, and for nobody of it."""
    home = household_ids(user)
    waits = roles_asked().filter(state=RoleRequest.State.WAITS, lapses_at__gt=now)
    return waits.exclude(asked_by__in=home).exclude(person__in=home)


def as_read(asked: FactorReset | RoleRequest) -> str:
    """A mark of all that the second administrator reads before deciding: who it is, what for, why, and who asked.

    It goes with the form, and must still be the same when the form comes back.
    """
    person, asker = asked.person, asked.asked_by
    if isinstance(asked, RoleRequest):
        what = [asked.role, *sorted(":".join(pair) for pair in person.live_roles)]
    else:
        what = [asked.checked, asked.check_note]
    return mark(asked.pk, asked.reason, person.name, person.email, asked.asked_by_id, asker and asker.name, *what)


def resets_between(
    *, since: date | None = None, until: date | None = None, who: str = "", by: str = ""
) -> QuerySet[FactorReset]:
    """Those asked for or decided on these days; `who` and `by` as in `history`."""
    rows = resets()
    if since or until:
        rows = rows.filter(Q(**within("asked_at", since, until)) | Q(**within("decided_at", since, until)))
    if who:
        rows = rows.filter(person__pk=who)
    if by == "system":
        rows = rows.filter(asked_by=None)
    elif by:
        rows = rows.filter(Q(asked_by=by) | Q(decided_by=by))
    return rows


def history(
    *,
    since: date | None = None,
    until: date | None = None,
    who: str = "",
    role: str = "",
    by: str = "",
    state: str = "",
) -> QuerySet[RoleHeld]:
    """Every role that was ever granted, newest grant first. `since` and `until`: granted or ended on these days.

    `who`: the party id of who held it; `by`: of who granted or ended it ("system": the software); `state`: "held" or
    "ended".
    """
    rows = RoleHeld.objects.select_related("person").order_by("-granted_at", "-id")
    if since or until:
        rows = rows.filter(Q(**within("granted_at", since, until)) | Q(**within("ends_at", since, until)))
    if who:
        rows = rows.filter(person__pk=who)
    if role:
        rows = rows.filter(role=role)
    if state:
        rows = rows.filter(ends_at__isnull=state == "held")
    return done_by(rows, "granted_by", "confirmed_by", "ended_by", who=by)


HISTORY: Final = (
    "who", "their id", "role", "team", "granted on", "granted by", "confirmed by", "why", "ended on",
    "ended by", "why it ended",
)  # fmt: skip


def in_words(rows: Iterable[RoleHeld]) -> Iterator[tuple[Any, ...]]:
    """Roles held as `HISTORY`, with names for ids; a few queries for each thousand rows."""
    for some in _portions(rows, 1_000):
        known = names(one for row in some for one in (row.granted_by, row.confirmed_by, row.ended_by) if one)
        for row in some:
            yield (
                "Someone who has left" if row.person.erased_at else str(row.person), str(row.person_id),
                ROLES[row.role].name if row.role in ROLES else row.role,
                TEAMS[row.team].name if row.team in TEAMS else row.team,
                row.granted_at, known.get(row.granted_by, "The system"), known.get(row.confirmed_by, ""),
                row.grant_reason, row.ends_at, known.get(row.ended_by, "The system") if row.ends_at else "",
                row.end_reason,
            )  # fmt: skip


def _portions(rows: Iterable[M], many: int) -> Iterator[list[M]]:
    left = iter(rows)
    while some := list(islice(left, many)):
        yield some


def ever_held(*roles: str) -> list[tuple[str, str]]:
    """(party id, name) of everybody who holds or held one of these roles (any granted role if none is named)."""
    held = RoleHeld.objects.filter(role__in=roles) if roles else RoleHeld.objects.all()
    found = Person.objects.filter(pk__in=held.values("person_id")).order_by("name", "pk").values_list("pk", "name")
    return [(str(pk), name or "Someone who has left") for pk, name in found]


def done_by(rows: QuerySet[M], *fields: str, who: str = "", role: str = "") -> QuerySet[M]:
    """The rows of which one of `fields` names the party ("system": the software), or who ever held the role."""
    if who:
        rows = rows.filter(_any_of(fields, "__startswith", "system:") if who == "system" else _any_of(fields, "", who))
    if role:
        rows = rows.filter(_any_of(fields, "__in", [pk for pk, _name in ever_held(role)]))
    return rows


def _any_of(fields: Iterable[str], lookup: str, value: Any) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{field + lookup: value})
    return found


def bank_checked_before(organisation: Organisation) -> datetime | None:
    """When its bank account was checked before the check that holds now; None where that is the first."""
    earlier = changes(f"organisation/{organisation.pk}").filter(what="organisation's bank verified")
    if organisation.bank_verified_at is not None:
        earlier = earlier.filter(at__lt=organisation.bank_verified_at)
    return earlier.values_list("at", flat=True).first()


def changes(subject: str) -> QuerySet[Change]:
    """What was done to one subject, such as "organisation/<id>", newest first."""
    return Change.objects.filter(subject=subject)
