"""Serve the example borough, or check it with --check.

The example lives in a folder of its own (var/demo, or --home) and is made the first time. Its people are invented, its
payments are practice, and one click signs you in as any of them. --check walks the whole story through the pages in a
temporary folder, exports, verifies, and prints a JSON summary; its exit status tells.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from becontree.cli.console import Progress, print_json
from becontree.web.environment import KEY_FILE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--home", type=Path, default=None, help="where the example lives (default: var/demo)")
    parser.add_argument("--fresh", action="store_true", help="make it anew")
    parser.add_argument("--load-only", action="store_true", help="make it, and do not serve")
    parser.add_argument(
        "--export", type=Path, metavar="FOLDER", help="write the example's open data and its record there"
    )
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
    if not (args.load_only or args.export):
        _refuse_if_taken(args.port)
    if os.environ.get("BECONTREE_HOME") and not args.home:
        sys.stderr.write(f"BECONTREE_HOME is left alone: the example lives in {home}. --home puts it elsewhere.\n")
    _settle(home, port=args.port)
    made = home / "made"
    keyless = not (home / KEY_FILE).is_file()  # Django's settings make the key
    _django()
    fresh = args.fresh or not made.exists() or _of_another_version(keyless)
    if fresh:
        for path in home.glob("becontree.sqlite3*"):
            path.unlink()
        made.unlink(missing_ok=True)  # a load that is broken off is begun again
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

    if args.export:
        return main(["export", str(args.export)])
    sys.stderr.write(f"The example borough is at http://127.0.0.1:{args.port}  (Ctrl-C stops it)\n")
    return main(["serve", "--port", str(args.port)])


def _of_another_version(keyless: bool) -> bool:
    """Whether the example that is there lacks tables of this version. Its people are invented, so it is made anew.

    So it is where it had no key of its own (`keyless`): what was sealed with another could not be opened. On
    PostgreSQL, where nothing is deleted, it is brought up to this version instead.
    """
    from django.db import DatabaseError, connection

    from becontree.web.operations.checks import pending_migrations

    try:
        lacking = pending_migrations()
    except DatabaseError:
        lacking = ["all of them"]
    if lacking and connection.vendor == "postgresql":
        _migrate()
        return False
    other = bool(lacking) or (keyless and connection.vendor != "postgresql")
    connection.close()
    if other:
        sys.stderr.write("The example borough was made by another version, so it is made anew.\n")
    return other


def _refuse_if_taken(port: int) -> None:
    """Said before the example is made, which takes half a minute."""
    from becontree.cli import Refused

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Refused(f"Port {port} cannot be used ({error}). Choose another: PORT=8001 make demo.", 2) from None


def _settle(home: Path, *, port: int = 8000) -> None:
    """The demo's own settings: nothing of the caller's installation is touched."""
    home.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("BECONTREE_")]:
        if name not in {"BECONTREE_DEBUG", "BECONTREE_DEMO_DATABASE_URL", "BECONTREE_EMAIL_URL"}:
            del os.environ[name]
    os.environ["BECONTREE_MODE"] = "demo"
    os.environ["BECONTREE_HOME"] = str(home)
    os.environ["BECONTREE_SITE_URL"] = f"http://127.0.0.1:{port}"  # links in letters and exports lead to this demo
    # One thread for linear algebra: on 4,000 short texts several only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if url := os.environ.get("BECONTREE_DEMO_DATABASE_URL"):
        os.environ["BECONTREE_DATABASE_URL"] = url


def use(home: Path) -> None:
    """Work in an example borough that is there already. Raises Refused where there is none."""
    from becontree.cli import Refused

    if not (home / "made").is_file():
        raise Refused(f"There is no example borough in {home}. Make it: becontree demo --load-only --home {home}", 2)
    _settle(home.absolute())


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()


def _migrate() -> None:
    from becontree.web.demo import tables

    tables.make()


def _collect() -> None:
    from becontree.web.operations.serving import collect

    collect()
