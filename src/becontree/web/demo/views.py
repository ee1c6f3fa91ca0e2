"""Sign in as somebody of the example borough, with one click. Only in the demo; anywhere else there is no such page."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from becontree.foundations.access.gates import SECOND_FACTOR_KEY, gate
from becontree.foundations.people.models import Person
from becontree.web.demo import story
from becontree.web.demo.borough import ADDRESS


@gate("everyone")
def people(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    addresses = [ADDRESS.format(handle) for _, handle, *_ in story.PEOPLE]
    here = set(Person.objects.filter(email__in=addresses, is_active=True).values_list("email", flat=True))
    listed = [
        {"name": name, "handle": handle, "about": about, "role": role, "gone": ADDRESS.format(handle) not in here}
        for name, handle, role, _, about in story.PEOPLE
    ]
    if request.method == "POST":
        handle = request.POST.get("handle", "")
        if handle not in {one["handle"] for one in listed}:
            raise Http404
        person = Person.objects.filter(email=ADDRESS.format(handle), is_active=True).first()
        if person is None:  # somebody tried how to be forgotten, and was
            messages.error(request, gettext("This person asked to be forgotten, and was. Choose another."))
            return redirect("demo-people")
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        request.session[SECOND_FACTOR_KEY] = True
        UserSession.objects.create_from_request(request)  # Django's own sign-in does not tell the list of sessions
        return redirect("desk" if person.on_the_desk else "my")
    return render(request, "demo/people.html", {"people": listed})
