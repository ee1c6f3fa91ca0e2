"""Signs that nobody sees or that turn words round: no form lets them in, and the record keeps none."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client

import becontree
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.projects.models import Project
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.kit.words import odd, one_line, plain
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry
from tests.spec.scene import SETUP, Scene

pytestmark = pytest.mark.django_db

BAD: Final = "A\r\nBcc: e\u202egnp.exe\u202c \x1b[31mred\x07\x9b \u2066b\u2069\u200e\U000e0041 \u2028c\td"


def all_forms() -> Iterator[type[forms.BaseForm]]:
    """Every form of ours, wherever it stands."""
    for module in pkgutil.walk_packages(becontree.__path__, "becontree."):
        if module.name.rpartition(".")[2] in {"forms", "views", "desk", "signin", "resident", "rounds", "piles"}:
            importlib.import_module(module.name)
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("becontree."):
            yield form


def texts() -> list[tuple[str, forms.CharField]]:
    return [
        (f"{form.__module__}.{form.__qualname__}.{name}", field)
        for form in all_forms()
        for name, field in form.base_fields.items()  # type: ignore[attr-defined]
        if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)  # which takes nothing else
    ]


def test_every_text_of_every_form_loses_what_nobody_sees() -> None:
    found = texts()

    assert len({where.rpartition(".")[0] for where, _field in found}) > 60
    assert len(found) > 150
    for where, field in found:
        got = field.to_python(BAD)
        lines = isinstance(field.widget, forms.Textarea) or isinstance(got, list)
        got = "\n".join(got) if isinstance(got, list) else got

        assert not odd(got, lines=lines), where
        assert ("\n" in got) is lines, where
        assert "\r" not in got, where
        assert "\U000e0041" not in got, where
        try:  # no keyboard types a NUL: it is refused beside its field, or gone from a list
            clean = field.clean("a\0b")
        except ValidationError:
            continue
        assert isinstance(clean, list), where
        assert "\0" not in "".join(clean), where


@pytest.mark.parametrize("words", ["Môr a mynydd", "بہت اچھا", "नमस्ते\u200dक", "Tiếng Việt", "\u1019\u103c\u1014\u103a"])
def test_what_people_write_in_any_language_stays(words: str) -> None:
    assert forms.CharField().clean(words) == plain(words) == one_line(words) == words
    assert not odd(words)


TITLES: Final = (
    "A\r\nBcc: evil@example.org", "\u202eevil\u202c title", "Bad\x1b[31mesc", "A\u2028B", "\U000e0041tag",
    "Z" + "\u0301" * 100,
)  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_a_project_begun_has_a_plain_title_on_one_line(scene: Scene, title: str) -> None:
    client = scene.client("organiser")
    before = set(Project.objects.values_list("pk", flat=True))
    answer = client.post(
        "/my/projects/begin/", {"title": title, "summary": f"s {title}", "story": f"x\n{title}", "theme": "play"}
    )
    project = Project.objects.exclude(pk__in=before).get()

    assert answer.status_code == 302
    for text in (project.title, project.summary):
        assert text == one_line(text)
        assert not odd(text, lines=False)
    assert not odd(project.story)
    assert "\n" in project.story


def test_news_with_such_signs_reaches_the_record_without_them(scene: Scene, client: Client) -> None:
    project = scene.things["live"].project
    organiser, address = scene.client("organiser"), f"/my/projects/{project.slug}/news/"
    sent = {"title": f"Tester {BAD}", "body": "Body \u202ereversed\u202c \x1b[2J\nsecond line"}
    shown = organiser.post(address, sent)
    seen = re.search(r'name="public-read" value="(\w+)"', shown.content.decode())
    assert seen is not None
    answer = organiser.post(address, sent | {"public-read": seen[1], "public-sure": "on"})
    entry = Entry.objects.get(title__contains="Tester")
    update = project.updates.get(title__contains="Tester")

    assert answer.status_code == 302
    assert entry.title == f"News: {update.title}"
    assert not odd(entry.title, lines=False)
    assert not odd(update.body)
    assert "\nsecond line" in update.body
    line = json.loads(client.get(f"/record/entry/{entry.pk}/entry.json").content)
    assert not odd(line["title"], lines=False)


def test_words_that_come_past_the_forms_are_plain_as_well(scene: Scene) -> None:
    town, olive = scene.town, scene.town.person("olive")
    project = projects.propose(
        title=BAD, summary=BAD, story=BAD, theme="play", by=olive, now=town.now, place=BAD, organisation=town.group
    )
    projects.edit(project=project, by=olive, now=town.now, title=f"B {BAD}")
    projects.set_budget(project=project, lines=[projects.Line(BAD, 500, "capital", BAD)], by=olive, now=town.now)
    projects.set_needs(project=project, needs=[projects.Wanted("things", BAD, 2, BAD)], by=olive, now=town.now)
    project.refresh_from_db()
    (line,), (need,) = project.budget.all(), project.needs.all()

    for text in (project.title, project.summary, project.place, line.what, line.basis, need.what, need.detail):
        assert text
        assert not odd(text, lines=False)
    assert not odd(project.story)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_the_record_is_the_last_door(scene: Scene, sign: str) -> None:
    def enter(title: str, facts: Any) -> None:
        record.enter(
            kind="project.update", step="delivered", thing=scene.things["live"].project.ref, title=title, facts=facts,
            on=scene.town.now.date(), by=SETUP, now=scene.town.now,
        )  # fmt: skip

    for title, facts in (
        (f"News: a{sign}b", {}),
        ("News", {"said": f"a{sign}b"}),
        ("News", {"results": [{"what": f"a{sign}b"}]}),
        ("News", {f"a{sign}b": 1}),
    ):
        with pytest.raises(Invalid) as refused:
            enter(title, facts)
        assert "control character" in str(refused.value)
    with pytest.raises(Invalid):
        record.thing(ref="project/odd", kind="project", title=f"a{sign}b")
    enter("News on two lines", {"said": "one\ntwo\tthree"})  # a reason may have lines
