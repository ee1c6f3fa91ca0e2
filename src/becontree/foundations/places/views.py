"""The borough for everybody: the map, its wards, the places to meet."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from becontree.foundations.access.gates import gate
from becontree.foundations.kit.downloads import braked, csv_download
from becontree.foundations.kit.forms import form_page
from becontree.foundations.kit.paging import page
from becontree.foundations.places import guests, queries
from becontree.foundations.places.forms import PostcodeForm
from becontree.foundations.places.picture import Spot


@gate("everyone")
def places(request: HttpRequest) -> HttpResponse:
    """The map and table of the wards, and the venues."""
    wards = list(queries.wards_with_venues())
    borough = queries.borough()
    picture = queries.svg_map(
        title=gettext("The wards of %(borough)s") % {"borough": borough} if borough else gettext("The wards"),
        links={each.code: reverse("places:ward", args=[each.code]) for each in wards},
    )
    context = {"borough": borough, "wards": wards, "picture": picture, "venues": _venues(request)}
    return render(request, "places/places.html", context)


def _venues(request: HttpRequest, ward: str | None = None) -> Any:
    """A page of places to meet, each with who meets there."""
    found = page(request, queries.venues(ward), 50)
    guests.welcome(found)
    return found


@gate("everyone")
def near(request: HttpRequest) -> HttpResponse:
    """Find one's ward by postcode. The postcode is sent in a form, so that it stands in no address and no log."""
    form = PostcodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = queries.ward_for(form.cleaned_data["postcode"])
        if found is not None:
            return redirect("places:ward", found.code)
        form.add_error("postcode", gettext("We do not know this postcode. It may lie outside the borough, or be new."))
    return form_page(request, "places/near.html", {"form": form})


@gate("everyone")
def ward(request: HttpRequest, code: str) -> HttpResponse:
    """One ward: where it is, and its venues."""
    names = queries.ward_names()
    if code not in names:
        raise Http404(f"There is no ward {code}.")
    venues = _venues(request, code)
    picture = queries.svg_map(
        title=f"{names[code]} in the borough",
        highlight=code,
        points=[Spot(each.name, (each.lon, each.lat)) for each in venues if each.lon is not None],
    )
    return render(
        request, "places/ward.html", {"code": code, "name": names[code], "venues": venues, "picture": picture}
    )


@gate("everyone")
def wards_csv(request: HttpRequest) -> HttpResponseBase:
    rows = queries.wards_with_venues().values_list("code", "name", "lon", "lat", "venue_count")
    return csv_download(request, "wards", ("code", "name", "lon", "lat", "venues"), rows)


@gate("everyone")
def wards_geojson(request: HttpRequest) -> HttpResponse:
    """The shapes as they were imported, so that others can draw them too."""
    if slow := braked(request):
        return slow
    features = [
        {"type": "Feature", "properties": {"code": each.code, "name": each.name}, "geometry": each.geometry}
        for each in queries.wards()
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


@gate("everyone")
def venues_csv(request: HttpRequest) -> HttpResponseBase:
    columns = ("name", "address", "postcode", "ward_id", "kind", "capacity", "step_free", "access", "lon", "lat")
    named = ("name", "address", "postcode", "ward", "kind", "capacity", "step_free", "access", "lon", "lat")
    rows = (
        ["yes" if cell is True else "no" if cell is False else cell for cell in row]
        for row in queries.venues().values_list(*columns)
    )
    return csv_download(request, "venues", named, rows)
