"""The front page."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_home_answers_everybody(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
