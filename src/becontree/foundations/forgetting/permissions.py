"""Who may deal with wishes to be forgotten: officers of the team for information rights, never for their own home."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext

from becontree.foundations.access.rules import subject_of
from becontree.foundations.forgetting.kinds import ACCOUNT
from becontree.foundations.forgetting.models import Part
from becontree.foundations.kit.errors import NotAllowed
from becontree.foundations.people.models import Person
from becontree.foundations.people.queries import household_ids
from becontree.foundations.people.teams import INFORMATION

PURPOSE: Final = "forgetting"


def may_handle(user: Any) -> bool:
    return isinstance(user, Person) and user.has_role("officer", INFORMATION.code)


def must_handle(user: Any) -> None:
    """Raises NotAllowed, in the same words whoever was asked about."""
    if not may_handle(user):
        raise NotAllowed(
            "forgetting.role", gettext("Only an officer for information rights deals with requests to be forgotten.")
        )


def must_be_strangers(user: Person, rows: list[Any]) -> None:
    """Raises NotAllowed where one of the rows is about the officer or somebody they live with."""
    if {subject_of(row) for row in rows} & household_ids(user):
        raise NotAllowed(
            "forgetting.own", gettext("This is about you or somebody you live with. Ask a colleague to take it down.")
        )


def wishes(user: Any) -> Q | None:
    """Every wish but those of the officer's own home; no rows for anybody else."""
    if not may_handle(user):
        return None
    theirs = Part.objects.filter(kind=ACCOUNT, key__in=[str(one) for one in household_ids(user)])
    return ~Q(pk__in=theirs.values("wish"))
