"""Words for the record are shown first, as everybody will read them, and only these very words are let through."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms

from becontree.foundations.kit.forms import PoundsField
from becontree.foundations.kit.public_words import PublicWords


class Reason(PublicWords):
    public_fields = ("reason", "also")

    reason = forms.CharField(label="Why?")
    also = forms.CharField(label="More", required=False)
    note = forms.CharField(label="For us", required=False)


def sent(**given: Any) -> Reason:
    return Reason({key.replace("_", "-"): value for key, value in given.items()})


def previewed(**given: Any) -> Any:
    form = sent(**given)
    assert not form.is_valid()
    assert form.preview is not None
    return form.preview


def test_the_first_time_the_words_are_shown_and_nothing_is_wrong() -> None:
    form = sent(reason="The lease ended.", note="Ring Jo")

    assert not form.is_valid()
    assert form.errors == {}
    assert form.preview is not None
    assert form.preview.words == [("Why?", "The lease ended.")]
    assert form.preview.doubts == []


def test_read_and_ticked_words_go_through() -> None:
    digest = previewed(reason="The lease ended.").digest

    assert sent(reason="The lease ended.", public_read=digest, public_sure="on").is_valid()


def test_a_tick_that_was_left_out_is_asked_for() -> None:
    digest = previewed(reason="The lease ended.").digest
    form = sent(reason="The lease ended.", public_read=digest)

    assert not form.is_valid()
    assert form.preview is not None
    assert form.preview.unticked


@pytest.mark.parametrize(
    ("words", "read"),
    [("The lease ended!", None), ("The lease ended.", ""), ("The lease ended.", "0" * 32), ("Something else", None)],
)
def test_a_tick_for_other_words_counts_for_nothing(words: str, read: str | None) -> None:
    digest = previewed(reason="The lease ended.").digest if read is None else read

    assert not sent(reason=words, public_read=digest, public_sure="on").is_valid()


def test_words_moved_from_one_question_to_another_are_shown_again() -> None:
    digest = previewed(reason="a", also="b").digest

    assert not sent(reason="b", also="a", public_read=digest, public_sure="on").is_valid()


class Award(PublicWords):
    public_fields = ("project", "pence", "why")

    project = forms.ChoiceField(choices=[("play", "A play area for Jo Smith")])
    pence = PoundsField(label="How much?")
    why = forms.CharField(label="Why?")


def test_an_amount_and_a_choice_are_shown_as_everybody_reads_them() -> None:
    form = Award({"project": "play", "pence": "1,234.5", "why": "They asked."})

    assert not form.is_valid()
    assert form.preview is not None
    assert [said for _, said in form.preview.words] == ["A play area for Jo Smith", "£1,234.50", "They asked."]
    assert form.preview.doubts == []
    other = Award(
        {
            "project": "play",
            "pence": "9,999",
            "why": "They asked.",
            "public-read": form.preview.digest,
            "public-sure": "on",
        }
    )
    assert not other.is_valid()  # another amount is read again


def test_what_looks_personal_is_named() -> None:
    preview = previewed(reason="Mrs Patel at 12 Ripple Road, 020 7946 0018, rang.", also="rita@example.org")

    assert {doubt.words for doubt in preview.doubts} >= {"020 7946 0018", "rita@example.org"}
    assert any("Patel" in doubt.words for doubt in preview.doubts)


def test_a_form_that_is_wrong_says_so_before_anything_is_shown() -> None:
    form = sent(reason="")

    assert not form.is_valid()
    assert form.preview is None


def test_what_is_left_empty_is_not_shown() -> None:
    assert [question for question, _ in previewed(reason="x", also="  ").words] == ["Why?"]


def test_the_page_shows_the_words_safely_with_the_tick_and_the_form() -> None:
    from django.template import Context, Template

    form = sent(reason="<script>alert(1)</script>")
    form.is_valid()
    page = Template("{% load face %}{% fields form %}").render(Context({"form": form}))

    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert re.search(r'name="public-sure"', page)
    assert 'value="&lt;script&gt;' in page
