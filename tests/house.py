"""House rules that no linter knows: `python -m tests.house` (part of `make check`)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".in", ".sh", ""}
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
            if "/tests/" not in name and re.search(r"^\s*(?:import random\b|from random\b)", text, re.M):
                found.append(f"{name}: uses `random`; randomness is an argument (or `secrets` for ids).")
        if path.suffix == ".html" and re.search(r"\sstyle=|\son[a-z]+=\"", text):
            found.append(f"{name}: inline style or script, which the content policy refuses.")
        if path.suffix == ".html" and re.search(r"(?:src|href)=\"https?://", text) and "/messages/" not in name:
            found.append(f"{name}: asks another site for something.")
    return found


if __name__ == "__main__":
    faults = problems()
    sys.stdout.write("\n".join(faults) + ("\n" if faults else ""))
    raise SystemExit(1 if faults else 0)
