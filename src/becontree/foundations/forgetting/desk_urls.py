"""Officers' pages of `forgetting`."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.forgetting import desk

urlpatterns = [
    path("", desk.front, name="desk"),
    path("wishes.csv", desk.wishes_csv, name="wishes-csv"),
    path("take-down/", desk.take_down, name="take-down"),
    path("<slug:handle>/", desk.wish, name="wish"),
]
