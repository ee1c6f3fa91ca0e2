from django.urls import path

from becontree.foundations.places import views

urlpatterns = [
    path("", views.places, name="places"),
    path("wards.csv", views.wards_csv, name="wards-csv"),
    path("wards.geojson", views.wards_geojson, name="wards-geojson"),
    path("venues.csv", views.venues_csv, name="venues-csv"),
    path("near/", views.near, name="near"),
    path("<str:code>/", views.ward, name="ward"),
]
