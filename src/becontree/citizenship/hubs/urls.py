"""Hubs and meetings, for everybody. The telephone's addresses stand under /conversations/, where its key is valid."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.hubs import views

urlpatterns = [
    path("hubs/", views.hubs, name="list"),
    path("hubs/near/", views.near, name="near"),
    path("hubs/meetings/<slug:handle>/", views.meeting, name="meeting"),
    path("hubs/<slug:slug>/", views.hub, name="hub"),
    path("hubs/<slug:slug>/help/", views.offer, name="offer"),
    path("conversations/join/", views.join, name="join"),
    path("conversations/join/<slug:code>/", views.room, name="room"),
    path("conversations/join/<slug:code>/now/", views.now, name="now"),
]
