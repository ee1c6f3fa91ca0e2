from django.urls import path

from becontree.foundations.record import views

urlpatterns = [
    path("", views.explorer, name="explorer"),
    path("entries.csv", views.entries_csv, name="entries-csv"),
    path("entries.json", views.entries_json, name="entries-json"),
    path("entry/<uuid:pk>/", views.entry, name="entry"),
    path("entry/<uuid:pk>/entry.json", views.entry_json, name="entry-json"),
    path("entry/<uuid:pk>/proof.json", views.entry_proof, name="entry-proof"),
    path("decision/<uuid:pk>/", views.decision, name="decision"),
    path("decision/<uuid:pk>/decision.json", views.decision_json, name="decision-json"),
    path("checkpoints/", views.checkpoints, name="checkpoints"),
    path("checkpoint", views.checkpoint_text, name="checkpoint"),
    path("checkpoints/<int:size>", views.checkpoint_text, name="checkpoint-at"),
    path("record.zip", views.whole_zip, name="whole-zip"),
    path("consistency.json", views.consistency, name="consistency"),
    path("thread/<path:ref>", views.thread, name="thread"),
]
