"""A form that is shown again says all that is wrong at once, beside its fields, and its page answers 422."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from becontree.citizenship.giving.models import Contribution
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.models import Project


@pytest.fixture
def project(town: Town) -> Project:
    town.now = timezone.now()
    return Project.objects.get(pk=town.campaign(town.project(pence=200_000)).project_id)


@pytest.fixture
def olive(client: Client, town: Town, project: Project) -> Client:
    client.force_login(town.person("olive"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_day_still_to_come_is_told_with_the_rest_and_with_what_to_write(
    town: Town, project: Project, olive: Client
) -> None:
    address = f"/my/giving/projects/{project.slug}/elsewhere/"
    today = town.now.date()
    sent = {"source": "", "kind": "trust", "part": "capital", "pence": "5", "evidence_note": "Letter"}
    page = olive.post(address, {**sent, "on": (today + timedelta(days=2)).isoformat()})

    assert page.status_code == 422
    assert {"source", "on"} <= set(page.context["form"].errors)
    assert "write the day of the promise" in page.text
    assert f'max="{today.isoformat()}"' in page.text
    assert not Contribution.objects.exists()
    sent |= {"source": "A trust", "on": today.isoformat()}
    assert olive.post(address, sent).context["form"].errors == {}  # shown as everybody will read it, to look over


@pytest.mark.parametrize("page", ["evidence/", "budget/", "news/", "words/"])
def test_a_projects_forms_answer_422_where_something_is_missing(project: Project, olive: Client, page: str) -> None:
    address = f"/my/projects/{project.slug}/{page}"
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-what": "Wood", "form-0-pence": "a lot"}

    assert olive.get(address).status_code == 200
    assert olive.post(address, rows).status_code == 422
