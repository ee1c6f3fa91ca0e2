"""Big public files: made once a version, kept by whoever has it, one maker at a time, nothing half written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from becontree.foundations.kit import prepared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


class Maker:
    """A file that counts how often it was made."""

    def __init__(self, text: str = "a,b\r\n") -> None:
        self.text, self.made = text, 0

    def __call__(self) -> Iterator[str]:
        self.made += 1
        yield self.text


def ask(maker: Any, version: int = 1, **headers: str) -> Any:
    request = RequestFactory().get("/", headers=headers)
    return prepared.send(request, "voices.csv", [version], "text/csv", maker)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_is_made_once_and_whoever_has_it_is_told_so() -> None:
    maker = Maker()
    first, second = ask(maker), ask(maker)

    assert body(first) == body(second) == b"a,b\r\n"
    assert maker.made == 1
    assert ask(maker, if_none_match=first["ETag"]).status_code == 304
    assert 'filename="voices.csv"' in first["Content-Disposition"]


def test_another_version_is_another_file_and_the_old_one_goes(tmp_path: Path) -> None:
    old, new = ask(Maker("old")), ask(Maker("new"), 2)

    assert body(new) == b"new"
    assert body(old) == b"old"  # whoever is being sent it still gets it
    assert old["ETag"] != new["ETag"]
    assert len(list((tmp_path / "prepared").iterdir())) == 1


def test_nothing_half_written_is_ever_sent(tmp_path: Path) -> None:
    def breaks() -> Iterator[str]:
        yield "half"
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        ask(breaks)

    assert list((tmp_path / "prepared").iterdir()) == []
    assert body(ask(Maker("whole"))) == b"whole"  # the lease was given back


def test_who_comes_while_it_is_made_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(prepared, "WAIT", 0.2)
    cache.add(f"prepared:{settings.HOME}:voices.csv", 1, 60)
    maker = Maker()

    answer = ask(maker)

    assert (answer.status_code, maker.made) == (503, 0)
    assert answer["Retry-After"]


def test_a_folder_emptied_under_our_hands_is_filled_again(tmp_path: Path) -> None:
    """Two servers on one machine, or a clean-up: what is being made, or was just made, goes away."""
    times = 0

    def emptied_once() -> Iterator[str]:
        nonlocal times
        times += 1
        yield "whole"
        if times == 1:
            shutil.rmtree(tmp_path / "prepared")

    assert body(ask(emptied_once)) == b"whole"
    assert times == 2


def test_a_folder_that_is_emptied_again_and_again_asks_to_come_back(tmp_path: Path) -> None:
    def always() -> Iterator[str]:
        yield "whole"
        shutil.rmtree(tmp_path / "prepared")

    answer = ask(always)

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
