"""The workbench of those who listen."""

from __future__ import annotations

from django.urls import path

from becontree.citizenship.manifesto.desk import promises, readers, studies

urlpatterns = [
    path("", studies.front, name="desk"),
    path("studies/new/", studies.begin, name="begin"),
    path("studies/<slug:slug>/", studies.study, name="study"),
    path("studies/<slug:slug>/bring/", studies.bring, name="bring"),
    path("studies/<slug:slug>/themes/<slug:code>/", studies.theme, name="theme"),
    path("studies/<slug:slug>/tray/", studies.tray, name="tray"),
    path("studies/<slug:slug>/history/", studies.history, name="history"),
    path("studies/<slug:slug>/readers/", readers.samples, name="samples"),
    path("studies/<slug:slug>/readers/<uuid:pk>/", readers.code, name="code"),
    path("studies/<slug:slug>/readers/<uuid:pk>/agreement/", readers.agreement, name="agreement"),
    path("aspirations/new/", promises.aspiration, name="write"),
    path("aspirations/<slug:slug>/", promises.aspiration_desk, name="aspiration-desk"),
    path("aspirations/<slug:slug>/write/", promises.aspiration, name="rewrite"),
    path("aspirations/<slug:slug>/adopt/", promises.adopt, name="adopt"),
    path("promises/<slug:slug>/", promises.promise, name="promise-desk"),
    path("reports/", promises.reports, name="reports"),
    path("reports/<int:year>/", promises.report, name="report-desk"),
]
