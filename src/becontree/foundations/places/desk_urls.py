from django.urls import path

from becontree.foundations.places import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("<uuid:load_id>/", desk.preview, name="preview"),
]
