"""Questions about oneself: once for each form, in its own round, while the figures are not out."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client, override_settings
from django.utils import timezone

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.actions import Said
from becontree.citizenship.voices.models import Response, Round, ToldApart
from becontree.citizenship.voices.tests.conftest import SETUP, Listening
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.measures.models import EqualityTally
from becontree.foundations.policy import settings
from becontree.foundations.record import actions as record


def asking(now: Listening, slug: str = "twenty-years") -> Round:
    """An open round that asks about the speaker."""
    found = now.round(slug, asks_equality=True)
    record.thing(ref=found.ref, kind="round", title=found.title, url=found.get_absolute_url())
    return found


def sent(client: Client, round_: Round, words: str = "Trees") -> str:
    """Answer on the site; the address of the page that thanks."""
    what = {"q0": words, "once": f"{words}-{Response.objects.count()}", "do": "send"}
    return str(client.post(f"{round_.get_absolute_url()}answer/", what)["Location"])


def offered(client: Client, thanks: str) -> tuple[str, str]:
    """(address, token) of the questions, as the page that thanks links to them; ("", "") where it does not."""
    found = re.search(r'href="([^"]*about-you/)\?token=([^"]+)"', client.get(thanks).content.decode())
    return (found[1], html.unescape(found[2]).replace("%3A", ":")) if found else ("", "")


def tally(round_: Round) -> EqualityTally:
    return EqualityTally.objects.get(pk=round_.ref)


def closed(round_: Round, now: Listening) -> None:
    actions.close_round(round=round_, by=SETUP, now=now.now)


def test_one_form_counts_once_however_often_its_page_is_opened(now: Listening, client: Client) -> None:
    round_ = asking(now)
    thanks = sent(client, round_)
    doors = [offered(client, thanks) for _ in range(3)]  # three pages, opened before anything was answered
    first = client.post(doors[0][0], {"token": doors[0][1], "age": "25-34"})
    later = [client.post(address, {"token": token, "age": "35-49"}) for address, token in doors]

    assert first.status_code == 200
    assert {each.status_code for each in later} == {409}
    assert "count once" in later[0].content.decode()
    assert tally(round_).counts == {"age": {"25-34": 1}}
    assert offered(client, thanks) == ("", "")


def test_who_sent_nothing_filled_in_may_still_answer(now: Listening, client: Client) -> None:
    round_ = asking(now)
    address, token = offered(client, sent(client, round_))
    assert client.post(address, {"token": token}).status_code == 200
    assert not ToldApart.objects.exists()
    assert client.post(address, {"token": token, "age": "of age"}).status_code == 422
    assert client.post(address, {"token": token, "age": "25-34"}).status_code == 200

    assert tally(round_).counts == {"age": {"25-34": 1}}


def test_a_token_opens_its_own_round_only(now: Listening, client: Client) -> None:
    one, two = asking(now, "one"), asking(now, "two")
    address, token = offered(client, sent(client, one))

    assert client.get(address).status_code == client.get(address, {"token": "nonsense"}).status_code == 404
    for elsewhere in (address.replace("one", "two"), f"{address[:-1]}x/"):
        assert client.get(elsewhere, {"token": token}).status_code == 404
        assert client.post(elsewhere, {"token": token, "age": "25-34"}).status_code == 404
    assert not EqualityTally.objects.filter(pk=two.ref).exists()


def test_a_closed_round_asks_nobody_and_says_so(now: Listening, client: Client) -> None:
    round_ = asking(now)
    thanks = sent(client, round_)
    address, token = offered(client, thanks)
    closed(round_, now)
    answers = [client.get(address, {"token": token}), client.post(address, {"token": token, "age": "25-34"})]

    assert {each.status_code for each in answers} == {409}
    assert all("the figures of who was heard are out" in each.content.decode() for each in answers)
    assert offered(client, thanks) == ("", "")
    assert not EqualityTally.objects.exists()
    with pytest.raises(Clash, match="closed"):
        actions.tell_apart(round=round_, mark="m" * 32, answers={"age": "25-34"}, now=now.now)


def test_whoever_answered_before_midnight_may_say_who_they_are_until_the_round_is_closed(
    now: Listening, client: Client
) -> None:
    round_ = asking(now)
    address, token = offered(client, sent(client, round_))
    Round.objects.filter(pk=round_.pk).update(closes_on=now.now.date() - timedelta(days=1))

    assert client.post(address, {"token": token, "age": "25-34"}).status_code == 200
    assert tally(round_).forms == 1


def test_who_wrote_yesterday_or_on_paper_is_not_asked(now: Listening, client: Client) -> None:
    round_ = asking(now)
    thanks = sent(client, round_)
    assert offered(client, thanks)[0]
    Response.objects.update(entered_at=now.now - timedelta(hours=25))
    paper = now.responds(round_, "Ponds", equality={"age": "35-49"})

    assert offered(client, thanks) == ("", "")
    assert offered(client, f"{tokens.own_path(paper)}thanks/") == ("", "")


@override_settings(THROTTLE_OFF=False)
def test_one_address_answers_no_oftener_than_it_may_send_forms(
    now: Listening, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = settings.council
    monkeypatch.setattr(settings, "council", lambda name, on: 3 if name == "voices.most_at_once" else real(name, on))
    round_ = asking(now)
    told = []
    for n in range(5):
        form = Response.objects.create(round=round_, key=f"w{n}", channel="web", said_on=now.now, entered_at=now.now)
        address = f"{round_.get_absolute_url()}about-you/"
        told.append(client.post(address, {"token": tokens.sealed(form), "age": "25-34"}))

    assert [each.status_code for each in told] == [200, 200, 200, 429, 429]
    assert "in ten minutes" in told[-1].content.decode()
    assert re.search(r'value="25-34"[^>]*checked|checked[^>]*value="25-34"', told[-1].content.decode())
    assert tally(round_).forms == 3


def test_no_answers_move_the_figures_of_a_closed_round_until_it_is_answered(now: Listening) -> None:
    """Paper, a file and a tablet that was offline arrive after the close: counted, and shown once, at the end."""
    round_ = asking(now)
    for _ in range(12):
        now.responds(round_, "Trees", equality={"tenure": "owned"})
    question = round_.questions.all()[0].pk
    closed(round_, now)
    before = tally(round_).shown
    for _ in range(10):
        now.responds(round_, "Ponds", equality={"tenure": "other"})
    late: dict[str, Any] = {"answers": {question: "Bees"}, "channel": "paper", "equality": {"tenure": "other"}}
    many = [Said(key=f"f{n}", **late) for n in range(10)]
    actions.respond_many(round=round_, said=many, by=now.officer(), now=now.now)

    assert tally(round_).shown == before == {"tenure": {"owned": 10}}
    assert tally(round_).counts == {"tenure": {"owned": 12, "other": 20}}
    actions.answer_round(round=round_, asked="a", said="b", did="c", by=SETUP, now=now.now)
    assert tally(round_).shown == {"tenure": {"owned": 12, "other": 20}}


def test_a_round_that_is_opened_again_goes_on_and_nobody_counts_twice(now: Listening, client: Client) -> None:
    round_ = asking(now)
    address, token = offered(client, sent(client, round_))
    client.post(address, {"token": token, "age": "25-34"})
    closed(round_, now)
    Round.objects.filter(pk=round_.pk).update(state="draft")
    Round.objects.filter(pk=round_.pk).update(state="open")

    assert client.post(address, {"token": token, "age": "35-49"}).status_code == 409
    assert tally(round_).counts == {"age": {"25-34": 1}}


def test_nothing_of_a_form_stands_beside_that_it_was_told_apart_and_it_goes_at_the_end(
    now: Listening, client: Client
) -> None:
    round_ = asking(now)
    address, token = offered(client, sent(client, round_))
    client.post(address, {"token": token, "age": "25-34"})
    form, kept = Response.objects.get(), ToldApart.objects.get()

    assert {field.name for field in ToldApart._meta.get_fields()} == {"mark", "round"}
    assert kept.mark == tokens.mark(form)
    assert form.pk.hex not in token
    assert form.handle not in token
    with override_settings(SECRET_KEY="another"):  # without the site's secret it stands for nothing
        assert tokens.mark(form) != kept.mark
    closed(round_, now)
    actions.answer_round(round=round_, asked="a", said="b", did="c", by=SETUP, now=now.now)
    assert not ToldApart.objects.exists()


def test_an_answer_that_is_not_offered_uses_nothing_up(now: Listening) -> None:
    with pytest.raises(Invalid):
        actions.tell_apart(round=asking(now), mark="m" * 32, answers={"age": "old"}, now=now.now)

    assert not ToldApart.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_four_at_one_moment_counts_once() -> None:
    cache.clear()
    now = Listening(now=timezone.now())
    round_ = now.round(asks_equality=True)
    together, told = Barrier(4), list[Any]()

    def send() -> None:
        try:
            together.wait(10)
            actions.tell_apart(round=round_, mark="m" * 32, answers={"age": "25-34"}, now=now.now)
            told.append("")
        except Clash as clash:
            told.append(clash.code)
        finally:
            connections.close_all()

    racers = [Thread(target=send) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert sorted(told) == ["", "equality.twice", "equality.twice", "equality.twice"]
    assert tally(round_).forms == 1
    assert not queries.mix(round_).people
