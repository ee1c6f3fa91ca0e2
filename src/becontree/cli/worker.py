"""Run background work: the schedule of every room and the queue of tasks.

Start as many as you like, on as many machines as you like: each tick and each task is done by one of them. SIGTERM
lets the running job finish, then ends. A worker killed outright loses nothing: another takes its work over after half
a minute. With --once it does everything due and ends (for cron, tests and rehearsals).
"""

from __future__ import annotations

import argparse
import os
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do everything that is due now, then end")


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    django.setup()
    from becontree.cli import Refused
    from becontree.foundations.tasks.worker import Worker, drain_on_signals
    from becontree.web.operations.checks import NotSafe, refuse_unless_safe

    try:
        refuse_unless_safe()
    except NotSafe as refused:
        raise Refused(str(refused)) from None

    worker = Worker()
    drain_on_signals(worker)
    if not args.once:
        print(f"becontree worker: {worker.id} at work. Ctrl-C ends it.", file=sys.stderr)  # noqa: T201
    failed = worker.run(once=args.once)
    return 1 if args.once and failed else 0
