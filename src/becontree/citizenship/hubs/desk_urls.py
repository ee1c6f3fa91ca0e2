"""Officers' pages."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.hubs import running

urlpatterns = [
    path("", running.desk_start, name="desk"),
    path("new/", running.desk_new, name="desk-new"),
    path("plan/", running.desk_plan, name="desk-plan"),
    path("meetings/<slug:handle>/", running.desk_meeting, name="desk-meeting"),
    path("meetings/<slug:handle>/screen/", running.desk_screen, name="desk-screen"),
    path("meetings/<slug:handle>/papers/", running.desk_papers, name="desk-papers"),
    path("<slug:slug>/", running.desk_hub, name="desk-hub"),
]
