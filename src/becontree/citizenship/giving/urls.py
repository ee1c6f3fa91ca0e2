"""Giving, and where the money went, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.giving import views

urlpatterns = [
    path("projects/<slug:slug>/give/", views.give, name="give"),
    path("projects/<slug:slug>/give/check/", views.give_check, name="give-check"),
    path("projects/<slug:slug>/help/<uuid:need>/", views.help_, name="help"),
    path("funds/", views.funds, name="funds"),
    path("funds/grants.csv", views.awards_csv, name="csv"),
    path("funds/grants.json", views.awards_json, name="json"),
    path("funds/360giving.json", views.awards_360, name="360giving"),
    path("funds/<slug:slug>/", views.fund, name="fund"),
    path("money/", views.money, name="money"),
]
