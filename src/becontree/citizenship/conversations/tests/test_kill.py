"""A server that is killed while people vote: whoever was given a receipt has their vote kept."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from becontree.citizenship.conversations import identity
from becontree.citizenship.conversations.tests.conftest import Talk
from becontree.foundations.messages.tests.test_outbox import free_port

# What the other process kept, asked of the database it wrote to (on SQLite that is a copy of this test's).
KEPT = """
import json, sys, django
django.setup()
from becontree.citizenship.conversations.models import Vote
rows = Vote.objects.values_list("pk", "participant", "statement", "statement__number", "value")
json.dump([list(row) for row in rows], sys.stdout)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_vote_that_was_answered_with_a_receipt_is_lost_at_kill_9(
    shared_database: Callable[[], str], tmp_path: Path
) -> None:
    talk = Talk().open()
    port = free_port()
    env = os.environ | {
        "BECONTREE_MODE": "test",
        "BECONTREE_DATABASE_URL": shared_database(),
        "BECONTREE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "becontree.web.settings",
    }
    command = [
        sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--worker-class", "gthread",
        "--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "critical", "--no-control-socket",
    ]  # fmt: skip
    given: list[tuple[str, int, int]] = []
    log = (tmp_path / "server.log").open("wb")
    for _ in range(2):
        server = subprocess.Popen(command, env=env, start_new_session=True, stderr=log)
        try:
            _wait(port, tmp_path / "server.log")
            done = threading.Event()
            crowd = [
                threading.Thread(target=_votes, args=(port, talk.conversation.slug, given, done)) for _ in range(4)
            ]
            before = len(given)
            for each in crowd:
                each.start()
            while len(given) < before + 30:
                time.sleep(0.05)
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        done.set()
        for each in crowd:
            each.join()
    kept = subprocess.run([sys.executable, "-c", KEPT], env=env, stdout=subprocess.PIPE, check=True).stdout
    import json

    rows = {row[0]: row for row in json.loads(kept)}
    assert len(given) >= 60
    for code, number, value in given:
        vote, participant, statement, kept_number, kept_value = rows[int(code.split("-")[0])]
        assert (kept_number, kept_value) == (number, value)
        assert identity.vote_receipt(vote, participant, statement, value) == code


def _wait(port: int, log: Path) -> None:
    said = ""
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/conversations/", timeout=20).read()
        except OSError as error:
            said = str(error)
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server did not start: {said}\n{log.read_text()[-3000:]}")


def _votes(port: int, slug: str, given: list[tuple[str, int, int]], done: threading.Event) -> None:
    """Join and vote, again and again, until nobody answers any more."""
    import json

    base = f"http://127.0.0.1:{port}/conversations/{slug}/"
    while not done.is_set():
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        open_ = urllib.request.build_opener(jar).open
        try:
            page = open_(base, timeout=20).read().decode()
            token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
            page = (
                open_(base + "start/", urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()).read().decode()
            )
            while found := re.findall(r'name="statement" value="(\d+)', page):
                number = int(found[0])
                sent = {"csrfmiddlewaretoken": token, "statement": number, "value": -1}
                asked = urllib.request.Request(
                    base + "vote/", urllib.parse.urlencode(sent).encode(), {"Accept": "application/json"}
                )
                answer = json.loads(open_(asked, timeout=20).read())
                given.append((answer["receipt"], number, -1))
                page = open_(base + "vote/", timeout=20).read().decode()
        except (OSError, HTTPException, ValueError):  # it was killed in the middle of an answer
            if not done.is_set():
                time.sleep(0.05)
