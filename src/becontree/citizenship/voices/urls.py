"""What people say, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.voices import views

urlpatterns = [
    path("", views.voices, name="list"),
    path("say/", views.say, name="say"),
    path("how-we-moderate/", views.moderation, name="moderation"),
    path("voices.csv", views.voices_csv, name="csv"),
    path("voices.json", views.voices_json, name="json"),
    path("own/<str:token>/", views.own, name="own"),
    path("<slug:handle>/", views.voice, name="voice"),
    path("<slug:handle>/thanks/", views.thanks, name="thanks"),
]
