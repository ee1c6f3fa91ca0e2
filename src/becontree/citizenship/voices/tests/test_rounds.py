"""A round is prepared from a recipe, opens when nothing is missing, closes, and is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from becontree.citizenship.voices import actions
from becontree.citizenship.voices.checklist import checklist
from becontree.citizenship.voices.models import Round, Update
from becontree.citizenship.voices.recipes import Asked, recipes
from becontree.citizenship.voices.tests.conftest import NOW, SETUP, Listening
from becontree.citizenship.voices.tests.test_pages import signed_in
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.record.models import Entry


def ready(listening: Listening, recipe: str = "twenty-years", **more: Any) -> Round:
    """A draft with all that it needs, and looked at."""
    officer = listening.officer()
    made = actions.draft(recipe=recipe, by=officer, now=listening.now)
    made = actions.edit(
        round=made, by=officer, now=listening.now, **({"answerer": "The cabinet", "team": "Engagement"} | more)
    )
    actions.previewed(round=made, by=officer, now=listening.now)
    return Round.objects.get(pk=made.pk)


@pytest.mark.parametrize("slug", ["twenty-years", "street", "park", "budget"])
def test_every_recipe_makes_a_draft_that_lacks_only_who_answers(listening: Listening, slug: str) -> None:
    made = actions.draft(recipe=slug, by=listening.officer(), now=NOW)
    items = checklist(made, list(made.questions.all()), NOW.date())

    assert {item.field for item in items if item.must and not item.done} == {"answerer", "team", "preview"}
    assert [q.text for q in made.questions.all()] == [q.text for q in recipes()[slug].questions]
    assert made.owner == listening.officer()


@pytest.mark.parametrize(
    ("field", "empty"),
    [
        ("why", ""), ("changes", ""), ("answerer", " "), ("owner", None), ("team", ""), ("closes_on", None),
        ("opens_on", None), ("answer_by", None), ("languages", []), ("privacy", ""), ("moderation", ""),
        ("reasons", []),
    ],
)  # fmt: skip
def test_a_round_cannot_open_without(listening: Listening, field: str, empty: Any) -> None:
    made = ready(listening, **{field: empty})
    with pytest.raises(Invalid) as refused:
        actions.open_round(round=made, by=SETUP, now=NOW)

    assert field in refused.value.errors
    assert Round.objects.get().state == "draft"


def test_a_round_cannot_open_before_somebody_looked_at_it(listening: Listening) -> None:
    made = ready(listening)
    actions.edit(round=made, by=SETUP, now=NOW, title="Another title")
    with pytest.raises(Invalid) as refused:
        actions.open_round(round=made, by=SETUP, now=NOW)

    assert set(refused.value.errors) == {"preview"}


def test_a_round_cannot_open_without_questions(listening: Listening) -> None:
    made = ready(listening)
    made.questions.all().delete()
    with pytest.raises(Invalid) as refused:
        actions.open_round(round=made, by=SETUP, now=NOW)

    assert "questions" in refused.value.errors


def test_what_is_public_of_a_round_goes_on_the_record(listening: Listening) -> None:
    made = actions.open_round(round=ready(listening), by=SETUP, now=NOW)
    for number in range(4):
        listening.responds(made, f"Tree {number}")
    listening.responds(made, "The smell", channel="doorstep")
    actions.close_round(round=made, by=SETUP, now=NOW)
    actions.answer_round(round=made, asked="What?", said="Trees.", did="We plant.", by=SETUP, now=NOW)

    entries = {entry.kind: entry for entry in Entry.objects.filter(thing__ref=made.ref)}
    assert set(entries) == {"round.opened", "round.closed", "round.answered"}
    assert entries["round.closed"].facts == {"people": 5, "voices": 5}
    assert Update.objects.get().words == "We plant."


def test_what_was_done_is_said_once_on_a_rounds_page_and_never_told_twice(listening: Listening, client: Client) -> None:
    made = actions.open_round(round=ready(listening), by=SETUP, now=NOW)
    actions.close_round(round=made, by=SETUP, now=NOW)
    for _ in range(2):
        made = actions.answer_round(round=made, asked="What?", said="Trees.", did="We plant limes.", by=SETUP, now=NOW)
    with pytest.raises(Invalid) as again:
        actions.update(round=made, step="came", words="We plant limes. ", by=SETUP, now=NOW)
    actions.update(round=made, step="came", words="Forty stand.", by=SETUP, now=NOW)
    page = client.get(f"/voices/rounds/{made.slug}/").text

    assert (again.value.code, again.value.field) == ("update.again", "words")
    assert (page.count("We plant limes."), page.count("See “We did”, above.")) == (1, 1)
    assert "Forty stand." in page


STATES = ("draft", "open", "closed", "answered")
MAY = {
    ("draft", "edit"), ("draft", "questions"), ("draft", "open"), ("open", "edit"), ("open", "close"),
    ("closed", "open"), ("closed", "answer"), ("answered", "answer"),
    ("open", "tell"), ("closed", "tell"), ("answered", "tell"),
}  # fmt: skip


def at(listening: Listening, state: str) -> Round:
    made = ready(listening)
    if state != "draft":
        made = actions.open_round(round=made, by=SETUP, now=NOW)
    if state in {"closed", "answered"}:
        made = actions.close_round(round=made, by=SETUP, now=NOW)
    if state == "answered":
        made = actions.answer_round(round=made, asked="a", said="b", did="c", by=SETUP, now=NOW)
    return made


def do(verb: str, made: Round, by: Any) -> None:
    {
        "edit": lambda: actions.edit(round=made, by=by, now=NOW, easy_read="Short."),
        "questions": lambda: actions.set_questions(round=made, questions=[Asked("open", "Well?")], by=by, now=NOW),
        "open": lambda: actions.open_round(round=made, by=by, now=NOW),
        "close": lambda: actions.close_round(round=made, by=by, now=NOW),
        "answer": lambda: actions.answer_round(round=made, asked="a", said="b", did="c", by=by, now=NOW),
        "tell": lambda: actions.update(round=made, step="heard", words="Trees.", by=by, now=NOW),
    }[verb]()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", ["edit", "questions", "open", "close", "answer", "tell"])
def test_each_verb_in_each_state(listening: Listening, state: str, verb: str) -> None:
    made = at(listening, state)
    if verb == "open" and state == "draft":
        actions.previewed(round=made, by=SETUP, now=NOW)
    if (state, verb) in MAY:
        do(verb, made, listening.officer())
    else:
        with pytest.raises(Clash):
            do(verb, made, listening.officer())


@pytest.mark.parametrize("verb", ["edit", "questions", "open", "close", "answer", "tell"])
def test_only_the_team_that_listens_may(listening: Listening, verb: str) -> None:
    made = at(listening, "open")
    for by in (listening.person("rita"), listening.officer("priya", "funding"), None):
        with pytest.raises(NotAllowed):
            do(verb, made, by)


def test_an_open_round_is_never_shortened_and_keeps_its_promises(listening: Listening) -> None:
    made = at(listening, "open")
    assert made.closes_on
    longer = actions.edit(round=made, by=SETUP, now=NOW, closes_on=made.closes_on + timedelta(days=7))
    with pytest.raises(Invalid) as sooner:
        actions.edit(round=longer, by=SETUP, now=NOW, closes_on=made.closes_on)
    with pytest.raises(Invalid) as privacy:
        actions.edit(round=longer, by=SETUP, now=NOW, privacy="We sell it.")

    assert "closes_on" in sooner.value.errors
    with pytest.raises(Invalid) as none:
        actions.edit(round=longer, by=SETUP, now=NOW, closes_on=None, answer_by=None)
    assert set(none.value.errors) == {"closes_on", "answer_by"}
    assert "privacy" in privacy.value.errors


def test_words_are_held_only_for_a_reason_that_the_round_set_out(listening: Listening) -> None:
    made = actions.open_round(round=ready(listening, reasons=["personal", "hate"]), by=SETUP, now=NOW)
    voice = listening.responds(made, "Buy my cakes").voices.get()
    with pytest.raises(Invalid):
        actions.hold(voice=voice, reason="advert", by=SETUP, now=NOW)

    assert actions.hold(voice=voice, reason="personal", by=SETUP, now=NOW).state == "held"


def test_questions_stand_side_by_side_in_other_languages_marked_by_who_translated(listening: Listening) -> None:
    made = actions.open_round(round=ready(listening, languages=["en", "bn"]), by=SETUP, now=NOW)
    first, second = [str(question.pk) for question in made.questions.all()][:2]
    bangla = {"text": "এখানে কী ভালো লাগে?", "hint": "", "by": "human"}
    actions.translate_questions(
        round=made, translations={first: {"bn": bangla}, second: {"bn": bangla | {"by": "machine"}}}, by=SETUP, now=NOW
    )
    one, two, three = made.questions.all()

    assert (one.said_in("bn")["text"], one.said_in("bn")["by"]) == (bangla["text"], "human")
    assert two.said_in("bn-BD")["by"] == "machine"
    assert three.said_in("bn") == {"text": three.text, "hint": three.hint, "by": "", "language": "en"}
    for wrong in ({first: {"fr": bangla}}, {first: {"bn": bangla | {"by": "nobody"}}}, {"x": {"bn": bangla}}):
        with pytest.raises(Invalid):
            actions.translate_questions(round=made, translations=wrong, by=SETUP, now=NOW)


def test_opening_a_round_keeps_what_was_typed_into_its_parts_first(listening: Listening) -> None:
    made = actions.draft(recipe="street", by=listening.officer(), now=listening.now)
    officer = signed_in(listening.officer())
    address = f"/desk/voices/rounds/{made.slug}/"
    page = BeautifulSoup(officer.get(address).content, "html.parser")
    button = page.find("button", attrs={"name": "do", "value": "open"})
    parts = page.find("form", id="parts")
    typed = fields(parts) | {"answerer": "The cabinet", "team": "Engagement", "title": "Our own street", "do": "open"}

    assert button is not None
    assert button["form"] == "parts"
    refused = officer.post(address, typed)
    made.refresh_from_db()
    assert (refused.status_code, made.title, made.answerer) == (422, "Our own street", "The cabinet")
    typed = fields(BeautifulSoup(refused.content, "html.parser").find("form", id="parts")) | {"do": "open"}
    actions.previewed(round=made, by=listening.officer(), now=listening.now)
    assert officer.post(address, typed).status_code == 302
    made.refresh_from_db()
    assert made.state == "open"


@pytest.mark.parametrize("state", ["draft", "open"])
def test_a_form_left_open_in_another_window_puts_nothing_back(listening: Listening, state: str) -> None:
    made = actions.draft(recipe="street", by=listening.officer(), now=listening.now)
    actions.edit(round=made, by=listening.officer(), now=listening.now, answerer="The cabinet", team="Streets")
    if state == "open":
        actions.previewed(round=made, by=listening.officer(), now=listening.now)
        actions.open_round(round=made, by=listening.officer(), now=listening.now)
    officer = signed_in(listening.officer())
    address = f"/desk/voices/rounds/{made.slug}/"
    first, second = (fields(BeautifulSoup(officer.get(address).content, "html.parser").find(id="parts")) for _ in "ab")
    assert officer.post(address, first | {"places": "The library"}).status_code == 302
    told = officer.post(address, second | {"easy_read": "We listen."})
    made.refresh_from_db()

    assert told.status_code == 422
    assert "perhaps by you in another window" in told.content.decode()
    assert (made.places, made.easy_read == "We listen.") == (["The library"], False)
    again = fields(BeautifulSoup(told.content, "html.parser").find(id="parts"))
    assert again["easy_read"] == "We listen."
    assert officer.post(address, again).status_code == 302  # they were told, and want it so
    made.refresh_from_db()
    assert made.easy_read == "We listen."


def fields(form: Any) -> dict[str, Any]:
    """What a browser would send of a form as it stands."""
    found: dict[str, Any] = {}
    for one in form.find_all(["input", "textarea", "select"]):
        if one.name == "select":
            found[one["name"]] = [each["value"] for each in one.find_all("option", selected=True)]
        elif one.name == "textarea":
            found[one["name"]] = one.text.removeprefix("\n").replace("\n", "\r\n")
        elif one.get("type") not in {"checkbox", "radio"}:
            found[one["name"]] = one.get("value", "")
        elif one.has_attr("checked"):
            found.setdefault(one["name"], []).append(one["value"] if one.has_attr("value") else "on")
    return found
