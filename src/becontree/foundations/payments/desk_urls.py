from __future__ import annotations

from django.urls import path

from becontree.foundations.payments import desk, following_desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("compare/", desk.compare, name="compare"),
    *[path(f"{what}.csv", desk.as_csv, {"what": what}, name=f"{what}-csv") for what in desk.TABLES],
    path("charges/", desk.charges, name="charges"),
    path("charges/<uuid:charge>/", following_desk.charge, name="charge"),
    path("lines/", desk.lines, name="lines"),
    path("lines/import/", desk.import_statement, name="import"),
    path("lines/<uuid:line>/", following_desk.line, name="match"),
    path("refunds/", desk.refunds, name="refunds"),
    path("refunds/<uuid:refund>/approve/", desk.approve_refund, name="approve-refund"),
    path("refunds/<uuid:refund>/again/", desk.retry_refund, name="retry-refund"),
    path("payouts/", desk.payouts, name="payouts"),
    path("payouts/<uuid:payout>/", desk.payout, name="payout"),
    path("lists/", desk.lists, name="lists"),
    path("lists/<int:number>/", desk.one_list, name="list"),
    path("lists/<int:number>/payments.csv", desk.list_file, name="list-file"),
]
