"""The hubs and meetings that one's own groups keep."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.hubs import running

urlpatterns = [
    path("", running.my_start, name="mine"),
    path("new/", running.my_new, name="my-new"),
    path("plan/", running.my_plan, name="my-plan"),
    path("meetings/<slug:handle>/", running.my_meeting, name="my-meeting"),
    path("meetings/<slug:handle>/screen/", running.my_screen, name="my-screen"),
    path("meetings/<slug:handle>/papers/", running.my_papers, name="my-papers"),
    path("<slug:slug>/", running.my_hub, name="my-hub"),
]
