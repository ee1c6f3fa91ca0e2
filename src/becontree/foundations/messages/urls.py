"""Pages about letters for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.foundations.messages import views

urlpatterns = [
    path("wishes/", views.wishes, name="wishes"),
    path("leave/<str:token>/", views.leave, name="leave"),
]
