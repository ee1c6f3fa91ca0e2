"""Serve the example borough, or check it with --check.

The example lives in a folder of its own (var/demo, or --home) and is made the first time. Its people are invented, its
payments are practice, and one click signs you in as any of them. --check walks the whole story through the pages in a
temporary folder, exports, verifies, and prints a JSON summary; its exit status tells.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from becontree.cli.console import Progress, print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--home", type=Path, default=None, help="where the example lives (default: var/demo)")
    parser.add_argument("--fresh", action="store_true", help="make it anew")
    parser.add_argument("--load-only", action="store_true", help="make it, and do not serve")
    parser.add_argument("--check", action="store_true", help="walk the whole story without a browser, and verify it")


def run(args: argparse.Namespace) -> int:
    if args.check:
        with tempfile.TemporaryDirectory(prefix="becontree-check-") as folder:
            _settle(Path(folder))
            _django()
            _migrate()
            _collect()
            from becontree.web.demo.journey import walk

            summary: dict[str, Any] = walk(Path(folder))
        print_json(summary)
        return 0 if summary["ok"] else 1
    home: Path = (args.home or Path.cwd() / "var" / "demo").absolute()
    _settle(home)
    if args.fresh:
        for path in home.glob("becontree.sqlite3*"):
            path.unlink()
    _django()
    made = home / "made"
    if args.fresh or not made.exists():
        begun = time.monotonic()
        _migrate()
        _collect()
        from django.utils import timezone

        from becontree.web.demo.load import load

        progress = Progress()
        load(timezone.now(), progress)
        progress.end()
        made.write_text("The example borough is in becontree.sqlite3. Delete this folder to make it anew.\n")
        sys.stderr.write(f"The example borough was made in {time.monotonic() - begun:.1f} seconds.\n")
    if args.load_only:
        return 0
    from becontree.cli import main

    sys.stderr.write(f"The example borough is at http://127.0.0.1:{args.port}  (Ctrl-C stops it)\n")
    return main(["serve", "--port", str(args.port)])


def _settle(home: Path) -> None:
    """The demo's own settings: nothing of the caller's installation is touched."""
    home.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("BECONTREE_")]:
        if name not in {"BECONTREE_DEBUG", "BECONTREE_DEMO_DATABASE_URL", "BECONTREE_EMAIL_URL"}:
            del os.environ[name]
    os.environ["BECONTREE_MODE"] = "demo"
    os.environ["BECONTREE_HOME"] = str(home)
    if url := os.environ.get("BECONTREE_DEMO_DATABASE_URL"):
        os.environ["BECONTREE_DATABASE_URL"] = url


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _collect() -> None:
    from becontree.web.operations.serving import collect

    collect()
