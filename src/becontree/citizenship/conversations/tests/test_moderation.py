"""Statements: near-duplicates, reading, holding, appeals, taking back; nobody replies; hostile words."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from becontree.citizenship.conversations import actions, queries
from becontree.citizenship.conversations.models import Conversation, Participant, Statement
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.kit.words import one_line
from becontree.foundations.messages.actions import deliver
from becontree.foundations.people import actions as people


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
    assert page.count('<td class="number">hidden</td>') == 2  # one statement: neither its reason's count nor the sum
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

    assert client.post(base + "vote/", sent).status_code in {302, 409, 422}
    assert not talk.conversation.votes.exists()


def test_a_cookie_of_nonsense_is_nobody(talk: Talk, client: Client) -> None:
    for bad in ("x", "a:b:c", "\u00e9", "key:1234:zzz"):
        client.cookies["voice"] = bad

        assert client.get(f"/conversations/{talk.conversation.slug}/vote/").status_code == 302


PERSONAL = "Mrs Patel at 14 Heron Road should mow her lawn."
LESS = "[left out] at [left out] should mow her lawn."


def test_what_looks_personal_stands_marked_and_unticked_in_the_queue(talk: Talk, client: Client) -> None:
    ann = talk.joins("ann")
    plain = actions.suggest(conversation=talk.conversation, participant=ann, words="More bins.", now=talk.now)
    found = actions.suggest(conversation=talk.conversation, participant=ann, words=PERSONAL, now=talk.now)
    desk = _desk(client, talk.officer())
    for address in ("/desk/conversations/", f"/desk/conversations/{talk.conversation.slug}/"):
        soup = BeautifulSoup(desk.get(address).content, "html.parser")
        ticked = {int(box["value"]): box.has_attr("checked") for box in soup.select("input[name=statement]")}

        assert ticked == {plain.pk: True, found.pk: False}
        assert "Patel" in " ".join(mark.text for mark in soup.select("mark"))
    assert (
        desk.post("/desk/conversations/", {"do": "show-many", "statement": [plain.pk, "x", 10**20]}).status_code == 302
    )
    assert [Statement.objects.get(pk=one.pk).state for one in (plain, found)] == ["live", "waiting"]
    assert plain.rulings.get().outcome == "shown"


def test_a_part_is_left_out_before_anybody_votes_and_its_author_is_told_and_may_ask_again(
    talk: Talk, client: Client
) -> None:
    base = f"/conversations/{talk.conversation.slug}/"
    client.post(base + "start/")
    ann = Participant.objects.get()
    actions.leave_address(participant=ann, address="ann@example.org", now=talk.now)
    said = actions.suggest(conversation=talk.conversation, participant=ann, words=PERSONAL, now=talk.now)
    one, two = talk.officer("oona"), talk.officer("omar")
    address = f"/desk/conversations/{talk.conversation.slug}/statements/{said.number}/"
    desk = _desk(Client(), one)
    page = desk.get(address)

    assert page.context["mask"].initial["words"] != PERSONAL
    assert "Patel" not in page.context["mask"].initial["words"]
    assert desk.post(address, {"do": "mask", "mask-words": PERSONAL}).status_code == 422
    masked = "[left out] should mow her lawn."
    assert desk.post(address, {"do": "mask", "mask-words": masked}).status_code == 302
    deliver(talk.now + timedelta(minutes=5))
    mine = client.get(base + "mine/").content.decode()

    assert masked in client.get(base + "statements/").content.decode()
    assert "Patel" not in client.get(base + "statements/").content.decode()
    assert "Patel" not in client.get(base + "moderation/").content.decode()
    assert escape(PERSONAL) in mine
    assert masked in mine
    assert masked in str(mail.outbox[0].body)
    again = actions.appeal(statement=said, participant=ann, words="It is me.", now=talk.now)
    actions.decide_appeal(appeal=again, upheld=True, answer="It is you.", by=two, now=talk.now)
    said.refresh_from_db()
    assert (said.words, said.original, said.state) == (PERSONAL, "", "live")


def test_words_that_people_have_voted_on_stand(talk: Talk) -> None:
    ann = talk.joins("ann")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words=PERSONAL, now=talk.now)
    actions.mask(statement=said, words=LESS, by=SETUP, now=talk.now)
    talk.answers(talk.joins("ben"), lambda at: 1)
    assert said.votes.exists()
    with pytest.raises(Clash):
        actions.mask(statement=said, words="[left out] should mow her lawn.", by=SETUP, now=talk.now)
    again = actions.appeal(statement=said, participant=ann, words="All of it.", now=talk.now)
    with pytest.raises(Clash):
        actions.decide_appeal(appeal=again, upheld=True, answer="Yes.", by=SETUP, now=talk.now)
    actions.decide_appeal(appeal=again, upheld=False, answer="It was voted on.", by=SETUP, now=talk.now)
    said.refresh_from_db()

    assert said.words == LESS
    actions.withdraw(statement=said, participant=ann, now=talk.now)
    said.refresh_from_db()
    assert (said.words, said.original) == ("", "")


def test_nobody_puts_words_into_a_mouth(talk: Talk) -> None:
    said = actions.suggest(conversation=talk.conversation, participant=talk.joins("ann"), words=PERSONAL, now=talk.now)
    for words in ("Mrs Patel is great.", "[left out] should never mow her lawn.", "should mow her lawn."):
        with pytest.raises(Invalid):
            actions.mask(statement=said, words=words, by=SETUP, now=talk.now)
    said.refresh_from_db()
    assert (said.words, said.original) == (PERSONAL, "")


def test_who_is_forgotten_leaves_no_words_behind_a_mask(talk: Talk) -> None:
    ann = talk.joins("ann")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words=PERSONAL, now=talk.now)
    actions.mask(statement=said, words=LESS, by=SETUP, now=talk.now)
    actions.forget(participant=ann, now=talk.now)
    said.refresh_from_db()

    assert (said.words, said.original) == ("", "")


def test_a_host_reads_what_waits_in_their_own_conversation_and_of_no_other(db: None, client: Client) -> None:
    first, second = Talk(), Talk()
    rita, olive = first.person("rita"), first.person("olive")
    for talk, host in ((first, rita), (second, rita)):
        talk.open()
        Conversation.objects.filter(pk=talk.conversation.pk).update(host=host)
    mine = actions.suggest(conversation=first.conversation, participant=first.joins("a"), words="Bins.", now=first.now)
    other = actions.suggest(
        conversation=second.conversation, participant=second.joins("b"), words="Art.", now=first.now
    )
    home = first.joins("olive", olive)
    theirs = actions.suggest(conversation=first.conversation, participant=home, words="Her own.", now=first.now)
    people.make_household(members=[olive, rita], by=SETUP, now=first.now)

    assert list(queries.waiting(rita, first.conversation)) == [mine]
    assert set(queries.waiting(rita)) == {mine, other}
    assert not queries.waiting(olive, first.conversation).exists()
    client.force_login(rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/my/conversations/{first.conversation.slug}/").content.decode()
    assert "Bins." in page
    assert "Art." not in page
    assert theirs.words not in page  # nobody reads for those they live with
    client.post(f"/my/conversations/{first.conversation.slug}/", {"do": "show-many", "statement": [mine.pk, other.pk]})
    assert [Statement.objects.get(pk=one.pk).state for one in (mine, other)] == ["live", "waiting"]


def test_a_queue_of_twenty_takes_as_many_queries_as_a_queue_of_two(talk: Talk, client: Client) -> None:
    desk = _desk(client, talk.officer())

    def asked(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    addresses = ("/desk/conversations/", f"/desk/conversations/{talk.conversation.slug}/")
    counts = []
    for few in (2, 18):
        for at in range(few):
            who = talk.joins(f"{few}-{at}", talk.person(f"p{few}{at}"))
            actions.suggest(conversation=talk.conversation, participant=who, words=f"Say {few} {at}.", now=talk.now)
        counts.append([asked(address) for address in addresses])

    assert counts[0] == counts[1]


def _desk(client: Client, officer: Any) -> Client:
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def test_after_an_appeal_only_somebody_new_to_it_decides_otherwise_and_says_why(talk: Talk, client: Client) -> None:
    ann = talk.joins("ann")
    actions.leave_address(participant=ann, address="ann@example.org", now=talk.now)
    said = actions.suggest(conversation=talk.conversation, participant=ann, words="Lamps until ten.", now=talk.now)
    one, two, three = talk.officer("oona"), talk.officer("omar"), talk.officer("olga")
    address = f"/desk/conversations/{talk.conversation.slug}/statements/{said.number}/"
    hold = {"do": "hold", "hold-reason": "accuses"}
    assert _desk(Client(), one).post(address, hold).status_code == 302
    asked = actions.appeal(statement=said, participant=ann, words="Look again.", now=talk.now)
    assert _desk(Client(), three).post(address, {"do": "show"}).status_code == 422  # decide the appeal instead
    actions.decide_appeal(appeal=asked, upheld=True, answer="You are right.", by=two, now=talk.now)

    for officer in (one, two):
        page = _desk(Client(), officer).post(address, hold | {"hold-note": "I still say no"})
        assert page.status_code == 422
        assert "who has not decided about it yet" in page.content.decode()
    assert _desk(Client(), three).post(address, hold).status_code == 422  # no reason given
    said.refresh_from_db()
    assert said.state == "live"
    assert _desk(Client(), three).post(address, hold | {"hold-note": "It names a shop."}).status_code == 302
    deliver(talk.now + timedelta(minutes=5))
    said.refresh_from_db()
    assert said.state == "held"
    assert "It names a shop." in str(mail.outbox[-1].body)
    four = _desk(Client(), talk.officer("otto"))
    assert four.post(address, {"do": "show"}).status_code == 422
    assert "Why do you decide otherwise?" in four.get(address).content.decode()
    assert four.post(address, {"do": "show", "show-note": "It names no shop."}).status_code == 302
    said.refresh_from_db()
    assert said.state == "live"


def test_after_an_appeal_no_part_is_left_out_by_the_same_person(talk: Talk) -> None:
    ann = talk.joins("ann")
    said = actions.suggest(conversation=talk.conversation, participant=ann, words=PERSONAL, now=talk.now)
    one, two, three = talk.officer("oona"), talk.officer("omar"), talk.officer("olga")
    mask = {"statement": said, "words": "[left out] should mow her lawn.", "now": talk.now}
    actions.mask(by=one, **mask)
    asked = actions.appeal(statement=said, participant=ann, words="It is me.", now=talk.now)
    actions.decide_appeal(appeal=asked, upheld=True, answer="It is you.", by=two, now=talk.now)

    for officer in (one, two):
        with pytest.raises(Clash, match="not decided about it yet"):
            actions.mask(by=officer, note="Again.", **mask)
    with pytest.raises(Invalid, match="Say why"):
        actions.mask(by=three, **mask)
    actions.mask(by=three, note="She asked us to.", **mask)
