from __future__ import annotations

from django.urls import path

from becontree.foundations.payments import views
from becontree.foundations.payments.practice import views as practice

urlpatterns = [
    path("go/<uuid:instruction>/", views.go, name="go"),
    path("bank/<str:reference>/", views.bank, name="bank"),
    path("practice/<str:setup>/", practice.pay, name="practice"),
    path("hooks/<str:provider>/", views.hook, name="hook"),
]
