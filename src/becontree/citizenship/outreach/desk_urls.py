"""The desk of those who send people out."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.outreach import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("heard/", desk.heard, name="desk-heard"),
    path("plan/", desk.plan, name="plan"),
    path("streets/", desk.streets, name="streets"),
    path("calls/", desk.calls, name="calls"),
    path("left-alone/", desk.left_alone, name="left-alone"),
    path("shifts/new/", desk.plan_shift, name="plan-shift"),
    path("shifts/<slug:handle>/", desk.shift, name="shift-desk"),
]
