"""The pages of listening: answering, one's own page, typing in, reading, files. Bad input is told plainly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from becontree.citizenship.voices import actions, queries, tokens
from becontree.citizenship.voices.actions.checking import Said
from becontree.citizenship.voices.models import Batch, Contact, Response, Round, Voice
from becontree.citizenship.voices.tests.conftest import SETUP, Listening
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.people.models import Person
from becontree.foundations.policy import settings
from becontree.foundations.record.models import Entry


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def answering(round_: Round) -> str:
    return f"{round_.get_absolute_url()}answer/"


def test_a_round_is_answered_looked_over_and_sent(now: Listening, client: Client) -> None:
    round_ = now.round()
    sent = {"q0": "Trees", "q1": "", "q2": "A pool", "once": "abc", "may_quote": "on", "ward": now.ward.code}
    looked = client.post(answering(round_), sent | {"do": "check"}).content.decode()
    assert "Trees" in looked
    assert Response.objects.count() == 0
    first = client.post(answering(round_), sent | {"do": "send"})
    again = client.post(answering(round_), sent | {"do": "send"})  # a double click

    form = Response.objects.get()
    assert first["Location"] == again["Location"] == f"/voices/own/{tokens.own(form)}/thanks/"
    assert (form.ward, form.may_quote) == (now.ward, True)
    assert form.handle in client.get(first["Location"]).content.decode()


def test_what_was_typed_stays_when_something_is_wrong(now: Listening, client: Client) -> None:
    round_ = now.round()
    sent = {"q0": "Trees & pools", "q1": "x" * 4_001, "contact": "nobody", "do": "check"}
    answer = client.post(answering(round_), sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "Trees &amp; pools" in page
    assert 'href="#id_q1"' in page or "id_q1" in page
    assert Response.objects.count() == 0


def test_nothing_said_is_told_beside_the_first_question(now: Listening, client: Client) -> None:
    answer = client.post(answering(now.round()), {"q0": " ", "do": "check"})

    assert answer.status_code == 422
    assert "Say at least one thing" in answer.content.decode()


def test_a_program_that_fills_in_what_nobody_sees_is_let_go_without_a_word(now: Listening, client: Client) -> None:
    round_ = now.round()
    answer = client.post(answering(round_), {"q0": "Buy", "website": "http://spam", "do": "send"})

    assert answer.status_code == 302
    assert Response.objects.count() == 0


def test_forty_people_in_one_library_are_all_heard(now: Listening) -> None:
    round_ = now.round()
    told = [
        Client().post(answering(round_), {"q0": f"Trees {n}", "once": f"t{n}", "do": "send"}).status_code
        for n in range(40)
    ]

    assert set(told) == {302}
    assert Response.objects.count() == 40


def test_a_closed_round_takes_nothing_and_a_draft_is_not_there(now: Listening, client: Client) -> None:
    draft, closed = now.round("draft", state="draft"), now.round("closed")
    actions.close_round(round=_on_record(closed, now), by=SETUP, now=now.now)

    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(answering(draft)).status_code == 404
    assert client.post(answering(closed), {"q0": "Trees", "do": "send"})["Location"] == closed.get_absolute_url()
    assert Response.objects.count() == 0


def _on_record(round_: Round, now: Listening) -> Round:
    from becontree.foundations.record import actions as record

    record.thing(ref=round_.ref, kind="round", title=round_.title, url=round_.get_absolute_url())
    return round_


# One's own page


def test_the_private_link_shows_takes_back_and_forgets(now: Listening, client: Client) -> None:
    round_ = now.round()
    form = now.responds(round_, "Trees", "Noise", contact="rita@example.org", place="Library")
    address = tokens.own_path(form)
    voice = form.voices.order_by("position")[0]
    assert "Trees" in client.get(address).content.decode()
    client.post(address, {"do": "withdraw", "voice": voice.handle})
    voice.refresh_from_db()
    assert (voice.state, voice.words) == ("withdrawn", "")
    client.post(address, {"do": "leave"})
    assert Contact.objects.count() == 0
    client.post(address, {"do": "forget"})
    form.refresh_from_db()

    assert (form.place, form.contact) == ("", None)
    assert not form.voices.exclude(words="").exists()
    assert queries.mix(round_).people == 1


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "x" + text[1:], lambda text: "nonsense"])
def test_a_link_that_is_not_ours_leads_nowhere(now: Listening, client: Client, change: Callable[[str], str]) -> None:
    token = change(tokens.own(now.responds(now.round(), "Trees")))

    assert client.get(f"/voices/own/{token}/").status_code == 404
    assert client.post(f"/voices/own/{token}/", {"do": "forget"}).status_code == 404
    assert Voice.objects.get().words == "Trees"


def test_one_link_never_reaches_anothers_voice(now: Listening, client: Client) -> None:
    round_ = now.round()
    mine, theirs = now.responds(round_, "Mine"), now.responds(round_, "Theirs")
    client.post(tokens.own_path(mine), {"do": "withdraw", "voice": theirs.voices.get().handle})

    assert theirs.voices.get().words == "Theirs"


def test_who_has_no_account_is_told_and_may_ask_again(now: Listening, client: Client) -> None:
    form = now.responds(now.round(), "Thanks to Irena", contact="rita@example.org")
    voice = form.voices.get()
    actions.hold(voice=voice, reason="personal", by=now.officer("marcus"), now=now.now)
    from becontree.foundations.messages.models import Message

    letter = Message.objects.get(template="voices/held")
    assert tokens.own_path(form) in letter.body
    client.post(tokens.own_path(form), {"do": "appeal", "voice": voice.handle, "words": "She agreed."})
    appeal = voice.appeals.get()
    actions.decide_appeal(appeal=appeal, upheld=True, answer="You are right.", by=now.officer("nadia"), now=now.now)

    voice.refresh_from_db()
    assert voice.state == "published"
    assert Message.objects.filter(template="voices/appeal_decided", address="rita@example.org").count() == 1


def test_showing_that_one_lives_here_changes_no_figure(now: Listening) -> None:
    round_ = now.round()
    form = now.responds(round_, "Trees")
    before = queries.mix(round_)
    resident = signed_in(now.person("rita"))
    resident.post(tokens.own_path(form), {"do": "verify"})
    form.refresh_from_db()
    assert form.verified_at is None  # this round asks nobody
    Round.objects.filter(pk=round_.pk).update(verification="later")
    resident.post(tokens.own_path(form), {"do": "verify"})
    form.refresh_from_db()

    assert form.verified_at is not None
    assert form.person is None
    assert queries.mix(round_) == before


# The desk


def test_the_clerks_page_saves_keeps_and_undoes(now: Listening) -> None:
    round_ = now.round()
    officer = signed_in(now.officer())
    begun = officer.post(
        "/desk/voices/piles/begin/",
        {"round": str(round_.pk), "way": "clerk", "channel": "sms", "said_on": f"{now.now:%Y-%m-%d}",
         "place": "Library", "language": "bn", "source": ""},
    )  # fmt: skip
    address = begun["Location"]
    first = officer.get(address).content.decode()
    assert "autofocus" in first
    assert 'value="bn"' in first
    sent = {"q0": "Trees", "language": "bn", "said_on": f"{now.now:%Y-%m-%d}", "place": "Station", "channel": "sms",
            "once": "one", "do": "save"}  # fmt: skip
    assert officer.post(address, sent).status_code == 302
    assert officer.post(address, sent).status_code == 302  # a double click
    assert 'value="Station"' in officer.get(address).content.decode()
    wrong = officer.post(address, sent | {"once": "two", "said_on": "2031-01-01", "q0": "Kept?"})
    assert wrong.status_code == 422
    assert "Kept?" in wrong.content.decode()
    assert "future" in wrong.content.decode()
    assert Response.objects.get().channel == "sms"
    officer.post(address, {"do": "undo"})

    assert Response.objects.count() == 0


def test_what_looks_personal_is_marked_and_not_ticked(now: Listening) -> None:
    round_ = now.round()
    now.responds(round_, "The trees", "Thanks to Irena at 12 Ripple Road")
    officer = signed_in(now.officer())
    page = officer.get("/desk/voices/").content.decode()
    ticked = re.findall(r'name="voice" value="(\w+)"[^>]*checked', page)
    clean, found = Voice.objects.order_by("position")

    assert ticked == [clean.handle]
    assert "<mark" in page
    officer.post("/desk/voices/", {"voice": ticked, "sure": "1"})
    assert set(Voice.objects.values_list("position", "state")) == {(0, "published"), (1, "waiting")}
    reading = officer.get(f"/desk/voices/{found.handle}/").content.decode()
    assert "[left out]" in reading
    officer.post(f"/desk/voices/{found.handle}/", {"do": "mask", "mask-words": "Thanks to [left out]"})
    found.refresh_from_db()

    assert (found.state, found.shown) == ("published", "Thanks to [left out]")
    assert "Irena" not in Client().get(found.get_absolute_url()).content.decode()


def test_a_hostile_file_is_shown_as_plain_text(now: Listening) -> None:
    round_ = now.round()
    officer = signed_in(now.officer())
    bite = "<script>alert(1)</script>"
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = f"like,{bite},how\r\n{bite},{bite},pigeon{bite}\r\n".encode()
    begun = officer.post(
        "/desk/voices/files/bring/", {"round": str(round_.pk), "file": SimpleUploadedFile(f"a{bite}.csv", data)}
    )
    mapping = officer.get(begun["Location"]).content.decode()
    columns = {"c0": f"q:{round_.questions.all()[0].pk}", "c2": "channel", "may_quote": "no", "language": "en"}
    counted = officer.get(officer.post(begun["Location"], columns)["Location"]).content.decode()

    assert "&lt;script&gt;alert" in mapping
    assert "&lt;script&gt;alert" in counted
    assert "<script>alert" not in mapping + counted
    assert "is not a way we know" in counted


def test_a_questions_hint_is_plain_text_too(now: Listening, client: Client) -> None:
    round_ = now.round()
    round_.questions.update(hint="<b>bold</b>", text="<i>Well?</i>")
    page = client.get(answering(round_)).content.decode()

    assert "<b>bold" not in page
    assert "<i>Well" not in page


ADDRESSES = (
    "/voices/rounds/", "/voices/rounds/twenty-years/", "/voices/rounds/twenty-years/answer/", "/voices/",
    "/voices/how-we-moderate/",
)  # fmt: skip


def test_pages_take_few_queries_with_many_voices(now: Listening, client: Client) -> None:
    round_ = _on_record(now.round(), now)
    first = round_.questions.all()[0].pk
    actions.respond_many(
        round=round_,
        said=[
            actions.Said(answers={first: f"Tree {n}"}, channel=("paper", "school")[n % 2], key=f"k{n}", may_quote=True)
            for n in range(300)
        ],
        by=SETUP,
        now=now.now,
    )
    actions.publish_many(voices=list(Voice.objects.all()[:200]), by=SETUP, now=now.now)
    actions.close_round(round=round_, by=SETUP, now=now.now)
    officer = signed_in(now.officer())
    limits = {
        **dict.fromkeys(ADDRESSES, 12),
        "/voices/rounds/twenty-years/": 15,
        "/voices/rounds/twenty-years/heard.csv": 12,
    }
    desk = {"/desk/voices/": 18, "/desk/voices/rounds/": 14, "/desk/voices/piles/": 14}
    over = {}
    for person, pages in ((client, limits), (officer, desk)):
        for address, most in pages.items():
            person.get(address)
            with CaptureQueriesContext(connection) as captured:
                answer = person.get(address)
                if answer.streaming:
                    b"".join(answer.streaming_content)
            if len(captured) > most:
                over[address] = len(captured)

    assert over == {}


def test_the_figures_of_a_round_wait_until_it_is_closed(now: Listening, client: Client) -> None:
    round_ = _on_record(now.round(), now)
    for number in range(5):
        now.responds(round_, f"Trees {number}")
    assert client.get(f"{round_.get_absolute_url()}heard.csv").status_code == 404
    actions.close_round(round=round_, by=SETUP, now=now.now)
    lines = b"".join(client.get(f"{round_.get_absolute_url()}heard.csv").streaming_content).decode().splitlines()

    assert lines[0] == "what,value,name,count,of,share"
    assert "channel,paper,on paper,5,5,100.0" in lines


def test_the_language_of_hidden_words_is_told_nowhere(now: Listening, client: Client) -> None:
    """Beside a ward and a day it would tell of a single neighbour; where words are shown it is plain from them."""
    round_ = now.round()
    for words, language, may_quote in (("Trees", "en", True), ("Copaci", "ro", False), ("Mai", "ro", True)):
        made = now.responds(round_, words, ward=now.ward, language=language, may_quote=may_quote)
        actions.publish(voice=made.voices.get(), by=SETUP, now=now.now)
    Round.objects.filter(pk=round_.pk).update(state="closed", closed_at=now.now)
    file: Any = client.get("/voices/voices.json")
    rows = json.loads(b"".join(file.streaming_content))
    page = client.get(round_.get_absolute_url()).content.decode()

    assert {(row["words"], row["language"]) for row in rows} == {("Trees", "en"), ("Mai", "ro"), ("", "")}
    assert queries.heard(round_).things["language"] == {"en": 1, "ro": 1}
    assert "(of 2 published things whose words are shown)" in page
    assert not any("language" in entry.facts for entry in Entry.objects.filter(thing__kind="voice"))


def test_the_public_log_counts_and_names_nobody(now: Listening, client: Client) -> None:
    round_ = now.round()
    form = now.responds(round_, "Thanks to Irena", "Noise", contact="rita@example.org")
    first, second = form.voices.order_by("position")
    actions.hold(voice=first, reason="personal", by=now.officer(), now=now.now, note="Irena again")
    actions.publish(voice=second, by=now.officer(), now=now.now)
    page = client.get("/voices/how-we-moderate/").content.decode()
    rows = b"".join(client.get("/voices/how-we-moderate/log.csv").streaming_content).decode().splitlines()

    assert sorted(rows[1:]) == [f"{now.now:%Y-%m},held,personal,", f"{now.now:%Y-%m},published,,1"]  # one: hidden
    for told in (page, "\n".join(rows)):
        assert "Irena" not in told
        assert first.handle not in told
        assert str(now.officer().pk) not in told


def test_the_page_of_languages_keeps_what_is_typed_and_asks_in_them(now: Listening) -> None:
    round_ = now.round()
    Round.objects.filter(pk=round_.pk).update(languages=["en", "ro"])
    officer = signed_in(now.officer())
    address = f"/desk/voices/rounds/{round_.slug}/languages/"
    assert officer.get(address).status_code == 200
    sent = {f"t-{n}-ro-{name}": value for n in range(3) for name, value in (("text", f"Ce {n}?"), ("by", "machine"))}
    assert officer.post(address, sent).status_code == 302
    page = Client(headers={"accept-language": "ro"}).get(answering(round_)).content.decode()

    assert "Ce 0?" in page
    assert officer.post(address, sent | {"t-0-ro-text": "x" * 301}).status_code == 422


def test_the_preview_may_stand_in_our_own_frame_and_says_so_once(now: Listening) -> None:
    round_ = now.round()
    page = signed_in(now.officer()).get(f"/desk/voices/rounds/{round_.slug}/preview/page/")
    said = dict(part.strip().partition(" ")[::2] for part in page["Content-Security-Policy"].split(";"))

    assert page.status_code == 200
    assert said["frame-ancestors"] == "'self'"
    assert said["object-src"] == "'none'"


# Equal standing


@pytest.mark.parametrize("channel", ["web", "paper", "doorstep", "event", "phone", "sms", "school", "hub", "elsewhere"])
def test_no_public_figure_but_the_mix_knows_how_a_voice_reached_us(
    now: Listening, client: Client, channel: str
) -> None:
    def figures(slug: str, how: Callable[[int], str]) -> dict[str, Any]:
        round_ = _on_record(now.round(slug), now)
        asked = [question.pk for question in round_.questions.all()]
        for n in range(12):
            form = now.responds(
                round_, *[f"Trees {k}" for k, _ in enumerate(asked[: n % 3 + 1])], channel=how(n), key=f"{slug}{n}",
                ward=now.ward if n % 2 else None, language=("en", "bn")[n % 2], may_quote=n % 4 != 0,
                said_on=(now.now - timedelta(days=n % 5)).date(),
            )  # fmt: skip
            for k, voice in enumerate(form.voices.order_by("position")):
                if (n + k) % 5:
                    actions.publish(voice=voice, by=SETUP, now=now.now)
                elif n % 2:
                    actions.hold(voice=voice, reason="hate", by=SETUP, now=now.now)
        round_ = actions.close_round(round=round_, by=SETUP, now=now.now)
        found = queries.mix(round_)
        tables = {table.name: table for table in queries.tables(found) if table.name not in {"channel", "source"}}
        page = client.get(round_.get_absolute_url()).content.decode()
        texts = [
            (text.words, text.kind, text.language, text.ward_id, text.said_on, text.may_quote)
            for text in queries.texts(round_)
        ]
        return {
            "people": found.people,
            "voices": found.voices,
            "by": {name: counts for name, counts in found.by.items() if name not in {"channel", "source"}},
            "tables": tables,
            "texts": sorted(texts, key=str),
            "quotes": len(queries.quotes(round_)),
            "page": re.findall(r"<strong>(\d+)</strong> people", page),
            "log": len(queries.moderation_rows()),
        }

    mixed = figures("one", lambda n: ("web", "paper", "doorstep", "event")[n % 4])
    same = figures("two", lambda n: channel)

    assert mixed == same


def test_a_whole_borough_of_figures_is_the_same_when_every_channel_is_another(now: Listening) -> None:
    round_ = now.round()
    for n, channel in enumerate(["web", "paper", "school", "doorstep", "hub", "sms"]):
        actions.publish(voice=now.responds(round_, f"T{n}", channel=channel).voices.get(), by=SETUP, now=now.now)

    def outside() -> Any:
        counted = queries.counts()
        return counted["kind"], counted["all"], queries.by_ward(), queries.found(words="T1").count()

    before = outside()
    Response.objects.update(channel="phone")

    assert outside() == before


def test_a_file_is_kept_where_only_its_round_is_missing(now: Listening) -> None:
    one, _two = now.round("one"), now.round("two")
    officer, address = signed_in(now.officer()), "/desk/voices/files/bring/"
    file = SimpleUploadedFile("answers.csv", b"like,method\nTrees,paper\n")
    refused = officer.post(address, {"round": "", "file": file})
    kept = Batch.objects.get()

    assert refused.status_code == 422
    assert "answers.csv is kept here" in refused.content.decode()
    assert f'value="{kept.handle}"' in refused.content.decode()
    assert officer.post(address, {"round": "", "kept": kept.handle}).status_code == 422
    assert signed_in(now.officer("omar")).post(address, {"round": str(one.pk), "kept": kept.handle}).status_code == 422
    assert (
        officer.get(f"/desk/voices/files/{kept.handle}/", follow=True).redirect_chain[-1][0]
        == f"{address}?kept={kept.handle}"
    )
    led = officer.post(address, {"round": str(one.pk), "kept": kept.handle})
    assert led["Location"] == f"/desk/voices/files/{kept.handle}/columns/"
    kept.refresh_from_db()
    assert (kept.round, kept.mapping["method"]) == (one, "channel")
    assert Batch.objects.count() == 1
    wrong = officer.post(address, {"round": "", "file": SimpleUploadedFile("bad.csv", b"")})
    assert wrong.status_code == 422
    assert "Choose the file once more" in wrong.content.decode()


def test_a_batch_left_behind_keeps_no_file(now: Listening) -> None:
    from becontree.citizenship.voices.actions.files import forget_drafts

    round_ = now.round()
    actions.bring(round=round_, data=b"like\nTrees\n", name="a.csv", by=SETUP, now=now.now)
    actions.begin_pile(round=round_, by=SETUP, now=now.now, kept={"channel": "paper"})
    typed = actions.begin_pile(round=round_, by=SETUP, now=now.now, kept={"channel": "paper"})
    like = round_.questions.first()
    form = Said(answers={like.pk: "Trees"}, channel="paper", key="one")
    actions.type_in(batch=typed, form=form, by=SETUP, now=now.now)
    today = now.now.date()
    settings.set_council(
        key="voices.draft_days", value=9, since=today + timedelta(days=1), reason="Holidays", by=SETUP, now=now.now
    )
    assert forget_drafts(now.now + timedelta(days=1)) == 0
    assert forget_drafts(now.now + timedelta(days=3)) == 2  # by the rule of the day on which they were begun

    assert list(Batch.objects.all()) == [typed]


def test_a_search_of_voices_says_what_it_found_before_anything_else(now: Listening) -> None:
    round_ = now.round()
    first, other = (
        actions.publish(voice=now.responds(round_, words, may_quote=True).voices.get(), by=SETUP, now=now.now)
        for words in ("Trees by the river", "Benches")
    )
    actions.answer(voice=first, status="done", body="Planted.", team="Parks", by=SETUP, now=now.now)
    client = Client()

    def page(**asked: str) -> str:
        return client.get("/voices/", asked).content.decode()

    for asked, here, away in (
        ({"q": "trees"}, first, other),
        ({"words": "trees", "channel": "nonsense"}, first, other),
        ({"answered": "yes"}, first, other),
        ({"answered": "no"}, other, first),
    ):
        shown = page(**asked)
        assert "1 voice found" in shown
        assert here.get_absolute_url() in shown
        assert away.get_absolute_url() not in shown
        assert shown.index("1 voice found") < shown.index(here.get_absolute_url()) < shown.index('class="stats"')
    assert 'value="trees"' in page(q="trees")
    assert "0 voices found" in page(q="zugzwang")
    assert "voices found" not in page()
