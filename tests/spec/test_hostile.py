"""Hostile input: the policy of every page, text that bites, files that lie, addresses that mislead, floods."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from becontree.citizenship.projects import actions as projects
from becontree.citizenship.projects.uploads import LARGEST, accept
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Voice
from becontree.foundations.kit.errors import Invalid
from becontree.foundations.payments.statement import read_statement
from becontree.foundations.places import reading
from becontree.methods.findings import Unusable
from tests.spec.access_table import rows
from tests.spec.scene import SETUP, Scene

pytestmark = pytest.mark.django_db


@contextlib.contextmanager
def connections_kept() -> Iterator[None]:
    """A request over WSGI closes the thread's database connection, and with it the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


with connections_kept():
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@seed(20261122)
@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_to_its_own_description(case: Any, scene: Scene, django_settings: None) -> None:
    with connections_kept():
        case.call_and_validate()


@pytest.fixture
def django_settings(settings: Any) -> None:
    """Without the limit on how often: hundreds of made-up requests come from one address."""
    settings.THROTTLE_OFF = True


# The pages themselves

SCRIPTS = re.compile(r"^on[a-z]+$")


def pages(scene: Scene, role: str) -> list[tuple[str, Any]]:
    client = scene.client(role, second_factor=True)
    found = []
    for address in sorted({row.address for row in rows(scene) if row.method == "GET" and "logout" not in row.address}):
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and not answer.streaming:
            found.append((address, answer))
    return found


@pytest.mark.parametrize(("role", "least"), [("anonymous", 35), ("organiser", 50), ("finance", 55)])
def test_every_page_keeps_to_a_strict_content_policy(scene: Scene, role: str, least: int) -> None:
    found = pages(scene, role)

    assert len(found) >= least
    for address, answer in found:
        policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
        soup = BeautifulSoup(answer.content, "html.parser")

        assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'", address
        assert policy["frame-ancestors"] == "'none'", address
        assert "unsafe" not in answer["Content-Security-Policy"], address
        assert "http" not in answer["Content-Security-Policy"], address
        for tag in soup.find_all(True):
            odd = [name for name in tag.attrs if name == "style" or SCRIPTS.match(name)]
            assert odd == [], (address, tag.name)
            for name in ("src", "srcset", "data", "action", "poster", "formaction") + (
                ("href",) if tag.name != "a" else ()
            ):
                assert not re.match(r"\s*(https?:)?//", str(tag.get(name, ""))), (address, str(tag)[:200])
            assert not str(tag.get("href", "")).strip().lower().startswith(("javascript:", "data:")), address
        for script in soup.find_all("script"):
            nonce = script.get("nonce")
            assert script.get("src") or (nonce and f"'nonce-{nonce}'" in policy["script-src"]), address
        assert soup.find_all("style") == [], address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["Referrer-Policy"] == "same-origin", address
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "camera=()" in answer["Permissions-Policy"], address


def test_a_form_without_its_token_is_refused_in_plain_words_and_changes_nothing(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    before = Voice.objects.count()
    answer = client.post("/voices/say/", {"kind": "hope", "words": "Beans"})

    assert answer.status_code == 403
    assert "saved" in answer.content.decode()
    assert Voice.objects.count() == before


def test_production_settings_keep_cookies_safe_and_the_line_encrypted(tmp_path: Any) -> None:
    code = (
        "from becontree.web import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY,"
        "s.SESSION_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.DEBUG, s.ALLOWED_HOSTS)"
    )
    home = {name: value for name, value in os.environ.items() if not name.startswith(("BECONTREE_", "DJANGO_"))}
    home |= {"BECONTREE_MODE": "production", "BECONTREE_HOME": str(tmp_path), "BECONTREE_SECRET_KEY": "x" * 60}
    said = subprocess.run(
        [sys.executable, "-c", code],
        env=home | {"BECONTREE_HOSTS": "example.org"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.stdout.split() == ["True"] * 4 + ["Lax", "True", "True", "False", "['example.org']"], said.stderr


# Addresses


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]
)
def test_signing_in_never_sends_anybody_to_another_site(scene: Scene, to: str) -> None:
    answer = scene.client("resident").get("/account/login/", {"next": to})
    wishes = scene.client("officer:funding").get("/access/second-factor/", {"next": to})

    assert answer.status_code == 302
    assert re.match(r"/[^/\\]", answer["Location"])
    assert "evil" not in wishes.get("Location", "")


@pytest.mark.parametrize("to", ["desk", "a", "nowhere:at-all", "a\r\nSet-Cookie: a=b", "x" * 5_000, "٣", "?a", "#a"])
def test_where_somebody_was_going_is_an_address_of_ours_or_the_desk(scene: Scene, to: str) -> None:
    """The attack: `next=a` was looked up as the name of a page, and the page fell over."""
    client = scene.client("officer:funding", second_factor=True)
    for answer in (
        client.get("/access/second-factor/", {"next": to}),
        client.post("/access/second-factor/", {"next": to}),
    ):
        assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_another_host_name_is_refused(scene: Scene, client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert "evil" not in client.get("/", headers={"x-forwarded-host": "evil.example"}).content.decode()


@pytest.mark.parametrize(
    "address",
    ["/static/../settings.py", "/static/%2e%2e/%2e%2e/web/settings.py",
     "/places/..%2f..%2fetc/", "/record/thread/../..",
     "/policy/setting/..%2f..%2fuk/", "/accounts/account/..%2f..%2fetc%2fpasswd.csv", "/voices/%00/", "/desk/%2e%2e/",
     "/voices/own/%00/", "/voices/own/a%00b/thanks/", "/accounts/account/a%00b/", "/accounts/account/a%00b.csv",
     "/record/thread/voice/%00", "/places/%00/", "/payments/bank/a%00b/", "/payments/practice/a%00b/",
     "/letters/leave/a%00b/", "/policy/setting/%00/", "/account/confirm-email/a%00b/"],
)  # fmt: skip
def test_an_address_that_climbs_finds_nothing(scene: Scene, client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code in {301, 302, 400, 404}
    assert b"SECRET_KEY" not in answer.content


@pytest.mark.parametrize("number", ["-1", "0", "1000000000", "abc", "1e9", "%00", "９", "1;drop", "9" * 400])
def test_a_page_number_that_makes_no_sense_gives_a_page(scene: Scene, client: Client, number: str) -> None:
    for address in (
        "/voices/",
        "/projects/",
        "/record/",
        "/money/",
        "/places/",
        "/record/checkpoints/",
        "/accounts/reversals/",
    ):
        assert client.get(f"{address}?page={number}").status_code == 200, address


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_another_method_changes_nothing(scene: Scene, method: str) -> None:
    counted = Voice.objects.count()
    client = scene.client("organiser")
    for address in ("/voices/say/", "/my/projects/", f"/my/projects/{scene.things['draft'].slug}/words/"):
        getattr(client, method)(address, headers={"x-http-method-override": "POST"})

    assert Voice.objects.count() == counted
    scene.things["draft"].refresh_from_db()
    assert scene.things["draft"].title == "Quiet draft"


def test_what_a_person_types_never_becomes_a_header(scene: Scene) -> None:
    live = scene.things["live"].project.slug
    sent = {"amount": "10\r\nSet-Cookie: a=b", "once": "x", "public_name": "a\r\nX: y"}
    for client in (Client(), scene.client("resident")):
        answer = client.post(f"/projects/{live}/give/", sent)

        assert "a" not in answer.cookies
        assert not answer.has_header("X")


# Text

BITES = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{ 7|add:7 }}{% load x %}", "'; DROP TABLE x; --",
    "\u202eevil\u202c", "😀🏳️‍🌈👩‍👩‍👧", "é" * 50, "a\u0301" * 50, "\u0000", "x\ufffd\ufeffx",
]  # fmt: skip


@pytest.mark.parametrize("text", BITES)
def test_what_people_say_is_shown_as_they_wrote_it_and_does_nothing(scene: Scene, client: Client, text: str) -> None:
    sent = {"kind": "hope", "words": f"Words {text}", "may_quote": "on"}
    answer = client.post("/voices/say/", sent)
    if "\x00" in text:
        assert answer.status_code == 422
        return
    voice = Voice.objects.order_by("-response__entered_at").first()
    assert voice is not None
    voices.publish(voice=voice, by=SETUP, now=scene.town.now)
    page = client.get(f"/voices/{voice.handle}/").content.decode()
    listed = client.get("/voices/").content.decode()

    assert answer.status_code == 302
    for shown in (page, listed):
        assert escape(voices.plain(text)) in shown  # but for what nobody can see, or turns its neighbours round
        assert "\u202e" not in shown
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_script_in_every_text_of_a_project_is_only_text(scene: Scene, client: Client) -> None:
    bite = '<script>alert("x")</script>'
    town, olive = scene.town, scene.town.person("olive")
    project = projects.propose(
        title=f"T {bite}", summary=f"S {bite}", story=f"W {bite}", theme="play", by=olive, now=town.now,
        place=f"P {bite}", organisation=town.group,
    )  # fmt: skip
    projects.set_budget(
        project=project, lines=[projects.Line(f"L {bite}", 500, "capital", bite)], by=olive, now=town.now
    )
    projects.set_needs(project=project, needs=[projects.Wanted("things", bite, 2, bite)], by=olive, now=town.now)
    projects.submit(project=project, by=olive, now=town.now)
    for check in list(project.checks.all()):
        projects.decide_check(project=project, code=check.code, state="met", note=bite, by=SETUP, now=town.now)
    project = projects.verify(project=project, by=SETUP, now=town.now)
    organiser, officer = scene.client("organiser"), scene.client("officer:funding", second_factor=True)
    for who, address in (
        (client, f"/projects/{project.slug}/"), (client, "/projects/"), (client, "/record/"), (client, "/"),
        (client, f"/record/thread/{project.ref}"), (organiser, f"/my/projects/{project.slug}/"),
        (organiser, f"/my/projects/{project.slug}/words/") , (officer, f"/desk/projects/{project.slug}/"),
    ):  # fmt: skip
        answer = who.get(address)

        assert answer.status_code == 200, address
        assert "<script>alert" not in answer.content.decode(), address


@pytest.mark.parametrize("size", [5_000, 1_000_000])
def test_a_very_long_text_is_refused_beside_its_field(scene: Scene, client: Client, size: int) -> None:
    answer = client.post("/voices/say/", {"kind": "hope", "words": "x" * size})

    assert answer.status_code == 422
    assert client.get("/voices/", {"words": "x" * 4_000}).status_code == 422
    assert client.get("/record/", {"q": "x " * 2_000}).status_code == 422


def test_a_body_that_never_ends_is_cut_off(scene: Scene, client: Client) -> None:
    assert client.post("/voices/say/", {"kind": "hope", "words": "x" * 2_600_000}).status_code == 413
    assert client.post("/voices/say/", {f"f{n}": "x" for n in range(600)}).status_code == 413


# Exports

FORMULAS = ['=HYPERLINK("http://evil")', "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1+1", "\r=1"]


def test_no_export_holds_a_cell_that_a_spreadsheet_would_run(scene: Scene, client: Client) -> None:
    town, olive = scene.town, scene.town.person("olive")
    for text in FORMULAS:
        voice = voices.say(kind="hope", words=text, may_quote=True, by=None, now=town.now)
        voices.publish(voice=voice, by=SETUP, now=town.now)
        project = projects.propose(title=text, summary=text, story="x", theme="play", by=olive, now=town.now)
        type(project).objects.filter(pk=project.pk).update(state="verified", verified_at=town.now)
    finance = scene.client("finance", second_factor=True)
    exports = sorted({row.address for row in rows(scene) if row.address.endswith(".csv")})

    assert len(exports) >= 10
    for address in exports:
        answer = finance.get(address)
        if answer.status_code != 200:
            continue
        body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8-sig")
        for line in csv.reader(io.StringIO(body, newline="")):
            runs = [cell for cell in line if cell.lstrip()[:1] in {"=", "+", "-", "@"}]

            assert [cell for cell in runs if not re.fullmatch(r"[-+]?[0-9.,]+", cell)] == [], (address, line)
    said = b"".join(client.get("/voices/voices.csv").streaming_content).decode()
    assert "'=HYPERLINK" in said


# Files that people send

PDF = b"%PDF-1.4\n%\xe2\xe3\n1 0 obj <</Type /Catalog>> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40 + b"IEND\xaeB`\x82"
LIES = {
    "empty": b"",
    "a page": b"<html><script>alert(1)</script>",
    "a picture that is a page": b"GIF89a<script>alert(1)</script>",
    "a vector picture with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a zip": b"PK\x03\x04" + zlib.compress(b"\0" * 1_000_000),
    "a PDF with a script": PDF.replace(b"/Catalog", b"/Catalog /OpenAction 2 0 R"),
    "a PDF with JavaScript": PDF.replace(b"/Catalog", b"/Catalog /Names <</JavaScript 3 0 R>>"),
    "a PDF with a script written in codes": PDF.replace(b"/Catalog", b"/Catalog /J#61vaScript 3 0 R"),
    "a PDF with a packed script": PDF.replace(
        b"1 0 obj",
        b"2 0 obj <</Type /ObjStm /Filter /FlateDecode>> stream\n"
        + zlib.compress(b"<</S /JavaScript /JS (app.alert)>>")
        + b"\nendstream endobj 1 0 obj",
    ),
    "a PDF with a file inside": PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFile 3 0 R"),
    "a PDF cut short": PDF[:-8],
    "a picture cut short": PNG[:-8],
    "a PDF after a page": b"<html><script>" + PDF,
    "a PDF that is a zip too": PDF + b"PK\x03\x04" + b"\0" * 30 + b"PK\x05\x06" + b"\0" * 2_000,
    "too large": PDF + b"\0" * LARGEST + b"%%EOF",
}


@pytest.mark.parametrize("what", LIES)
def test_a_file_that_lies_is_refused_in_words(what: str) -> None:
    with pytest.raises(Invalid) as refused:
        accept(SimpleUploadedFile("letter.pdf", LIES[what]))

    assert refused.value.message.endswith(".")


def test_a_scan_whose_bytes_look_like_a_name_by_chance_is_taken() -> None:
    taken = accept(
        SimpleUploadedFile("scan.pdf", PDF.replace(b"endobj", b"stream\n\x81/JS\x9c /AAx\nendstream endobj"))
    )

    assert taken.media_type == "application/pdf"


def test_what_is_kept_is_served_so_that_nothing_in_it_runs(scene: Scene) -> None:
    evidence = scene.things["evidence"]
    answer = scene.client("organiser").get(f"/projects/{evidence.project.slug}/papers/{evidence.pk}/")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "script-src" not in answer["Content-Security-Policy"] or "sandbox" in answer["Content-Security-Policy"]


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.lists(
            st.lists(st.text(alphabet='0123456789/-.,"£ \nabDescriptionAmount', max_size=8), max_size=5), max_size=6
        ).map(lambda lines: "\n".join(["Date,Description,Amount", *(",".join(line) for line in lines)]).encode()),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "code", "name"]),
                    inner,
                )
            ),
            max_leaves=12,
        ).map(lambda made: __import__("json").dumps(made).encode()),
    )
)
def test_a_file_of_anything_is_read_or_refused_in_words(content: bytes) -> None:
    for read in (
        lambda: reading.read_wards(content, file="w"),
        lambda: reading.read_venues(content, wards=["E1"], file="v"),
        lambda: reading.read_postcodes(content, wards=["E1"], file="p"),
        lambda: read_statement(content, account="main", today=date(2026, 11, 22), file="s"),
    ):
        with contextlib.suppress(Unusable):  # anything else would be a traceback for somebody's file
            read()


# A flood


def test_signing_in_speaking_and_giving_are_slowed_down(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    within = timezone.now().replace(minute=5, second=0)  # windows begin by the clock: none begins anew meanwhile
    monkeypatch.setattr(timezone, "now", lambda: within)
    speaker, giver, stranger = Client(), scene.client("resident"), Client()
    live = scene.things["live"].project.slug
    spoken = [speaker.post("/voices/say/", {"kind": "hope", "words": f"Beans {n}"}).status_code for n in range(32)]
    asked = [Client().post("/account/login/", {"login": f"nobody{n % 3}@example.org"}).status_code for n in range(45)]
    flood = [stranger.post("/account/login/", {"login": f"flood{n}@example.org"}).status_code for n in range(260)]
    given_ = [
        giver.post(f"/projects/{live}/give/", {"amount": "5", "once": f"token{n}", "public_name": ""}).status_code
        for n in range(33)
    ]

    assert spoken[:30] == [302] * 30  # as many as voices.most_said_at_once lets through
    assert spoken[-1] == 429
    assert asked.count(302) <= 18  # three letters a minute to each of three addresses
    assert 429 in flood  # and a bound on letters from one place to many
    assert given_[0] == 302
    assert given_[-1] in {422, 429}
