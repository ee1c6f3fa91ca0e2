"""The desk of the officers who listen."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.voices import desk

urlpatterns = [
    path("", desk.queue, name="desk"),
    path("to-answer/", desk.to_answer, name="to-answer"),
    path("find/", desk.find, name="find"),
    path("enter/", desk.enter, name="enter"),
    path("appeals/<int:pk>/", desk.decide_appeal, name="decide-appeal"),
    path("rounds/", desk.rounds, name="desk-rounds"),
    path("rounds/new/", desk.new_round, name="desk-round-new"),
    path("rounds/<slug:slug>/", desk.round, name="desk-round"),
    path("rounds/<slug:slug>/questions/", desk.questions, name="desk-questions"),
    path("rounds/<slug:slug>/languages/", desk.languages, name="desk-languages"),
    path("rounds/<slug:slug>/preview/", desk.preview, name="desk-preview"),
    path("rounds/<slug:slug>/preview/page/", desk.preview_page, name="desk-preview-page"),
    path("rounds/<slug:slug>/settle/", desk.settle, name="desk-settle"),
    path("rounds/<slug:slug>/tell/", desk.tell, name="desk-tell"),
    path("rounds/<slug:slug>/came-of-it/", desk.came_of_it, name="desk-came-of-it"),
    path("piles/", desk.batches, name="batches"),
    path("piles/begin/", desk.begin, name="pile-begin"),
    path("piles/<slug:handle>/", desk.pile, name="pile"),
    path("piles/<slug:handle>/class/", desk.class_, name="class"),
    path("piles/<slug:handle>/second/", desk.second, name="pile-second"),
    path("piles/<slug:handle>/differences/", desk.differences, name="pile-differences"),
    path("piles/<slug:handle>/undo/", desk.undo, name="pile-undo"),
    path("files/bring/", desk.bring, name="file-bring"),
    path("files/<slug:handle>/columns/", desk.mapping, name="file-mapping"),
    path("files/<slug:handle>/", desk.file, name="file"),
    path("<slug:handle>/", desk.read, name="read"),
]
