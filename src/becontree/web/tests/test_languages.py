"""Pages speak the reader's language, run the right way, say when a machine translated them; files never change."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from becontree.foundations.kit.dates import day, moment
from becontree.web import extraction
from becontree.web.catalogues import DIRECTION, ENGLISH, LANGUAGES, SOURCE, by_machine, compiled, remember_what_is_said
from becontree.web.languages import bar

OTHERS = [code for code in DIRECTION if code != ENGLISH]
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
TAG = re.compile(r"</?[a-z]+|%%")


def catalogue(language: str):
    with (SOURCE / language / "LC_MESSAGES" / "django.po").open("rb") as text:
        return read_po(text, locale=language)


def holes(text):
    return set(HOLE.findall(text)), sorted(TAG.findall(text))


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_every_hole_and_every_tag(language):
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for said in filter(None, strings):
            one_of = ids if len(ids) > 1 else ids[:1]
            if not any(
                set(HOLE.findall(said)) == set(HOLE.findall(each))
                and sorted(TAG.findall(said)) == sorted(TAG.findall(each))
                for each in one_of
            ):
                wrong.append((ids[0], said))

    assert wrong == []


def test_a_percent_sign_in_a_template_is_asked_for_as_it_stands_in_the_catalogue():
    found = {each.message for each in extraction.templates()}
    doubled = {message for message in found if "%%" in message}

    assert any("400%%" in message for message in doubled)
    with translation.override("ur"):
        page = Template('{% load i18n %}{% translate "%s answered" %}').render(Context())
    assert page != "%s answered"
    assert "%s" in page


def test_no_message_hides_inside_an_f_string():
    """Babel cannot see one there, so it would never be translated."""
    hidden = [
        (path.name, node.lineno)
        for path in SOURCE.parents[1].rglob("*.py")
        if "/tests/" not in path.as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and "gettext" in ast.unparse(call.func)
    ]

    assert hidden == []


def test_catalogues_are_compiled_once_and_found_again(tmp_path):
    first = compiled(tmp_path)

    assert compiled(tmp_path) == first
    assert sorted(path.parent.parent.name for path in first.rglob("django.mo")) == sorted(OTHERS)
    assert [path.name for path in first.parent.iterdir()] == [first.name]


def test_a_changed_catalogue_is_compiled_beside_the_old_one(tmp_path):
    source = tmp_path / "source" / "ro" / "LC_MESSAGES"
    source.mkdir(parents=True)
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Yes"\nmsgstr "{}"\n'
    (source / "django.po").write_text(text.format("Da"), encoding="utf-8")
    before = compiled(tmp_path / "home", tmp_path / "source")
    (source / "django.po").write_text(text.format("Ba da"), encoding="utf-8")

    after = compiled(tmp_path / "home", tmp_path / "source")

    assert after != before
    assert b"Ba da" in (after / "ro/LC_MESSAGES/django.mo").read_bytes()
    assert b"Ba da" not in (before / "ro/LC_MESSAGES/django.mo").read_bytes()


@pytest.mark.django_db
def test_the_browser_s_language_is_taken_and_the_page_runs_the_right_way():
    answer = Client().get("/about/", headers={"Accept-Language": "ur,en;q=0.5"})

    assert '<html lang="ur" dir="rtl">' in answer.content.decode()
    assert answer["Content-Language"] == "ur"
    assert "Accept-Language" in answer["Vary"]
    assert "Cookie" in answer["Vary"]


@pytest.mark.django_db
def test_a_choice_outlasts_the_browser_s_wish_and_leads_back():
    client = Client()
    answer = client.get("/language/ro/", headers={"Referer": "http://testserver/about/?a=1"})

    assert (answer.status_code, answer["Location"]) == (302, "/about/?a=1")
    assert '<html lang="ro" dir="ltr">' in client.get("/about/", headers={"Accept-Language": "ur"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["https://elsewhere.example/", "javascript:alert(1)", "//elsewhere.example/x", ""])
def test_choosing_never_leads_to_another_site(before):
    assert Client().get("/language/ro/", headers={"Referer": before})["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/language/xx/", "/words/huge/"])
def test_what_is_not_on_offer_is_not_there(path):
    answer = Client().get(path)

    assert answer.status_code == 404
    assert not answer.cookies


@pytest.mark.django_db
def test_larger_words_by_a_link_and_back():
    client = Client()
    client.get("/words/large/")
    large = client.get("/about/").content.decode()
    client.get("/words/usual/")

    assert 'class="large"' in large
    assert 'class="large"' not in client.get("/about/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", OTHERS)
def test_a_page_that_a_machine_translated_says_so(language):
    client = Client()
    client.cookies["language"] = language

    assert by_machine(language)
    assert 'class="banner banner--machine"' in client.get("/about/").content.decode()
    assert 'class="banner banner--machine"' not in Client().get("/about/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/projects/projects.csv", "/projects/projects.json", "/api/v1/projects", "/policy/rules.csv"]
)
def test_a_file_is_the_same_whoever_fetches_it(path):
    def fetch(language):
        answer = Client().get(path, headers={"Accept-Language": language})
        return answer.status_code, b"".join(answer) if answer.streaming else answer.content

    assert fetch("ur") == fetch("en")


def test_days_are_said_as_each_language_says_them():
    from datetime import UTC, date, datetime

    with translation.override("ro"):
        assert day(date(2026, 5, 3)) == "3 mai 2026"
    with translation.override("ur"):
        assert day(date(2026, 5, 3)) == "3 مئی، 2026"
        assert moment(datetime(2026, 5, 3, 13, 5, tzinfo=UTC)) == "3 مئی، 2026، 14:05"
    with translation.override("en-gb"):
        assert moment(datetime(2026, 5, 3, 13, 5, tzinfo=UTC)) == "3 May 2026, 2.05pm"


def test_a_date_stays_in_one_piece_beside_an_english_name():
    from datetime import date

    from becontree.web.templatetags.face import day as shown

    with translation.override("ur"):
        assert shown(date(2026, 5, 3)) == "\u20673 مئی، 2026\u2069"
    with translation.override("ro"):
        assert shown(date(2026, 5, 3)) == "3 mai 2026"


def test_every_language_is_offered_by_its_own_name_and_direction():
    shown = bar("en-gb", False)

    assert 'lang="ur" dir="rtl">اردو</a>' in shown
    assert 'aria-current="true">English</a>' in shown


def test_an_easy_read_text_stands_a_line_at_a_time_and_safe():
    from becontree.web.templatetags.face import easy_read

    shown = easy_read("What this is about:\nYou can tell us.\n\nWe <b>read</b> it.")

    assert "<h2>What this is about</h2><p>You can tell us.</p><p>We &lt;b&gt;read&lt;/b&gt; it.</p>" in shown
    assert easy_read("") == ""


@pytest.mark.parametrize(("language", "shown"), [("en-gb", "£1,234.50"), ("ur", "\u2066£1,234.50\u2069")])
def test_money_keeps_its_own_order_among_words_from_right_to_left(language, shown):
    from becontree.web.templatetags.face import pounds

    with translation.override(language):
        assert pounds(123_450) == shown


def test_each_address_in_a_template_leads_somewhere():
    """`{% url ... as name %}` hides a wrong name: here it is found."""
    from django.urls import get_resolver

    known: set[str] = set()

    def walk(resolver, prefix):
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                walk(each, f"{prefix}{each.namespace}:" if each.namespace else prefix)
            elif each.name:
                known.add(prefix + each.name)

    walk(get_resolver(), "")
    package = Path(SOURCE).parents[1]
    named = {
        name
        for path in package.rglob("templates/**/*.html")
        for name in re.findall(r"\{% url ['\"]([^'\"]+)['\"]", path.read_text(encoding="utf-8"))
    }

    assert named - known == set()


def test_what_is_remembered_is_what_the_catalogues_say():
    from django.utils.translation import gettext, override, trans_real

    texts = ["Say something", "Error:", "no text of ours", "1 %", "%s"]
    languages = [code for code, _, _ in LANGUAGES]

    def said():
        found = []
        for code in languages:
            with override(code):
                found.append([gettext(text) for text in texts])
        return found

    before = said()
    kept = {code: trans_real.translation(code) for code in languages}
    try:
        remember_what_is_said()
        remember_what_is_said()  # as when two applications load in one process
        assert said() == said() == before
        assert before[1][0] != before[0][0]
        assert all(one.gettext.cache_info().hits >= len(texts) for one in kept.values())
    finally:
        for one in kept.values():
            del one.gettext


@pytest.mark.parametrize(
    ("before", "to"),
    [
        ("//evil.example/", "/evil.example/"),
        ("///evil.example/", "/evil.example/"),
        ("/\\evil.example/", "/evil.example/"),
        ("//evil.example?a=1", "/evil.example?a=1"),
        ("/%5cevil.example", "/%5cevil.example"),
    ],
)
def test_a_page_of_ours_that_is_called_like_another_site_leads_to_none(before: str, to: str) -> None:
    """The attack: send somebody to //evil.example here (no such page), where choosing a language led away."""
    for choice in ("/language/ro/", "/words/large/"):
        answer = Client().get(choice, headers={"Referer": f"http://testserver{before}"})

        assert answer["Location"] in (to, "/"), choice
