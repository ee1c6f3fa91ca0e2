"""The desk of the officers who listen."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.voices import desk

urlpatterns = [
    path("", desk.queue, name="desk"),
    path("enter/", desk.enter, name="enter"),
    path("appeals/<int:pk>/", desk.decide_appeal, name="decide-appeal"),
    path("<slug:handle>/", desk.read, name="read"),
]
