"""Papers and pictures of a project. Its list and its page are composed by `web`, with the money beside them."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.projects import views

urlpatterns = [path("<slug:slug>/papers/<uuid:pk>/", views.evidence, name="evidence")]
