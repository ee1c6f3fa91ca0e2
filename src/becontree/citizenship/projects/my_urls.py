"""One's own projects."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.projects import views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("begin/", views.begin, name="begin"),
    path("<slug:slug>/", views.work, name="work"),
    path("<slug:slug>/words/", views.words, name="words"),
    path("<slug:slug>/budget/", views.budget, name="budget"),
    path("<slug:slug>/needs/", views.needs, name="needs"),
    path("<slug:slug>/evidence/", views.add_evidence, name="add-evidence"),
    path("<slug:slug>/news/", views.news, name="news"),
    path("<slug:slug>/close/", views.close, name="close"),
]
