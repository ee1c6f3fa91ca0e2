"""Following one pound through this room: gifts by their number, never by who gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from becontree.citizenship.giving.models import Award, Contribution, Fund, Pledge, Slice
from becontree.foundations.kit.dates import stamp, within
from becontree.foundations.ledger.exports import money
from becontree.foundations.ledger.models import Journal
from becontree.foundations.ledger.origins import Origin
from becontree.foundations.record.models import Decision, Entry

COLUMNS: Final = ("gift", "project", "amount in pounds", "state", "begun", "done")
STEPS: Final = ("promise", "kept", "let-go")


def what_for(user: Any) -> str:
    """Why somebody reads a gift here: finance to move money, an auditor to check."""
    return "payment" if user.has_role("finance") else "audit"


def gifts(
    user: Any, *, since: date | None = None, until: date | None = None, state: str = "", words: str = ""
) -> QuerySet[Pledge]:
    """Gifts of money, newest first. `words`: the beginning of a gift's number, a campaign, or part of a title."""
    found = Pledge.objects.visible_to(user, what_for(user)).filter(
        kind=Pledge.Kind.MONEY, **within("made_at", since, until)
    )
    if state:
        found = found.filter(state=state)
    if words := words.strip():
        title = Q(campaign__project__title__icontains=words)
        found = found.filter(title | Q(handle__istartswith=words) | Q(campaign__slug=words))
    return found.select_related("campaign__project").order_by("-made_at", "pk")


def gift_rows(rows: Iterable[Pledge]) -> Iterator[list[Any]]:
    """For a CSV of `COLUMNS`; nothing in it says who gave."""
    for row in rows.iterator(chunk_size=500) if isinstance(rows, QuerySet) else rows:
        title, state = row.campaign.project.title, row.get_state_display()
        yield [row.handle, title, money(row.pence), state, stamp(row.made_at), stamp(row.done_at)]


def gift(user: Any, handle: str) -> Pledge | None:
    rows = Pledge.objects.visible_to(user, what_for(user)).filter(kind=Pledge.Kind.MONEY, handle=handle)
    return rows.select_related("campaign__project").first()


def matches(pledge: Pledge) -> list[Slice]:
    """What funds put beside a gift as it came."""
    return list(pledge.slices.select_related("award__fund").order_by("pk"))


def entries(pledge: Pledge, parts: Iterable[Slice]) -> list[Journal]:
    """What the ledger says of the promise and of the match that came in with it, in the order of writing."""
    keys = [f"pledge:{pledge.handle}:{step}" for step in STEPS]
    for part in parts:
        keys += [part.key, f"{part.key}:let-go"]
    return list(Journal.objects.filter(key__in=keys).order_by("recorded_at", "id"))


def gift_url(purpose: str) -> str:
    """The desk's page of a gift, for `payments.purposes`."""
    return reverse("giving:gift", args=[purpose.partition("/")[2]])


def gifts_url(purpose: str) -> str:
    """The desk's list of a campaign's gifts, for `payments.purposes`."""
    return f"{reverse('giving:gifts')}?{urlencode({'words': purpose.partition('/')[2]})}"


def row_of(purpose: str) -> Pledge | None:
    """The gift behind a payment, so that its reading is written down, for `payments.purposes`."""
    return Pledge.objects.select_related("giver").filter(handle=purpose.partition("/")[2]).first()


def origins(journal: Journal) -> list[Origin]:
    """For `ledger.origins`: the gift, grant, fund or project that an entry came from, by its key and its subject."""
    entry = journal.reverses or journal
    what, _colon, rest = entry.key.partition(":")
    identity, _colon, number = rest.partition(":")
    if what == "pledge":
        return [_gift(identity)]
    if what == "match":
        number = number.partition(":")[0]  # "…:let-go" follows where it was let go
        parts = Slice.objects.filter(award=UUID(identity), number=int(number)).exclude(pledge=None)
        gifts = [_gift(part.pledge.handle) for part in parts if part.pledge]
        return [*gifts, *_grant(UUID(identity))]
    if what == "award":
        return _grant(UUID(identity))
    if what == "contribution":
        return _elsewhere(identity)
    kind, _slash, identity = entry.subject.partition("/")
    if kind == "contribution":  # a line of the bank
        return _elsewhere(identity)
    if kind == "fund":
        return [
            Origin(gettext("Fund: {name}").format(name=fund.name), fund.get_absolute_url())
            for fund in Fund.objects.filter(slug=identity)
        ]
    return []


def _gift(handle: str) -> Origin:
    return Origin(gettext("Gift {number}").format(number=handle), reverse("giving:gift", args=[handle]))


def _grant(award: UUID) -> list[Origin]:
    """A grant's decision on the record and its fund, whose money it is."""
    found = []
    for row in Award.objects.filter(pk=award).select_related("fund"):
        if row.number is not None:
            decided = Entry.objects.filter(thing_id=f"award/{row.fund.slug}/{row.number}", step="decided").first()
            if decided is not None:
                found.append(
                    Origin(gettext("The decision: {title}").format(title=decided.title), decision_url(decided))
                )
        found.append(Origin(gettext("Fund: {name}").format(name=row.fund.name), row.fund.get_absolute_url()))
    return found


def decision_url(entry: Entry) -> str:
    """How it was decided, where it can be computed again; else the entry with its authority and reasons."""
    frozen = Decision.objects.filter(pk=entry.pk).exists()
    return reverse("record:decision", args=[entry.pk]) if frozen else entry.get_absolute_url()


def _elsewhere(identity: str) -> list[Origin]:
    """Money from elsewhere: who gives it to which project."""
    try:
        rows = Contribution.objects.filter(pk=UUID(identity)).select_related("project")
    except ValueError:
        return []
    said = gettext("{source} for {project}")
    return [
        Origin(said.format(source=row.source, project=row.project.title), row.project.get_absolute_url())
        for row in rows
    ]
