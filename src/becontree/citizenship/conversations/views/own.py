"""One's own votes and words: see them, change them, take them back, be sent the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from becontree.citizenship.conversations import actions, maps, queries
from becontree.citizenship.conversations.forms import AddressForm, AppealForm, AskAgainForm, ReceiptForm
from becontree.citizenship.conversations.models import Conversation, Participant, Statement
from becontree.citizenship.conversations.views import common
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.forms import form_page, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.personal import personal
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import count, is_full, too_many


@gate("everyone")
def mine(request: Request, slug: str) -> HttpResponse:
    """My statements, my votes, my receipt, where I stand."""
    found = common.public_one(slug)
    me = common.me(request, found)
    if me is None:
        return redirect("conversations:conversation", found.slug)
    cast = queries.cast(me)
    document = maps.current(found, now=request.now) if found.results_shown else None
    statements = list(me.statements.prefetch_related("rulings", "appeals").order_by("number"))
    contact = getattr(me, "contact", None)
    return form_page(
        request,
        "conversations/mine.html",
        {
            "conversation": found,
            "me": me,
            "page": page(request, cast, 25),
            "statements": [_with_reason(one) for one in statements],
            "code": common.receipt_code(request, found, me),
            "contact": contact,
            "form": AddressForm(initial={"address": contact.address if contact else ""}),
            "open": found.state == Conversation.State.OPEN,
            "stand": maps.place(document, {one.statement.pk: one.value for one in cast}) if document else None,
            "ban": BY_CODE.get(me.banned_for),
            "ban_appeals": list(me.ban_appeals.order_by("-made_at")[:5]),
        },
    )


def _with_reason(statement: Statement) -> dict[str, Any]:
    """A statement of one's own; `ruled` is why it is not shown, or not all of it."""
    outcome = "held" if statement.state == Statement.State.HELD else "masked" if statement.original else ""
    ruled = [one for one in statement.rulings.all() if one.outcome == outcome]
    return {
        "statement": statement,
        "reason": BY_CODE.get(ruled[-1].reason) if ruled else None,
        "note": ruled[-1].note if ruled else "",
        "appeals": list(statement.appeals.all()),
    }


@gate("everyone")
def address(request: Request, slug: str) -> HttpResponse:
    """Leave an address for the answer."""
    found = common.public_one(slug)
    me = common.me(request, found)
    if me is None:
        return redirect("conversations:conversation", found.slug)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_many(request, "conversation-address", limit=300, seconds=3600):
            form.add_error(None, _("Many addresses have just come from here. Please try again in an hour."))
        else:
            actions.leave_address(participant=me, address=form.cleaned_data["address"], now=request.now)
            messages.success(request, _("We will send you the answer."))
            return redirect("conversations:mine", found.slug)
    return render(
        request,
        "conversations/address.html",
        {"conversation": found, "form": form},
        status=422 if form.errors and request.method == "POST" else 200,
    )


@gate("everyone")
def forget(request: Request, slug: str) -> HttpResponse:
    """Take everything back: votes, statements, address."""
    found = common.public_one(slug)
    me = common.me(request, found)
    if me is None:
        return redirect("conversations:conversation", found.slug)
    if request.method == "POST":
        actions.forget(participant=me, now=request.now)
        messages.success(request, _("Your votes and your words are gone."))
        return redirect("conversations:conversation", found.slug)
    return render(request, "conversations/forget.html", {"conversation": found})


def _own_statement(request: Request, slug: str, number: int) -> tuple[Conversation, Participant, Statement]:
    found = common.public_one(slug)
    me = common.me(request, found)
    statement = me.statements.filter(number=number).first() if me is not None else None
    if me is None or statement is None:
        raise Http404
    return found, me, statement


@gate("everyone")
def appeal(request: Request, slug: str, number: int) -> HttpResponse:
    """The author asks that another person look at a statement again."""
    found, me, statement = _own_statement(request, slug, number)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.appeal(
                statement=statement, participant=me, words=form.cleaned_data["words"], now=request.now
            )
            _thanked(request, made.due_on)
            return redirect("conversations:mine", found.slug)
    return form_page(
        request, "conversations/appeal.html", {"conversation": found, "statement": statement, "form": form}
    )


@gate("everyone")
def ask_again(request: Request, slug: str) -> HttpResponse:
    """Somebody who was taken out asks that another person look at it again."""
    found = common.public_one(slug)
    me = common.me(request, found)
    if me is None or me.banned_at is None:
        return redirect("conversations:conversation" if me is None else "conversations:mine", found.slug)
    form = AskAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            made = actions.appeal_ban(participant=me, words=form.cleaned_data["words"], now=request.now)
            _thanked(request, made.due_on)
            return redirect("conversations:mine", found.slug)
    return render(
        request,
        "conversations/ask_again.html",
        {"conversation": found, "form": form, "ban": BY_CODE.get(me.banned_for)},
        status=422 if form.errors and request.method == "POST" else 200,
    )


def _thanked(request: Request, day: date) -> None:
    messages.success(
        request, _("Thank you. Another person will answer you by %(day)s.") % {"day": f"{day.day} {day:%B %Y}"}
    )


@gate("everyone")
def withdraw(request: Request, slug: str, number: int) -> HttpResponse:
    """The author takes a statement back."""
    found, me, statement = _own_statement(request, slug, number)
    if request.method == "POST":
        actions.withdraw(statement=statement, participant=me, now=request.now)
        messages.success(request, _("Your words are gone."))
        return redirect("conversations:mine", found.slug)
    return render(request, "conversations/withdraw.html", {"conversation": found, "statement": statement})


@gate("everyone")
def receipt(request: Request) -> HttpResponse:
    """Type in a receipt code: all the votes of its owner, as we count them."""
    personal(request)
    form = ReceiptForm(request.POST or None)
    owner = None
    if request.method == "POST" and form.is_valid():
        if is_full(request, "receipt", limit=60, seconds=3600):  # wrong codes only
            form.add_error(None, _("Too many codes were tried from here. Please try again in an hour."))
        else:
            owner = queries.by_receipt(form.cleaned_data["code"])
            if owner is None:
                count(request, "receipt", seconds=3600)
                form.add_error("code", _("We know no such code. Look at each letter again."))
    return render(
        request,
        "conversations/receipt.html",
        {"form": form, "owner": owner, "cast": queries.cast(owner) if owner is not None else []},
        status=422 if form.errors and request.method == "POST" else 200,
    )


@gate("signed-in")
def taken_part(request: Request) -> HttpResponse:
    """The conversations that somebody took part in while signed in, and those that they host."""
    rows = Participant.objects.visible_to(request.user, "own").select_related("conversation").order_by("-pk")
    return render(
        request,
        "conversations/taken_part.html",
        {"page": page(request, rows, 20), "hosted": queries.hosted_by(request.user)[:20]},
    )
