"""Reading, deciding and answering at the desk: nobody's words are changed, no decision is undone alone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.test import Client

from becontree.citizenship.voices import actions, queries
from becontree.citizenship.voices.bursts import MANY
from becontree.citizenship.voices.models import Answer, Appeal, Ruling, Voice
from becontree.citizenship.voices.tests.conftest import SETUP, Listening
from becontree.citizenship.voices.tests.test_pages import signed_in
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.messages.models import Message
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry


def said(now: Listening, words: str = "The council is not good, says Irena", **more: object) -> Voice:
    return now.responds(None, words, **more).voices.get()


def appealed(now: Listening) -> tuple[Voice, Appeal]:
    """A resident's voice that marcus held, with an appeal that is open."""
    rita = now.person("rita")
    voice = now.responds(None, "The bus is late", person=rita).voices.get()
    actions.hold(voice=voice, reason="not-here", note="About the railway.", by=now.officer("marcus"), now=now.now)
    later = now.now + timedelta(minutes=1)
    return voice, actions.appeal(voice=voice, words="It is ours.", by=rita, now=later)


# A part left out


@pytest.mark.parametrize(
    ("public", "told"),
    [
        ("The council is good", "“not”"),
        ("The council is wonderful", "“wonderful”"),
        ("The council is not good, says [left out]. Vote!", "Vote"),
        ("[left out]", "Something has to be left"),
        ("The council is not good, says [left out]", ""),
        ("The [left out] is not good, [left out] Irena", ""),
    ],
)
def test_only_the_speakers_own_words_with_parts_left_out_are_published(now: Listening, public: str, told: str) -> None:
    voice = said(now)
    address = f"/desk/voices/{voice.handle}/"
    answer = signed_in(now.officer()).post(address, {"do": "mask", "mask-words": public})
    voice.refresh_from_db()

    if told:
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert voice.state == "waiting"
    else:
        assert (voice.state, voice.masked) == ("published", public)


def test_what_looks_personal_is_asked_once_more(now: Listening) -> None:
    voice = said(now, "Thanks to Irena at 12 Ripple Road")
    officer = signed_in(now.officer())
    address = f"/desk/voices/{voice.handle}/"
    asked = officer.post(address, {"do": "publish"})
    voice.refresh_from_db()
    assert (asked.status_code, voice.state) == (200, "waiting")
    assert "12 Ripple Road" in asked.content.decode()
    officer.post(address, {"do": "publish", "sure": "yes"})
    voice.refresh_from_db()

    assert voice.state == "published"


def test_many_are_published_only_after_their_number_was_seen(now: Listening) -> None:
    for words in ("Trees", "Ponds", "Thanks to Irena at 12 Ripple Road"):
        said(now, words)
    officer = signed_in(now.officer())
    handles = list(Voice.objects.values_list("handle", flat=True))
    asked = officer.post("/desk/voices/", {"voice": handles})
    assert Voice.objects.filter(state="published").count() == 0
    assert "Publish 3 voices?" in asked.content.decode()
    assert "12 Ripple Road" in asked.content.decode()
    officer.post("/desk/voices/", {"voice": handles, "sure": "2"})  # not the number that was shown
    assert Voice.objects.filter(state="published").count() == 0
    officer.post("/desk/voices/", {"voice": handles, "sure": "3"})

    assert Voice.objects.filter(state="published").count() == 3
    again = officer.post("/desk/voices/", {"voice": handles, "sure": "3"}, follow=True).content.decode()  # a second tab
    assert "What was ticked has been read already." in again
    assert "Nothing is ticked." not in again
    assert "Nothing is ticked." in officer.post("/desk/voices/", {}, follow=True).content.decode()


def ticked(page: str) -> list[str]:
    return re.findall(r'name="voice" value="(\w+)"[^>]*checked', page)


def test_what_is_nearly_the_same_stands_together_unticked(now: Listening) -> None:
    for n in range(4):
        said(now, f"Please save the old library in our street{'!' * n}")
    lone = said(now, "More trees along the river")
    page = signed_in(now.officer()).get("/desk/voices/").content.decode()

    assert ticked(page) == [lone.handle]
    assert "4 voices that are nearly the same" in page


def test_a_burst_is_not_ticked_and_a_pile_of_paper_is_none(now: Listening) -> None:
    paper = {said(now, f"Paper{n}").handle for n in range(MANY + 2)}
    page = signed_in(now.officer()).get("/desk/voices/").content.decode()
    assert set(ticked(page)) == paper
    for n in range(MANY + 1):
        said(now, f"Web{n}", channel="web", by=None)
    page = signed_in(now.officer()).get("/desk/voices/").content.decode()

    assert set(ticked(page)) == paper
    assert "Came with many others within minutes" in page


# Appeals


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "publish"},
        {"do": "mask", "mask-words": "The [left out] is late"},
        {"do": "hold", "hold-reason": "hate"},
        {"do": "answer", "answer-status": "done", "answer-body": "Yes.", "answer-team": "Roads"},
    ],
)
def test_with_an_open_appeal_every_button_says_what_to_do_instead(now: Listening, sent: dict[str, str]) -> None:
    voice, appeal = appealed(now)
    answer = signed_in(now.officer("nadia")).post(f"/desk/voices/{voice.handle}/", sent)
    voice.refresh_from_db()

    assert answer.status_code == 422
    assert f"/desk/voices/appeals/{appeal.pk}/" in answer.content.decode()
    assert (voice.state, voice.masked) == ("held", "")


def test_a_decided_appeal_is_changed_by_a_third_person_with_a_reason_only(now: Listening) -> None:
    voice, appeal = appealed(now)
    marcus, nadia, omar = (now.officer(name) for name in ("marcus", "nadia", "omar"))
    at = now.now + timedelta(hours=1)
    actions.decide_appeal(appeal=appeal, upheld=False, answer="It is not ours.", by=nadia, now=at)
    for first in (marcus, nadia):
        with pytest.raises(Clash, match="has not decided"):
            actions.publish(voice=voice, by=first, note="I want it.", now=at)
    with pytest.raises(Invalid, match="Say why"):
        actions.publish(voice=voice, by=omar, now=at)
    page = signed_in(marcus).post(f"/desk/voices/{voice.handle}/", {"do": "publish", "note": "Mine"})
    assert page.status_code == 422
    actions.publish(voice=voice, by=omar, note="The council runs this bus.", now=at)
    voice.refresh_from_db()

    last = Ruling.objects.latest("pk")
    assert (voice.state, last.outcome, last.note) == ("published", "published", "The council runs this bus.")


def test_who_decided_first_is_told_before_writing(now: Listening) -> None:
    _voice, appeal = appealed(now)
    address = f"/desk/voices/appeals/{appeal.pk}/"
    first = signed_in(now.officer("marcus"))
    page = first.get(address).content.decode()

    assert "somebody else" in page
    assert 'name="answer"' not in page
    assert "somebody else must decide" in first.get("/desk/voices/").content.decode()
    assert first.post(address, {"upheld": "yes", "answer": "Mine"}).status_code == 403
    assert 'name="answer"' in signed_in(now.officer("nadia")).get(address).content.decode()
    assert Appeal.objects.get().decided_at is None


def test_after_an_appeal_nobody_is_asked_to_appeal_again(now: Listening) -> None:
    voice, appeal = appealed(now)
    rita = signed_in(now.person("rita"))
    before = rita.get("/my/voices/").content.decode()
    assert "about the borough" not in before  # the reason is told in the reader's words, not the desk's
    assert "It says nothing about life in the borough." in before
    assert "About the railway." in before
    actions.decide_appeal(
        appeal=appeal, upheld=False, answer="It is not ours.", by=now.officer("nadia"), now=now.now + timedelta(hours=1)
    )
    page = rita.get("/my/voices/").content.decode()
    asking = rita.get(f"/my/voices/{voice.handle}/appeal/").content.decode()
    again = rita.post(f"/my/voices/{voice.handle}/appeal/", {"words": "Once more"})

    assert "Ask us to look again" not in page
    assert 'name="words"' not in asking
    assert "It is not ours." in asking
    assert "It says nothing about life in the borough." in asking
    assert again.status_code in {200, 422}
    assert Appeal.objects.count() == 1


def test_reasons_stand_in_words_at_the_desk(now: Listening) -> None:
    voice, appeal = appealed(now)
    officer = signed_in(now.officer("nadia"))
    for address in (f"/desk/voices/{voice.handle}/", f"/desk/voices/appeals/{appeal.pk}/"):
        page = officer.get(address).content.decode()
        assert "It is not about the borough" in page
        assert "not-here " not in page


# Onward, and answering


def test_after_one_voice_comes_the_next_of_the_same_round(now: Listening) -> None:
    one, other = now.round("one"), now.round("other")
    first = now.responds(one, "Trees").voices.get()
    now.responds(other, "Not this")
    second = now.responds(one, "Ponds").voices.get()
    officer = signed_in(now.officer())
    address = f"/desk/voices/{first.handle}/?round=one"
    onward = officer.post(address, {"do": "publish"})["Location"]
    assert onward == f"/desk/voices/{second.handle}/?round=one"
    assert officer.post(onward, {"do": "publish"})["Location"] == "/desk/voices/?round=one"


def test_one_answer_goes_to_many_each_with_its_letter_and_its_entry(now: Listening) -> None:
    voices = [said(now, f"The library {n}", contact=f"a{n}@example.org") for n in range(3)]
    other = said(now, "Ponds")
    for voice in [*voices, other]:
        actions.publish(voice=voice, by=SETUP, now=now.now)
    officer = signed_in(now.officer())
    listed = officer.get("/desk/voices/to-answer/?words=library").content.decode()
    assert all(voice.handle in listed for voice in voices)
    assert other.handle not in listed
    assert "To answer (4)" in officer.get("/desk/voices/").content.decode()
    sent = {"answer-status": "planned", "answer-body": "We keep it.", "answer-team": "Libraries"}
    assert officer.post("/desk/voices/to-answer/", sent).status_code == 422  # none is ticked
    told = officer.post("/desk/voices/to-answer/", sent | {"voice": [voice.handle for voice in voices]})

    assert told.status_code == 302
    assert Answer.objects.count() == 3
    assert Message.objects.filter(template="voices/answered").count() == 3
    assert Entry.objects.filter(kind="voice.answered").count() == 3
    assert [voice.handle for voice in queries.unanswered()] == [other.handle]


def test_what_was_said_in_a_round_waits_until_the_round_is_answered(now: Listening) -> None:
    round_ = now.round("trees")
    voice = now.responds(round_, "Trees").voices.get()
    actions.publish(voice=voice, by=SETUP, now=now.now)
    assert [one.handle for one in queries.unanswered()] == [voice.handle]
    record.thing(ref=round_.ref, kind="round", title=round_.title, url=round_.get_absolute_url())
    actions.close_round(round=round_, by=SETUP, now=now.now)
    actions.answer_round(round=round_, asked="What?", said="Trees.", did="We plant forty.", by=SETUP, now=now.now)

    assert list(queries.unanswered()) == []
    page = Client().get(voice.get_absolute_url()).content.decode()
    assert "Not answered yet" not in page
    assert "We plant forty." in page
    assert f'href="{round_.get_absolute_url()}"' in page.split("What we say back")[1]
    assert [one.handle for one in queries.unanswered(round="trees")] == [voice.handle]
    assert [one.handle for one in queries.unanswered(reference=voice.handle)] == [voice.handle]


def test_both_desk_pages_count_what_this_officer_may_answer(now: Listening) -> None:
    own = now.responds(None, "My own wish", person=now.officer()).voices.get()
    other = now.responds(None, "Another wish").voices.get()
    for voice in (own, other):
        actions.publish(voice=voice, by=SETUP, now=now.now)
    officer = signed_in(now.officer())

    assert "To answer (1)" in officer.get("/desk/voices/").content.decode()
    assert "To answer (1)" in officer.get("/desk/voices/to-answer/").content.decode()


def test_looking_at_other_voices_keeps_what_is_ticked_and_typed(now: Listening) -> None:
    one, other = (now.responds(None, words).voices.get() for words in ("A library", "A pool"))
    for voice in (one, other):
        actions.publish(voice=voice, by=SETUP, now=now.now)
    officer = signed_in(now.officer())
    typed = {"answer-body": "We keep both.", "answer-team": "Libraries", "answer-status": "planned"}
    shown = officer.post(
        "/desk/voices/to-answer/", {"do": "show", "words": "pool", "voice": one.handle} | typed, follow=True
    )
    page = shown.content.decode()

    assert shown.redirect_chain == [("/desk/voices/to-answer/?words=pool", 302)]
    assert f'value="{one.handle}" id="v-{one.handle}" checked' in page
    assert f'value="{other.handle}" id="v-{other.handle}"' in page
    assert "We keep both." in page
    assert 'value="Libraries"' in page
    officer.post("/desk/voices/to-answer/?words=pool", {"voice": [one.handle, other.handle]} | typed)
    assert Answer.objects.count() == 2


def test_going_to_another_page_keeps_what_is_ticked_and_typed_without_script(
    now: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("becontree.citizenship.voices.desk.answering"), "A_PAGE", 2)
    voices = [now.responds(None, f"Library {n}").voices.get() for n in range(5)]
    for voice in voices:
        actions.publish(voice=voice, by=SETUP, now=now.now)
    officer, address = signed_in(now.officer()), "/desk/voices/to-answer/?words=library"
    first = officer.get(address)
    one, two = [voice.handle for voice in first.context["page"]]
    body = first.content.decode()
    assert '<button class="linklike" name="page" value="2">' in body
    assert "page=2" not in body  # a link would lose them

    typed = {"answer-body": "We keep it.", "answer-team": "Libraries", "answer-status": "planned"}
    second = officer.post(
        address, {"page": "2", "voice": [two], "words": "typed but not asked for"} | typed, follow=True
    )
    assert second.redirect_chain == [("/desk/voices/to-answer/?words=library&page=2", 302)]
    assert second.context["page"].number == 2
    assert [voice.handle for voice in second.context["elsewhere"]] == [two]
    three = second.context["page"][0].handle
    back = officer.post(second.redirect_chain[0][0], {"page": "1", "voice": [two, three]} | typed, follow=True)
    page = back.content.decode()
    assert "We keep it." in page
    for handle, ticked in ((one, ""), (two, " checked"), (three, " checked")):
        assert f'value="{handle}" id="v-{handle}"{ticked}>' in page
    assert officer.post(address, {"page": "<x>"}, follow=True).status_code == 200
    officer.post(address, {"voice": [two, three]} | typed)
    assert set(Answer.objects.values_list("voice__handle", flat=True)) == {two, three}


def test_the_reading_list_says_when_and_how_it_was_said(now: Listening) -> None:
    now.responds(None, "Trees", channel="doorstep", said_on=date(2026, 3, 7))
    officer = signed_in(now.officer())

    assert "at the door · 7 March 2026" in " ".join(officer.get("/desk/voices/").content.decode().split())


def test_the_reference_that_a_speaker_reads_out_finds_the_voice(
    now: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = said(now)
    officer = signed_in(now.officer())
    for typed in (voice.response.handle, voice.handle, f" {voice.response.handle.upper()} "):
        assert officer.get("/desk/voices/find/", {"reference": typed})["Location"] == f"/desk/voices/{voice.handle}/"
    assert "no such reference" in officer.get("/desk/voices/find/", {"reference": "zzz"}).content.decode()
    public = Client()
    where = "/voices/reference/"
    page = public.post(where, {"reference": voice.response.handle}).content.decode()
    assert "being read" in page
    assert "Irena" not in page
    assert public.post(where, {"reference": voice.handle}).status_code == 422  # a voice's handle is public
    monkeypatch.setattr(import_module("becontree.citizenship.voices.views.reference"), "TRIES", 5)
    for _ in range(8):  # a right reference is no guess
        assert public.post(where, {"reference": voice.response.handle}).status_code == 200
    codes = [public.post(where, {"reference": f"bad{n}"}).status_code for n in range(8)]

    assert 429 in codes


# Moderation in public


def test_a_month_of_moderation_is_one_of_the_boroughs_clock(now: Listening) -> None:
    """22:30 in London on 31 July is July; 22:30 by Greenwich, in summer, is 23:30; 23:30 by Greenwich is August."""
    for at in ("2026-01-31T23:59", "2026-07-31T22:30", "2026-07-31T23:30", "2026-10-31T23:59", "2026-11-01T00:00"):
        moment = datetime.fromisoformat(f"{at}:00+00:00")
        actions.publish(voice=said(now, f"The bus, at {at}"), by=now.officer("marcus"), now=moment)

    found = [(month.month, month.published) for month in queries.moderation()]

    assert found == [("2026-11", 1), ("2026-10", 1), ("2026-08", 1), ("2026-07", 1), ("2026-01", 1)]


def test_where_nothing_was_decided_there_is_no_month(now: Listening) -> None:
    assert queries.moderation() == []


def test_what_is_published_comes_newest_first(now: Listening) -> None:
    words = [f"The bus number {number}" for number in range(6)]
    for number, one in enumerate(words):
        now.now += timedelta(minutes=1)
        voice = said(now, one, said_on=now.now.date() - timedelta(days=number % 3))
        actions.publish(voice=voice, by=now.officer("marcus"), now=now.now)
    newest = queries.published()[:3]

    assert [voice.words for voice in newest] == ["The bus number 3", "The bus number 0", "The bus number 4"]
    assert {voice.words for voice in queries.quotable()} == set(words)
