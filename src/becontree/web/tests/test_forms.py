"""Our quick drop-down list writes what Django writes."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template

from becontree.web.forms import PlainRenderer


def plain(html: str) -> str:
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", html)).strip()


@pytest.mark.parametrize(
    "choices",
    [
        [("", "All"), ("a", "A & B"), ("<b>", '"quoted"')],
        [("Group", [("1", "One"), ("2", "Two")]), (None, "Nothing")],
        [],
    ],
)
@pytest.mark.parametrize("value", ["", "a", "1", "<b>", None])
def test_the_list_is_djangos(choices: list[tuple[str, str]], value: str | None) -> None:
    widget = forms.Select(attrs={"id": "x", "disabled": True, "hidden": False, "title": 'a"b'}, choices=choices)

    ours = widget.render("ward", value, renderer=PlainRenderer())

    theirs = widget.render("ward", value, renderer=DjangoTemplates())
    assert plain(ours) == plain(theirs)


class Asked(forms.Form):
    name = forms.CharField(label="What is it called?", max_length=3)
    kind = forms.ChoiceField(label="Which kind?", choices=[("a", "A")])
    sure = forms.BooleanField(label="I am sure")
    email = forms.EmailField(label="E-mail address")
    on = forms.DateField(label="On which day?")
    many = forms.IntegerField(label="How many?", min_value=2)
    paper = forms.FileField(label="The paper")
    own = forms.CharField(error_messages={"required": "Say it in your own words."})


EMPTY = {
    "name": "“What is it called” is empty. Please fill it in.",
    "kind": "Choose an answer to “Which kind”.",
    "sure": "Tick “I am sure” to go on.",
    "email": "“E-mail address” is empty. Please fill it in.",
    "on": "“On which day” is empty. Please fill it in.",
    "many": "“How many” is empty. Please fill it in.",
    "paper": "Choose a file for “The paper”.",
    "own": "Say it in your own words.",
}
WRONG = {
    "name": ("long", "“What is it called” can hold 3 letters. You wrote 4: please make it shorter."),
    "kind": ("b", "Choose one of the answers to “Which kind”."),
    "email": ("nobody", "Write an e-mail address like name@example.org."),
    "on": ("99/99/2026", "“On which day” must be a real day, like 3 May 2027."),
    "many": ("1", "“How many” must be 2 or more."),
}


def test_what_is_missing_is_named_in_our_words():
    form = Asked({})

    assert {name: form[name].errors[0] for name in form.fields} == EMPTY
    assert "This field" not in form.as_p()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_in_our_words(name):
    typed, said = WRONG[name]

    assert list(Asked({name: typed})[name].errors) == [said]


def test_a_whole_number_is_asked_for_in_digits():
    assert list(Asked({"many": "two"})["many"].errors) == ["“How many” must be a whole number, in digits."]


def test_a_name_with_signs_is_shown_as_it_was_written_and_safely():
    class Odd(forms.Form):
        odd = forms.CharField(label="100% <b>sure</b>?")

    form = Odd({})

    assert list(form["odd"].errors) == ["“100% <b>sure</b>” is empty. Please fill it in."]
    assert "<b>sure</b>” is" not in str(form["odd"].errors)


def test_the_summary_says_a_questions_name_once():
    form = Asked({})
    summary = Template("{% load face %}{% error_summary form %}").render(Context({"form": form}))

    assert ">“What is it called” is empty. Please fill it in.</a>" in summary
    assert ">Say it in your own words.</a>" not in summary
    assert ">Own – Say it in your own words.</a>" in summary
