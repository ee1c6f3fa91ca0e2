"""The addresses. Which is which, and why they stay: docs/decisions/0002-addresses.md."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from becontree.web import languages, open_data, projects, today, views
from becontree.web.demo import views as demo

# Rooms and foundations with pages: (address for everybody, package). Their officers' pages live under /desk/.
ROOMS = [
    ("voices/", "becontree.citizenship.voices"),
    ("manifesto/", "becontree.citizenship.manifesto"),
    ("", "becontree.citizenship.hubs"),  # before conversations: /conversations/join/ is the room's
    ("outreach/", "becontree.citizenship.outreach"),
    ("conversations/", "becontree.citizenship.conversations"),
    ("projects/", "becontree.citizenship.projects"),
    ("", "becontree.citizenship.giving"),
    ("record/", "becontree.foundations.record"),
    ("accounts/", "becontree.foundations.ledger"),
    ("payments/", "becontree.foundations.payments"),
    ("places/", "becontree.foundations.places"),
    ("letters/", "becontree.foundations.messages"),
    ("access/", "becontree.foundations.access"),
    ("people/", "becontree.foundations.people"),
    ("forgetting/", "becontree.foundations.forgetting"),
    ("policy/", "becontree.foundations.policy"),
    ("tasks/", "becontree.foundations.tasks"),
    ("measures/", "becontree.foundations.measures"),
]


def _rooms() -> list[URLPattern | URLResolver]:
    """Each room's pages and its officers' pages share one namespace, its label: `voices:list`, `voices:desk`."""
    found: list[URLPattern | URLResolver] = []
    for prefix, package in ROOMS:
        label = package.rpartition(".")[2]
        parts: list[URLPattern | URLResolver] = []
        for address, module in (
            (f"desk/{label}/", f"{package}.desk_urls"),
            (f"my/{label}/", f"{package}.my_urls"),
            (prefix, f"{package}.urls"),
        ):
            if find_spec(module):
                parts.append(path(address, include(import_module(module).urlpatterns)))
        if parts:
            found.append(path("", include((parts, label))))
    return found


urlpatterns = [
    path("", views.home, name="home"),
    path("account/", include("becontree.foundations.people.account_urls")),
    path("my/", views.my, name="my"),
    path("desk/", today.desk, name="desk"),
    path("demo/people/", demo.people, name="demo-people"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("about/", views.about, name="about"),
    path("language/", languages.languages, name="languages"),
    path("language/<slug:code>/", languages.choose_language, name="choose-language"),
    path("words/<slug:size>/", languages.choose_size, name="choose-size"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("projects/", projects.listing, name="projects"),
    path("projects/projects.csv", projects.projects_csv, name="projects-csv"),
    path("projects/projects.json", projects.projects_json, name="projects-json"),
    path("projects/<slug:slug>/", projects.project, name="project"),
    path("patterns/", views.patterns, name="patterns"),
    path("open-data/", open_data.open_data, name="open-data"),
    path("api/", open_data.to_api_docs, name="api-root"),
    path("api/v1/", open_data.to_api_docs),
    path("api/v1/docs", open_data.api_docs, name="api-docs"),
    path("api/v1/", include("becontree.web.api")),
    path("privacy/", views.privacy, name="privacy"),
    *_rooms(),
]
