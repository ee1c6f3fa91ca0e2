"""The Manifesto, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.manifesto import views

urlpatterns = [
    path("", views.manifesto, name="manifesto"),
    path("promises.csv", views.promises_csv, name="csv"),
    path("promises.json", views.promises_json, name="json"),
    path("promises/<slug:slug>/", views.promise, name="promise"),
    path("aspirations/", views.aspirations, name="aspirations"),
    path("aspirations/<slug:slug>/", views.aspiration, name="aspiration"),
    path("heard/<slug:slug>/", views.heard, name="heard"),
    path("voices/", views.explorer, name="explorer"),
    path("voices/quotes.csv", views.explorer_csv, name="explorer-csv"),
    path("voices/quotes.json", views.explorer_json, name="explorer-json"),
    path("decisions/", views.decisions, name="decisions"),
    path("state-of-the-borough/", views.reports, name="reports-list"),
    path("state-of-the-borough/<int:year>/", views.report, name="report"),
    path("state-of-the-borough/<int:year>/report.json", views.report_json, name="report-json"),
    path("state-of-the-borough/<int:year>/report.csv", views.report_csv, name="report-csv"),
]
