"""One form is one voice; other words from the same page, or another browser, are another."""

from __future__ import annotations

import pytest
from django.test import Client

from becontree.citizenship.voices.models import Batch, Response, Voice
from becontree.citizenship.voices.tests.conftest import Listening
from becontree.citizenship.voices.tests.test_pages import answering, signed_in

SAID = {"kind": "hope", "words": "A pool", "once": "abcabcabc"}


def browser() -> Client:
    found = Client()
    found.get("/voices/say/")
    assert "csrftoken" in found.cookies
    return found


@pytest.mark.parametrize("person", [False, True])
def test_the_same_words_from_the_same_page_are_one_voice_and_other_words_another(
    listening: Listening, person: bool
) -> None:
    client = signed_in(listening.person("rita")) if person else browser()
    first = client.post("/voices/say/", SAID)
    again = client.post("/voices/say/", SAID)
    anew = client.post("/voices/say/", SAID | {"words": "A library"})  # went back and wrote something else

    assert first["Location"] == again["Location"] != anew["Location"]
    assert sorted(Voice.objects.values_list("words", flat=True)) == ["A library", "A pool"]


def test_a_stranger_with_the_same_token_never_sees_the_firsts_page(listening: Listening) -> None:
    first, other = browser(), browser()
    mine = first.post("/voices/say/", SAID)["Location"]
    theirs = other.post("/voices/say/", SAID)["Location"]

    assert mine != theirs
    assert Response.objects.count() == 2


def test_an_answer_to_a_round_is_one_and_another_is_another(now: Listening) -> None:
    where = answering(now.round())
    sent = {"q0": "Trees", "once": "abcabcabc", "do": "send"}
    first, other = browser(), browser()
    mine = [first.post(where, sent)["Location"], first.post(where, sent)["Location"]]
    anew = first.post(where, sent | {"q0": "Ponds"})["Location"]
    theirs = other.post(where, sent)["Location"]

    assert len({*mine, anew, theirs}) == 3
    assert Response.objects.count() == 3


def test_a_clerk_who_went_back_and_typed_the_next_form_loses_nothing(now: Listening) -> None:
    officer = now.officer()
    client = signed_in(officer)
    round_ = now.round()
    pile = Batch.objects.create(
        way="clerk", round=round_, made_by="x", made_at=now.now, kept={"channel": "paper", "language": "en"}
    )
    sent = {"q0": "Trees", "language": "en", "said_on": f"{now.now:%Y-%m-%d}", "channel": "paper", "once": "one",
            "do": "save"}  # fmt: skip
    for words in ("Trees", "Trees", "Ponds"):
        assert client.post(f"/desk/voices/piles/{pile.handle}/", sent | {"q0": words}).status_code == 302
    talk = {"kind": "like", "words": "Parks", "channel": "phone", "said_on": f"{now.now:%Y-%m-%d}", "once": "two"}
    for words in ("Parks", "Parks", "Swings"):
        assert client.post("/desk/voices/enter/", talk | {"words": words}).status_code == 302

    assert sorted(Voice.objects.values_list("words", flat=True)) == ["Parks", "Ponds", "Swings", "Trees"]


def test_a_class_that_went_back_loses_nothing(now: Listening) -> None:
    client = signed_in(now.officer())
    pile = Batch.objects.create(
        way="class", round=now.round(), made_by="x", made_at=now.now, kept={"channel": "school", "language": "en"}
    )
    for words in ("Trees\nPonds", "Trees\nPonds", "Swings"):
        client.post(f"/desk/voices/piles/{pile.handle}/class/", {"q0": words, "once": "one", "do": "save"})

    assert sorted(Voice.objects.values_list("words", flat=True)) == ["Ponds", "Swings", "Trees"]
