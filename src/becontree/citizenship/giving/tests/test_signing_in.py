"""What a visitor filled in is still there when they come back from signing in, for them alone, and for two hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from becontree.citizenship.giving.models import Campaign, Pledge
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.models import Need

GIFT = {"amount": "25", "public_name": "Rita", "once": "bcdfghjkmn"}


@pytest.fixture
def asking(town: Town, settings: Any) -> Campaign:
    settings.THROTTLE_OFF = True
    settings.CLOCK_SHIFT = town.now - timezone.now()
    return town.campaign()


def sign_in(client: Client, town: Town, name: str = "rita") -> None:
    client.force_login(town.person(name), backend="allauth.account.auth_backends.AuthenticationBackend")


def test_amount_and_name_survive_signing_in_and_stand_in_no_address(
    client: Client, town: Town, asking: Campaign
) -> None:
    give = f"/projects/{asking.project.slug}/give/"
    led = client.post(give, GIFT)
    assert "Rita" not in led["Location"]
    assert "25" not in led["Location"]
    assert led["Location"].endswith(f"?next=%2Fprojects%2F{asking.project.slug}%2Fgive%2Fcheck%2F")
    sign_in(client, town)
    page = client.get(f"{give}check/").text
    paying = client.post(f"{give}check/")

    assert "£25.00" in page
    assert "Rita" in page
    assert paying["Location"].startswith("/payments/")
    pledge = Pledge.objects.get()
    assert (pledge.pence, pledge.public_name, pledge.giver.name) == (2_500, "Rita", "Rita")
    assert client.get(f"{give}check/")["Location"] == give  # it is used up


@pytest.mark.parametrize(
    ("amount", "said"), [("0", "The least we can take is"), ("5000", "The project needs £1,000.00 more")]
)
def test_an_amount_that_cannot_be_taken_is_told_before_signing_in(
    client: Client, asking: Campaign, amount: str, said: str
) -> None:
    answer = client.post(f"/projects/{asking.project.slug}/give/", GIFT | {"amount": amount})

    assert answer.status_code == 422
    assert said in answer.text


def test_the_form_itself_is_filled_again_to_change_something(client: Client, town: Town, asking: Campaign) -> None:
    give = f"/projects/{asking.project.slug}/give/"
    client.post(give, GIFT)
    sign_in(client, town)
    page = client.get(give)

    assert page.context["form"]["amount"].value() == "25"
    assert page.context["form"]["public_name"].value() == "Rita"


def test_a_draft_lasts_two_hours_and_is_of_one_project(
    client: Client, town: Town, asking: Campaign, settings: Any
) -> None:
    other = town.campaign(town.project(title="A drum"))
    client.post(f"/projects/{asking.project.slug}/give/", GIFT)
    sign_in(client, town)
    elsewhere = client.get(f"/projects/{other.project.slug}/give/check/")
    settings.CLOCK_SHIFT += timedelta(hours=2, minutes=1)
    late = client.get(f"/projects/{asking.project.slug}/give/check/")

    assert elsewhere["Location"] == f"/projects/{other.project.slug}/give/"
    assert late["Location"] == f"/projects/{asking.project.slug}/give/"
    assert "giving.draft" not in client.session


def test_another_visitor_and_the_next_person_at_the_same_screen_see_nothing(
    client: Client, town: Town, asking: Campaign
) -> None:
    check = f"/projects/{asking.project.slug}/give/check/"
    client.post(f"/projects/{asking.project.slug}/give/", GIFT)
    stranger = Client()
    sign_in(stranger, town, "sam")
    sign_in(client, town)
    client.post("/account/logout/")
    sign_in(client, town, "sam")

    assert stranger.get(check).status_code == 302
    assert client.get(check).status_code == 302


def test_what_is_wrong_is_said_before_anybody_signs_in(client: Client, asking: Campaign) -> None:
    page = client.post(f"/projects/{asking.project.slug}/give/", GIFT | {"amount": "a lot"})

    assert page.status_code == 422
    assert "giving.draft" not in client.session


def test_a_campaign_that_closed_meanwhile_takes_nothing_and_says_so(
    client: Client, town: Town, asking: Campaign, settings: Any
) -> None:
    give = f"/projects/{asking.project.slug}/give/"
    settings.CLOCK_SHIFT += timedelta(days=29, hours=23)
    client.post(give, GIFT)
    sign_in(client, town)
    settings.CLOCK_SHIFT += timedelta(hours=1, minutes=1)
    page = client.get(f"{give}check/")
    said = client.post(f"{give}check/")

    assert "takes no gifts now" in page.text
    assert said.status_code == 422
    assert not Pledge.objects.exists()


def test_help_survives_signing_in_with_its_note(client: Client, town: Town, settings: Any) -> None:
    settings.CLOCK_SHIFT = town.now - timezone.now()
    project = town.project()
    need = Need.objects.create(project=project, kind="hours", what="Digging", quantity=10)
    town.campaign(project)
    address = f"/projects/{project.slug}/help/{need.pk}/"
    led = client.post(address, {"quantity": 3, "note": "Saturdays only", "public_name": "", "once": "bcdfghjkmn"})
    sign_in(client, town)
    page = client.get(address)

    assert "Saturdays" not in led["Location"]
    assert page.context["form"]["note"].value() == "Saturdays only"
    assert "Here is what you wrote" in page.text
