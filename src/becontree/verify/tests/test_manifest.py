"""An export beside its manifest: the same to the byte, or a sentence that says which file is not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from becontree.cli import main
from becontree.verify import manifest


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    (folder / "policies").mkdir(parents=True)
    files = {"voices.csv": b"code,words\r\nv1,Lights\r\n", "policies/notice.md": b"Asked in the open.\n"}
    for name, body in files.items():
        (folder / name).write_bytes(body)
    entries = [
        {"file": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in files.items()
    ]
    (folder / manifest.NAME).write_text(json.dumps({"format": manifest.FORMAT, "files": entries}))
    return folder


def test_an_export_as_it_was_written_agrees(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert manifest.check(export) == manifest.Report(2, ())
    assert main(["verify", str(export), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["agrees"]
    assert said["files"] == 2
    assert manifest.UNSIGNED in said["notes"]


def longer(folder: Path) -> None:
    with (folder / "voices.csv").open("ab") as handle:
        handle.write(b"v2,More\r\n")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "voices.csv").write_bytes(b"code,words\r\nv1,Xights\r\n"), "SHA-256 differs"),
        (longer, "bytes; the manifest says"),
        (lambda folder: (folder / "policies" / "notice.md").unlink(), "policies/notice.md is missing"),
        (lambda folder: (folder / "extra.csv").write_bytes(b"x"), "extra.csv is in the folder and not in the manifest"),
        (lambda folder: (folder / manifest.NAME).write_text("{"), "manifest.json cannot be read"),
        (lambda folder: (folder / manifest.NAME).write_text("[]"), "manifest.json cannot be read"),
        (lambda folder: (folder / manifest.NAME).write_text('{"format": "other", "files": []}'), "not of the format"),
        (
            lambda folder: (folder / manifest.NAME).write_text(
                '{"format": "becontree-export/1", "files": [{"file": "../secret", "bytes": 1, "sha256": ""}]}'
            ),
            "points outside the folder",
        ),
    ],
)
def test_what_was_altered_is_named(export: Path, damage: Callable[[Path], object], said: str) -> None:
    damage(export)
    problems = manifest.check(export).problems
    assert len(problems) == 1
    assert said in problems[0]
    assert main(["verify", str(export)]) == 1
