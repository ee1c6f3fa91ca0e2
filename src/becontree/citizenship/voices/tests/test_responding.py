"""The one writer of what people say: who may, what stands, and once only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.actions import Said
from becontree.citizenship.voices.models import Channel, Contact, Response, Round, Voice
from becontree.citizenship.voices.tests.conftest import NOW, SETUP, Listening, day
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.messages.models import Message


def test_a_form_becomes_one_response_with_a_voice_for_each_thing_said(listening: Listening) -> None:
    round_ = listening.round()
    form = listening.responds(round_, "The trees", "", "A pool", ward=listening.ward, place="Library", language="bn")

    assert [(voice.kind, voice.words, voice.state) for voice in form.voices.order_by("position")] == [
        ("like", "The trees", "waiting"),
        ("hope", "A pool", "waiting"),
    ]
    assert (form.channel, form.place, form.language, form.ward) == ("paper", "Library", "bn", listening.ward)
    assert form.entered_by == str(listening.officer().pk)


def test_the_same_key_again_gives_back_the_first_and_changes_nothing(listening: Listening) -> None:
    round_ = listening.round()
    first = listening.responds(round_, "The trees", key="k")
    again = listening.responds(round_, "Something else", key="k", place="Elsewhere")

    assert again == first
    assert [voice.words for voice in Voice.objects.all()] == ["The trees"]
    assert Response.objects.get().place == ""


def test_a_key_is_its_rounds_own(listening: Listening) -> None:
    one, two = listening.round("one"), listening.round("two")
    listening.responds(one, "A", key="k")
    listening.responds(two, "B", key="k")
    listening.responds(None, "C", key="k")

    assert Response.objects.count() == 3


@pytest.mark.parametrize("channel", [each for each in Channel.values if each != "web"])
def test_only_an_officer_of_the_team_takes_down_what_came_another_way(listening: Listening, channel: str) -> None:
    round_ = listening.round()
    for by in (None, listening.person("rita"), listening.officer("priya", "funding")):
        with pytest.raises(NotAllowed):
            listening.responds(round_, "The trees", channel=channel, by=by)

    assert listening.responds(round_, "The trees", channel=channel).channel == channel


def test_on_the_web_anybody_speaks_and_who_is_signed_in_is_the_speaker(listening: Listening) -> None:
    round_, rita = listening.round(), listening.person("rita")
    nobody = listening.responds(round_, "The trees", channel="web", by=None)
    somebody = listening.responds(round_, "The trees", channel="web", by=rita)

    assert (nobody.person, somebody.person) == (None, rita)
    assert nobody.entered_by == somebody.entered_by == ""


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"said_on": day("2026-05-05")}, "said_on", "future"),
        ({"said_on": day("2026-04-01")}, "said_on", "27 April 2026"),
        ({"channel": "pigeon"}, "channel", "how it reached"),
        ({"key": ""}, "key", "key"),
        ({"key": "x" * 81}, "key", "80"),
        ({"language": "English"}, "language", "short code"),
        ({"place": "x" * 161}, "place", "160"),
        ({"contact": "rita at home"}, "contact", "e-mail"),
        ({"channel": "school", "contact": "rita@example.org"}, "contact", "no names"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_field(
    listening: Listening, more: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        listening.responds(listening.round(), "The trees", **more)

    assert said in refused.value.errors[field]
    assert Response.objects.count() == 0


def test_an_answer_that_is_too_long_names_its_question(listening: Listening) -> None:
    round_ = listening.round()
    second = round_.questions.all()[1]
    with pytest.raises(Invalid) as refused:
        listening.responds(round_, "The trees", "x" * 4_001)

    assert "4,001" in refused.value.errors[str(second.pk)]


def test_a_form_with_nothing_in_it_or_anothers_question_is_refused(listening: Listening) -> None:
    round_, other = listening.round("one"), listening.round("two")
    stranger = other.questions.all()[0].pk
    with pytest.raises(Invalid, match="another look"):
        listening.responds(round_, " ", "\u200b", "")
    with pytest.raises(Invalid) as refused:
        actions.respond(
            round=round_, answers={stranger: "Hello"}, channel="web", by=None, now=listening.now, key="strange"
        )

    assert "not one of the round" in refused.value.errors[str(stranger)]


@pytest.mark.parametrize(
    ("state", "days", "web", "clerk"),
    [
        ("draft", 0, False, False), ("open", 0, True, True), ("open", 31, False, True), ("open", -8, False, False),
        ("closed", 0, False, True), ("answered", 0, False, False),
    ],
)  # fmt: skip
def test_a_round_takes_answers_in_its_days_and_a_clerk_until_it_is_answered(
    listening: Listening, state: str, days: int, web: bool, clerk: bool
) -> None:
    round_ = listening.round(state="draft")
    done = {"closed_at": NOW, "answered_at": NOW, "said": "x", "did": "x"} if state in {"closed", "answered"} else {}
    Round.objects.filter(pk=round_.pk).update(state=state, **done)
    round_.refresh_from_db()
    listening.now = NOW + timedelta(days=days)
    said_on = None if days == -8 else NOW.date()

    def takes(**more: Any) -> bool:
        try:
            listening.responds(round_, "The trees", **more)
        except (Clash, Invalid):
            return False
        return True

    assert takes(channel="web", by=None) == web
    assert takes(said_on=said_on or listening.now.date()) == clerk


HOSTILE = {
    "markup": ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    "control": ("A\x00B\x07C\x1b[31mD", "ABC[31mD"),
    "turned round": ("\u202egnp.exe\u2066 trees", "gnp.exe trees"),
    "invisible": ("\u200bTr\u00adees\ufeff", "Trees"),
    "lines": ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    "joiners": ("می\u200cخواهم", "می\u200cخواهم"),
    "surrogate": ("a\ud800b", "ab"),
    "formula": ("=1+1", "=1+1"),
}


@pytest.mark.parametrize(("text", "kept"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_kept_as_plain_text(listening: Listening, text: str, kept: str) -> None:
    form = listening.responds(listening.round(), text)

    assert form.voices.get().words == kept


def test_a_megabyte_is_refused(listening: Listening) -> None:
    with pytest.raises(Invalid):
        listening.responds(listening.round(), "x" * 1_000_000)


def test_who_left_an_address_is_thanked_with_a_link_of_their_own(listening: Listening) -> None:
    form = listening.responds(listening.round(), "The trees", contact=" Rita@Example.org ")

    contact = Contact.objects.get()
    letter = Message.objects.get()
    assert (contact.address, contact.response) == ("rita@example.org", form)
    assert contact.expires_on == form.round.closes_on + timedelta(days=730)
    assert letter.address == "rita@example.org"
    assert tokens.own_path(form) in letter.body


def test_a_speaker_with_an_account_leaves_no_second_address(listening: Listening) -> None:
    listening.responds(
        listening.round(), "The trees", channel="web", by=listening.person("rita"), contact="other@example.org"
    )

    assert Contact.objects.count() == 0
    assert Message.objects.get().person == listening.person("rita")


# Many at once


def forms(round_: Round, count: int, **more: Any) -> list[Said]:
    first, _, third = [question.pk for question in round_.questions.all()]
    return [
        Said(answers={first: f"Tree {n}", third: f"Pool {n}"}, key=f"row-{n}", **({"channel": "paper"} | more))
        for n in range(count)
    ]


def test_many_forms_make_what_one_by_one_would(listening: Listening) -> None:
    bulk, single = listening.round("bulk"), listening.round("single")
    taken = actions.respond_many(round=bulk, said=forms(bulk, 30, language="bn"), by=SETUP, now=NOW)
    for form in forms(single, 30, language="bn"):
        actions.respond(
            round=single, answers=form.answers, channel=form.channel, by=SETUP, now=NOW, key=form.key, language="bn"
        )

    def rows(round_: Round) -> list[Any]:
        found = Voice.objects.filter(response__round=round_).order_by("response__key", "position")
        return list(
            found.values_list(
                "response__key", "kind", "words", "state", "position", "response__channel", "response__language",
                "response__said_on", "response__entered_by", "response__number",
            )
        )  # fmt: skip

    assert (taken.new, taken.before) == (30, 0)
    assert rows(bulk) == rows(single)


def test_many_forms_are_taken_once_however_often_they_come(listening: Listening) -> None:
    round_ = listening.round()
    some = forms(round_, 20)
    actions.respond_many(round=round_, said=some[:12], by=SETUP, now=NOW)
    taken = actions.respond_many(round=round_, said=[*some, *some[:3]], by=SETUP, now=NOW)

    assert (taken.new, taken.before) == (8, 15)
    assert Response.objects.count() == 20


def test_one_bad_form_of_many_and_none_is_taken(listening: Listening) -> None:
    round_ = listening.round()
    some = forms(round_, 5)
    some[3] = Said(answers={}, channel="pigeon", key="bad")
    with pytest.raises(Invalid) as refused:
        actions.respond_many(round=round_, said=some, by=SETUP, now=NOW)

    assert {name.partition(".")[0] for name in refused.value.errors} == {"3"}
    assert "3.channel" in refused.value.errors
    assert Response.objects.count() == 0


def test_three_thousand_forms_take_few_queries(listening: Listening) -> None:
    round_ = listening.round()
    with connection.execute_wrapper(counter := Counter()):
        actions.respond_many(round=round_, said=forms(round_, 3_000), by=SETUP, now=NOW)

    assert Response.objects.count() == 3_000
    assert counter.count < 200  # SQLite takes 999 parameters a statement


class Counter:
    count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


# What other rooms read


def test_texts_are_only_what_a_moderator_let_through(listening: Listening) -> None:
    round_ = listening.round()
    kept = listening.responds(round_, "The trees", "The smell", "A pool by Rita Brown", ward=listening.ward)
    waiting, held, masked = kept.voices.order_by("position")
    actions.publish(voice=waiting, by=SETUP, now=NOW)
    actions.hold(voice=held, reason="personal", by=SETUP, now=NOW)
    actions.mask(voice=masked, words="A pool by [left out]", by=SETUP, now=NOW)
    listening.responds(round_, "Not read yet")

    found = list(queries.texts(round_))
    assert [(text.words, text.kind) for text in found] == [("The trees", "like"), ("A pool by [left out]", "hope")]
    assert {(text.response_id, text.ward_id, text.channel, text.may_quote) for text in found} == {
        (kept.pk, listening.ward.code, "paper", True)
    }
    assert list(queries.texts(listening.round("other"))) == []
    assert len(list(queries.texts())) == 2


def test_the_real_mix_gives_every_share_exactly(listening: Listening) -> None:
    round_ = listening.round()
    first = round_.questions.all()[0].pk
    real = {"paper": ("paper", 1_091), "online": ("web", 564), "secondary": ("school", 624), "primary": ("school", 535)}
    said = [
        Said(answers={first: "Trees"}, channel=channel, source=source, key=f"{source}-{n}")
        for source, (channel, count) in real.items()
        for n in range(count)
    ]
    actions.respond_many(round=round_, said=said, by=SETUP, now=NOW)
    found = queries.mix(round_)

    assert (found.people, found.voices) == (2_814, 2_814)
    assert found.by["source"] == {"paper": 1_091, "secondary": 624, "online": 564, "primary": 535}
    assert found.by["channel"] == {"school": 1_159, "paper": 1_091, "web": 564}
    assert found.share("source", "paper") + found.share("source", "primary") == Fraction(1_626, 2_814)
    assert sum(found.share("source", source) for source in real) == 1


def test_a_form_counts_for_good_also_when_its_words_are_taken_back(listening: Listening) -> None:
    round_ = listening.round()
    form = listening.responds(round_, "The trees", ward=listening.ward)
    before = queries.mix(round_)
    actions.withdraw(voice=form.voices.get(), by=SETUP, now=NOW)

    assert queries.mix(round_) == before


# What the database itself refuses


def test_the_database_refuses_what_must_never_be(listening: Listening) -> None:
    round_ = listening.round()
    form = listening.responds(round_, "The trees", key="k", contact="a@example.org")
    voice = form.voices.get()
    for broken in (
        lambda: Response.objects.create(round=round_, key="k", channel="web", said_on=NOW.date(), entered_at=NOW),
        lambda: Response.objects.create(round=round_, key="", channel="web", said_on=NOW.date(), entered_at=NOW),
        lambda: Response.objects.filter(pk=form.pk).update(channel="school"),
        lambda: Voice.objects.create(response=form, question=voice.question, kind="like", words="Again"),
        lambda: Voice.objects.filter(pk=voice.pk).update(state="withdrawn"),
        lambda: Voice.objects.filter(pk=voice.pk).update(state="published"),
        lambda: Round.objects.filter(pk=round_.pk).update(owner=None),
        lambda: Round.objects.filter(pk=round_.pk).update(privacy=""),
        lambda: Round.objects.filter(pk=round_.pk).update(closes_on=day("2026-01-01")),
        lambda: Round.objects.filter(pk=round_.pk).update(state="closed"),
        lambda: Round.objects.filter(pk=round_.pk).update(state="answered", closed_at=NOW),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_at_one_moment_by_four_makes_one_response() -> None:
    cache.clear()
    listening = Listening(now=timezone.now())
    round_ = listening.round()
    question = round_.questions.all()[0].pk
    together = Barrier(4)
    made: list[Any] = []

    def send() -> None:
        try:
            together.wait(10)
            made.append(
                actions.respond(
                    round=round_, answers={question: "Trees"}, channel="web", by=None, now=listening.now, key="double"
                ).pk
            )
        finally:
            connections.close_all()

    racers = [Thread(target=send) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)

    assert len(made) == 4
    assert len(set(made)) == 1
    assert Response.objects.count() == Voice.objects.count() == 1
