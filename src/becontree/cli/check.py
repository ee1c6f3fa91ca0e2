"""Say in plain English whether this installation is safe to run, and what to do about what is not.

Exit status 0: it may start. 1: it may not. With --json the same as a list.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict

MARKS = {"stop": "WRONG ", "advice": "advice", "fine": "fine  "}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    from becontree.cli.console import print_json
    from becontree.web.operations import checks

    lines = checks.look()
    if args.json:
        print_json([asdict(line) for line in lines])
    else:
        for line in lines:
            print(f"{MARKS[line.level]}  {line.sentence}" + (f"\n        {line.fix}" if line.fix else ""))  # noqa: T201
    return 1 if any(line.level == "stop" for line in lines) else 0
