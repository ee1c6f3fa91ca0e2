"""Pages of `access` for everybody who has signed in."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.access import views

urlpatterns = [
    path("second-factor/", views.second_factor, name="second-factor"),
    path("who-read-about-me/", views.who_read, name="who-read"),
    path("interests/", views.interests, name="interests"),
]
