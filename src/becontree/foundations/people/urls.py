"""A person's own pages."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.people import views

urlpatterns = [
    path("me/", views.details, name="details"),
    path("me/data/", views.take_away, name="take-away"),
    path("me/data/file/", views.take_away_file, name="take-away-file"),
    path("me/forget/", views.forget, name="forget"),
    path("me/second-factor/", views.lost_factor, name="lost-factor"),
    path("forgotten/", views.forgotten, name="forgotten"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/add/", views.add_organisation, name="add-organisation"),
    path("organisations/leave/<uuid:pk>/", views.leave, name="leave"),
]
