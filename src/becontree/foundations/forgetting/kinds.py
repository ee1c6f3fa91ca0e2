"""What can be forgotten at somebody's wish, kind by kind: accounts here, forms without an account in their rooms.

A room that keeps something about people without an account says so in its `apps.ready`:

    kinds.register(Kind("voices", _("What somebody said without an account"), find=..., rows=..., facts=..., ...))
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.forgetting import reach
from becontree.foundations.people import actions as people
from becontree.foundations.people import shredders
from becontree.foundations.people.actors import System
from becontree.foundations.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ACCOUNT: Final = "account"
BY: Final = System("forgetting")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing held about somebody.

    `find(text)`: the rows held under exactly this e-mail address, telephone number (`reach.telephone`), name
    (`reach.name`) or reference; raises Invalid, field "given", where it says too little. `rows(keys)`: rows by their
    primary keys, in one query. `facts(row)`: (what, value) for an officer to hold against what the person said.
    `forget(row, now)`: the room's own forgetting; raises Clash where something must be finished first.
    `keeps(row, now)`: (what, why) of what stays, in words for the person. `kept(row, now)`: the law keeps the whole of
    it today; it is told of and not forgotten. `columns`: "app.model.column" of each name, or way to reach somebody,
    that it finds somebody by or empties.
    """

    label: str
    name: StrOrPromise
    find: Callable[[str], Sequence[Any]]
    rows: Callable[[Sequence[str]], Iterable[Any]]
    facts: Callable[[Any], Pairs]
    forget: Callable[[Any, datetime], object]
    keeps: Callable[[Any, datetime], Pairs]
    gone: Callable[[Any], bool]
    language: Callable[[Any], str] = lambda row: "en"
    standing: Callable[[Any, datetime], Sequence[shredders.Standing]] = lambda row, now: ()
    kept: Callable[[Any, datetime], bool] = lambda row, now: False
    columns: tuple[str, ...] = ()


_KINDS: Final[dict[str, Kind]] = {}


def register(kind: Kind) -> None:
    """The same label again replaces it."""
    _KINDS[kind.label] = kind


def every() -> list[Kind]:
    """All of them, in the order of their labels."""
    return [_KINDS[label] for label in sorted(_KINDS)]


def kind(label: str) -> Kind | None:
    """None for a room that is no longer installed."""
    return _KINDS.get(label)


def find(text: str) -> list[tuple[str, Any]]:
    """(label, row) of everything held under exactly this address, number, name or reference; nothing for none.

    Raises Invalid where a room would find too many.
    """
    text = text.strip()
    rows = [(label, row) for label in sorted(_KINDS) for row in _KINDS[label].find(text)] if text else []
    # A room that knows a reference may answer with the account that it belongs to.
    found = {(ACCOUNT if isinstance(row, Person) else label, row.pk): row for label, row in rows}
    return [(label, row) for (label, _key), row in found.items()]


def _accounts(text: str) -> Sequence[Person]:
    """By an address that is proved to be theirs, their telephone number, or the random number in their file of data.

    Not by a name: it would show an officer the accounts of everybody who has it.
    """
    try:
        return list(Person.objects.filter(pk=uuid.UUID(text)))
    except ValueError:
        pass
    if number := reach.telephone(text):
        return list(Person.objects.exclude(phone="").filter(phone__regex=number))
    if "@" not in text:
        return []
    proved = EmailAddress.objects.filter(email__iexact=text, verified=True).values("user_id")
    return list(Person.objects.filter(Q(email=text.lower()) | Q(pk__in=proved)))


def _account_facts(person: Person) -> Pairs:
    facts = [
        (gettext("Name"), person.name),
        (gettext("E-mail address"), person.email or ""),
        (gettext("Telephone"), person.phone),
        (gettext("Where letters on paper go"), person.address),
    ]
    return [(what, value) for what, value in facts if value]


def _forget_account(person: Person, now: datetime) -> None:
    people.erase(person=person, by=BY, now=now)


register(
    Kind(
        ACCOUNT,
        _("An account"),
        find=_accounts,
        rows=lambda keys: Person.objects.filter(pk__in=keys),
        facts=_account_facts,
        forget=_forget_account,
        keeps=lambda person, now: [(str(one.name), str(one.keeps)) for one in shredders.stays(person)],
        gone=lambda person: person.erased_at is not None,
        language=lambda person: person.language,
        standing=shredders.standing,
        columns=(
            "people.person.email",
            "people.person.name",
            "people.person.phone",
            "people.person.address",
            "account.emailaddress.email",
        ),
    )
)
