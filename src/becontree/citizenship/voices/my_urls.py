"""One's own voices."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.voices import views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("<slug:handle>/appeal/", views.appeal, name="appeal"),
    path("<slug:handle>/withdraw/", views.withdraw, name="withdraw"),
]
