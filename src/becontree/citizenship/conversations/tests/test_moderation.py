"""Statements: near-duplicates, reading, holding, appeals, taking back; nobody replies; hostile words."""

from __future__ import annotations

import csv
import io

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape

from becontree.citizenship.conversations import actions
from becontree.citizenship.conversations.actions.speaking import one_line
from becontree.citizenship.conversations.models import Statement
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.actions import deliver


def test_its_author_sees_what_is_like_it_and_may_send_it_all_the_same(talk: Talk, client: Client) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    first = client.post(base + "say/", {"words": "The park needs more lights at night!"})

    assert "The park needs lights at night." in first.content.decode()
    assert not Statement.objects.filter(state="waiting").exists()
    sent = client.post(base + "say/", {"words": "The park needs more lights at night!", "sure": "on"})
    assert sent.status_code == 302
    assert Statement.objects.get(state="waiting").words == "The park needs more lights at night!"


def test_what_nobody_has_said_is_sent_at_once_and_waits_to_be_read(talk: Talk, client: Client) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    client.post(base + "say/", {"words": "Dogs on leads near the playground."})
    said = Statement.objects.get(words="Dogs on leads near the playground.")

    assert said.state == "waiting"
    assert "Dogs on leads" not in client.get(base + "statements/").content.decode()
    assert "Dogs on leads" in client.get(base + "mine/").content.decode()


def test_held_appealed_decided_by_another_and_told_each_time(talk: Talk) -> None:
    ann = talk.joins("ann")
    actions.leave_address(participant=ann, address="ann@example.org", now=talk.now)
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="Mr X is a thief.", now=talk.now)
    one, two = talk.officer("oona"), talk.officer("omar")
    actions.hold(statement=said, reason="accuses", by=one, now=talk.now)
    appeal = actions.appeal(statement=said, participant=ann, words="It is a play.", now=talk.now)

    with pytest.raises(NotAllowed):
        actions.decide_appeal(appeal=appeal, upheld=True, answer="Fine.", by=one, now=talk.now)
    with pytest.raises(Clash):
        actions.show(statement=said, by=two, now=talk.now)
    actions.decide_appeal(appeal=appeal, upheld=True, answer="It is a play.", by=two, now=talk.now)
    deliver(talk.now)
    said.refresh_from_db()
    assert said.state == "live"
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"]] * 2
    assert any("accuses" in str(letter.body) for letter in mail.outbox)


def test_the_public_log_has_numbers_and_reasons_and_no_words(talk: Talk, client: Client) -> None:
    ann = talk.joins("ann")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="Bah, a name.", now=talk.now)
    actions.hold(
        statement=said, reason="personal", note="It was about your neighbour.", by=talk.officer(), now=talk.now
    )
    page = client.get(f"/conversations/{talk.conversation.slug}/moderation/").content.decode()

    assert "It tells about a person" in page
    assert f'<td class="number">{said.number}</td>' in page
    assert "Bah" not in page
    assert "neighbour" not in page
    assert "Oona" not in page


def test_a_host_moderates_their_own_and_nobody_elses(talk: Talk) -> None:
    ann = talk.joins("ann")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="More bins.", now=talk.now)

    with pytest.raises(NotAllowed):
        actions.show(statement=said, by=talk.person("stranger"), now=talk.now)
    with pytest.raises(NotAllowed):
        actions.ban(participant=ann, reason="hate", by=talk.person("stranger"), now=talk.now)


def test_taken_back_words_are_gone_for_good(talk: Talk) -> None:
    ann, ben = talk.joins("ann"), talk.joins("ben")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="More bins.", now=talk.now)
    actions.show(statement=said, by=SETUP, now=talk.now)
    with pytest.raises(NotAllowed):
        actions.withdraw(statement=said, participant=ben, now=talk.now)
    actions.withdraw(statement=said, participant=ann, now=talk.now)

    said.refresh_from_db()
    assert (said.words, said.state) == ("", "withdrawn")


def test_there_is_no_address_at_which_one_could_reply() -> None:
    from tests.spec.access_table import walk

    addresses = [address for address, _ in walk() if address.startswith("conversations/")]

    assert len(addresses) > 12
    assert not any(word in address for address in addresses for word in ("reply", "comment", "respond"))


HOSTILE = {
    "markup": "<script>alert('x')</script><img src=x onerror=alert(1)>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "turned round": "Good \u202eesrever\u202c words \u2066isolated\u2069",
    "nothing to see": "A\u200bB\ufeffC\u00adD",
    "control": "Bell\x07 and escape\x1b[31m",
    "sql": "'; DROP TABLE conversations_vote; --",
    "many marks": "Z\u0335\u0336" + "\u0341" * 200,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_shown_safe(talk: Talk, client: Client, text: str) -> None:
    ann = talk.joins("ann")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words=text, now=talk.now)
    actions.show(statement=said, by=SETUP, now=talk.now)
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    talk.camps(12)
    talk.draw()

    for address in ("statements/", "map/", "mine/"):
        page = client.get(base + address).content.decode()
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page
        assert not {"\u202e", "\u2066", "\u200b", "\x1b", "\x07"} & set(page)
    assert escape(one_line(text)) in client.get(base + "statements/").content.decode()


def test_formulas_do_not_run_in_a_spreadsheet(talk: Talk, client: Client) -> None:
    for text in ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)"):
        said = actions.suggest(conversation=talk.conversation, participant=talk.joins(text), words=text, now=talk.now)
        actions.show(statement=said, by=SETUP, now=talk.now)
    answer = client.get(f"/conversations/{talk.conversation.slug}/statements.csv")
    cells = [row[1] for row in csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))]  # type: ignore[attr-defined]

    assert len([cell for cell in cells if cell.startswith("'")]) == 4


@pytest.mark.parametrize("size", [281, 5_000, 1_000_000])
def test_too_long_a_statement_is_refused_beside_its_field(talk: Talk, client: Client, size: int) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")

    assert client.post(base + "say/", {"words": "x" * size}).status_code == 422
    with pytest.raises(Invalid):
        actions.suggest(conversation=talk.conversation, participant=talk.joins("ann"), words="x" * size, now=talk.now)


@pytest.mark.parametrize("value", ["", "2", "agree", "1e9", "\x00", "9" * 400, None])
@pytest.mark.parametrize("statement", ["1", "", "0", "-1", "x" * 5_000])
def test_a_form_of_nonsense_is_no_vote_and_no_fault(
    talk: Talk, client: Client, value: str | None, statement: str
) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    sent = {"statement": statement} | ({} if value is None else {"value": value})

    assert client.post(base + "vote/", sent).status_code in {302, 409}
    assert not talk.conversation.votes.exists()


def test_a_cookie_of_nonsense_is_nobody(talk: Talk, client: Client) -> None:
    for bad in ("x", "a:b:c", "\u00e9", "key:1234:zzz"):
        client.cookies["voice"] = bad

        assert client.get(f"/conversations/{talk.conversation.slug}/vote/").status_code == 302
