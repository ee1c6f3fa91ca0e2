"""The documentation says what is there: no folder, dependency, variable, command or change note is missing."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from becontree.cli import COMMANDS
from tests.house import ROOT, tracked

DOCS = ROOT / "docs"
INNER = {"tests", "migrations", "templates", "management", "commands"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def first_cells(document: str) -> list[str]:
    """What stands in backticks at the start of each row of the document's tables."""
    return re.findall(r"^\| `([^`]+)` \|", document, re.M)


def folders() -> set[str]:
    """Every folder with tracked files at the top, in docs, and of the program down to its rooms."""
    found: set[str] = set()
    for path in tracked():
        parts = path.relative_to(ROOT).parts[:-1]
        if parts:
            found.add(f"{parts[0]}/")
        if parts[:1] == ("docs",) and len(parts) > 1:
            found.add("/".join(parts[:2]) + "/")
        if parts[:2] == ("src", "becontree"):
            found |= {
                "/".join(parts[:depth]) + "/"
                for depth in (3, 4)
                if len(parts) >= depth and (not INNER & set(parts[2:depth]) or parts[2:depth] == ("web", "templates"))
            }
    return found


def test_where_things_go_names_each_folder_with_a_question() -> None:
    document = text("docs/where-things-go.md")
    named = [name for name in first_cells(document) if name.endswith("/")]

    assert len(named) == len(set(named))
    assert set(named) == folders()
    assert all((ROOT / name).is_dir() for name in named)
    for row in re.findall(r"^\| `[^`]+/` \| (.+) \|$", document, re.M):
        assert "?" in row, row


def test_where_things_go_names_each_file_of_the_kit() -> None:
    inside = text("docs/where-things-go.md").partition("## Inside the kit")[2]
    files = {path.name for path in (ROOT / "src/becontree/foundations/kit").glob("*.py")}

    assert first_cells(inside) == sorted(files - {"__init__.py", "apps.py"})


def test_each_room_and_each_foundation_has_its_page() -> None:
    inner = {"__pycache__", "kit", "tests"}  # the kit is no room: where-things-go names its files
    places = [f"src/becontree/{layer}" for layer in ("foundations", "citizenship", "methods")]
    rooms = {path.name for place in places for path in (ROOT / place).iterdir() if path.is_dir()} - inner

    assert rooms <= {page.stem for page in (ROOT / "docs/rooms").glob("*.md")}


def wanted_packages() -> set[str]:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    for name in ("build.in", "dev.in"):
        lines += [line for line in text(f"requirements/{name}").splitlines() if line and not line.startswith("#")]
    return {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in lines}


def test_the_stack_says_why_for_each_direct_dependency_and_names_no_other() -> None:
    document = text("docs/stack.md")
    rows = {name.lower(): line for name, line in re.findall(r"^\| `([^`]+)` (\|.+\|)$", document, re.M)}

    assert rows.keys() == wanted_packages()
    for name, line in rows.items():
        why, licence, rejected = (cell.strip() for cell in line.strip("|").split("|"))
        assert len(why) > 5, name
        assert licence, name
        assert rejected, name
        assert not re.search(r"(?<!L)A?GPL", licence), name


def variables() -> set[str]:
    """The environment variables that the program itself reads."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        if "tests" not in path.parts and path.name != "settings_test.py":
            found |= set(re.findall(r"[\"'](BECONTREE_[A-Z0-9_]+)[\"']", path.read_text(encoding="utf-8")))
    return {name for name in found if not name.endswith("_")}


def test_each_environment_variable_is_in_the_table_once() -> None:
    named = [name for name in first_cells(text("docs/deploy.md")) if name.startswith("BECONTREE_")]

    assert len(named) == len(set(named))
    assert set(named) == variables()


def test_the_example_environment_sets_only_variables_that_exist() -> None:
    named = set(re.findall(r"^#?(BECONTREE_[A-Z0-9_]+)=", text("deploy/becontree.env.example"), re.M))

    assert {"BECONTREE_SECRET_KEY", "BECONTREE_HOSTS", "BECONTREE_RECORD_KEY"} <= named <= variables()


@pytest.mark.parametrize("name", ["README.md", "docs/deploy.md", "docs/contributing.md", "docs/figures.md"])
def test_commands_and_links_in_the_documents_exist(name: str) -> None:
    document = text(name)
    commands = set(re.findall(r"(?:^|`|bin/)becontree ([a-z]+)", document, re.M))
    targets = set(re.findall(r"(?:^|[`])make ([a-z-]+)", document, re.M))
    makefile = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    files = re.findall(r"`((?:deploy|policies|docs|requirements)/[\w./-]+)`", document)
    links = [link for link in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", document) if link]

    assert commands <= COMMANDS.keys()
    assert targets <= makefile
    assert [file for file in files if not (ROOT / file).exists() and "NAME" not in file] == []
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_each_figure_names_a_query_that_exists() -> None:
    import importlib

    named = set(re.findall(r"`(voices|projects|giving)\.queries\.(\w+)`", text("docs/figures.md")))

    assert len(named) > 5
    for room, query in named:
        assert callable(getattr(importlib.import_module(f"becontree.citizenship.{room}.queries"), query))


def test_change_notes_are_a_sentence_or_two() -> None:
    notes = sorted((ROOT / "changes").glob("*.md"))

    assert notes
    for note in notes:
        said = note.read_text(encoding="utf-8").strip()
        assert said.endswith("."), note.name
        assert "\n\n" not in said, note.name
        assert len(said) < 600, note.name


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy").glob("*.service"), key=str), ids=lambda path: path.name)
def test_service_files_start_commands_that_exist(unit: Path) -> None:
    body = unit.read_text(encoding="utf-8")

    assert set(re.findall(r"bin/becontree (\w+)", body)) <= COMMANDS.keys()
    assert "User=becontree" in body
    assert "UMask=0077" in body


def test_the_clean_machine_script_is_sound_bash() -> None:
    script = ROOT / "deploy/try-bare-debian.sh"

    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert script.stat().st_mode & 0o111


def test_each_command_that_help_names_can_be_run() -> None:
    for name, (module, _) in COMMANDS.items():
        assert (ROOT / f"src/becontree/cli/{module}.py").is_file(), name
