"""Organisations: anybody may add theirs; an officer checks it against its register, finance checks its bank."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.ids import slug_for
from becontree.foundations.people.actions.common import note, reason_given
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Membership, Organisation, Person

# Register prefixes as org-id.guide lists them for the United Kingdom.
_CHARITY: Final = (
    (re.compile(r"^\d{6,7}$"), "GB-CHC"),  # Charity Commission for England and Wales
    (re.compile(r"^SC\d{6}$"), "GB-SC"),  # Scottish Charity Register
    (re.compile(r"^(NIC)?1\d{5}$"), "GB-NIC"),  # Charity Commission for Northern Ireland
)
_COMPANY: Final = re.compile(r"^([A-Z]{2}\d{6}|\d{8})$")  # Companies House


def org_identifier(*, charity_number: str, company_number: str) -> str:
    """The organisation's identifier from the register it is in; '' where it is in none.

    >>> org_identifier(charity_number="202918", company_number="")
    'GB-CHC-202918'
    >>> org_identifier(charity_number="", company_number="07492853")
    'GB-COH-07492853'
    """
    for pattern, prefix in _CHARITY:
        if charity_number and pattern.match(charity_number):
            return f"{prefix}-{charity_number.removeprefix('NIC')}"
    return f"GB-COH-{company_number}" if company_number else ""


def add_organisation(
    *,
    name: str,
    kind: str = Organisation.Kind.COMMUNITY,
    charity_number: str = "",
    company_number: str = "",
    org_id: str = "",
    about: str = "",
    website: str = "",
    by: Actor,
    now: datetime,
) -> Organisation:
    """Add an organisation, unverified; a person who adds it becomes its lead. Raises Invalid; Clash if it is known."""
    name = " ".join(name.split())
    charity_number = charity_number.replace(" ", "").replace("-", "").upper()
    company_number = company_number.replace(" ", "").upper()
    if company_number.isdigit():
        company_number = company_number.zfill(8)
    errors: dict[str, str] = {}
    if not 2 <= len(name) <= 200:
        errors["name"] = "Write the organisation's name, in 2 to 200 letters."
    if kind not in Organisation.Kind.values:
        errors["kind"] = "Choose what kind of organisation it is."
    if charity_number and not any(pattern.match(charity_number) for pattern, _ in _CHARITY):
        errors["charity_number"] = "Write a charity number like 202918, SC012345 or NIC100123."
    if company_number and not _COMPANY.match(company_number):
        errors["company_number"] = "Write a company number of 8 letters and digits, like 07492853."
    if website:
        try:
            URLValidator(schemes=["https", "http"])(website)
        except ValidationError:
            errors["website"] = "Write the whole address, beginning with https://."
    if errors:
        raise Invalid("people.organisation", gettext("Some answers need another look."), errors=errors)
    identifier = org_id.strip() or org_identifier(charity_number=charity_number, company_number=company_number)
    if identifier and Organisation.objects.filter(org_id=identifier).exists():
        raise Clash(
            "people.organisation_known", gettext("This organisation is here already. Ask its lead to let you in.")
        )
    slug = slug_for(name)
    if Organisation.objects.filter(slug=slug).exists():
        slug = slug_for(name, taken={slug})
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                slug=slug,
                name=name,
                kind=kind,
                about=about.strip(),
                website=website,
                charity_number=charity_number,
                company_number=company_number,
                org_id=identifier,
                added_by=party_id(by),
                added_at=now,
            )
            note("organisation added", organisation, by=by, now=now)
            if isinstance(by, Person):
                Membership.objects.create(
                    person=by,
                    organisation=organisation,
                    role=Membership.Role.LEAD,
                    joined_at=now,
                    joined_by=party_id(by),
                )
    except IntegrityError as error:
        raise Clash(
            "people.organisation_known", gettext("Somebody has just added an organisation like this one.")
        ) from error
    return organisation


def join(
    *, person: Person, organisation: Organisation, role: str = Membership.Role.MEMBER, by: Actor, now: datetime
) -> Membership:
    """Let a person into an organisation: its lead does, or an officer, or the software. Already in: as it stands."""
    if isinstance(by, Person) and not (by.has_role("officer") or leads(by, organisation)):
        raise NotAllowed("people.join", gettext("Only a lead of the organisation lets others in."))
    if role not in Membership.Role.values:
        raise Invalid("people.membership_role", gettext("Choose what the person does there."), "role")
    with transaction.atomic():
        place, made = Membership.objects.get_or_create(
            person=person,
            organisation=organisation,
            left_at=None,
            defaults={"role": role, "joined_at": now, "joined_by": party_id(by)},
        )
        if made:
            note("joined", organisation, by=by, now=now, person=str(person.pk), role=role)
    return place


def leave(*, place: Membership, by: Actor, now: datetime) -> Membership:
    """End a membership: the person themself, a lead, an officer."""
    if isinstance(by, Person) and not (
        by.pk == place.person_id or by.has_role("officer") or leads(by, place.organisation)
    ):
        raise NotAllowed("people.leave", gettext("Only you, or a lead of the organisation, can end this."))
    with transaction.atomic():
        place = Membership.objects.select_for_update().get(pk=place.pk)
        if place.left_at is None:
            place.left_at, place.left_by = now, party_id(by)
            place.save(update_fields=["left_at", "left_by"])
            note("left", place.organisation, by=by, now=now, person=str(place.person_id))
    return place


def verify_organisation(*, organisation: Organisation, how: str = "", by: Actor, now: datetime) -> Organisation:
    """An officer has looked the organisation up; `how` says where. Not for one's own."""
    how = _checker(organisation, "officer", how, by)
    with transaction.atomic():
        organisation.verified_at, organisation.verified_by, organisation.verified_how = now, party_id(by), how
        organisation.save(update_fields=["verified_at", "verified_by", "verified_how"])
        note("organisation verified", organisation, by=by, now=now)
    return organisation


def verify_bank(*, organisation: Organisation, how: str = "", by: Actor, now: datetime) -> Organisation:
    """Finance has checked that the bank account is the organisation's own. Not for one's own."""
    how = _checker(organisation, "finance", how, by)
    with transaction.atomic():
        organisation.bank_verified_at, organisation.bank_verified_by = now, party_id(by)
        organisation.bank_verified_how = how
        organisation.save(update_fields=["bank_verified_at", "bank_verified_by", "bank_verified_how"])
        note("organisation's bank verified", organisation, by=by, now=now)
    return organisation


def withdraw_verification(*, organisation: Organisation, reason: str, by: Actor, now: datetime) -> Organisation:
    """What was verified no longer holds (struck off, another bank): both checks fall, and can be made anew."""
    if isinstance(by, Person) and not (by.has_role("officer") or by.has_role("finance")):
        raise NotAllowed("people.verify", gettext("Only an officer or finance can do this."))
    reason = reason_given(reason)
    with transaction.atomic():
        for field in ("verified", "bank_verified"):
            setattr(organisation, f"{field}_at", None)
            setattr(organisation, f"{field}_by", "")
            setattr(organisation, f"{field}_how", "")
        organisation.save()
        note("verification withdrawn", organisation, by=by, now=now, reason=reason)
    return organisation


def leads(person: Person, organisation: Organisation) -> bool:
    """Whether the person leads the organisation now."""
    return Membership.objects.filter(
        person=person, organisation=organisation, role=Membership.Role.LEAD, left_at__isnull=True
    ).exists()


def _checker(organisation: Organisation, role: str, how: str, by: Actor) -> str:
    """The trimmed `how`, where `by` may make this check."""
    if not isinstance(by, Person):
        return how.strip() or f"Set up by {by.name}."
    if not by.has_role(role):
        raise NotAllowed("people.verify", gettext("Your role does not make this check."))
    if Membership.objects.filter(person=by, organisation=organisation, left_at__isnull=True).exists():
        raise NotAllowed(
            "people.verify_own", gettext("You belong to this organisation. Somebody else has to check it.")
        )
    return reason_given(how, "how")
