from django.urls import path

from becontree.foundations.policy import desk

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("<str:key>/", desk.change, name="change"),
]
