from __future__ import annotations

from django.urls import path

from becontree.foundations.tasks import desk

urlpatterns = [
    path("", desk.jobs, name="jobs"),
    path("again/<uuid:task_id>/", desk.try_again, name="try-again"),
]
