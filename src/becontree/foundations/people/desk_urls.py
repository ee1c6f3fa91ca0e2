"""Officers' pages of `people`. There is no search of people, on purpose."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.people import desk

urlpatterns = [
    path("", desk.roles, name="desk"),
    path("roles/history/", desk.history, name="history"),
    path("roles/history.csv", desk.history_csv, name="history-csv"),
    path("roles/grant/", desk.grant, name="grant"),
    path("roles/<uuid:pk>/end/", desk.end, name="end-role"),
    path("organisations/", desk.organisations, name="register"),
    path("organisations/<slug:slug>/", desk.organisation, name="organisation"),
]
