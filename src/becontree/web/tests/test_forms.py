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


@pytest.mark.parametrize("value", ["", None, "a", '<b>"quoted" & more', 0, 7, True])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput, forms.EmailInput, forms.NumberInput, forms.HiddenInput, forms.PasswordInput, forms.DateInput,
        forms.CheckboxInput, forms.URLInput, forms.SearchInput, forms.TelInput,
    ],
)  # fmt: skip
def test_an_input_is_djangos(widget: type[forms.Input], value: object) -> None:
    control = widget(attrs={"id": "x", "required": True, "hidden": False, "title": 'a"b', "maxlength": 3})

    ours = control.render("said", value, renderer=PlainRenderer())

    theirs = control.render("said", value, renderer=DjangoTemplates())
    assert plain(ours) == plain(theirs)


class Told(forms.Form):
    name = forms.CharField(label="Name & <b>", help_text="As <em>you</em> like", max_length=3)
    ward = forms.CharField(label="Where", required=False)
    tick = forms.BooleanField(label="I am sure")
    pick = forms.ChoiceField(label="Which", choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_field_ties_its_label_hint_and_error_to_its_control() -> None:
    form = Told({"name": "<script>"}, renderer=PlainRenderer())

    name, ward, tick, pick = (form[each].as_field_group() for each in ("name", "ward", "tick", "pick"))

    assert '<div class="field field--error" id="field-name">' in name
    assert '<label for="id_name">Name &amp; &lt;b&gt;</label>' in name
    assert '<div class="helptext" id="id_name_helptext">As <em>you</em> like</div>' in name
    assert '<ul class="errorlist" id="id_name_error"><li><span class="visually">Error:</span> ' in name
    assert 'value="&lt;script&gt;"' in name
    assert "<script>" not in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert '<label for="id_ward">Where <span class="soft">(if you like)</span></label>' in ward
    assert "field--error" not in ward
    assert tick.count("<label") == 1
    assert tick.index("<input") < tick.index("<label")
    assert "<legend>Which</legend>" in pick
    assert pick.rstrip().endswith("</fieldset>\n</div>")


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
