"""Officers' pages."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.conversations import desk, hosting, moderating

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("new/", hosting.desk_new, name="desk-new"),
    path("<slug:slug>/", hosting.desk_manage, name="desk-manage"),
    path("<slug:slug>/words/", hosting.desk_edit, name="desk-edit"),
    path("<slug:slug>/answer/", hosting.desk_answer, name="desk-answer"),
    path("<slug:slug>/statements/<int:number>/", moderating.desk_statement, name="desk-statement"),
    path("<slug:slug>/appeals/<int:pk>/", moderating.desk_decide, name="desk-decide"),
    path("<slug:slug>/bans/", moderating.bans, name="desk-bans"),
    path("<slug:slug>/bans/<int:who>/", moderating.lift, name="desk-ban"),
]
