"""Organisers pick from the promises there are; what they pick begins the project's thread."""

from __future__ import annotations

from becontree.citizenship.manifesto.tests.conftest import Moot, moot
from becontree.citizenship.projects.forms import WordsForm
from becontree.citizenship.projects.models import Project

__all__ = ["moot"]


def test_a_draft_names_the_promises_that_are_ticked_and_no_others(moot: Moot) -> None:
    promise = moot.promise()
    olive = moot.listening.person("olive")
    client = moot.client()
    client.force_login(olive)
    form = client.get("/my/projects/begin/?because=" + promise.ref).context["form"]
    assert form.fields["promises"].choices == [(promise.ref, promise.sentence)]
    assert form.initial["promises"] == [promise.ref]
    words = {"title": "A bus shelter", "summary": "Dry.", "story": "We build it.", "theme": "streets"}
    client.post("/my/projects/begin/", words | {"promises": [promise.ref]})
    project = Project.objects.get()
    assert list(project.causes.values_list("ref", flat=True)) == [promise.ref]
    refused = client.post("/my/projects/begin/", words | {"promises": ["promise/none"]})
    assert "promises" in refused.context["form"].errors
    client.post(f"/my/projects/{project.slug}/words/", words)

    assert list(project.causes.values_list("ref", flat=True)) == []


def test_without_promises_nothing_is_asked(db: None, moot: Moot) -> None:
    form = WordsForm(person=moot.listening.person("olive"))

    assert "promises" not in form.fields
