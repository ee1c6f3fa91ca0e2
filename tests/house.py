"""House rules that no linter knows: `python -m tests.house` (part of `make check`)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".in", ".sh", ""}
# Modules of the arithmetic that hold nouns, records or lists of words, and no method: nothing was chosen or rejected.
NO_METHOD = {
    "methods/findings.py", "methods/budgeting/outcome.py", "methods/budgeting/record.py", "methods/matching/records.py",
    "methods/sortition/record.py", "methods/themes/records.py", "methods/screening/given.py",
    "methods/screening/kinds.py", "methods/screening/known.py", "methods/screening/ordinary.py", "formats/pb/desk.py",
    "formats/polis/shape.py", "formats/tables/shape.py",
}  # fmt: skip
LONGEST = 460  # lines; about 400 is the aim, and a page over is a reader's judgement


def tracked() -> list[Path]:
    try:
        names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )
        return [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        return [path for path in ROOT.rglob("*") if path.is_file() and not _made(path.relative_to(ROOT))]


def _made(path: Path) -> bool:
    """Whether set-up, tests or a build made it: what .gitignore names, where there is no git to ask."""
    ours = {".ci", ".github", ".gitignore", ".gitattributes", ".editorconfig"}
    return (
        bool({"__pycache__", "var", "dist", "static-collected", "screenshots", "_build", "out"} & set(path.parts[:-1]))
        or any(part.startswith(".") and part not in ours for part in path.parts)
        or path.suffix in {".pyc", ".mo"}
    )


def problems() -> list[str]:
    found = []
    for path in tracked():
        if path.suffix not in TEXT or not path.is_file():
            continue
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        if name.startswith("src/") and path.suffix == ".py" and "/migrations/" not in name:
            length = text.count("\n")
            if length > LONGEST and "/tests/" not in name:
                found.append(f"{name}: {length} lines; make it a package of the same name.")
            room = re.match(r"src/becontree/(?:citizenship|foundations)/\w+/(models|queries)\.py$", name)
            if room and re.search(r"timezone\.now\(|date\.today\(", text):
                found.append(f"{name}: asks the clock; time is an argument.")
            found += unsaid(name, text)
            if "/tests/" not in name and re.search(r"^\s*(?:import random\b|from random\b)", text, re.M):
                found.append(f"{name}: uses `random`; randomness is an argument (or `secrets` for ids).")
        if path.suffix == ".html" and re.search(r"\sstyle=|\son[a-z]+=\"", text):
            found.append(f"{name}: inline style or script, which the content policy refuses.")
        if path.suffix == ".html" and re.search(r"(?:src|href)=\"https?://", text) and "/messages/" not in name:
            found.append(f"{name}: asks another site for something.")
        if path.suffix == ".html":
            found += wide(name, text)
        if path.suffix in {".html", ".py", ".txt"} and crooked(name, text):
            found.append(f"{name}: a curly apostrophe, where every other page has a straight one (').")
    return found


def crooked(name: str, text: str) -> bool:
    """Whether our own words hold a curly apostrophe; what reads other people's words must know both."""
    if not name.startswith("src/") or "/methods/" in name or "/tests/" in name:
        return False
    return re.search(r"\w’(?:\w|[ .,;:?!<])", text) is not None


def wide(name: str, text: str) -> list[str]:
    """Tables of four columns and more that a phone would have to push sideways: none, for each row becomes a list."""
    found = []
    for table in re.finditer(r"<table\b([^>]*)>(.*?)</table>", text, re.S):
        columns = table[2].partition("</thead>")[0].count('<th scope="col"')
        if columns > 3 and not (re.search(r"\b(?:pairs|stacks)\b", table[1]) and "data-column" in table[2]):
            found.append(
                f'{name}: a table of {columns} columns scrolls sideways on a phone: class="pairs" and data-column.'
            )
    return found


def unsaid(name: str, text: str) -> list[str]:
    """What the opening of a module of the arithmetic leaves out: its source or reason, its cost, what was rejected."""
    inner = name.removeprefix("src/becontree/")
    if not inner.startswith(("methods/", "formats/")) or inner in NO_METHOD or "/tests/" in name:
        return []
    if inner.endswith("__init__.py"):
        return []
    opening = ast.get_docstring(ast.parse(text)) or ""
    asked = {
        "its source": r"[Ss]ource|https:|RFC|arXiv|\d{4}",
        "its cost": r"[Cc]ost",
        "what was rejected": r"[Rr]ejected",
    }
    gone = [what for what, pattern in asked.items() if not re.search(pattern, opening)]
    return [f"{name}: its opening does not say {' nor '.join(gone)}."] if gone else []


if __name__ == "__main__":
    faults = problems()
    sys.stdout.write("\n".join(faults) + ("\n" if faults else ""))
    raise SystemExit(1 if faults else 0)
