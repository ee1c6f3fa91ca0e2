"""Pages of `access` for everybody: the second factor, who has read about me, what I have an interest in."""

from __future__ import annotations

from typing import Any

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from becontree.foundations.access import conflicts, reads, words
from becontree.foundations.access.forms import InterestForm
from becontree.foundations.access.gates import gate, has_second_factor, stepped_up
from becontree.foundations.access.models import ConflictOfInterest
from becontree.foundations.access.rules import PURPOSES
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.paging import page
from becontree.foundations.people.views import me, now


@never_cache
@gate("signed-in")
def second_factor(request: HttpRequest) -> HttpResponse:
    """The step to the desk: a code for those who have set one up; the way to set one up for the others."""
    onward = _onward(request)
    if has_second_factor(request) and not me(request).needs_factor:
        return redirect(onward)
    kinds = set(Authenticator.objects.filter(user_id=request.user.pk).values_list("type", flat=True))
    if not kinds & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
        return render(request, "access/second_factor_missing.html", {"onward": onward})
    form: Any = ReauthenticateForm(request.POST or None, user=request.user)
    form.fields["code"].label = gettext("The code that your app shows, or a recovery code")
    form.fields["code"].widget.attrs.pop("placeholder", None)
    if request.method == "POST" and form.is_valid():
        form.save()
        stepped_up(request)
        return redirect(onward)
    context = {
        "form": form,
        "onward": onward,
        "key": Authenticator.Type.WEBAUTHN in kinds and "webauthn" in mfa_settings.SUPPORTED_TYPES,
        "app": Authenticator.Type.TOTP in kinds,
        "here": f"{reverse('access:second-factor')}?next={onward}",
    }
    return render(request, "access/second_factor.html", context, status=200 if request.method == "GET" else 400)


@never_cache
@gate("signed-in")
def who_read(request: HttpRequest) -> HttpResponse:
    """What somebody has read about me: the kind of thing, who and as what, when, what for."""
    rows = page(request, reads.about(me(request)), 30)
    roles = words.readers(rows)
    for event in rows:
        event.what = words.what(event.kind)
        event.role = roles[event.pk]
        event.why = PURPOSES.get(event.purpose, event.purpose)
    return render(request, "access/who_read.html", {"page": rows})


@gate("signed-in")
def interests(request: HttpRequest) -> HttpResponse:
    """My declared interests, and a form for one more."""
    form = InterestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            conflicts.declare(person=me(request), by=me(request), now=now(request), **form.cleaned_data)
            return redirect("access:interests")
        except Invalid as error:
            for field, words in error.errors.items():
                form.add_error(field or None, words)
    mine = ConflictOfInterest.objects.filter(person=me(request)).order_by("-declared_at", "id")
    return form_page(request, "access/interests.html", {"form": form, "page": page(request, mine, 30)})


def _onward(request: HttpRequest) -> str:
    """Where the person was going: an address of ours, else the desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else reverse("desk")  # "desk" alone would be looked up as a name
