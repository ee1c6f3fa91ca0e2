"""The phone's and the tablet's own addresses: join, the page that works offline, its worker, the list, the sending.

A device is known by one cookie that goes nowhere else than below /outreach/tablet/: no account, no session, no other
page. It cannot be read by a script, is never sent from another site (SameSite=Strict), and ends with its shift. What a
script sends is JSON with a header of its own, which no form of another site can send; so the sending needs no form
token, which a page that has been offline for hours would not have.

A device goes from hand to hand, so nobody is signed in on it: opening a shift signs out whoever opened it, and every
later contact signs out whoever signed in beside it. The pages of a shift carry no link to other pages of the site but
the one where the next code is typed in.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from becontree.citizenship.outreach import actions, queries
from becontree.citizenship.outreach.forms import JoinForm, PlainForm
from becontree.citizenship.outreach.models import Device, Shift
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.forms import told_in
from becontree.foundations.kit.ids import short_id
from becontree.foundations.kit.requests import Request
from becontree.foundations.kit.throttle import count, is_full
from becontree.foundations.measures.characteristics import ASKED

COOKIE: Final = "becontree-tablet"
PATH: Final = "/outreach/tablet/"
HEADER: Final = "HTTP_X_BECONTREE_TABLET"
# Wrong codes from one address in an hour; right ones are not counted, for a whole team sets out from one office. A code
# is ten of 27 letters (2.1e14) and lives as long as its shift: with 200 codes out, 300 guesses an hour find one of them
# with a chance of 300 * 200 / 2.1e14 = 3e-10 an hour, and from ten thousand addresses at once with 3e-6.
WRONG_CODES: Final = 300
MOST_BYTES: Final = 1_000_000  # of one sending
STATIC: Final = ("becontree/theme.css", "becontree/becontree.css", "becontree/tree.svg", "outreach/outreach.css",
                 "outreach/tablet.js")  # fmt: skip


@gate("everyone")
@never_cache
def join(request: Request) -> HttpResponse:
    """Type the code that an officer gave out; this phone or tablet then works for that shift."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_full(request, "outreach.join", limit=WRONG_CODES, seconds=3600):
            form.add_error(None, _("Too many codes have been tried from here. Please wait an hour, or ask for help."))
            return render(request, "outreach/join.html", {"form": form}, status=429)
        found = actions.join(code=form.cleaned_data["code"], now=request.now)
        if found is None:
            count(request, "outreach.join", seconds=3600)
            form.add_error(
                "code", _("This code is not right, was used already, or its shift is over. Ask for another.")
            )
        else:
            return opened(request, *found)
    return render(request, "outreach/join.html", {"form": form}, status=422 if form.errors else 200)


def opened(request: Request, device: Device, token: str) -> HttpResponse:
    """On to the page that works offline, with the device's cookie and without anybody's session."""
    logout(request)
    answer = redirect("outreach:tablet")
    answer.set_cookie(
        COOKIE,
        token,
        max_age=max(0, int((device.expires_at - request.now).total_seconds())),
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


@gate("everyone")
def tablet(request: Request) -> HttpResponse:
    """The page that works offline. The same for everybody: it holds nothing of any shift."""
    answer = render(request, "outreach/tablet.html", {"equality": list(ASKED.values())})
    answer["Cache-Control"] = "no-cache"
    return answer


@gate("everyone")
def worker(request: Request) -> HttpResponse:
    """The service worker: which files the page needs, and the script that keeps them."""
    head = f"const VERSION = {json.dumps(_version())};\nconst FILES = {json.dumps([PATH, *map(static, STATIC)])};\n"
    answer = HttpResponse(head + _worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@gate("everyone")
@never_cache
def shift(request: Request) -> HttpResponse:
    """The shift of this device, for its script. 401: no shift; 410: ended, wipe what is kept."""
    found = _device(request)
    if found is None:
        return JsonResponse({"what": "none"}, status=401)
    if not queries.works(found, request.now):
        waits = found.ended_at is None and request.now < found.expires_at and request.today < found.shift.begins_on
        return JsonResponse({"what": "early" if waits else "ended"}, status=425 if waits else 410)
    body = queries.for_device(found, today=request.today, now=request.now, language=get_language() or "en")
    return JsonResponse(body)


@csrf_exempt
@gate("everyone")
@never_cache
def send(request: Request) -> HttpResponse:
    """Take sealed boxes as {"boxes": [{"key", "box"}]}; says of each what became of it, and if the shift is over."""
    if request.method != "POST":
        return JsonResponse({"what": "post"}, status=405)
    if request.META.get(HEADER) != "1" or request.content_type != "application/json":
        return JsonResponse({"what": "header"}, status=400)
    found = _device(request)
    if found is None:
        return JsonResponse({"what": "none"}, status=401)
    if not queries.may_send(found, request.now):
        return JsonResponse({"what": "ended"}, status=410)
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = MOST_BYTES + 1
    if length > MOST_BYTES:
        return JsonResponse({"what": "size"}, status=413)
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        return JsonResponse({"what": "json"}, status=400)
    boxes = given.get("boxes") if isinstance(given, dict) else None
    if not isinstance(boxes, list):
        return JsonResponse({"what": "json"}, status=400)
    done = actions.take(device=found, boxes=boxes, now=request.now)
    return JsonResponse(
        {
            "done": [{"key": each.key, "what": each.what, "why": each.why} for each in done],
            "ended": not queries.works(found, request.now),
        }
    )


@csrf_exempt
@gate("everyone")
@never_cache
def leave(request: Request) -> HttpResponse:
    """The end of a shift on this device, by who holds it: it is no device any more, and its cookie goes."""
    if request.method != "POST":
        return JsonResponse({"what": "post"}, status=405)
    if request.META.get(HEADER) != "1":
        return JsonResponse({"what": "header"}, status=400)
    found = _device(request)
    if found is not None:
        actions.leave_shift(device=found, now=request.now)
    answer = JsonResponse({"what": "left"})
    answer.delete_cookie(COOKIE, path=PATH, samesite="Strict")
    return answer


@gate("everyone")
@never_cache
def plain(request: Request) -> HttpResponse:
    """The same as a form, for browsers without a script and phones that have a network all the time."""
    found = _device(request)
    if found is None:
        return redirect("outreach:join")
    if not queries.works(found, request.now):
        return render(request, "outreach/plain_over.html", status=410)
    form = PlainForm(found.shift, request.POST or None, initial={"key": short_id(20), "voice_key": short_id(20)})
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.take_plain(shift=found.shift, what=form.what(request.today), now=request.now)
            return redirect(f"{request.path}?kept=1")
    context = {"form": form, "shift": found.shift, "kept": "kept" in request.GET and request.method == "GET"}
    if found.shift.kind == Shift.Kind.DOORSTEP:
        context["lists"] = queries.for_device(
            found, today=request.today, now=request.now, language=get_language() or "en"
        )["streets"]
    return render(request, "outreach/plain.html", context, status=422 if form.errors else 200)


def _device(request: Request) -> Device | None:
    """The device that asks. Whoever is signed in beside it is signed out: the next hand may be a resident's.

    No other site can do that to anybody: the cookie of a device is never sent from one.
    """
    found = queries.device(request.COOKIES.get(COOKIE, ""))
    if found is not None and request.user.is_authenticated:
        logout(request)
    return found


@cache
def _worker() -> str:
    return (files("becontree.citizenship.outreach") / "worker.js").read_text(encoding="utf-8")


def _version() -> str:
    names: list[Any] = [static(name) for name in STATIC]
    folder = files("becontree.citizenship.outreach") / "static" / "outreach"
    own = b"".join((folder / name).read_bytes() for name in ("tablet.js", "outreach.css"))
    return sha256(json.dumps([names, _worker()]).encode() + own).hexdigest()[:12]
