"""Conflicts of interest: a person says that they stand to gain, and from then on does not decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from becontree.foundations.access.models import ConflictOfInterest
from becontree.foundations.kit.errors import Invalid, NotAllowed
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Person


def declare(*, person: Person, ref: str, nature: str, by: Actor, now: datetime) -> ConflictOfInterest:
    """Put down an interest in `ref`. The person themself, an officer who was told, or the software. Idempotent."""
    if isinstance(by, Person) and by.pk != person.pk and not by.has_role("officer"):
        raise NotAllowed("access.conflict", gettext("You can only declare your own interests."))
    if not nature.strip():
        raise Invalid("access.conflict_nature", gettext("Say what the interest is, in a sentence."), "nature")
    with transaction.atomic():
        found, _ = ConflictOfInterest.objects.get_or_create(
            person=person,
            ref=ref,
            withdrawn_at=None,
            defaults={"nature": nature.strip(), "declared_at": now, "declared_by": party_id(by)},
        )
    return found


def withdraw(*, conflict: ConflictOfInterest, reason: str, by: Actor, now: datetime) -> ConflictOfInterest:
    """The interest has ended. An officer other than the person, so that nobody clears themselves to decide."""
    if isinstance(by, Person) and (by.pk == conflict.person_id or not by.has_role("officer")):
        raise NotAllowed(
            "access.conflict_withdraw", gettext("Another officer has to agree that the interest has ended.")
        )
    if not reason.strip():
        raise Invalid("access.conflict_reason", gettext("Say why the interest has ended."), "reason")
    with transaction.atomic():
        conflict = ConflictOfInterest.objects.select_for_update().get(pk=conflict.pk)
        if conflict.withdrawn_at is None:
            conflict.withdrawn_at, conflict.withdrawn_reason = now, reason.strip()
            conflict.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return conflict


def has_conflict(person: Person, ref: str | Iterable[str]) -> bool:
    """Whether the person has a standing interest in `ref` (or in any of several)."""
    refs = [ref] if isinstance(ref, str) else list(ref)
    return ConflictOfInterest.objects.filter(person=person, ref__in=refs, withdrawn_at__isnull=True).exists()
