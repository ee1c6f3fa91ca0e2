from django.urls import path

from becontree.foundations.policy import views

urlpatterns = [
    path("", views.rules, name="rules"),
    path("rules.csv", views.rules_csv, name="rules-csv"),
    path("rules.json", views.rules_json, name="rules-json"),
    path("setting/<str:key>/", views.setting, name="setting"),
]
