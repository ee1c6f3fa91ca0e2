"""The wall: a square for cameras that says the room's address, and the map where votes may be seen."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from becontree.citizenship.conversations import actions as talks
from becontree.citizenship.conversations.actions import Sheet
from becontree.citizenship.conversations.models import Conversation, MapDocument
from becontree.citizenship.hubs import queries, square
from becontree.citizenship.hubs.tests.conftest import SETUP, Neighbourhood

Modules = list[list[bool]]


def drawn(svg: str) -> Modules:
    """The dark modules of a drawn square, read back from its path."""
    side = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    found = [[False] * side for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        for at in range(int(x), int(x) + int(length)):
            found[int(y)][at] = True
    return found


@pytest.mark.parametrize("address", ["https://x.example/conversations/join/abcdef/", "http://localhost/", "x" * 300])
def test_the_square_is_the_code_of_the_address_with_its_white_edge(address: str) -> None:
    import qrcode

    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    code.make(fit=True)
    found = drawn(square.svg(address, "x"))

    assert found == [[bool(one) for one in row] for row in code.get_matrix()]
    assert not any(any(row) for row in found[:4] + found[-4:])
    finder = [[int(one) for one in row[4:11]] for row in found[4:11]]
    assert finder == [  # ISO/IEC 18004, 6.3.3: the finder pattern
        [1, 1, 1, 1, 1, 1, 1], [1, 0, 0, 0, 0, 0, 1], [1, 0, 1, 1, 1, 0, 1], [1, 0, 1, 1, 1, 0, 1],
        [1, 0, 1, 1, 1, 0, 1], [1, 0, 0, 0, 0, 0, 1], [1, 1, 1, 1, 1, 1, 1],
    ]  # fmt: skip


def test_words_about_the_square_are_escaped() -> None:
    assert "<b>" not in square.svg("x", 'a"><b>')


def test_the_wall_has_the_square_the_address_in_letters_and_the_code(today: Neighbourhood, client: Client) -> None:
    meeting = today.open_room()
    page = _lena(today, client).get(f"/my/hubs/meetings/{meeting.handle}/screen/").content.decode()

    assert drawn(page[page.index('<svg class="square"') :]) == drawn(
        square.svg(f"http://testserver/conversations/join/{meeting.code}/", "")
    )
    assert "testserver/conversations/join/" in page
    assert meeting.code in page


@pytest.mark.parametrize("way", ["", "?show=map"])
def test_the_wall_is_bare_but_for_a_way_out(today: Neighbourhood, client: Client, way: str) -> None:
    meeting = today.open_room()
    page = _lena(today, client).get(f"/my/hubs/meetings/{meeting.handle}/screen/{way}").content.decode()
    links = set(re.findall(r'<a [^>]*href="([^"]*)"', page))

    assert links <= {
        "#main",
        "?show=map",
        f"/my/hubs/meetings/{meeting.handle}/",
        f"/my/hubs/meetings/{meeting.handle}/screen/",
    }
    assert f"/my/hubs/meetings/{meeting.handle}/" in links
    assert "<header" not in page
    assert "<footer" not in page


def test_the_map_stands_on_the_wall_with_its_table_and_grows_as_on_the_phones(
    today: Neighbourhood, client: Client
) -> None:
    meeting = today.open_room()
    address = f"/my/hubs/meetings/{meeting.handle}/screen/?show=map"
    lena = _lena(today, client)
    assert "Too early for a picture" in lena.get(address).content.decode()
    sheets = [
        Sheet(f"p{at}", {number: 1 if number <= 2 or at % 2 else -1 for number in range(1, 7)}) for at in range(20)
    ]
    talks.bring_sheets(conversation=today.talk, sheets=sheets, by=SETUP, now=today.now)
    MapDocument.objects.update(made_at=None)
    page = lena.get(address).content.decode()

    assert '<svg class="opinion"' in page
    assert "2 groups" in page
    assert f'data-map-address="/conversations/{today.talk.slug}/map/version/"' in page
    assert "20 people, 120 votes." in page
    assert "Common ground" in page


def test_the_wall_counts_those_who_count(today: Neighbourhood) -> None:
    meeting = today.open_room()
    today.show(meeting, 1)
    sheets = [Sheet(f"p{at}", {1: 1}) for at in range(3)]
    talks.bring_sheets(conversation=today.talk, sheets=sheets, by=SETUP, now=today.now)
    before = queries.cast_on(meeting, 1)
    first = today.talk.participants.order_by("pk").first()
    assert first is not None
    talks.ban(participant=first, reason="hate", by=SETUP, now=today.now)

    assert (before, queries.cast_on(meeting, 1)) == (3, 2)


def test_where_votes_are_hidden_until_the_end_the_wall_shows_no_map(today: Neighbourhood, client: Client) -> None:
    meeting = today.open_room()
    Conversation.objects.update(results="close")
    lena = _lena(today, client)
    base = f"/my/hubs/meetings/{meeting.handle}/screen/"

    assert "Show the map" not in lena.get(base).content.decode()
    assert "data-map-version" not in lena.get(base + "?show=map").content.decode()


def _lena(town: Neighbourhood, client: Client) -> Client:
    client.force_login(town.person("lena"), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
