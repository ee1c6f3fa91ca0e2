"""One's own conversations: those one took part in, and those one hosts."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.conversations import hosting, moderating
from becontree.citizenship.conversations.views import own

urlpatterns = [
    path("", own.taken_part, name="taken-part"),
    path("new/", hosting.my_new, name="my-new"),
    path("<slug:slug>/", hosting.my_manage, name="my-manage"),
    path("<slug:slug>/words/", hosting.my_edit, name="my-edit"),
    path("<slug:slug>/answer/", hosting.my_answer, name="my-answer"),
    path("<slug:slug>/statements/<int:number>/", moderating.my_statement, name="my-statement"),
    path("<slug:slug>/appeals/<int:pk>/", moderating.my_decide, name="my-decide"),
]
