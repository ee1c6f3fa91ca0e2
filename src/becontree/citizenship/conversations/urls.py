"""Conversations, for everybody."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.conversations.views import listing, own, reading, taking_part

urlpatterns = [
    path("", reading.conversations, name="list"),
    path("list.csv", listing.list_csv, name="list-csv"),
    path("list.json", listing.list_json, name="list-json"),
    path("how-it-works/", reading.how, name="how"),
    path("receipt/", own.receipt, name="receipt"),
    path("<slug:slug>/", reading.conversation, name="conversation"),
    path("<slug:slug>/start/", taking_part.start, name="start"),
    path("<slug:slug>/vote/", taking_part.vote, name="vote"),
    path("<slug:slug>/say/", taking_part.say, name="say"),
    path("<slug:slug>/mine/", own.mine, name="mine"),
    path("<slug:slug>/address/", own.address, name="address"),
    path("<slug:slug>/forget/", own.forget, name="forget"),
    path("<slug:slug>/ask-again/", own.ask_again, name="ask-again"),
    path("<slug:slug>/map/", reading.opinion_map, name="map"),
    path("<slug:slug>/map/version/", reading.map_version, name="map-version"),
    path("<slug:slug>/statements/", reading.statements, name="statements"),
    path("<slug:slug>/statements.csv", reading.statements_csv, name="csv"),
    path("<slug:slug>/statements.json", reading.statements_json, name="json"),
    path("<slug:slug>/statements/<int:number>/appeal/", own.appeal, name="appeal"),
    path("<slug:slug>/statements/<int:number>/withdraw/", own.withdraw, name="withdraw"),
    path("<slug:slug>/moderation/", reading.log, name="log"),
]
