"""Our quick drop-down list writes what Django writes."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

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
