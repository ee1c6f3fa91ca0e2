"""The letters that a person was sent."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.messages import views

urlpatterns = [path("", views.mine, name="mine"), path("<uuid:pk>/", views.mine_one, name="mine-letter")]
