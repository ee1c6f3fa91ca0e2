"""Rounds and piles at the desk: nothing chosen for the clerk, nothing asked in vain, nothing lost without a word."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from becontree.citizenship.voices import actions
from becontree.citizenship.voices.models import Batch, Keying, Response, Round, Voice
from becontree.citizenship.voices.tests.conftest import SETUP, Listening
from becontree.citizenship.voices.tests.test_pages import signed_in
from becontree.foundations.kit.errors import Clash
from becontree.foundations.measures.models import EqualityTally
from becontree.foundations.places import actions as places
from becontree.foundations.places.models import Postcode


def chosen(page: str) -> list[str]:
    """The values that are chosen in the list of rounds."""
    found = re.search(r'<select name="round".*?</select>', page, re.DOTALL)
    assert found is not None
    return [value for value in re.findall(r'<option value="([^"]*)"[^>]*selected', found[0]) if value]


@pytest.mark.parametrize("address", ["/desk/voices/piles/begin/", "/desk/voices/files/bring/"])
def test_no_other_round_is_chosen_than_the_one_asked_for(now: Listening, address: str) -> None:
    first, second = now.round("one"), now.round("two")
    done = now.round("three", state="answered", closed_at=now.now, answered_at=now.now, said="x", did="y")
    officer = signed_in(now.officer())
    asked = officer.get(address, {"round": str(done.pk)}).content.decode()

    assert chosen(asked) == []
    assert "takes no more forms" in asked
    assert chosen(officer.get(address).content.decode()) == []
    assert chosen(officer.get(address, {"round": str(second.pk)}).content.decode()) == [str(second.pk)]
    assert first.state == "open"
    assert "Type in a pile" not in officer.get(f"/desk/voices/rounds/{done.slug}/").content.decode()


@pytest.mark.parametrize(("later", "said"), [(1, "The day is in the future."), (-400, "Look at the day again.")])
def test_a_day_that_cannot_be_is_told_before_the_first_form_is_typed(now: Listening, later: int, said: str) -> None:
    day = now.now + timedelta(days=later)
    given = {"round": str(now.round().pk), "way": "clerk", "channel": "paper", "language": "en"}
    told = signed_in(now.officer()).post("/desk/voices/piles/begin/", given | {"said_on": f"{day:%Y-%m-%d}"})

    assert told.status_code == 422
    assert said in told.content.decode()
    assert not Batch.objects.exists()


def pile(now: Listening, round_: Round) -> str:
    kept = {"channel": "paper", "language": "en", "said_on": f"{now.now:%Y-%m-%d}"}
    made = actions.begin_pile(round=round_, by=now.officer(), now=now.now, kept=kept)
    return f"/desk/voices/piles/{made.handle}/"


def sheet(now: Listening, **more: str) -> dict[str, str]:
    given = {"q0": "Trees", "language": "en", "said_on": f"{now.now:%Y-%m-%d}", "channel": "paper", "once": "one"}
    return given | {"do": "save"} | more


def test_a_pile_typed_twice_says_who_types_again_and_where(now: Listening) -> None:
    round_ = now.round()
    Round.objects.filter(pk=round_.pk).update(double_entry=True)
    officer, where = signed_in(now.officer()), pile(now, round_)
    for n in range(2):
        officer.post(where, sheet(now, q0=f"Trees {n}", once=f"o{n}"))
    told = officer.post(where, {"do": "finish"}).content.decode()
    listed = officer.get("/desk/voices/piles/").content.decode()

    assert "2 forms wait until somebody else types them again" in told
    assert f"{where}second/" in told
    assert "2 to type again" in listed
    assert Batch.objects.get().state == "open"


def test_the_focus_begins_in_the_field_in_error(now: Listening) -> None:
    officer, where = signed_in(now.officer()), pile(now, now.round())
    page = officer.post(where, sheet(now, said_on="2031-01-01")).content.decode()
    focused = re.findall(r'name="([^"]+)"[^>]*autofocus', page)

    assert focused == ["said_on"]


def test_questions_about_oneself_stand_on_the_paper_screen_and_are_kept_apart(now: Listening) -> None:
    round_ = now.round()
    Round.objects.filter(pk=round_.pk).update(asks_equality=True)
    officer, where = signed_in(now.officer()), pile(now, round_)
    assert 'name="about-age"' in officer.get(where).content.decode()
    officer.post(where, sheet(now, **{"about-age": "25-34"}))
    officer.post(where, sheet(now, once="two", q0="Ponds"))  # Enter went past it
    tally = EqualityTally.objects.get()

    assert (tally.forms, tally.counts) == (1, {"age": {"25-34": 1}})
    assert Response.objects.count() == 2


def test_where_forms_are_typed_twice_answers_about_oneself_wait_nowhere(now: Listening) -> None:
    round_ = now.round()
    Round.objects.filter(pk=round_.pk).update(asks_equality=True, double_entry=True)
    officer, where = signed_in(now.officer()), pile(now, round_)
    officer.post(where, sheet(now, **{"about-age": "25-34"}))

    assert "25-34" not in str(Keying.objects.get().content)
    assert EqualityTally.objects.get().counts == {"age": {"25-34": 1}}
    other = signed_in(now.officer("nadia"))
    assert 'name="about-age"' not in other.get(f"{where}second/").content.decode()


def test_what_must_stand_before_it_opens_says_so_and_what_is_frozen_is_text(now: Listening) -> None:
    officer = signed_in(now.officer())
    draft = actions.draft(recipe="street", by=now.officer(), now=now.now)
    page = officer.get(f"/desk/voices/rounds/{draft.slug}/").content.decode()
    for label in ("Who will answer", "Why we ask"):
        assert re.search(rf"{label}[^<]*<span[^>]*>\(needed before it opens\)", page), label
    opened = now.round("open-one")
    page = officer.get(f"/desk/voices/rounds/{opened.slug}/").content.decode()
    assert 'name="why"' not in page
    assert "To plan." in page
    assert 'name="closes_on"' in page
    later = officer.post(
        f"/desk/voices/rounds/{opened.slug}/",
        {"closes_on": "2031-01-01", "answer_by": "2031-03-01", "places": "Library", "languages": "en", "easy_read": ""},
    )
    opened.refresh_from_db()

    assert later.status_code == 302
    assert (f"{opened.closes_on}", opened.places, opened.why) == ("2031-01-01", ["Library"], "To plan.")


def test_a_draft_can_be_thrown_away_and_nothing_that_opened(now: Listening) -> None:
    officer = signed_in(now.officer())
    draft, opened = actions.draft(recipe="street", by=now.officer(), now=now.now), now.round("opened")
    for one in (draft, opened):
        officer.post(f"/desk/voices/rounds/{one.slug}/settle/", {"do": "throw-away"})

    assert list(Round.objects.values_list("slug", flat=True)) == ["opened"]
    with pytest.raises(Clash, match="stays"):
        actions.throw_away(round=opened, by=SETUP, now=now.now)


# Saying something


@pytest.fixture
def postcode(now: Listening) -> str:
    places.import_postcodes(f"postcode,ward\nZZ1 3AD,{now.ward.code}\n".encode(), by=SETUP, now=now.now)
    assert Postcode.objects.count() == 1
    return "zz13ad"


def test_a_postcode_finds_the_ward_without_script_and_is_not_kept(
    now: Listening, client: Client, postcode: str
) -> None:
    page = client.get("/voices/say/").content.decode()
    assert "Such as ZZ1 3AD" in page
    assert "I do not know" in page
    sent = {"kind": "hope", "words": "A pool & a lido", "may_quote": "on", "contact": "r@example.org", "once": "abc"}
    found = client.post("/voices/say/", sent | {"postcode": postcode, "do": "ward"})
    page = found.content.decode()
    assert found.status_code == 200
    assert f'value="{now.ward.code}" selected' in page
    assert all(kept in page for kept in ("A pool &amp; a lido", "r@example.org", 'value="abc"'))
    assert postcode not in page
    assert Voice.objects.count() == 0
    unknown = client.post("/voices/say/", sent | {"postcode": "AB1 2CD", "do": "ward"})
    assert (unknown.status_code, "We do not know this postcode" in unknown.content.decode()) == (422, True)
    client.post("/voices/say/", sent | {"postcode": postcode})  # sent at once

    assert Voice.objects.get().ward == now.ward


@pytest.mark.parametrize("layout", ["page", "each"])
def test_a_postcode_finds_the_ward_in_a_rounds_form_and_is_in_no_page_after(
    now: Listening, client: Client, postcode: str, layout: str
) -> None:
    round_ = now.round(layout=layout)
    address = f"/voices/rounds/{round_.slug}/answer/"
    steps = round_.questions.count() if layout == "each" else 0
    sent = {"q0": "A pool & a lido", "contact": "r@example.org", "once": "abcdef", "step": steps}
    found = client.post(address, sent | {"postcode": postcode, "do": "ward"})
    assert (found.status_code, f'value="{now.ward.code}" selected' in found.text) == (200, True)
    assert all(kept in found.text for kept in ("A pool &amp; a lido", "r@example.org", "We have not kept the postcode"))
    unknown = client.post(address, sent | {"postcode": "AB1 2CD", "do": "ward"})
    assert (unknown.status_code, "We do not know this postcode" in unknown.text) == (422, True)
    unknown = client.post(address, sent | {"postcode": "AB1 2CD", "do": "check"})
    assert (unknown.status_code, "We do not know this postcode" in unknown.text) == (422, True)
    looked = [client.post(address, sent | {"postcode": postcode, "do": "check", "ward": ward})
              for ward in ("", now.ward.code)]  # fmt: skip
    for page in (found, *looked):
        assert page.status_code == 200
        assert postcode not in page.text
        assert now.ward.name in page.text
    client.post(address, sent | {"postcode": postcode, "do": "send"})  # sent at once

    assert Response.objects.get().ward == now.ward


def test_heaps_of_accents_and_emoji_are_cut_and_writing_is_not(now: Listening) -> None:
    heap = "H" + "\u0301" * 200 + "ello " + "\U0001f600" * 300
    written = "Việt Nam, שָׁלוֹם, हिन्दी, 👨‍👩‍👧 ❤️"
    (first,) = now.responds(None, heap).voices.all()
    (second,) = now.responds(None, written).voices.all()

    assert first.words == "H" + "\u0301" * 4 + "ello " + "\U0001f600" * 10
    assert second.words == written


def test_voices_whose_words_are_private_stand_together(now: Listening, client: Client) -> None:
    for n in range(5):
        voice = now.responds(None, f"Private {n}", may_quote=False).voices.get()
        actions.publish(voice=voice, by=SETUP, now=now.now)
    page = client.get("/voices/").content.decode()
    home = client.get("/").content.decode()

    assert "5 more, kept private" in page
    assert "Counted; the speaker keeps" not in page
    assert "5 things were said" in home
