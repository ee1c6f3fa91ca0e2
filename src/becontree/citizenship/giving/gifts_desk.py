"""Gifts of money, for those who check: one number each and no name, from where every pound can be followed."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.giving import following
from becontree.citizenship.giving.models import Pledge
from becontree.foundations.access import reads
from becontree.foundations.access.gates import gate
from becontree.foundations.kit.asked import takes
from becontree.foundations.kit.downloads import csv_download
from becontree.foundations.kit.narrowing import Narrowing, any_of
from becontree.foundations.kit.paging import page
from becontree.foundations.kit.requests import Request
from becontree.foundations.payments import following as payments
from becontree.foundations.payments import looking

FINANCE, AUDITOR = "finance", "auditor"


class GiftsForm(Narrowing):
    """Which gifts to look at."""

    state = any_of(_("How it stands"), Pledge.State.choices)
    words = forms.CharField(label=_("Its number, or the project's name"), required=False, max_length=90)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)


@gate(FINANCE, AUDITOR)
def gifts(request: Request) -> HttpResponse:
    form = GiftsForm(request)
    shown = page(request, following.gifts(request.user, **form.asked), 50)
    return render(request, "giving/desk_gifts.html", {"form": form, "page": shown}, status=form.status)


@gate(FINANCE, AUDITOR)
@takes(*GiftsForm.base_fields)
def gifts_csv(request: Request) -> HttpResponseBase:
    found = following.gifts(request.user, **GiftsForm(request).asked_strictly)
    return csv_download(request, "gifts", following.COLUMNS, following.gift_rows(found))


@gate(FINANCE, AUDITOR)
def gift(request: Request, handle: str) -> HttpResponse:
    """One gift: its charges, the match that came in with it, its entries, and what left from where it is held.

    Nobody sees their own gift or their household's here. That it was read is written down about the giver.
    """
    found = following.gift(request.user, handle)
    if found is None:
        raise Http404("There is no such gift.")
    reads.record(request.user, found, following.what_for(request.user), request.now)
    charges = payments.charges_of(found.ref)
    parts = following.matches(found)
    context = {
        "pledge": found,
        "charges": list(zip(charges, looking.charge_rows(charges), strict=True)),
        "matches": parts,
        "entries": following.entries(found, parts),
        "payouts": payments.payouts_from(found.campaign.held),
    }
    return render(request, "giving/desk_gift.html", context)
