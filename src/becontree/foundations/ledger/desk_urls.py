from django.urls import path

from becontree.foundations.ledger import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("close/", desk.close, name="close"),
    path("audit/", desk.audit, name="audit"),
    path("reverse/<uuid:journal_id>/", desk.ask, name="ask-reversal"),
    path("reversal/<uuid:reversal_id>/", desk.decide, name="decide-reversal"),
    path("log/", desk.who_did_what, name="log"),
    path("log.csv", desk.log_csv, name="log-csv"),
    path("transfers.csv", desk.transfers_csv, name="transfers-csv"),
    path("ledger.beancount", desk.beancount, name="beancount"),
]
