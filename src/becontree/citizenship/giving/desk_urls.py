"""The desk of funds and accounts."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.giving import desk, gifts_desk, names_desk, pay_ins_desk

urlpatterns = [
    path("", desk.front, name="desk"),
    path("gifts/", gifts_desk.gifts, name="gifts"),
    path("gifts.csv", gifts_desk.gifts_csv, name="gifts-csv"),
    path("gifts/<slug:handle>/", gifts_desk.gift, name="gift"),
    path("names/", names_desk.names, name="names"),
    path("names/appeals/<uuid:pk>/", names_desk.decide, name="name-appeal"),
    path("names/<slug:handle>/", names_desk.name, name="name"),
    path("help/", desk.help_due, name="help"),
    path("funds/new/", desk.new_fund, name="new-fund"),
    path("funds/<slug:slug>/", desk.fund, name="desk-fund"),
    path("funds/<slug:slug>/pay-in/", pay_ins_desk.pay_in, name="pay-in"),
    path("funds/<slug:slug>/close/", desk.close_fund, name="close-fund"),
    path("funds/<slug:slug>/award/", desk.award, name="award"),
    path("pay-ins/", pay_ins_desk.pay_ins, name="pay-ins"),
    path("pay-ins.csv", pay_ins_desk.pay_ins_csv, name="pay-ins-csv"),
    path("pay-ins/<uuid:pk>/", pay_ins_desk.one, name="pay-in-one"),
    path("elsewhere/<uuid:pk>/", desk.contribution, name="contribution"),
    path("campaigns/<slug:slug>/agreement/", desk.sign, name="sign"),
    path("campaigns/<slug:slug>/pay/", desk.ask_payout, name="ask-payout"),
]
