"""A person comes, changes their details, takes their data, and goes."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import queries, shredders
from becontree.foundations.people.actions.asked import forget_roles_asked
from becontree.foundations.people.actions.common import end_sessions, note
from becontree.foundations.people.actions.factors import forget_resets
from becontree.foundations.people.actions.roles import hold_the_keys
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Membership, Person, RoleHeld

DETAILS = {"name": 200, "phone": 30, "address": 400, "language": 16, "ward_code": 12}


def register(
    *,
    email: str | None = None,
    name: str = "",
    phone: str = "",
    language: str = "en",
    ward_code: str = "",
    email_verified: bool = False,
    by: Actor,
    now: datetime,
) -> Person:
    """Add a person (for example from a paper form); without an address they can sign in later, once they give one.

    Only the set-up, an import or an officer does this; residents come in through sign-up. Raises NotAllowed,
    Invalid, and Clash where the address is known already.
    """
    if isinstance(by, Person) and not by.has_role("officer"):
        raise NotAllowed("people.register", gettext("Only officers add people by hand."))
    address = _address(email)
    if address and Person.objects.filter(email=address).exists():
        raise Clash("people.email_taken", gettext("Somebody has that e-mail address already."), "email")
    details = _details({"name": name, "phone": phone, "language": language, "ward_code": ward_code})
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email=address, created_at=now, **details)
            if address:
                EmailAddress.objects.create(user=person, email=address, primary=True, verified=email_verified)
            note("registered", person, by=by, now=now)
    except IntegrityError as error:
        raise Clash("people.email_taken", gettext("Somebody has that e-mail address already."), "email") from error
    return person


def change_details(*, person: Person, by: Actor, now: datetime, **details: str) -> Person:
    """Change name, phone, address, language or ward. A person changes their own; an import or the set-up may too."""
    if isinstance(by, Person) and by.pk != person.pk:
        raise NotAllowed("people.not_yours", gettext("You can only change your own details."))
    if person.erased_at is not None:
        raise Clash("people.erased", gettext("This account has been erased."))
    clean = _details(details)
    changed = sorted(field for field, value in clean.items() if getattr(person, field) != value)
    if not changed:
        return person
    with transaction.atomic():
        for field in changed:
            setattr(person, field, clean[field])
        person.save(update_fields=changed)
        note("details changed", person, by=by, now=now, fields=changed)
    return person


def export(*, person: Person, by: Actor, now: datetime) -> dict[str, Any]:
    """Everything kept about the person, class by class, as plain JSON. Only they themselves, or the software."""
    if isinstance(by, Person) and by.pk != person.pk:
        raise NotAllowed("people.not_yours", gettext("You can only take your own data."))
    with transaction.atomic():
        note("data taken", person, by=by, now=now)
        return {
            "about": "Everything kept about you, class by class. Dates are in UTC.",
            "made_at": now.isoformat(),
            "kept": {shredder.label: shredder.export(person) for shredder in shredders.every()},
        }


def erase(*, person: Person, by: Actor, now: datetime) -> Person:
    """Forget a person: every registered class of data is emptied; the party id, and what is published, stand.

    What is only promised and may be let go is let go in the same step. The person themself asks, or the software does.
    Raises Clash, and changes nothing, where something must be finished first.
    """
    if isinstance(by, Person) and by.pk != person.pk:
        raise NotAllowed("people.not_yours", gettext("Only the person themself can ask to be forgotten."))
    with transaction.atomic():
        # Before the person is locked: a room locks what is promised to, then writes rows that name the person.
        for shredder in shredders.every():
            if shredder.release:
                shredder.release(person, now)
        Person.objects.select_for_update().get(pk=person.pk)
        person.refresh_from_db()  # the caller's own object, so that nobody goes on with what was erased
        if person.erased_at is not None:
            return person
        person.forget_roles()
        if person.has_role("administrator"):
            hold_the_keys()
        waits = shredders.standing(person, now)
        if waits:
            raise Clash("people.held", " ".join(f"{one.what} {one.todo}" for one in waits))
        emptied = {shredder.label: shredder.erase(person, now) or 0 for shredder in shredders.every()}
        person.refresh_from_db()
        for field in ("name", "phone", "address", "ward_code"):
            setattr(person, field, "")
        person.email = None
        person.language = "en"
        person.is_active = person.needs_factor = False
        person.last_login = None
        person.erased_at = now
        person.save()
        note("erased", person, by=by, now=now, emptied=emptied)
    return person


def export_own(person: Person) -> dict[str, Any]:
    """What this app keeps about a person."""
    return {
        "party id": str(person.pk),
        "e-mail": person.email,
        "e-mail addresses": sorted(person.emailaddress_set.values_list("email", flat=True)),
        "name": person.name,
        "phone": person.phone,
        "address": person.address,
        "language": person.language,
        "ward": person.ward_code,
        "since": person.created_at.isoformat() if person.created_at else None,
        "roles": [
            {
                "role": held.role,
                "team": held.team,
                "from": held.granted_at.isoformat(),
                "until": held.ends_at.isoformat() if held.ends_at else None,
                "why": held.grant_reason,
            }
            for held in person.roles_held.order_by("granted_at")
        ],
        "roles asked for": [
            {
                "role": one.role,
                "asked on": one.asked_at.isoformat(),
                "why": one.reason,
                "how it ended": str(one.get_state_display()),
                "ended on": one.decided_at.isoformat() if one.decided_at else None,
                "why not": one.why_not,
            }
            for one in person.role_requests.order_by("asked_at")
        ],
        "organisations": [
            {
                "organisation": place.organisation.name,
                "role": place.role,
                "from": place.joined_at.isoformat(),
                "until": place.left_at.isoformat() if place.left_at else None,
            }
            for place in person.memberships.select_related("organisation").order_by("joined_at")
        ],
        "households": [
            {"since": place.since.isoformat(), "until": place.until.isoformat() if place.until else None}
            for place in person.household_places.order_by("since")
        ],
        "second factors": sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True)),
        "second factors taken away": [
            {
                "asked on": one.asked_at.isoformat(),
                "why": one.reason,
                "how it was checked": str(one.get_checked_display()),
                "what was noted": one.check_note,
                "how it ended": str(one.get_state_display()),
                "ended on": one.decided_at.isoformat() if one.decided_at else None,
            }
            for one in person.factor_resets.order_by("asked_at")
        ],
        "signed in on": [
            {"address": session.ip, "browser": session.user_agent, "last seen": session.last_seen_at.isoformat()}
            for session in UserSession.objects.filter(user=person).order_by("created_at")
        ],
    }


def standing_own(person: Person, now: datetime) -> list[shredders.Standing]:
    """The only administrator hands the keys over first."""
    if not person.has_role("administrator") or queries.keyholders().exclude(person=person).exists():
        return []
    return [
        shredders.Standing(
            gettext("You are the only administrator."),
            gettext("Grant the role to somebody else first."),
            reverse("people:desk"),
        )
    ]


def erase_own(person: Person, now: datetime) -> int:
    """Empty what this app keeps: addresses, second factors, sessions; end roles and memberships."""
    who = party_id(person)
    done = end_sessions(person)
    done += EmailAddress.objects.filter(user=person).delete()[0]
    done += Authenticator.objects.filter(user=person).delete()[0]
    done += RoleHeld.objects.filter(person=person, ends_at__isnull=True).update(
        ends_at=now, ended_by=who, end_reason="The person asked to be forgotten."
    )
    done += Membership.objects.filter(person=person, left_at__isnull=True).update(left_at=now, left_by=who)
    done += person.household_places.filter(until__isnull=True).update(until=now)
    done += forget_resets(person, now)
    done += forget_roles_asked(person, now)
    person.forget_roles()
    return done


def _address(email: str | None) -> str | None:
    if not email or not email.strip():
        return None
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid(
            "people.email_form", gettext("Write an e-mail address like name@example.org."), "email"
        ) from error
    return address


def _plain(text: str) -> str:
    kept = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C" or letter in "\u200c\u200d\t")
    return " ".join(kept.split())


def _details(given: dict[str, str]) -> dict[str, str]:
    """Trimmed, without control characters, within their lengths. Raises Invalid with one sentence a field."""
    errors: dict[str, str] = {}
    clean: dict[str, str] = {}
    for field, value in given.items():
        if field not in DETAILS:
            raise TypeError(f"{field!r} is not a detail that can be changed.")
        lines = [_plain(line) for line in value.splitlines()]
        joint = "\n" if field == "address" else " "  # an address is written as on an envelope
        clean[field] = joint.join(line for line in lines if line)
        if len(clean[field]) > DETAILS[field]:
            errors[field] = f"Keep it within {DETAILS[field]} letters."
    if clean.get("phone") and not set(clean["phone"]) <= set("0123456789 +()-."):
        errors["phone"] = "Write a telephone number with digits, like 020 7946 0000."
    if errors:
        raise Invalid("people.details", gettext("Some details need another look."), errors=errors)
    return clean
