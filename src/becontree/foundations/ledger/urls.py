from django.urls import path

from becontree.foundations.ledger import views

urlpatterns = [
    path("", views.trial_balance, name="trial-balance"),
    path("trial-balance.csv", views.trial_balance_csv, name="trial-balance-csv"),
    path("trial-balance.json", views.trial_balance_json, name="trial-balance-json"),
    path("reversals/", views.reversals, name="reversals"),
    path("reversals.csv", views.reversals_csv, name="reversals-csv"),
    path("promised/", views.promised, name="promised"),
    path("journal/<uuid:journal_id>/", views.journal, name="journal"),
    path("journal/<uuid:journal_id>.json", views.journal_json, name="journal-json"),
    path("account/<str:code>/", views.account, name="account"),
    path("account/<str:code>.csv", views.account_csv, name="account-csv"),
    path("account/<str:code>.json", views.account_json, name="account-json"),
]
