"""The auditor's pages of the record."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.record import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("decisions.csv", desk.decisions_csv, name="decisions-csv"),
]
