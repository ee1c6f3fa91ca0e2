"""From an aspiration to a conversation that puts it to people, in one step."""

from __future__ import annotations

import pytest

from becontree.citizenship.conversations.models import Statement
from becontree.citizenship.manifesto.tests.conftest import Moot
from becontree.citizenship.voices.tests.conftest import Listening

GIVEN = {
    "title": "Shall buses come?", "host_kind": "officer", "host_name": "The council", "language": "en",
    "verified": "never", "results": "live",
}  # fmt: skip


@pytest.fixture
def moot(db: None) -> Moot:
    return Moot(Listening(now=Moot.now))


def test_an_officer_puts_an_aspiration_to_a_conversation(moot: Moot) -> None:
    aspiration = moot.aspiration()
    client = moot.client()
    offer = f"/desk/conversations/new/?aspiration={aspiration.slug}"
    page = client.get(offer).content.decode()
    assert aspiration.sentence in page
    answer = client.post(offer, GIVEN)

    assert answer.status_code == 302, answer.content.decode()
    statement = Statement.objects.get()
    assert (statement.words, statement.aspiration) == (aspiration.sentence, aspiration.ref)


def test_a_conversation_begun_without_one_has_no_statement(moot: Moot) -> None:
    moot.aspiration()
    moot.client().post("/desk/conversations/new/?aspiration=none", GIVEN)

    assert Statement.objects.count() == 0
