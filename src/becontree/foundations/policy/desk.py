"""Where an administrator changes what the council decides for itself."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from becontree.foundations import policy
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.policy import actions, queries, registry
from becontree.foundations.policy.forms import SettingForm
from becontree.foundations.policy.rules import UnknownKey


@gate("administrator")
def desk(request: HttpRequest) -> HttpResponse:
    """Every setting, what it is now, and what will change."""
    today: date = request.today  # type: ignore[attr-defined]
    context = {"values": policy.at(today).council(), "to_come": list(queries.to_come(today))}
    return render(request, "policy/desk.html", context)


@gate("administrator")
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change one setting from a day on."""
    today: date = request.today  # type: ignore[attr-defined]
    try:
        setting = registry.setting(key)
    except UnknownKey as error:
        raise Http404(str(error)) from error
    current = queries.council(key, today)
    form = SettingForm(setting, request.POST or None, initial={"value": setting.typed(current), "since": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_council(
                key=key,
                value=data["value"],
                since=data["since"],
                reason=data["reason"],
                by=request.user,  # type: ignore[arg-type]
                now=request.now,  # type: ignore[attr-defined]
            )
        except Invalid as invalid:
            for field, sentence in invalid.errors.items():
                form.add_error(field or None, sentence)
        else:
            messages.success(
                request,
                gettext("%(title)s: %(shown)s from %(day)s.")
                % {"title": setting.title, "shown": setting.shown(data["value"]), "day": f"{data['since']:%d %B %Y}"},
            )
            return redirect("policy:desk")
    context = {"setting": setting, "current": setting.shown(current), "form": form, "versions": queries.history(key)}
    return render(request, "policy/change.html", context)
