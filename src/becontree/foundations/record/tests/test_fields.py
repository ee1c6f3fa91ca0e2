"""A public thing is named by words of its name; what is not clear is asked; what is wrong gets the nearest."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms

from becontree.foundations.record import actions
from becontree.foundations.record.fields import ThingField

pytestmark = pytest.mark.django_db


class _Form(forms.Form):
    leads_to = ThingField(label="What it leads to", required=False)


@pytest.fixture(autouse=True)
def things() -> None:
    for ref, title in (
        ("project/heron-garden", "A garden on Heron Road"),
        ("project/school-garden", "A garden for the school"),
        ("voice/8hvwz99ng8", "A hope from Maypole"),
        ("promise/play", "Play close to every home"),
        ("campaign/heron-garden", "Campaign for A garden on Heron Road"),
        ("voice/2222222222", "A garden, said at the door"),
    ):
        actions.thing(ref=ref, kind=ref.partition("/")[0], title=title, url=f"/{ref}/")
    actions.thing(ref="project/hidden", kind="project", title="A garden without a page")


def _given(**data: Any) -> tuple[str | None, str, list[str]]:
    form = _Form(data)
    good = form.is_valid()
    page = str(form["leads_to"])
    return form.cleaned_data["leads_to"] if good else None, page, re.findall(r'type="radio"[^>]*value="([^"]+)"', page)


@pytest.mark.parametrize(
    ("words", "ref"),
    [("", ""), ("project/heron-garden", "project/heron-garden"), (" /promise/play/ ", "promise/play"),
     ("play close to every home", "promise/play")],
)  # fmt: skip
def test_a_reference_and_a_whole_name_are_taken(words: str, ref: str) -> None:
    assert _given(leads_to=words)[0] == ref


def test_words_of_several_names_are_answered_with_a_choice() -> None:
    cleaned, page, offered = _given(leads_to="garden")

    assert cleaned is None
    assert offered == [
        "project/school-garden", "project/heron-garden", "campaign/heron-garden", "voice/2222222222",
    ]  # fmt: skip
    assert 'value="garden"' in page
    assert "A garden on Heron Road" in page
    assert _given(leads_to="garden", **{"leads_to-pick": offered[1]})[0] == "project/heron-garden"
    assert _given(leads_to="heron road", **{"leads_to-pick": ""})[2][0] == "project/heron-garden"


@pytest.mark.parametrize(("words", "first"), [("heron pond", "project/heron-garden"), ("maipole", "voice/8hvwz99ng8")])
def test_wrong_words_are_answered_with_the_nearest(words: str, first: str) -> None:
    form = _Form({"leads_to": words})

    assert not form.is_valid()
    assert "nearest" in str(form.errors["leads_to"])
    assert _given(leads_to=words)[2][0] == first


def test_what_was_made_up_by_a_program_is_not_taken() -> None:
    assert _given(leads_to="x", **{"leads_to-pick": "project/none"})[0] is None
