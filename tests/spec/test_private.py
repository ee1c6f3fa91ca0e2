"""No cache and no "back" button shows one person's answer to the next, at any address that there is."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations.models import Conversation
from tests.spec import access_table
from tests.spec.scene import Scene

pytestmark = pytest.mark.django_db
OTHERWISE = {"public, no-cache", "no-cache"}  # said by the answer itself: prepared downloads, what a script asks for


def _kept(client: Client, addresses: list[str]) -> dict[str, str]:
    """What a cache may keep, by address, after the page's own "public" files are put aside."""
    found = {}
    for address in addresses:
        said = client.get(address).headers.get("Cache-Control", "")
        if not {"private", "no-store"} <= set(said.split(", ")) and said not in OTHERWISE:
            found[address] = said
    return found


@pytest.mark.parametrize("role", ["organiser", "officer:funding", "auditor"])
def test_no_answer_to_somebody_signed_in_is_kept(scene: Scene, role: str) -> None:
    addresses = [row.address for row in access_table.rows(scene) if row.method == "GET"]
    client = scene.client(role, second_factor=True)

    assert len(addresses) > 150
    assert _kept(client, [one for one in addresses if "logout" not in one]) == {}


def test_an_answer_that_rests_on_the_key_of_a_browser_is_not_kept(scene: Scene) -> None:
    talk = Conversation.objects.get(state="open")
    stranger, known = Client(), Client()
    addresses = [f"/conversations/{talk.slug}/{page}" for page in ("", "mine/", "vote/", "say/", "address/", "forget/")]
    addresses.append("/conversations/receipt/")
    begun = known.post(f"/conversations/{talk.slug}/start/")

    assert identity.COOKIE in begun.cookies
    assert begun["Cache-Control"] == "private, no-store"
    assert known.get(f"/conversations/{talk.slug}/vote/").status_code == 200
    assert _kept(known, addresses) == {}
    assert _kept(stranger, addresses) == {}
    assert stranger.post("/conversations/receipt/", {"code": "hk4f-2rtv-9mwx"})["Cache-Control"] == "private, no-store"


def test_what_a_giver_typed_before_signing_in_is_not_kept(scene: Scene) -> None:
    giving = f"/projects/{scene.things['live'].slug}/give/"

    assert Client().get(giving)["Cache-Control"] == "private, no-store"


def test_what_everybody_may_read_can_be_kept_by_strangers(scene: Scene) -> None:
    client = Client()

    assert client.get("/voices/voices.csv")["Cache-Control"] == "public, no-cache"
    for address in ("/", "/about/", "/voices/", "/projects/"):
        answer: HttpResponse = client.get(address)
        assert "no-store" not in answer.headers.get("Cache-Control", ""), address
