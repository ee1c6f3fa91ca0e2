"""Measures, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.measures import views

urlpatterns = [
    path("", views.measures, name="list"),
    path("measures.csv", views.measures_csv, name="csv"),
    path("measures.json", views.measures_json, name="json"),
    path("who-lives-here/", views.population, name="population"),
    path("who-lives-here.csv", views.population_csv, name="population-csv"),
    path("<slug:slug>/", views.measure, name="measure"),
    path("<slug:slug>/readings.csv", views.measure_csv, name="measure-csv"),
    path("<slug:slug>/readings.json", views.measure_json, name="measure-json"),
]
