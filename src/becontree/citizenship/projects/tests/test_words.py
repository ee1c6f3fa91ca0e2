"""A project's words, changed by more than one hand."""

from __future__ import annotations

from becontree.citizenship.manifesto.tests.conftest import Moot, moot
from becontree.citizenship.projects.models import Project

__all__ = ["moot"]


def test_words_left_open_in_another_window_put_nothing_back(moot: Moot) -> None:
    promise = moot.promise()
    client = moot.client()
    client.force_login(moot.listening.person("olive"))
    words = {"title": "A bus shelter", "summary": "Dry.", "story": "We build it.", "theme": "streets"}
    client.post("/my/projects/begin/", words | {"promises": [promise.ref]})
    project = Project.objects.get()
    address = f"/my/projects/{project.slug}/words/"
    read = client.get(address).context["form"].initial["read"]
    kept = {**words, "promises": [promise.ref], "read": read}

    assert client.post(address, kept | {"summary": "Dry and lit."}).status_code == 302
    told = client.post(address, kept | {"story": "We build it in May."})
    project.refresh_from_db()
    assert told.status_code == 422
    assert "perhaps by you in another window" in told.text
    assert "We build it in May." in told.text  # what was typed is there still
    assert (project.summary, project.story) == ("Dry and lit.", "We build it.")

    again = told.context["form"]["read"].value()
    dropped = client.post(address, {**words, "read": again})  # they were told, and it stands; the promise is let go
    assert dropped.status_code == 302
    stale = client.post(address, {**words, "read": again, "summary": "With a seat."})
    project.refresh_from_db()
    assert (project.summary, project.causes.count()) == ("Dry.", 0)
    assert stale.status_code == 422
