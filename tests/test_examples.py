"""Commands shown in the documentation do what the documentation shows.

A block fenced as `console` is run from top to bottom in a folder of its own with the files of docs/examples/PAGE, all
blocks of a page one after another. Lines that begin with "$ " are commands; what follows is what they print, errors
too. "..." alone on a line stands for any number of lines; `$ echo $?` shows the exit status, which is 0 where it is
not shown. `python -m tests.test_examples PAGE.md...` pastes what the commands print now: read the difference before
you commit.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from becontree.cli import COMMANDS, main
from tests.house import ROOT

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
LIBRARY = ("count", "select", "panel", "map", "themes", "match", "draw", "verify")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def shown(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a block, as written (a backslash at the end goes on in the next line), and the lines under it."""
    command, lines = "", []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, lines
            command, lines = line[2:], []
        elif command.endswith("\\") and not lines:
            command += "\n" + line
        else:
            lines.append(line)
    if command:
        yield command, lines


def run(command: str) -> tuple[int, list[str]]:
    """The exit status, and what is printed: errors as they come."""
    name, *words = shlex.split(command.replace("\\\n", ""))
    assert name == "becontree", f"only becontree is run here, not {command!r}"
    file = ""
    if len(words) > 1 and words[-2] == ">":
        *words, _, file = words
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            status = main(words)
        except SystemExit as stopped:
            status = int(stopped.code or 0)
    if file:
        Path(file).write_text(out.getvalue(), encoding="utf-8")
        return status, []
    return status, out.getvalue().rstrip("\n").split("\n") if out.getvalue() else []


def alike(printed: list[str], wanted: list[str]) -> bool:
    pattern = "".join("(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in wanted)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


@contextlib.contextmanager
def folder_of(page: Path) -> Iterator[None]:
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        files = ROOT / "docs" / "examples" / page.stem
        if files.is_dir():
            shutil.copytree(files, name, dirs_exist_ok=True)
        os.chdir(name)
        try:
            yield
        finally:
            os.chdir(here)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))],
    ids=lambda page: page.stem,
)
def test_what_a_page_shows_is_what_its_commands_print(page: Path) -> None:
    with folder_of(page):
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            commands = list(shown(block))
            for place, (command, wanted) in enumerate(commands):
                if command == "echo $?":
                    continue
                status, printed = run(command)
                asked = commands[place + 1] if place + 1 < len(commands) else ("", [])

                assert alike(printed, wanted), f"{page.name}: $ {command}\n" + "\n".join(printed)
                assert [str(status)] == (asked[1] if asked[0] == "echo $?" else ["0"]), f"{page.name}: $ {command}"


def options(name: str) -> set[str]:
    """The options that a command knows."""
    parser = argparse.ArgumentParser()
    importlib.import_module(f"becontree.cli.{COMMANDS[name][0]}").add_arguments(parser)
    return set(parser._option_string_actions)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_option_that_a_page_names_beside_a_command_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\\\n", "")
    for name, rest in re.findall(rf"becontree ({'|'.join(LIBRARY)})\b([^`\n]*)", text):
        assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) <= options(name), f"{page.name}: becontree {name}{rest}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_fenced_command_is_run_or_shows_a_form_with_capitals(page: Path) -> None:
    """`becontree verify FOLDER` is a form to fill in; `becontree count ward.pb` is an example, and must be true."""
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
        for line in block.splitlines():
            command = re.match(rf"(?:\$ )?(?:\.venv/bin/)?becontree (?:{'|'.join(LIBRARY)})\b(.*)", line)
            if command and language != "console":
                assert re.search(r"\b[A-Z]{2,}\b", command[1]), f"{page.name}: {line}"


def again(block: str) -> str:
    """The block with what its commands print now; what was cut with "..." is left as it was if it still fits."""
    lines, status = [], 0
    for command, wanted in shown(block):
        if command == "echo $?":
            printed = [str(status)]
        else:
            status, printed = run(command)
        lines += [f"$ {command}", *(wanted if wanted and alike(printed, wanted) else printed)]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name).resolve()
        with folder_of(page):
            new = BLOCK.sub(lambda found: f"```console\n{again(found[1])}```", page.read_text(encoding="utf-8"))
        page.write_text(new, encoding="utf-8")
