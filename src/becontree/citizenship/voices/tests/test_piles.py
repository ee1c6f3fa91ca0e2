"""A clerk's pile: once, twice, undone; a class without names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.actions import Said
from becontree.citizenship.voices.actions.piles import content_of, form_of
from becontree.citizenship.voices.models import Batch, Contact, Keying, Response, Round
from becontree.citizenship.voices.tests.conftest import NOW, SETUP, Listening
from becontree.citizenship.voices.tests.test_pages import signed_in
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.models import Message

KEPT = {"channel": "paper", "said_on": "2026-05-03", "place": "Library", "language": "en"}


def form(round_: Round, words: str = "The trees", key: str = "k1", **more: Any) -> Said:
    first = round_.questions.all()[0].pk
    return Said(
        answers={first: words}, key=key, **({"channel": "paper", "place": "Library", "said_on": NOW.date()} | more)
    )


def begun(listening: Listening, **more: Any) -> tuple[Round, Batch]:
    round_ = listening.round()
    Round.objects.filter(pk=round_.pk).update(**more)
    round_.refresh_from_db()
    return round_, actions.begin_pile(round=round_, by=listening.officer(), now=NOW, kept=KEPT)


def test_a_form_is_taken_in_and_what_was_set_stays_for_the_next(listening: Listening) -> None:
    round_, pile = begun(listening)
    made = actions.type_in(
        batch=pile, form=form(round_, place="Station", language="bn"), by=listening.officer(), now=NOW
    )
    pile.refresh_from_db()

    assert made is not None
    assert (made.batch, made.number, made.place) == (pile, 1, "Station")
    assert (pile.kept["place"], pile.kept["language"], pile.kept["said_on"]) == ("Station", "bn", "2026-05-04")


def test_what_stays_is_said_in_words(listening: Listening) -> None:
    round_, pile = begun(listening)
    actions.type_in(batch=pile, form=form(round_, place="Station", language="bn"), by=listening.officer(), now=NOW)
    client = signed_in(listening.officer())
    page = client.get(f"/desk/voices/piles/{pile.handle}/").content.decode()

    assert "What stays: 4 May 2026, on paper, Station, Bangla</summary>" in page
    odd = client.post(f"/desk/voices/piles/{pile.handle}/", {"do": "save", "said_on": "30 <b>", "channel": "smoke"})
    assert "What stays: 30 &lt;b&gt;, smoke, English</summary>" in odd.content.decode()


def test_a_pile_for_a_closed_round_begins_with_a_day_on_which_it_was_open(listening: Listening) -> None:
    closes_on = NOW.date() - timedelta(days=1)
    round_ = listening.round(state="closed", closed_at=NOW, closes_on=closes_on)
    client = signed_in(listening.officer())

    for address in ("/desk/voices/piles/begin/", f"/desk/voices/piles/begin/?round={round_.pk}"):
        assert client.get(address).context["form"].initial["said_on"] == closes_on
    listening.round(slug="another")
    assert client.get("/desk/voices/piles/begin/").context["form"].initial["said_on"] > closes_on


def test_a_double_click_makes_one(listening: Listening) -> None:
    round_, pile = begun(listening)
    for _ in range(2):
        actions.type_in(batch=pile, form=form(round_), by=listening.officer(), now=NOW)

    assert queries.pile_counts(pile).forms == 1


def test_the_last_form_is_taken_out_again_with_its_address_and_its_letter(listening: Listening) -> None:
    round_, pile = begun(listening)
    actions.type_in(batch=pile, form=form(round_), by=SETUP, now=NOW)
    actions.type_in(batch=pile, form=form(round_, key="k2", contact="a@example.org"), by=SETUP, now=NOW)
    number = actions.undo_last(batch=pile, by=SETUP, now=NOW)

    assert number == 2
    assert [each.key for each in Response.objects.all()] == ["k1"]
    assert Contact.objects.count() == 0
    assert Message.objects.get().state == "unwanted"


def test_what_a_moderator_has_read_is_not_undone(listening: Listening) -> None:
    round_, pile = begun(listening)
    made = actions.type_in(batch=pile, form=form(round_), by=SETUP, now=NOW)
    assert made is not None
    actions.publish(voice=made.voices.get(), by=SETUP, now=NOW)
    for undo in (actions.undo_last, actions.undo_batch):
        with pytest.raises(Clash, match="read by a moderator"):
            undo(batch=pile, by=SETUP, now=NOW)

    assert Response.objects.count() == 1


def test_a_whole_pile_is_undone_and_may_then_be_typed_anew(listening: Listening) -> None:
    round_, pile = begun(listening)
    for n in range(3):
        actions.type_in(batch=pile, form=form(round_, key=f"k{n}"), by=SETUP, now=NOW)

    assert actions.undo_batch(batch=pile, by=listening.officer(), now=NOW) == 3
    assert actions.undo_batch(batch=pile, by=listening.officer(), now=NOW) == 0
    assert Response.objects.count() == 0
    another = actions.begin_pile(round=round_, by=SETUP, now=NOW, kept=KEPT)
    assert actions.type_in(batch=another, form=form(round_, key="k0"), by=SETUP, now=NOW) is not None


def test_only_the_team_types_in(listening: Listening) -> None:
    round_, pile = begun(listening)
    for by in (listening.person("rita"), listening.officer("priya", "funding")):
        with pytest.raises(NotAllowed):
            actions.type_in(batch=pile, form=form(round_), by=by, now=NOW)
        with pytest.raises(NotAllowed):
            actions.begin_pile(round=round_, by=by, now=NOW, kept=KEPT)


# Typed twice


def test_two_typings_that_agree_make_one_response(listening: Listening) -> None:
    round_, pile = begun(listening, double_entry=True)
    one, two = listening.officer("marcus"), listening.officer("nadia")
    assert actions.type_in(batch=pile, form=form(round_, "The  trees"), by=one, now=NOW) is None
    assert Response.objects.count() == 0
    made = actions.type_again(batch=pile, number=1, form=form(round_, "The trees ", key="x"), by=two, now=NOW)

    assert made is not None
    assert queries.pile_counts(pile).forms == 1
    assert {keying.content == {} for keying in Keying.objects.all()} == {True}


def test_who_typed_it_first_does_not_type_it_again(listening: Listening) -> None:
    round_, pile = begun(listening, double_entry=True)
    one = listening.officer("marcus")
    actions.type_in(batch=pile, form=form(round_), by=one, now=NOW)

    assert list(queries.to_type_again(pile, one)) == []
    with pytest.raises(NotAllowed):
        actions.type_again(batch=pile, number=1, form=form(round_), by=one, now=NOW)


def test_two_typings_that_differ_stand_side_by_side_until_somebody_settles_them(listening: Listening) -> None:
    round_, pile = begun(listening, double_entry=True)
    one, two = listening.officer("marcus"), listening.officer("nadia")
    actions.type_in(batch=pile, form=form(round_, "The trees"), by=one, now=NOW)
    assert actions.type_again(batch=pile, number=1, form=form(round_, "The threes"), by=two, now=NOW) is None
    with pytest.raises(Clash, match="waits to be settled"):
        actions.finish_pile(batch=pile, by=one, now=NOW)
    ((first, again),) = queries.differing(pile)
    question = f"q:{round_.questions.all()[0].pk}"
    assert (first.content[question], again.content[question]) == ("The trees", "The threes")
    made = actions.resolve(batch=pile, number=1, form=form(round_, "The trees"), by=one, now=NOW)
    same = actions.resolve(batch=pile, number=1, form=form(round_, "Other"), by=one, now=NOW)

    assert made == same
    assert made.voices.get().words == "The trees"
    assert queries.differing(pile) == []


def test_what_cannot_stand_is_refused_at_the_first_typing(listening: Listening) -> None:
    round_, pile = begun(listening, double_entry=True)
    with pytest.raises(Invalid):
        actions.type_in(batch=pile, form=form(round_, " "), by=SETUP, now=NOW)

    assert Keying.objects.count() == 0


def test_a_form_comes_back_from_its_plain_text(listening: Listening) -> None:
    round_ = listening.round()
    given = form(round_, ward=listening.ward, may_quote=True, contact="a@example.org", language="bn")
    back = form_of(content_of(given), given.key)

    assert back == replace(given, answers={str(key): text for key, text in given.answers.items()})


# A class


def test_each_line_of_a_class_is_one_child(listening: Listening) -> None:
    round_ = listening.round()
    pile = actions.begin_pile(
        round=round_, by=SETUP, now=NOW, way="class", kept=KEPT | {"channel": "school", "source": "primary"}
    )
    like, _, hope = [question.pk for question in round_.questions.all()]
    for _ in range(2):  # a page sent twice
        actions.type_class(
            batch=pile, answers={like: ["Slides", "", "My teacher"], hope: ["A pool"]}, key="once", by=SETUP, now=NOW
        )
    found = queries.mix(round_)

    assert found.people == 3
    assert found.by["source"] == {"primary": 3}
    assert {(each.person, each.contact, each.place) for each in Response.objects.all()} == {(None, None, "Library")}
