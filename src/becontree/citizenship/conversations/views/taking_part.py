"""Begin, vote, say something."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from becontree.citizenship.conversations import actions, identity, queries
from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.forms import SayForm
from becontree.citizenship.conversations.models import Conversation, Participant, Statement
from becontree.citizenship.conversations.views import common
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import too_many
from becontree.methods.themes.alike import alike

OFFER: Final = 5  # five at first, then offer more
ASK_OWN: Final = 7
JOINS_AN_HOUR: Final = 1200  # from one address: a hall, a school or a tower block has one


@gate("everyone")
@require_POST
def start(request: Request, slug: str) -> HttpResponse:
    """Begin to take part: the browser is given its key; who is signed in needs none. POST only."""
    found, person = common.public_one(slug), common.person(request)
    given = identity.key_of(request)
    key = voting.key_to_begin(found, given)
    if key != given and too_many(request, "conversation", limit=JOINS_AN_HOUR, seconds=3600):
        return render(request, "conversations/busy.html", {"conversation": found}, status=429)
    actions.start(conversation=found, key=key, person=person, now=request.now)
    answer = redirect("conversations:vote", found.slug)
    if person is None:
        identity.remember(answer, key)
    return answer


@gate("everyone")
def vote(request: Request, slug: str) -> HttpResponse:
    """One statement at a time. Without script the answer to a vote is a redirect; with script, the next statement."""
    if request.method == "POST":
        return _vote(request, slug)
    found = common.public_one(slug)
    me = common.me(request, found)
    if me is None or found.over:
        return redirect("conversations:conversation", found.slug)
    if me.pending_id is None and found.state == Conversation.State.OPEN:
        me = voting.carry_on(conversation=found, participant=me, now=request.now)
    return render(request, "conversations/vote.html", _card(request, found, me))


def _vote(request: Request, slug: str) -> HttpResponse:
    receipt, said = None, ""
    try:
        receipt = voting.vote_by_key(
            slug=slug,
            key=identity.key_of(request),
            person=common.person(request),
            number=_whole(request.POST.get("statement")),
            value=_whole(request.POST.get("value"), otherwise=9),
            now=request.now,
        )
    except Clash as refused:
        if refused.code == "conversation.closed":
            raise
        said = refused.message
    except Invalid:
        common.public_one(slug)  # of a draft, nobody learns that it is there
        raise
    if receipt is None and not said:  # nobody: a browser that has forgotten its key
        return redirect("conversations:conversation", common.public_one(slug).slug)
    if receipt is not None and receipt.gone:
        said = _("That statement has just been taken down. Here is another.")
    stop = _stop(receipt.answered) if receipt is not None and receipt.code and not receipt.again else ""
    if receipt is not None and request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {
                "receipt": receipt.code,
                "answered": receipt.answered,
                "after": stop,
                "next": asdict(receipt.next) if receipt.next is not None and not stop else None,
            }
        )
    if said:
        messages.info(request, said)
    if request.POST.get("back") == "mine":
        messages.success(request, _("Your vote is changed."))
        return redirect("conversations:mine", slug)
    return redirect(f"{reverse('conversations:vote', args=[slug])}{'?after=' + stop if stop else ''}")


def _stop(answered: int) -> str:
    """Where to pause after a vote: after five, then each ten; at the seventh, ask for a statement of their own."""
    if answered == ASK_OWN:
        return "own"
    return "rest" if answered == OFFER or (answered and answered % 10 == 0) else ""


def _card(request: Request, found: Conversation, me: Participant) -> dict[str, Any]:
    answered = me.votes.values("statement").distinct().count()
    after = request.GET.get("after", "")
    return {
        "conversation": found,
        "me": me,
        "statement": me.pending if me.pending_id is not None and me.counts else None,
        "answered": answered,
        "after": after if after in {"own", "rest"} else "",
        "code": common.receipt_code(request, found, me),
    }


def _whole(text: str | None, otherwise: int = 0) -> int:
    try:
        return int(str(text)[:12])
    except ValueError:
        return otherwise


@gate("everyone")
def say(request: Request, slug: str) -> HttpResponse:
    """Add a statement. What is near it already is shown first; its author may send it all the same."""
    found = common.public_one(slug)
    me = common.me(request, found)
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
            with told_in(form):
                actions.suggest(conversation=found, participant=me, words=words, now=request.now)
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
