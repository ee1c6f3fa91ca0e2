"""Pages for everybody: find a conversation, vote, say something, see the map, see one's own votes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from becontree.citizenship.conversations import actions, identity, maps, picture, queries
from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.forms import AddressForm, AppealForm, ReceiptForm, SayForm
from becontree.citizenship.conversations.models import Conversation, Participant, Statement
from becontree.citizenship.voices.queries import BY_CODE
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import csv_download, json_download
from becontree.foundations.kit.errors import Clash, Refused
from becontree.foundations.kit.forms import put_errors
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
from becontree.foundations.policy import settings
from becontree.foundations.record.queries import thread
from becontree.methods.themes.alike import alike

OFFER: Final = 5  # five at first, then offer more
ASK_OWN: Final = 7
JOINS_AN_HOUR: Final = 1200  # from one address: a hall, a school or a tower block has one


def _found(slug: str) -> Conversation:
    return get_object_or_404(queries.public(), slug=slug)


def _person(request: Request) -> Any:
    return request.user if request.user.is_authenticated else None


def _me(request: Request, conversation: Conversation) -> Participant | None:
    return voting.find(conversation, identity.key_of(request), _person(request))


def _code(request: Request, me: Participant) -> str:
    """The receipt code, for whoever holds its key."""
    account = identity.account_key(request.user.pk) if request.user.is_authenticated else ""
    return identity.code_of(me.receipt_hash, me.conversation_id, identity.key_of(request), account)


@gate("everyone")
def conversations(request: Request) -> HttpResponse:
    rows = page(request, queries.public(), 18)
    shown = list(rows.object_list)
    return render(
        request,
        "conversations/list.html",
        {"page": rows, "shown": shown, "people": queries.taking_part(shown)},
    )


@gate("everyone")
def conversation(request: Request, slug: str) -> HttpResponse:
    """What it asks, of whom, what it can change, who answers by when; and the one button that begins."""
    found = _found(slug)
    me = _me(request, found)
    return render(
        request,
        "conversations/conversation.html",
        {
            "conversation": found,
            "me": me,
            "open": found.state == Conversation.State.OPEN
            and found.closes_at is not None
            and request.now < found.closes_at,
            "counts": queries.counts(found),
            "answers": found.host_answers.all(),
            "thread": thread(found.ref),
        },
    )


@gate("everyone")
@require_POST
def start(request: Request, slug: str) -> HttpResponse:
    """Begin to take part: the browser is given its key. POST only."""
    found = _found(slug)
    key = identity.key_of(request)
    if not key and too_many(request, "conversation", limit=JOINS_AN_HOUR, seconds=3600):
        return render(request, "conversations/busy.html", {"conversation": found}, status=429)
    key = key or identity.new_key()
    actions.start(conversation=found, key=key, person=_person(request), now=request.now)
    answer = redirect("conversations:vote", found.slug)
    identity.remember(answer, key)
    return answer


@gate("everyone")
def vote(request: Request, slug: str) -> HttpResponse:
    """One statement at a time. Without script the answer to a vote is a redirect; with script, the next card alone."""
    found = _found(slug)
    me = _me(request, found)
    if me is None or (found.over and request.method != "POST"):
        return redirect("conversations:conversation", found.slug)
    if request.method != "POST":
        if me.pending_id is None and found.state == Conversation.State.OPEN:
            me = voting.carry_on(conversation=found, participant=me, now=request.now)
        return render(request, "conversations/vote.html", _card(request, found, me))
    swift = request.headers.get("Accept", "").startswith("application/json")
    said = ""
    receipt = None
    try:
        receipt = actions.vote(
            conversation=found,
            participant=me,
            number=_whole(request.POST.get("statement")),
            value=_whole(request.POST.get("value"), otherwise=9),
            now=request.now,
        )
    except Clash as refused:
        if found.over:
            raise
        said = refused.message
    if not swift:
        if said:
            messages.info(request, said)
        if request.POST.get("back") == "mine":
            messages.success(request, _("Your vote is changed."))
            return redirect("conversations:mine", found.slug)
        stop = _stop(receipt.answered) if receipt is not None and not receipt.again else ""
        return redirect(f"{reverse('conversations:vote', args=[found.slug])}{'?after=' + stop if stop else ''}")
    me = Participant.objects.select_related("pending").get(pk=me.pk)
    context = _card(request, found, me, answered=receipt.answered if receipt else None, said=said)
    if receipt is not None and not receipt.again:
        context["after"] = _stop(receipt.answered)
    context["receipt"] = receipt.code if receipt else ""
    html = render(request, "conversations/card.html", context).content.decode()
    return JsonResponse({"html": html, "receipt": context["receipt"], "answered": context["answered"]})


def _stop(answered: int) -> str:
    """Where to pause after a vote: after five, then each ten; at the seventh, ask for a statement of their own."""
    if answered == ASK_OWN:
        return "own"
    return "rest" if answered == OFFER or (answered and answered % 10 == 0) else ""


def _card(
    request: Request, found: Conversation, me: Participant, *, answered: int | None = None, said: str = ""
) -> dict[str, Any]:
    if answered is None:
        answered = me.votes.values("statement").distinct().count()
    after = request.GET.get("after", "")
    return {
        "conversation": found,
        "me": me,
        "statement": me.pending if me.pending_id is not None and me.counts else None,
        "answered": answered,
        "after": after if after in {"own", "rest"} else "",
        "said": said,
        "code": _code(request, me),
    }


def _whole(text: str | None, otherwise: int = 0) -> int:
    try:
        return int(str(text)[:12])
    except ValueError:
        return otherwise


@gate("everyone")
def say(request: Request, slug: str) -> HttpResponse:
    """Add a statement. What is near it already is shown first; its author may send it all the same."""
    found = _found(slug)
    me = _me(request, found)
    if me is None or found.over or not found.own_statements:
        return redirect("conversations:conversation", found.slug)
    form = SayForm(request.POST or None)
    near: list[Statement] = []
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if not form.cleaned_data["sure"]:
            near = _near(found, words)
        if near:
            form = SayForm({"words": words, "sure": "on"})
            return render(request, "conversations/say.html", {"conversation": found, "form": form, "near": near})
        if too_many(request, "statement", limit=60, seconds=3600):
            form.add_error(None, _("Many statements have just come from here. Please try again in an hour."))
        else:
            try:
                actions.suggest(conversation=found, participant=me, words=words, now=request.now)
            except Refused as refused:
                put_errors(form, refused)
            else:
                messages.success(request, _("Thank you. A person reads it, then others vote on it."))
                return redirect("conversations:vote", found.slug)
    return render(
        request,
        "conversations/say.html",
        {"conversation": found, "form": form, "near": near},
        status=422 if form.errors and request.method == "POST" else 200,
    )


def _near(found: Conversation, words: str) -> list[Statement]:
    there = list(queries.shown(found).filter(about_you=False))
    return [there[at] for at, _ in alike(words, [one.words for one in there])]


@gate("everyone")
def mine(request: Request, slug: str) -> HttpResponse:
    """My statements, my votes, my receipt, where I stand."""
    found = _found(slug)
    me = _me(request, found)
    if me is None:
        return redirect("conversations:conversation", found.slug)
    cast = queries.cast(me)
    document = maps.current(found, now=request.now) if found.results_shown else None
    statements = list(me.statements.prefetch_related("rulings", "appeals").order_by("number"))
    contact = getattr(me, "contact", None)
    return render(
        request,
        "conversations/mine.html",
        {
            "conversation": found,
            "me": me,
            "page": page(request, cast, 25),
            "statements": [_with_reason(one) for one in statements],
            "code": _code(request, me),
            "contact": contact,
            "form": AddressForm(initial={"address": contact.address if contact else ""}),
            "open": found.state == Conversation.State.OPEN,
            "stand": maps.place(document, {one.statement.pk: one.value for one in cast}) if document else None,
            "ban": BY_CODE.get(me.banned_for),
        },
    )


def _with_reason(statement: Statement) -> dict[str, Any]:
    held = [one for one in statement.rulings.all() if one.outcome == "held"]
    reason = BY_CODE.get(held[-1].reason) if held and statement.state == Statement.State.HELD else None
    return {
        "statement": statement,
        "reason": reason,
        "note": held[-1].note if reason else "",
        "appeals": list(statement.appeals.all()),
    }


@gate("everyone")
def address(request: Request, slug: str) -> HttpResponse:
    """Leave an address for the answer."""
    found = _found(slug)
    me = _me(request, found)
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
    found = _found(slug)
    me = _me(request, found)
    if me is None:
        return redirect("conversations:conversation", found.slug)
    if request.method == "POST":
        actions.forget(participant=me, now=request.now)
        messages.success(request, _("Your votes and your words are gone."))
        return redirect("conversations:conversation", found.slug)
    return render(request, "conversations/forget.html", {"conversation": found})


def _own_statement(request: Request, slug: str, number: int) -> tuple[Conversation, Participant, Statement]:
    found = _found(slug)
    me = _me(request, found)
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
        try:
            made = actions.appeal(
                statement=statement, participant=me, words=form.cleaned_data["words"], now=request.now
            )
        except Refused as refused:
            put_errors(form, refused)
        else:
            day = f"{made.due_on.day} {made.due_on:%B %Y}"
            messages.success(request, _("Thank you. Another person will answer you by %(day)s.") % {"day": day})
            return redirect("conversations:mine", found.slug)
    return render(request, "conversations/appeal.html", {"conversation": found, "statement": statement, "form": form})


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
def opinion_map(request: Request, slug: str) -> HttpResponse:
    """Who thinks alike, what all share, what divides: a picture, and a table that says the same."""
    found = _found(slug)
    if not found.results_shown:
        return render(request, "conversations/frozen.html", {"conversation": found, "counts": queries.counts(found)})
    document = maps.current(found, now=request.now)
    me = _me(request, found)
    stand = maps.place(document, maps.mine(me)) if me is not None and me.counts else None
    return render(
        request,
        "conversations/map.html",
        {
            "conversation": found,
            "me": me,
            "answers": found.host_answers.all(),
            **picture.context(found, document, stand, words=queries.words(found)),
        },
    )


@gate("everyone")
def map_version(request: Request, slug: str) -> HttpResponse:
    """Some bytes: the map's number. 304 where the asker has it already."""
    found = get_object_or_404(Conversation.objects.exclude(state=Conversation.State.DRAFT), slug=slug)
    if not found.results_shown:
        raise Http404
    document = maps.current(found, now=request.now)
    tag = f'"{document.version}"'
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = JsonResponse({"version": document.version})
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    return answer


@gate("everyone")
def statements(request: Request, slug: str) -> HttpResponse:
    """All statements that are shown; with how the votes stand, where that may be seen."""
    found = _found(slug)
    document = maps.current(found, now=request.now) if found.results_shown else None
    rows = page(request, queries.shown(found), 30)
    tallies = document.document.get("tallies", {}) if document else {}
    return render(
        request,
        "conversations/statements.html",
        {
            "conversation": found,
            "page": rows,
            "rows": [picture.line(one.number, one.words, tallies) for one in rows],
            "groups": [group["id"] for group in document.document.get("groups", [])] if document else [],
            "shown": document is not None,
        },
    )


FIELDS = ["number", "words", "seed", "about_you", "agree", "disagree", "pass", "votes"]


def _rows(found: Conversation, now: Any) -> Iterator[list[Any]]:
    tallies = maps.current(found, now=now).document.get("tallies", {}) if found.results_shown else {}
    for one in queries.shown(found).iterator(chunk_size=500):
        agree, disagree, seen, *_rest = tallies.get(str(one.number), (None, None, None))
        passed = seen - agree - disagree if seen is not None else None
        yield [one.number, one.words, one.is_seed, one.about_you, agree, disagree, passed, seen]


@gate("everyone")
def statements_csv(request: Request, slug: str) -> HttpResponseBase:
    found = _found(slug)
    return csv_download(f"conversation-{found.slug}", FIELDS, _rows(found, request.now))


@gate("everyone")
def statements_json(request: Request, slug: str) -> HttpResponseBase:
    return json_download(FIELDS, _rows(_found(slug), request.now))


@gate("everyone")
def log(request: Request, slug: str) -> HttpResponse:
    """What was decided about statements: numbers, reasons, dates. No words, nobody's name."""
    found = _found(slug)
    rows = page(request, queries.rulings(found), 40)
    return render(
        request,
        "conversations/log.html",
        {
            "conversation": found,
            "page": rows,
            "rows": [(one, BY_CODE.get(one.reason)) for one in rows],
            "banned": found.participants.exclude(banned_at=None).count(),
        },
    )


@gate("everyone")
def receipt(request: Request) -> HttpResponse:
    """Type in a receipt code: all the votes of its owner, as we count them."""
    form = ReceiptForm(request.POST or None)
    owner = None
    if request.method == "POST" and form.is_valid():
        if too_many(request, "receipt", limit=60, seconds=3600):
            form.add_error(None, _("Too many codes were tried from here. Please try again in an hour."))
        else:
            owner = queries.by_receipt(form.cleaned_data["code"])
            if owner is None:
                form.add_error("code", _("We know no such code. Look at each letter again."))
    return render(
        request,
        "conversations/receipt.html",
        {"form": form, "owner": owner, "cast": queries.cast(owner) if owner is not None else []},
        status=422 if form.errors and request.method == "POST" else 200,
    )


@gate("everyone")
def how(request: Request) -> HttpResponse:
    """How it works: what is counted, what one person one voice means here, why nobody can reply."""
    return render(
        request,
        "conversations/how.html",
        {"appeal_days": settings.council("voices.appeal_days", request.today)},
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
