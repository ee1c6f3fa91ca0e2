"""What people say, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.voices import views

urlpatterns = [
    path("", views.voices, name="list"),
    path("say/", views.say, name="say"),
    path("reference/", views.reference, name="reference"),
    path("how-we-moderate/", views.moderation, name="moderation"),
    path("how-we-moderate/log.csv", views.log_csv, name="log-csv"),
    path("how-we-moderate/log.json", views.log_json, name="log-json"),
    path("voices.csv", views.voices_csv, name="csv"),
    path("voices.json", views.voices_json, name="json"),
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/<slug:slug>/", views.round, name="round"),
    path("rounds/<slug:slug>/answer/", views.respond, name="respond"),
    path("rounds/<slug:slug>/about-you/", views.about_you, name="about-you"),
    path("rounds/<slug:slug>/heard.csv", views.mix_csv, name="mix-csv"),
    path("rounds/<slug:slug>/heard.json", views.mix_json, name="mix-json"),
    path("own/<str:token>/", views.own, name="own"),
    path("own/<str:token>/thanks/", views.own_thanks, name="own-thanks"),
    path("<slug:handle>/", views.voice, name="voice"),
]
