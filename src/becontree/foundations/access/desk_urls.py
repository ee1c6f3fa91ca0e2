"""Pages of `access` on the desk."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.access import desk

urlpatterns = [
    path("", desk.front, name="desk"),
    path("readings.csv", desk.reads_csv, name="reads-csv"),
    path("glass/", desk.glass, name="glass"),
    path("glass/<uuid:pk>/", desk.review, name="review"),
]
