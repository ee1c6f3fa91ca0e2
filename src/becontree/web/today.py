"""The front of the desk: the nearest clocks on top, then what waits for one's teams, with its number and its link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Count, QuerySet, Window
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import queries as talks
from becontree.citizenship.giving import queries as giving
from becontree.citizenship.hubs import queries as hubs
from becontree.citizenship.outreach import queries as outreach
from becontree.citizenship.projects import queries as projects
from becontree.citizenship.voices import queries as voices
from becontree.foundations.access import breakglass
from becontree.foundations.access.gates import gate
from becontree.foundations.forgetting import queries as forgetting
from becontree.foundations.kit.dates import day
from becontree.foundations.kit.requests import Request
from becontree.foundations.ledger import queries as ledger
from becontree.foundations.payments import queries as payments
from becontree.foundations.people import queries as people

if TYPE_CHECKING:
    from becontree.foundations.people.models import Person

SOON: Final = timedelta(days=14)
MOST_CLOCKS: Final = 10  # of each kind
MOST_FIRST: Final = 3  # of those that wait, by name


class First(NamedTuple):
    """One of those that wait: what it is called, without anybody's words, and where it is dealt with."""

    name: str
    url: str


class Waits(NamedTuple):
    """So many of something wait for a person of this role, there; the first of them."""

    what: str
    number: int
    url: str
    first: tuple[First, ...] = ()


@gate("officer", "finance", "auditor", "administrator")
def desk(request: Request) -> HttpResponse:
    """Today."""
    user = request.user
    listens = user.has_role("officer", "engagement")
    funds = user.has_role("officer", "funding")
    keeps = user.has_role("finance")
    waiting: list[Waits] = []
    clocks = {}
    if listens:
        rounds = list(voices.rounds_to_answer())
        clocks = {
            "appeals": voices.open_appeals()[:MOST_CLOCKS],
            "talk_answers": talks.due(request.today)[:MOST_CLOCKS],
            "talk_appeals": talks.open_appeals(user)[:MOST_CLOCKS],
            "ban_appeals": talks.open_ban_appeals(user)[:MOST_CLOCKS],
            "rounds": rounds[:MOST_CLOCKS],
        }
        waiting += _for_who_listens(user, len(rounds))
    if funds:
        waiting += _for_who_runs_funds(request)
    if keeps:
        waiting += _for_finance(user)
    if user.has_role("auditor") and (broken := breakglass.waiting().count()):
        waiting.append(Waits(_("Broken glass to review"), broken, reverse("access:glass")))
    if user.has_role("administrator") and (lost := people.resets_to_confirm(user).count()):
        waiting.append(Waits(_("Lost second factors to confirm"), lost, reverse("people:resets")))
    if user.has_role("administrator") and (asked := people.roles_to_confirm(user, request.now).count()):
        waiting.append(Waits(_("Roles to confirm"), asked, reverse("people:roles-asked")))
    if user.has_role("officer", "information"):
        clocks["wishes"] = forgetting.due(user)[:MOST_CLOCKS]
        waiting += _for_information_rights(request)
    closing = [one for one in giving.closing_soon(request.now)[:20] if one.closes_at.date() <= request.today + SOON]
    context = {
        **clocks,
        "clocks": any(clocks.values()),
        "closing": closing if funds or keeps else [],
        "waiting": waiting,
    }
    return render(request, "web/desk.html", context)


def _for_who_listens(user: Person, rounds: int) -> list[Waits]:
    piles = reverse("voices:batches")
    talking = reverse("conversations:desk")
    alone, unkept = hubs.left_alone()
    gone = [
        Waits(_("Conversations without a host"), alone, f"{talking}?show=without-host#all"),
        Waits(_("Hubs without a keeper"), unkept, f"{reverse('hubs:desk')}#without-keeper"),
    ]
    return [
        *(line for line in gone if line.number),
        _with_first(
            _("Voices to read"), voices.waiting().defer("response__ward__geometry"), reverse("voices:desk"), _voice
        ),
        _with_first(_("Statements to read"), talks.waiting(user), talking, _statement),
        Waits(_("Closed rounds to answer"), rounds, reverse("voices:desk-rounds")),
        Waits(_("Paper forms to type again"), voices.typed_once(user).count(), piles),
        Waits(_("Paper forms typed in two ways, to settle"), voices.typed_in_two_ways().count(), piles),
        Waits(_("People to ring back"), outreach.open_calls().count(), reverse("outreach:calls")),
    ]


def _with_first(what: str, rows: QuerySet[Any], url: str, named: Callable[[Any], First]) -> Waits:
    """How many wait, and the first few by name. One query."""
    some = list(rows.annotate(in_all=Window(Count("pk")))[:MOST_FIRST])
    return Waits(what, some[0].in_all if some else 0, url, tuple(named(each) for each in some))


def _voice(voice: Any) -> First:
    response = voice.response
    name = _("%(handle)s, came %(day)s") % {"handle": voice.handle, "day": day(response.entered_at)}
    return First(
        f"{name}: {response.round.title}" if response.round else name, reverse("voices:read", args=[voice.handle])
    )


def _statement(said: Any) -> First:
    name = _("Statement %(number)s in %(talk)s") % {"number": said.number, "talk": said.conversation.title}
    return First(name, reverse("conversations:desk-statement", args=[said.conversation.slug, said.number]))


def _for_information_rights(request: Request) -> list[Waits]:
    user, front = request.user, reverse("forgetting:desk")
    longer = forgetting.to_tell_longer(user, request.today).count()
    ring = [Waits(_("People to ring: being forgotten takes longer"), longer, front)] if longer else []
    return [
        *ring,
        Waits(_("Requests to be forgotten, to check"), forgetting.to_check(user).count(), front),
        Waits(_("Requests to be forgotten, to confirm"), forgetting.to_confirm(user).count(), front),
        Waits(_("People to ring about being forgotten"), forgetting.to_tell(user).count(), front),
    ]


def _for_who_runs_funds(request: Request) -> list[Waits]:
    funds = reverse("giving:desk")
    come = sum(line.promises for line in giving.help_due(request.now))
    return [
        Waits(_("Projects to check"), projects.waiting().count(), reverse("projects:desk")),
        Waits(_("Money from elsewhere to check"), giving.claimed().count(), funds),
        Waits(_("Agreements to sign"), giving.unsigned().count(), funds),
        Waits(_("Promised time, skills and things: have they come?"), come, reverse("giving:help")),
    ]


def _for_finance(user: Person) -> list[Waits]:
    made = reverse("payments:lists") + "?state=made"
    return [
        Waits(_("Payments to approve"), payments.payouts_waiting(user).count(), reverse("payments:payouts")),
        Waits(_("Refunds to agree to"), payments.refunds_waiting(user).count(), reverse("payments:refunds")),
        Waits(_("Lists for the bank to release"), payments.lists_waiting(user).count(), made),
        Waits(_("Promised money: has it come?"), giving.promised().count(), reverse("giving:desk")),
        Waits(_("Money into funds to confirm"), giving.pay_ins_waiting(user).count(), reverse("giving:pay-ins")),
        Waits(_("Reversals to decide on"), ledger.reversals_asked(user).count(), reverse("ledger:desk")),
        Waits(_("Closing of the books to confirm"), ledger.closings_to_confirm(user), reverse("ledger:close")),
        Waits(_("Bank lines to explain"), payments.unexplained().count(), reverse("payments:lines")),
    ]
