"""One's own gifts, and an organiser's pages about money and help."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.giving import organiser, views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("gifts/<slug:handle>/", views.returned, name="returned"),
    path("gifts/<slug:handle>/name/", views.name, name="my-name"),
    path("gifts/<slug:handle>/let-go/", views.withdraw, name="withdraw"),
    path("projects/<slug:slug>/", organiser.money, name="organiser"),
    path("projects/<slug:slug>/open/", organiser.open_campaign, name="open-campaign"),
    path("projects/<slug:slug>/call-off/", organiser.call_off, name="call-off"),
    path("projects/<slug:slug>/elsewhere/", organiser.claim, name="claim"),
    path("projects/<slug:slug>/agreement/", organiser.agreement, name="agreement"),
]
