"""Officers' pages of `messages`."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.messages import desk

urlpatterns = [
    path("", desk.log, name="desk"),
    path("print/", desk.to_print, name="to-print"),
    path("print/<uuid:pk>/", desk.letter, name="letter"),
    path("again/<uuid:pk>/", desk.again, name="again"),
]
