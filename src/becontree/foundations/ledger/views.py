"""The accounts for everybody: the trial balance, each account's statement, what was reversed, what is promised.

No page here names a person: no actor, no key, and a subject only where it is a public thing.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.paging import page
from becontree.foundations.ledger import exports, origins, queries, words
from becontree.foundations.ledger.models import Account
from becontree.foundations.ledger.records import Statement

LINES = 50
DOWNLOAD = 100_000


@gate("everyone")
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Every account, on any day."""
    on, wrong = _day(request, "on")
    trial = queries.trial_balance(on)
    context = {
        "trial": trial,
        "on": on or request.today,  # type: ignore[attr-defined]
        "chosen": on,
        "wrong": wrong,
        "audit": queries.last_audit(),
        "closed": queries.closed_up_to(),
    }
    return render(request, "ledger/trial_balance.html", context)


@gate("everyone")
def trial_balance_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows = exports.trial_rows(queries.trial_balance(_day(request, "on")[0]))
    return csv_download("trial-balance", exports.TRIAL_COLUMNS, rows)


@gate("everyone")
def trial_balance_json(request: HttpRequest) -> StreamingHttpResponse:
    rows = exports.trial_rows(queries.trial_balance(_day(request, "on")[0]))
    return json_download(exports.TRIAL_COLUMNS, rows)


@gate("everyone")
def account(request: HttpRequest, code: str) -> HttpResponse:
    """One account's movements, newest page first, each with the balance after it."""
    found = _account(code)
    said, since, until = _statement(request, code, LINES)
    context = {
        "account": found,
        "statement": said,
        "lines": [(line, queries.public_subject(line.subject)) for line in reversed(said.lines)],
        "balance": queries.balance_of(found),
        "since": since,
        "until": until,
    }
    return render(request, "ledger/account.html", context)


@gate("everyone")
def account_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    _account(code)
    rows = exports.statement_rows(_statement(request, code, DOWNLOAD)[0])
    return csv_download(code.replace(":", "-"), exports.STATEMENT_COLUMNS, rows)


@gate("everyone")
def account_json(request: HttpRequest, code: str) -> StreamingHttpResponse:
    _account(code)
    return json_download(exports.STATEMENT_COLUMNS, exports.statement_rows(_statement(request, code, DOWNLOAD)[0]))


@gate("everyone")
def journal(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    """One business fact: its transfers, and what it reverses or was reversed by."""
    found = queries.journal_with_transfers(journal_id)
    if found is None:
        raise Http404("There is no such entry.")
    context = {
        "journal": found,
        "subject": queries.public_subject(found.subject),
        "reversed_by": found.reversed_by.first(),
        "may_reverse": request.user.is_authenticated and request.user.has_role("finance"),
        "origins": origins.of(found) if _keeps_or_audits(request) else [],
        "transfers": [words.moved(each) for each in sorted(found.transfers.all(), key=lambda each: each.n)],
    }
    return render(request, "ledger/journal.html", context)


@gate("everyone")
def journal_json(request: HttpRequest, journal_id: UUID) -> JsonResponse:
    found = queries.journal_with_transfers(journal_id)
    if found is None:
        raise Http404("There is no such entry.")
    return JsonResponse(queries.projection(found))


@gate("everyone")
def reversals(request: HttpRequest) -> HttpResponse:
    """Every correction, with its reason."""
    return render(request, "ledger/reversals.html", {"reversals": page(request, queries.reversals(), LINES)})


@gate("everyone")
def reversals_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows = (
        [
            each.decided_at.date().isoformat() if each.decided_at else "",
            str(each.journal_id),
            each.journal.kind,
            exports.money(each.amount or 0),
            each.reason,
            str(each.result_id),
        ]
        for each in queries.reversals()
    )
    return csv_download("reversals", ("date", "journal", "kind", "pounds", "reason", "reversed_by"), rows)


@gate("everyone")
def promised(request: HttpRequest) -> HttpResponse:
    """What is promised and not yet paid or let go, by account: no single giver's promise stands here."""
    return render(request, "ledger/promised.html", {"promises": page(request, queries.pledges_outstanding(), LINES)})


def _keeps_or_audits(request: HttpRequest) -> bool:
    """Whether the reader may follow an entry back to the gift or payment behind it; those pages ask again."""
    user = request.user
    return user.is_authenticated and (user.has_role("finance") or user.has_role("auditor"))


def _account(code: str) -> Account:
    try:
        return queries.account(code)
    except Invalid as error:
        raise Http404(error.message) from error


def _statement(request: HttpRequest, code: str, limit: int) -> tuple[Statement, date | None, date | None]:
    since, until = _day(request, "since")[0], _day(request, "until")[0]
    try:
        said = queries.statement(code, since, until, limit, request.GET.get("before", ""))
    except Invalid:
        said = queries.statement(code, since, until, limit)
    return said, since, until


def _day(request: HttpRequest, name: str) -> tuple[Any, bool]:
    """(the day that the address asks for or None, whether what it says is no day)."""
    text = request.GET.get(name, "")
    try:
        return (date.fromisoformat(text) if text else None), False
    except ValueError:
        return None, True
