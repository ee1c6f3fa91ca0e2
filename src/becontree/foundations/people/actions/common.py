"""What the actions of `people` share: leaving a trace, refusing an empty reason, signing somebody out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils.translation import gettext

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.people.actors import Actor, party_id
from becontree.foundations.people.models import Change, Person

LEAST_REASON = 3


def note(what: str, subject: Any, *, by: Actor, now: datetime, **facts: Any) -> None:
    """Write down who did what, when. `facts` names fields and codes, never a person's own words or contacts."""
    Change.objects.create(
        what=what, subject=f"{subject._meta.model_name}/{subject.pk}", by=party_id(by), at=now, facts=facts
    )


def reason_given(reason: str, field: str = "reason") -> str:
    """The reason, trimmed. Raises Invalid where there is none."""
    reason = reason.strip()
    if len(reason) < LEAST_REASON:
        raise Invalid("people.reason_missing", gettext("Say why, in a few words."), field)
    return reason


def end_sessions(person: Person) -> int:
    """Sign the person out wherever they are signed in. Returns how many sessions ended."""
    done = 0
    for session in UserSession.objects.filter(user=person):
        SessionStore(session.session_key).delete()
        done += 1
    UserSession.objects.filter(user=person).delete()
    return done
