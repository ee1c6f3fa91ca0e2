"""Pages for those who host: prepare, open, close, answer. Under /my/ and on the desk (`kit.doors`)."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.actions import handing, hosting
from becontree.citizenship.conversations.forms import AnswerForm, ConversationForm, HostNameForm, SeedsForm
from becontree.citizenship.conversations.models import Conversation, Statement
from becontree.citizenship.conversations.permissions import hosts, may_open
from becontree.citizenship.conversations.readings import A_QUEUE, readings, show_chosen
from becontree.citizenship.manifesto import queries as manifesto
from becontree.foundations.access import reads
from becontree.foundations.kit.doors import page_at, two_doors
from becontree.foundations.kit.errors import NotAllowed, Refused
from becontree.foundations.kit.forms import put_errors, told_in
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request

TEAM: Final = "officer:engagement"


def hosted(request: Request, slug: str, at: str) -> Conversation:
    """The conversation, for its hosts; on the resident's pages nobody acts by an officer's role."""
    alone = Exists(queries.without_host().filter(pk=OuterRef("pk")))
    rows = Conversation.objects.select_related("ward", "organisation").annotate(without_host=alone)
    found = get_object_or_404(rows, slug=slug)
    if not hosts(request.user, found):
        raise Http404
    if at == "my" and not queries.hosted_by(request.user).filter(pk=found.pk).exists():
        raise Http404
    return found


def new(request: Request, at: str) -> HttpResponse:
    """Begin a conversation; at the desk, with `?aspiration=` one that puts an aspiration to people."""
    asked = request.GET.get("aspiration", "") if at == "desk" else ""
    aspiration = next((one for one in manifesto.aspirations_to_agree() if one.slug == asked), None) if asked else None
    initial = {"title": aspiration.sentence[:200], "about": aspiration.rests_on} if aspiration else {}
    form = ConversationForm(request.POST or None, by=request.user, now=request.now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            with transaction.atomic():
                made = actions.draft(by=request.user, now=request.now, **form.chosen())
                if aspiration is not None:
                    hosting.seed_aspirations(conversation=made, only=aspiration.ref, by=request.user, now=request.now)
            return redirect(f"conversations:{at}-manage", made.slug)
    return page_at(request, "conversations/host_form.html", at, {"conversation": None}, form)


def edit(request: Request, slug: str, at: str) -> HttpResponse:
    found = hosted(request, slug, at)
    initial = ConversationForm.initial_of(found) | {"read": hosting.as_read(found)}
    form = ConversationForm(request.POST or None, by=request.user, now=request.now, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            read = form.cleaned_data["read"]
            actions.edit(conversation=found, by=request.user, now=request.now, read=read, **form.chosen())
            messages.success(request, _("Kept."))
            return redirect(f"conversations:{at}-manage", found.slug)
        form.data = request.POST.copy()  # they were told: kept again, it stands in place of what is there now
        form.data["read"] = hosting.as_read(hosted(request, slug, at))
    return page_at(request, "conversations/host_form.html", at, {"conversation": found}, form)


def manage(request: Request, slug: str, at: str) -> HttpResponse:
    """One conversation and what can be done with it now."""
    if at == "my" and (token := request.GET.get("join", "")):
        return _take_over(request, slug, token)
    found = hosted(request, slug, at)
    link = ""
    wanted = request.POST.get("do", "")
    seeds = SeedsForm(request.POST if wanted == "seeds" else None)
    problems: dict[str, str] = {}
    personal: list[hosting.Line] = []
    if request.method == "POST":
        try:
            if wanted == "seeds" and seeds.is_valid():
                made = actions.seed_statements(
                    conversation=found,
                    words=seeds.cleaned_data["words"].splitlines(),
                    about_you=seeds.cleaned_data["about_you"],
                    looked_at=request.POST.getlist("looked")[: hosting.MOST_SEEDS],
                    by=request.user,
                    now=request.now,
                )
                messages.success(
                    request,
                    ngettext("%(n)s statement is put down.", "%(n)s statements are put down.", len(made))
                    % {"n": len(made)},
                )
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "invite":
                token = handing.invite(conversation=found, by=request.user, now=request.now)
                path = reverse("conversations:my-manage", args=[found.slug])
                link = request.build_absolute_uri(f"{path}?join={token}")
            if wanted == "aspirations":
                made = hosting.seed_aspirations(conversation=found, by=request.user, now=request.now)
                messages.success(
                    request,
                    ngettext("%(n)s aspiration is put down.", "%(n)s aspirations are put down.", len(made))
                    % {"n": len(made)},
                )
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "show-many":
                show_chosen(request, found)
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted.startswith("drop-"):
                statement = get_object_or_404(found.statements, number=wanted.removeprefix("drop-")[:9])
                hosting.drop_seed(statement=statement, by=request.user, now=request.now)
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "open":
                actions.open_(conversation=found, by=request.user, now=request.now)
                messages.success(request, _("It is open."))
                return redirect(f"conversations:{at}-manage", found.slug)
            if wanted == "close":
                actions.close(conversation=found, by=request.user, now=request.now)
                messages.success(request, _("Voting is over. The clock of the answer runs."))
                return redirect(f"conversations:{at}-manage", found.slug)
        except Refused as refused:
            if wanted == "seeds":
                if refused.code == "seeds.personal":
                    personal = hosting.personal_lines(seeds.cleaned_data["words"].splitlines())
                put_errors(seeds, refused)
            else:
                problems = getattr(refused, "errors", None) or {"": refused.message}
    waiting = list(queries.waiting(request.user, found)[:A_QUEUE])
    rows = found.statements.exclude(state=Statement.State.WAITING).select_related("author").order_by("number")
    counts = queries.counts(found)
    statements = page(request, rows, 30, count=counts["read"])
    others = [row for row in statements if row.author_id is not None and row.state == Statement.State.HELD]
    reads.record(request.user, [*waiting, *others], "moderation", request.now)
    return page_at(
        request,
        "conversations/host_manage.html",
        at,
        {
            "conversation": found,
            "missing": hosting.missing(found, request.now) if found.state == Conversation.State.DRAFT else {},
            "problems": problems,
            "seeds": seeds,
            "personal": personal,
            "may_open": may_open(request.user, found),
            "statements": statements,
            "readings": readings(waiting),
            "counts": counts,
            "appeals": queries.open_appeals(request.user, found)[:20],
            "bans": queries.banned(request.user, found).count() if at == "desk" else 0,
            "answers": found.host_answers.all(),
            "link": link,
        },
        seeds,
    )


def _take_over(request: Request, slug: str, token: str) -> HttpResponse:
    """For somebody who was handed an invitation: what it means, and a button. Without a good one there is no page."""
    found = get_object_or_404(Conversation, slug=slug)
    if found.host_id == request.user.pk:
        return redirect("conversations:my-manage", slug)
    if not handing.invited(conversation=found, token=token, now=request.now):
        raise Http404
    resident = found.host_kind == Conversation.Host.RESIDENT
    form = HostNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, but=(NotAllowed,)):
            handing.take_over(conversation=found, token=token, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("You host it now."))
            return redirect("conversations:my-manage", slug)
    context = {"conversation": found, "form": form, "resident": resident}
    return page_at(request, "conversations/take_over.html", "my", context, form)


def answer(request: Request, slug: str, at: str) -> HttpResponse:
    """Answer the common ground."""
    found = hosted(request, slug, at)
    document = queries.document(found)
    words = queries.words(found)
    common = document.document.get("common_ground", []) if document is not None and found.over else []
    offered = [one | {"words": words[one["number"]]} for one in common if one["number"] in words]
    form = AnswerForm(request.POST or None, initial={"team": found.answered_by})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.answer(
                conversation=found,
                about=[int(one) for one in request.POST.getlist("about")[:60] if one.isascii() and one.isdigit()],
                by=request.user,
                now=request.now,
                **form.cleaned_data,
            )
            messages.success(request, _("Answered. Everybody who left an address is told."))
            return redirect(f"conversations:{at}-manage", found.slug)
    return page_at(request, "conversations/host_answer.html", at, {"conversation": found, "common": offered}, form)


my_new, desk_new = two_doors(new, team=TEAM)
my_edit, desk_edit = two_doors(edit, team=TEAM)
my_manage, desk_manage = two_doors(manage, team=TEAM)
my_answer, desk_answer = two_doors(answer, team=TEAM)
