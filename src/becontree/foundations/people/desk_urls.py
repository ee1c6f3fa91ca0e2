"""Officers' pages of `people`. There is no search of people, on purpose."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.people import desk, factors_desk, roles_desk

urlpatterns = [
    path("", desk.roles, name="desk"),
    path("roles/history/", desk.history, name="history"),
    path("roles/history.csv", desk.history_csv, name="history-csv"),
    path("roles/grant/", desk.grant, name="grant"),
    path("roles/asked/", roles_desk.asked, name="roles-asked"),
    path("roles/asked.csv", roles_desk.asked_csv, name="roles-asked-csv"),
    path("roles/asked/<uuid:request_id>/", roles_desk.one, name="role-asked"),
    path("roles/<uuid:pk>/end/", desk.end, name="end-role"),
    path("second-factors/", factors_desk.resets, name="resets"),
    path("second-factors.csv", factors_desk.resets_csv, name="resets-csv"),
    path("second-factors/ask/", factors_desk.ask_reset, name="ask-reset"),
    path("second-factors/<uuid:reset_id>/", factors_desk.reset, name="reset"),
    path("organisations/", desk.organisations, name="register"),
    path("organisations/<slug:slug>/", desk.organisation, name="organisation"),
]
