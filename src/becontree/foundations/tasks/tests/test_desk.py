"""The administrators' page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.people.models import Person, RoleHeld
from becontree.foundations.tasks import schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    person = Person.objects.create_user("ada@example.invalid", name="Ada Example")
    RoleHeld.objects.create(person=person, role="administrator", granted_at=timezone.now())
    client.force_login(person)
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def test_the_page_lists_each_job_and_says_when_no_worker_is_there(administrator):
    schedule.ensure(now=timezone.now())
    page = administrator.get("/desk/tasks/")

    assert page.status_code == 200
    assert "No worker is running" in page.text
    assert "tasks.reap" in page.text


def test_the_page_takes_few_queries(administrator, django_assert_max_num_queries):
    schedule.ensure(now=timezone.now())
    with django_assert_max_num_queries(12):
        administrator.get("/desk/tasks/")


def test_nobody_else_sees_the_page(client):
    page = client.get("/desk/tasks/")

    assert page.status_code == 302
