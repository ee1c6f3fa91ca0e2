"""A canvasser's own shifts."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.outreach import views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("<slug:handle>/", views.open_mine, name="open-mine"),
]
