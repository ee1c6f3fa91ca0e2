"""The map: right, hidden where promised, silent about persons, and cheap to ask for."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from becontree.citizenship.conversations import actions, jobs, maps, queries
from becontree.citizenship.conversations.models import Conversation, MapDocument, Participant
from becontree.citizenship.conversations.tests.conftest import SETUP, Talk
from becontree.methods import opinion


def test_two_camps_are_two_groups_with_their_common_ground_and_what_divides_them(talk: Talk) -> None:
    talk.camps(24)
    found = talk.draw()

    assert sorted(group["size"] for group in found["groups"]) == [12, 12]
    assert {row["number"] for row in found["common_ground"]} == {1, 2}
    assert {row["number"] for row in found["divisive"]} == set(range(3, 11))
    assert found["tallies"]["3"][:3] == [12, 12, 24]


def test_the_map_is_what_the_method_says_of_the_last_votes(talk: Talk) -> None:
    people = talk.camps(16)
    actions.vote(conversation=talk.conversation, participant=people[0], number=5, value=0, now=talk.now)
    talk.draw()
    votes = {}
    for person, statement, value in talk.conversation.votes.order_by("id").values_list(
        "participant", "statement", "value"
    ):
        votes[person, statement] = value
    right = opinion.draw_map(
        opinion.collect([(person, statement, value) for (person, statement), value in votes.items()]), placement="live"
    )
    document = MapDocument.objects.get()

    assert [group["size"] for group in document.document["groups"]] == list(right.sizes)
    assert document.document["tallies"]["5"][:3] == [None, None, 16]  # one passed, and one is not told
    assert document.inside["statements"][str(talk.statement(5).pk)][3:6] == [8, 7, 16]
    for person, position in zip(right.votes.participants, right.position.tolist(), strict=True):
        mine = maps.mine(Participant.objects.get(pk=int(person)))
        stand = maps.place(document, mine)
        low, span = document.inside["low"], document.inside["span"]
        assert stand is not None
        assert stand["x"] == pytest.approx((position[0] - low[0]) / span[0], abs=1e-4)
        assert stand["y"] == pytest.approx((position[1] - low[1]) / span[1], abs=1e-4)


def test_the_same_votes_give_the_same_bytes(talk: Talk) -> None:
    talk.camps(20)
    first = json.dumps([talk.draw(), MapDocument.objects.get().inside], sort_keys=True)
    maps.redraw(talk.conversation, now=talk.now)
    document = MapDocument.objects.get()

    assert json.dumps([document.document, document.inside], sort_keys=True) == first
    assert document.version == 2


def test_a_ban_takes_a_persons_votes_out_of_the_maths(talk: Talk) -> None:
    people = talk.camps(12)
    before = talk.draw()
    actions.ban(participant=people[0], reason="hate", by=SETUP, now=talk.now)
    after = talk.anew()

    assert before["participants"] - after["participants"] == 1
    assert [a - b for a, b in zip(before["tallies"]["3"][:3], after["tallies"]["3"][:3], strict=True)] == [0, 1, 1]
    assert before["votes"] - after["votes"] == 10


def test_a_held_statement_leaves_the_map_and_comes_back_on_appeal(talk: Talk) -> None:
    talk.camps(12)
    talk.draw()
    actions.hold(statement=talk.statement(4), reason="hate", by=SETUP, now=talk.now)

    assert "4" not in talk.draw()["tallies"]
    actions.show(statement=talk.statement(4), by=SETUP, now=talk.now, on_appeal=True)
    assert "4" not in talk.draw()["tallies"]  # with it would come what was voted since
    talk.more_vote(15)
    assert talk.draw()["tallies"]["4"][:3] == [11, 11, 27]


def test_below_fifty_people_there_are_no_dots_and_then_everybody_is_in_a_handful_of_five_or_more(talk: Talk) -> None:
    talk.camps(48)
    few = talk.draw()
    for number in range(48, 70):
        who = talk.joins(f"key-{number}")
        talk.answers(who, lambda at, number=number: (number * at) % 3 - 1)
    many = talk.draw()

    assert few["cells"] == []
    assert many["cells"] != []
    assert all(cell[3] >= 5 for cell in many["cells"])
    drawn = [sum(people for at, _, _, people in many["cells"] if at == group) for group in range(len(many["groups"]))]
    assert drawn == [group["size"] for group in many["groups"]]
    assert all(0 <= place < many["side"] for _, *where, _ in many["cells"] for place in where)


def test_the_public_document_names_nobody(talk: Talk) -> None:
    talk.camps(60)
    talk.draw()
    document = json.dumps(MapDocument.objects.get().document)
    for participant in Participant.objects.all():
        assert (participant.key_hash or "x") not in document
    assert "position" not in document
    assert "assignment" not in document


def test_shares_by_group_are_silent_where_a_group_cast_few_votes(talk: Talk) -> None:
    for number in range(24):
        who = talk.joins(f"key-{number}")
        side = 1 if number % 2 else -1
        talk.answers(who, lambda at, side=side: side, most=10)
    actions.seed_statements(conversation=talk.conversation, words=["New."], by=SETUP, now=talk.now)
    for number in (0, 1, 2, 3, 5):
        who = talk.joins(f"key-{number}")
        actions.voting.carry_on(conversation=_fresh(talk), participant=who, now=talk.now)
        talk.answers(who, lambda at: 1)
    row = talk.draw()["tallies"]["11"]

    assert row[:3] == [5, 0, 5]
    assert row[3:] == [None, None]


def _fresh(talk: Talk) -> Conversation:
    talk.conversation.refresh_from_db()
    return talk.conversation


FROZEN = ["map/version/", "statements.csv", "statements.json", "statements/", "map/", "mine/", "vote/", ""]


@pytest.fixture
def frozen(db: None) -> Talk:
    return Talk(more={"results": "close"}).open()


def test_while_results_are_hidden_no_channel_tells_how_the_votes_stand(frozen: Talk, client: Client) -> None:
    """Every page and download is the same, whichever way people vote."""
    base = f"/conversations/{frozen.conversation.slug}/"
    people = frozen.camps(20)
    client.post(base + "start/")
    hold = [frozen.statement(number).pk for number in range(1, 11)]

    def told() -> list[str]:
        maps.redraw(frozen.conversation, now=frozen.now)
        answers = []
        for address in FROZEN:
            answer = client.get(base + address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            answers.append(f"{answer.status_code} {_bare(body.decode())}")
        return answers

    one = told()
    for who in people:
        for number in range(1, 11):
            actions.vote(conversation=frozen.conversation, participant=who, number=number, value=0, now=frozen.now)
    assert len(hold) == 10
    assert told() == one
    assert one[0].startswith("404")


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line and "nonce" not in line)


def test_after_the_close_everybody_sees_it(frozen: Talk, client: Client) -> None:
    frozen.camps(20)
    frozen.close()
    page = client.get(f"/conversations/{frozen.conversation.slug}/map/").content.decode()

    assert "2 groups" in page
    assert "The park needs lights at night." in page


def test_only_while_people_may_vote_are_they_asked_to_take_part(talk: Talk, client: Client) -> None:
    talk.camps(24)
    talk.draw()
    address = f"/conversations/{talk.conversation.slug}/map/"
    assert "Take part to see where you stand." in client.get(address).content.decode()
    talk.close()

    assert "to see where you stand" not in client.get(address).content.decode()


def test_asking_for_the_number_again_costs_a_304(talk: Talk, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    talk.camps(12)
    talk.draw()
    drawn: list[Any] = []
    monkeypatch.setattr(maps, "redraw", lambda *a, **k: drawn.append(1))
    address = f"/conversations/{talk.conversation.slug}/map/version/"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert first.json() == {"version": 1}
    assert again.status_code == 304
    assert len(first.content) < 100
    assert drawn == []


def test_a_map_waits_for_five_people_is_then_three_seconds_behind_and_drawn_by_one(talk: Talk) -> None:
    people = talk.camps(12)
    talk.draw()
    start = MapDocument.objects.get()
    for person in people[:5]:
        assert maps.current(talk.conversation, now=talk.now + timedelta(days=1)).version == start.version
        actions.vote(conversation=talk.conversation, participant=person, number=5, value=0, now=talk.now)
        actions.vote(conversation=talk.conversation, participant=person, number=6, value=0, now=talk.now)

    assert maps.current(talk.conversation, now=talk.now + timedelta(seconds=2)).version == start.version
    MapDocument.objects.update(lease_until=talk.now + timedelta(seconds=20))  # somebody else is at it
    assert maps.current(talk.conversation, now=talk.now + timedelta(seconds=4)).version == start.version
    MapDocument.objects.update(lease_until=None)
    assert maps.current(talk.conversation, now=talk.now + timedelta(seconds=4)).version == start.version + 1
    assert maps.current(talk.conversation, now=talk.now + timedelta(seconds=60)).version == start.version + 1


def test_the_lease_of_somebody_who_died_ends(talk: Talk) -> None:
    talk.camps(12)
    MapDocument.objects.update_or_create(
        conversation=talk.conversation, defaults={"lease_until": talk.now + timedelta(seconds=30)}
    )

    assert maps.current(talk.conversation, now=talk.now + timedelta(seconds=29)).version == 0
    assert maps.current(talk.conversation, now=talk.now + timedelta(seconds=31)).version == 1


def test_the_worker_draws_and_tests_how_firm_it_is(talk: Talk) -> None:
    talk.camps(24)

    assert jobs.refresh(talk.now) == 1
    assert jobs.refresh(talk.now) == 0 or MapDocument.objects.get().made_at == talk.now
    assert jobs.firmness(talk.now) == 1
    assert jobs.firmness(talk.now) == 0
    assert MapDocument.objects.get().firm["draws"] == 20


def test_where_it_is_said_only_those_who_signed_in_count_in_the_end(db: None) -> None:
    talk = Talk(more={"verified": "later"}).open()
    talk.camps(12)
    for number in range(11):
        who = talk.joins(f"in-{number}", talk.person(f"p{number}"))
        talk.answers(who, lambda at: 1)
    during = talk.draw()
    talk.close()
    after = MapDocument.objects.get().document

    assert during["participants"] == 23
    assert after["participants"] == 11


def test_nobody_and_one_person_and_no_difference_are_maps_too(talk: Talk, client: Client) -> None:
    address = f"/conversations/{talk.conversation.slug}/map/"
    assert client.get(address).status_code == 200
    talk.answers(talk.joins("one"), lambda at: 1)
    talk.draw()
    assert "Too early" in client.get(address).content.decode()
    for number in range(20):
        talk.answers(talk.joins(f"same-{number}"), lambda at: 1)
    talk.draw()
    page = client.get(address).content.decode()

    assert "One common field" in page


def test_the_second_opinion_without_groups_finds_the_same_common_ground(talk: Talk, client: Client) -> None:
    talk.camps(24)
    talk.draw()
    jobs.firmness(talk.now)
    found = MapDocument.objects.get().firm["bridging"]
    page = client.get(f"/conversations/{talk.conversation.slug}/map/").content.decode()

    assert {row["number"] for row in found if not row["alone"]} == {1, 2}
    assert "A second opinion" in page


def test_the_numbers_of_the_page_add_up_and_say_what_they_count(talk: Talk, client: Client) -> None:
    talk.camps(24)
    for number in range(6):  # they voted, on too little to stand anywhere
        talk.answers(talk.joins(f"short-{number}"), lambda at: 1, most=3)
    talk.joins("never voted")
    talk.draw()
    base = f"/conversations/{talk.conversation.slug}/"
    answer = client.get(base + "map/")
    page = " ".join(answer.content.decode().split())

    assert (answer.context["people"], answer.context["placed"]) == (30, {"grouped": 24, "left": 6})
    assert sum(group["size"] for group in answer.context["groups"]) + 6 == 30
    assert "30 people voted at least once: 258 votes in all. 10 statements are on the map." in page
    assert "24 of them voted on 7 statements or more and stand in a group; 6 voted on fewer" in page
    assert client.get(base).context["counts"]["participants"] == 30
    assert queries.totals([talk.conversation])[talk.conversation.pk].people == 30


def test_whom_the_map_leaves_out_is_not_told_where_they_are_1_to_4(talk: Talk, client: Client) -> None:
    talk.camps(24)
    for number in range(3):
        talk.answers(talk.joins(f"short-{number}"), lambda at: 1, most=3)
    talk.draw()
    answer = client.get(f"/conversations/{talk.conversation.slug}/map/")

    assert answer.context["placed"] is None
    assert "In no group" not in answer.content.decode()


def test_who_voted_is_counted_alike_before_and_after_there_is_a_map(talk: Talk) -> None:
    for number in range(6):
        talk.answers(talk.joins(f"one-{number}"), lambda at: 1, most=1)
    talk.joins("never voted")

    assert queries.counts(talk.conversation)["participants"] == 6
    talk.draw()
    assert queries.counts(talk.conversation)["participants"] == 6


def test_a_group_is_labelled_by_what_sets_it_apart(talk: Talk, client: Client) -> None:
    talk.camps(24)
    talk.draw()
    answer = client.get(f"/conversations/{talk.conversation.slug}/map/")
    groups = answer.context["groups"]

    assert len(groups) == 2
    for group in groups:
        assert group["label"]
        for one in group["label"]:
            assert {"side": one["side"], "words": one["words"]} in [
                {"side": apart["side"], "words": apart["words"]} for apart in group["apart"]
            ]
            assert one["words"] not in {talk.statement(1).words, talk.statement(2).words}  # which all share
    assert "More than the others they" in answer.content.decode()


def test_a_map_that_was_drawn_before_puts_no_statement_into_both_lists(talk: Talk, client: Client) -> None:
    talk.camps(24)
    talk.draw()
    talk.close()
    document = MapDocument.objects.get()
    first = document.document["common_ground"][0]
    document.document["divisive"].append({"number": first["number"], "high": "A", "low": "B", "shares": None})
    document.save()
    answer = client.get(f"/conversations/{talk.conversation.slug}/map/")

    assert first["number"] in {row["number"] for row in answer.context["common"]}
    assert first["number"] not in {row["number"] for row in answer.context["divisive"]}
