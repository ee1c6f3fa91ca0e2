"""The accounts for everybody: the trial balance, each account's statement, what was reversed, what is promised.

No page here names a person: no actor, no key, and a subject only where it is a public thing. What follows one gift is
put together with others (`together`); only finance and auditors, with their second factor shown, read the books whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from becontree.foundations.access.gates import gate, has_second_factor
from becontree.foundations.kit.asked import Unclear, day, takes
from becontree.foundations.kit.downloads import csv_download, json_download, later
from becontree.foundations.kit.errors import Invalid, Refused
from becontree.foundations.kit.paging import page
from becontree.foundations.ledger import exports, log, origins, queries, together, undoing, words
from becontree.foundations.ledger.models import Account, Journal, Transfer
from becontree.foundations.ledger.records import Statement, TrialBalance
from becontree.methods.suppression import LEAST

LINES = 50
DOWNLOAD = 100_000


@gate("everyone")
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Every account, on any day."""
    on, wrong = None, False
    try:
        on = day(request, "on")
    except Unclear:
        wrong = True
    future = on if on is not None and on > request.today else None  # type: ignore[attr-defined]
    on = None if future else on
    trial = _trial(request, on)
    today: date = request.today  # type: ignore[attr-defined]
    if on is not None and on >= today:
        on = None
    context = {
        "trial": trial,
        "future": future,
        "on": on or today,
        "chosen": on,
        "the_query": f"?on={on}" if on else "",
        "wrong": wrong,
        "audit": queries.last_audit(),
        "closed": queries.closed_up_to(),
    }
    return render(request, "ledger/trial_balance.html", context, status=422 if wrong else 200)


@gate("everyone")
@takes("on")
def trial_balance_csv(request: HttpRequest) -> HttpResponseBase:
    on = _past(request, "on")
    rows = later(lambda: exports.trial_rows(_trial(request, on)))
    return csv_download(request, "trial-balance", exports.TRIAL_COLUMNS, rows)


@gate("everyone")
@takes("on")
def trial_balance_json(request: HttpRequest) -> HttpResponseBase:
    on = _past(request, "on")
    rows = later(lambda: exports.trial_rows(_trial(request, on)))
    return json_download(request, exports.TRIAL_COLUMNS, rows)


@gate("everyone")
def account(request: HttpRequest, code: str) -> HttpResponse:
    """One account's movements, newest page first, each with the balance after it."""
    found = _account(code)
    said, gifts, since, until = _statement(request, found, LINES)
    names = words.account_names([*(line.other for line in said.lines), *(row.other for row in gifts)])
    about = words.things(line.subject for line in said.lines)
    context = {
        "account": found,
        "statement": said,
        "lines": [(line, about.get(line.subject), names[line.other]) for line in reversed(said.lines)],
        "gifts": [(row, names[row.other]) for row in gifts],
        "balance": queries.balance_of(found),
        "since": since,
        "until": until,
        "the_query": "?" + urlencode({name: on for name, on in (("since", since), ("until", until)) if on}),
    }
    return render(request, "ledger/account.html", context)


@gate("everyone")
@takes("since", "until")
def account_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    return csv_download(request, code.replace(":", "-"), exports.STATEMENT_COLUMNS, _statement_rows(request, code))


@gate("everyone")
@takes("since", "until")
def account_json(request: HttpRequest, code: str) -> HttpResponseBase:
    return json_download(request, exports.STATEMENT_COLUMNS, _statement_rows(request, code))


def _statement_rows(request: HttpRequest, code: str) -> Iterator[Sequence[Any]]:
    found = _account(code)
    for name in ("since", "until"):
        day(request, name)  # refused before anything is sent: the rows are read later

    def rows() -> list[list[Any]]:
        said, gifts, _since, _until = _statement(request, found, DOWNLOAD)
        return exports.statement_rows(said, gifts)

    return later(rows)


@gate("everyone")
def journal(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    """One business fact: its transfers, and what it reverses or was reversed by."""
    found = _entry(request, journal_id)
    whole = _reads_the_books(request)
    context: dict[str, Any] = {
        "journal": found,
        "subject": words.things([found.subject]).get(found.subject),
        "reversed_by": found.reversed_by.first(),
        "reversing": _reversing(request, found),
        "origins": origins.of(found) if whole else [],
        "transfers": [words.moved(each) for each in _lines(found, whole)],
        "whole": whole,
    }
    if whole:
        context["writer"], context["steps"] = log.of(found)
    return render(request, "ledger/journal.html", context)


def _reversing(request: HttpRequest, found: Journal) -> dict[str, str]:
    """What finance is offered: to ask for a reversal, or why another step is the right one. Empty for all others."""
    if not request.user.is_authenticated or not request.user.has_role("finance"):
        return {}
    try:
        undoing.may(found)
    except Refused as why:
        return {"why_not": str(why)}
    return {"ask": reverse("ledger:ask-reversal", args=[found.pk])}


@gate("everyone")
def journal_json(request: HttpRequest, journal_id: UUID) -> JsonResponse:
    found = _entry(request, journal_id)
    return JsonResponse(queries.projection(found, _lines(found, _reads_the_books(request))))


@gate("everyone")
def reversals(request: HttpRequest) -> HttpResponse:
    """Every correction, with its reason; of what followed one gift, no sum."""
    shown = page(request, queries.reversals(), LINES)
    context = {"reversals": shown, "told": _told(request, shown)}
    return render(request, "ledger/reversals.html", context)


@gate("everyone")
def reversals_csv(request: HttpRequest) -> HttpResponseBase:
    columns = ("date", "journal", "kind", "pounds", "reason", "reversed_by")
    return csv_download(request, "reversals", columns, later(lambda: _reversal_rows(request)))


def _reversal_rows(request: HttpRequest) -> Iterator[list[Any]]:
    rows = list(queries.reversals())
    told = _told(request, rows)
    for each in rows:
        yield [
            each.decided_at.date().isoformat() if each.decided_at else "",
            str(each.journal_id) if each.journal_id in told else "",
            each.journal.kind,
            exports.money(each.amount or 0) if each.journal_id in told else "",
            each.reason,
            str(each.result_id) if each.journal_id in told else "",
        ]


def _told(request: HttpRequest, rows: Iterable[Any]) -> set[Any]:
    journals = [each.journal_id for each in rows]
    return set(journals) if _reads_the_books(request) else together.told(journals)


@gate("everyone")
def promised(request: HttpRequest) -> HttpResponse:
    """What is promised and not yet paid or let go, by account: no single giver's promise stands here."""
    shown = page(request, queries.pledges_outstanding(), LINES)
    return render(request, "ledger/promised.html", {"promises": shown, "least": LEAST})


def _reads_the_books(request: HttpRequest) -> bool:
    """Whether the reader may see the books as they are, and follow an entry back to the gift or payment behind it."""
    user = request.user
    may = user.is_authenticated and (user.has_role("finance") or user.has_role("auditor"))
    return may and has_second_factor(request)


def _trial(request: HttpRequest, on: date | None) -> TrialBalance:
    """Today's whole figures for today and for every day to come: what is to come has not been written yet."""
    today: date = request.today  # type: ignore[attr-defined]
    if on is None or on >= today:
        return queries.trial_balance()
    return queries.trial_balance(on) if _reads_the_books(request) else together.trial_balance(on, today=today)


def _entry(request: HttpRequest, journal_id: UUID) -> Journal:
    """Raises Http404, also where it follows one gift and the reader may not see the books as they are."""
    found = queries.journal_with_transfers(journal_id)
    if found is None or not (_reads_the_books(request) or together.is_told(found)):
        raise Http404("There is no such entry, or it follows one gift and is told only together with others.")
    return found


def _lines(found: Journal, whole: bool) -> list[Transfer]:
    return sorted(found.transfers.all(), key=lambda each: each.n) if whole else together.merged(found)


def _account(code: str) -> Account:
    try:
        return queries.account(code)
    except Invalid as error:
        raise Http404(error.message) from error


def _statement(
    request: HttpRequest, found: Account, limit: int
) -> tuple[Statement, list[together.Together], date | None, date | None]:
    """(the lines, what follows gifts put together, since, until); the books as they are for who may read them."""
    since, until = day(request, "since"), day(request, "until")
    whole = _reads_the_books(request)
    gifts = [] if whole else together.put_together(found)

    def said(before: str) -> Statement:
        if whole:
            return queries.statement(found.code, since, until, limit, before)
        return together.statement(found, since, until, limit, before, balances=not gifts)

    try:
        return said(request.GET.get("before", "")), gifts, since, until
    except Invalid:
        return said(""), gifts, since, until


def _past(request: HttpRequest, name: str) -> date | None:
    """The day that the address asks for, where it has begun: of the days to come nothing is written yet.

    Raises Http404 for a day to come, and Unclear for what is no day (31 February): no file says what it cannot know,
    nor hands out today's books as another day's.
    """
    on = day(request, name)
    if on is not None and on > request.today:  # type: ignore[attr-defined]
        raise Http404("That day is still to come: the books say nothing of it yet.")
    return on
