from __future__ import annotations

from django.urls import path

from becontree.foundations.payments import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("compare/", desk.compare, name="compare"),
    path("charges/", desk.charges, name="charges"),
    path("lines/", desk.lines, name="lines"),
    path("lines/import/", desk.import_statement, name="import"),
    path("lines/<uuid:line>/", desk.match, name="match"),
    path("refunds/", desk.refunds, name="refunds"),
    path("refunds/<uuid:refund>/approve/", desk.approve_refund, name="approve-refund"),
    path("refunds/<uuid:refund>/again/", desk.retry_refund, name="retry-refund"),
    path("payouts/", desk.payouts, name="payouts"),
    path("payouts/<uuid:payout>/approve/", desk.approve_payout, name="approve-payout"),
    path("payouts/<uuid:payout>/refuse/", desk.refuse_payout, name="refuse-payout"),
    path("lists/make/", desk.make_list, name="make-list"),
    path("lists/<int:number>/payments.csv", desk.list_file, name="list-file"),
    path("lists/<int:number>/paid/", desk.list_paid, name="list-paid"),
]
