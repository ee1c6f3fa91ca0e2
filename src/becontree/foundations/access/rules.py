"""Which rows of personal data a person sees, and for what. No rule means no rows.

A room says, once, in its `apps.ready`:

    rules.register(Pledge, "own", lambda user: Q(giver=user), subject="giver")
    rules.register(Pledge, "payment", lambda user: Q() if user.has_role("finance") else None, subject="giver")

and then reads only through `Pledge.objects.visible_to(request.user, "payment")`. `subject` is the way from the row
to the person whom it is about. For every purpose but "own", rows about the reader and about those who live with them
are taken out: nobody opens their own household's case, whatever their role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.people.models import Person
from becontree.foundations.people.queries import household_rows

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

M = TypeVar("M", bound=models.Model)
Rule = Callable[[Any], Q | None]

OWN: Final = "own"

# What a resident reads on "who has read about me". A room may add its own with `purpose()`.
PURPOSES: Final[dict[str, StrOrPromise]] = {
    OWN: _("to see or change what is their own"),
    "case": _("to work on it"),
    "moderation": _("to check words before they are published"),
    "verification": _("to check that a project or an organisation is what it says"),
    "payment": _("to move or check money"),
    "letter": _("to print and post a letter"),
    "administration": _("to grant or end a role"),
    "audit": _("to check that others did it right"),
}


@dataclass(frozen=True, slots=True)
class Registered:
    rule: Rule
    subject: str


_RULES: Final[dict[tuple[type[models.Model], str], Registered]] = {}


def purpose(code: str, words: StrOrPromise) -> None:
    """Add a purpose, in words that finish the sentence "they read this ..."."""
    PURPOSES[code] = words


def register(model: type[models.Model], purpose: str, rule: Rule, *, subject: str = "") -> None:
    """Say who sees which rows of `model` for `purpose`.

    `rule(user)` returns a Q, or None for "no rows". `subject` is a lookup from the row to a Person ("person",
    "campaign__organiser", "pk" for Person itself); leave it out only where a row is about nobody.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"{purpose!r} is not a purpose; add it with rules.purpose(code, words).")
    _RULES[model, purpose] = Registered(rule, subject)


def registered() -> list[tuple[str, str]]:
    """(model, purpose) of every rule, for the printed table."""
    return sorted((model._meta.label, purpose) for model, purpose in _RULES)


def subject_of(thing: models.Model) -> Any:
    """The id of the person whom a row is about; None where its rules name nobody."""
    paths = {known.subject for (model, _purpose), known in _RULES.items() if isinstance(thing, model) and known.subject}
    if isinstance(thing, Person):
        return thing.pk
    for path in sorted(paths):
        found: Any = thing
        steps = path.split("__")
        for step in steps[:-1]:
            found = getattr(found, step, None)
        last = steps[-1]
        value = getattr(found, f"{last}_id", None) if found is not None else None
        if value is None and found is not None:
            value = getattr(getattr(found, last, None), "pk", None)
        if value is not None:
            return value
    return None


class PersonalQuerySet(models.QuerySet[M, M]):
    """Rows about people."""

    def visible_to(self, user: Any, purpose: str, *, now: datetime | None = None) -> PersonalQuerySet[M]:
        """The rows that `user` may see for `purpose`; none where no rule says so.

        With `now`, rows for which the user has broken the glass and whose time has not run out are there too.
        """
        known = _RULES.get((self.model, purpose))
        if known is None or not isinstance(_plain(user), Person) or not user.is_active:
            return self.none()
        condition = known.rule(user)
        if now is not None and purpose != OWN:
            from becontree.foundations.access.breakglass import opened

            keys = opened(user, self.model, now)
            if keys:
                condition = Q(pk__in=keys) if condition is None else condition | Q(pk__in=keys)
        if condition is None:
            return self.none()
        rows = self.filter(condition)
        if known.subject and purpose != OWN:
            # A subject may be missing (a paper form without a name): NOT IN would drop the row with it.
            path = known.subject
            theirs = Q(**{path: _plain(user).pk}) | Q(**{f"{path}__in": household_rows(_plain(user))})
            rows = rows.exclude(theirs) if path == "pk" else rows.filter(~theirs | Q(**{f"{path}__isnull": True}))
        return rows


def _plain(user: Any) -> Any:
    """The person behind Django's lazy `request.user`."""
    if hasattr(user, "_wrapped"):
        user.is_authenticated  # noqa: B018  (makes the lazy object load)
        return user._wrapped
    return user
