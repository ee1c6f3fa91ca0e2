"""What the site takes: three methods, no more than it can hold; and the two small files that machines look for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "FOO"])
@pytest.mark.parametrize("path", ["/", "/voices/say/", "/nowhere/"])
def test_other_methods_are_refused_as_such(method: str, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, path)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


def test_a_form_that_is_too_big_gets_our_own_page_and_no_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(enforce_csrf_checks=True).post("/voices/say/", {"words": "x" * 5_000_000})
    many = Client(enforce_csrf_checks=True).post("/voices/say/", {f"f{n}": "x" for n in range(600)})

    for one in (answer, many):
        assert one.status_code == 413
        assert "That is too much at once" in one.text
        assert "Content-Security-Policy" in one.headers
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_urlencoded_form_that_is_too_big_too() -> None:
    body = "words=" + "x" * 5_000_000
    answer = Client(enforce_csrf_checks=True).post(
        "/voices/say/", body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 413


def test_a_form_where_a_message_belongs_is_refused(client: Client) -> None:
    assert client.post("/payments/hooks/practice/", {"type": "charge"}).status_code == 415


def test_robots_leave_people_s_own_pages_alone(client: Client) -> None:
    lines = client.get("/robots.txt").text.splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /my/", "Disallow: /desk/", "Disallow: /account/"} <= set(lines)
    assert "Disallow: /" not in lines


def test_whom_to_tell_of_a_hole(client: Client, settings: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.gov.uk"

    answer = client.get("/.well-known/security.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert "Contact: mailto:security@example.gov.uk" in answer.text
    assert "Expires: 20" in answer.text


def test_reading_a_form_early_takes_nothing_from_a_page_that_reads_the_body() -> None:
    request = RequestFactory().post("/", "a=1", content_type="application/x-www-form-urlencoded")
    assert request.POST["a"] == "1"
    assert request.body == b"a=1"
