"""The desk of those who keep measures."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.measures import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("new/", desk.define, name="define"),
    path("who-lives-here/", desk.bring, name="bring"),
    path("readings/<uuid:pk>/", desk.correct, name="correct"),
    path("<slug:slug>/", desk.read, name="read"),
]
