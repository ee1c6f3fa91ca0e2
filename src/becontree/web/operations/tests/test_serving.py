"""Serving: static files once, web and worker together, an end in good order."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.test import override_settings

from becontree.web.operations import serving


def test_static_files_are_gathered_once_and_again_when_something_changed(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path / "static"):
        assert serving.collect() is True
        assert serving.collect() is False
        (tmp_path / "static" / serving.STAMP).write_text("another version")
        assert serving.collect() is True

    assert (tmp_path / "static/becontree/becontree.css").is_file()
    assert not (tmp_path / "static/ninja").exists()


@pytest.mark.slow
def test_serve_answers_over_http_with_its_worker_and_ends_in_order(good: dict[str, str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = subprocess.Popen(
        [sys.executable, "-m", "becontree", "serve", "--port", str(port), "--workers", "1"],
        env=good | {"BECONTREE_PLAIN_HTTP": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        request = Request(f"http://127.0.0.1:{port}/", headers={"Host": "ideas.example.org"})
        page = ""
        for _ in range(600):
            try:
                with urlopen(request, timeout=60) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.2)
        children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
        commands = [Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in children]
    finally:
        served.send_signal(signal.SIGTERM)
        status = served.wait(timeout=90)

    assert "<h1" in page
    assert [("gunicorn" in command, command.endswith("worker ")) for command in commands] == [
        (True, False),
        (False, True),
    ]
    assert status == 0
