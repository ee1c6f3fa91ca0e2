"""The desk of those who check projects."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.projects import desk

urlpatterns = [
    path("", desk.waiting, name="desk"),
    path("<slug:slug>/", desk.check, name="check"),
]
