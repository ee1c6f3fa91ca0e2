"""Going to people: for everybody, and for the phone or tablet of a shift."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.outreach import tablet, views

urlpatterns = [
    path("", views.outreach, name="heard"),
    path("heard.csv", views.heard_csv, name="heard-csv"),
    path("heard.json", views.heard_json, name="heard-json"),
    path("join/", tablet.join, name="join"),
    path("tablet/", tablet.tablet, name="tablet"),
    path("tablet/worker.js", tablet.worker, name="worker"),
    path("tablet/shift.json", tablet.shift, name="shift"),
    path("tablet/send/", tablet.send, name="send"),
    path("tablet/leave/", tablet.leave, name="leave"),
    path("tablet/plain/", tablet.plain, name="plain"),
]
