"""Conversations, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.conversations import views

urlpatterns = [
    path("", views.conversations, name="list"),
    path("how-it-works/", views.how, name="how"),
    path("receipt/", views.receipt, name="receipt"),
    path("<slug:slug>/", views.conversation, name="conversation"),
    path("<slug:slug>/start/", views.start, name="start"),
    path("<slug:slug>/vote/", views.vote, name="vote"),
    path("<slug:slug>/say/", views.say, name="say"),
    path("<slug:slug>/mine/", views.mine, name="mine"),
    path("<slug:slug>/address/", views.address, name="address"),
    path("<slug:slug>/forget/", views.forget, name="forget"),
    path("<slug:slug>/map/", views.opinion_map, name="map"),
    path("<slug:slug>/map/version/", views.map_version, name="map-version"),
    path("<slug:slug>/statements/", views.statements, name="statements"),
    path("<slug:slug>/statements.csv", views.statements_csv, name="csv"),
    path("<slug:slug>/statements.json", views.statements_json, name="json"),
    path("<slug:slug>/statements/<int:number>/appeal/", views.appeal, name="appeal"),
    path("<slug:slug>/statements/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:slug>/moderation/", views.log, name="log"),
]
