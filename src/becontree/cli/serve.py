"""Serve this installation: gunicorn with threads, and one process for background work beside it.

Settings come from the environment (docs/deploy.md). Refuses to start while something is unsafe (`becontree check`)
or the database lacks migrations; it never changes the database by itself. SIGTERM or Ctrl-C lets running requests and
jobs finish.
"""

from __future__ import annotations

import argparse
import os
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen at (default 8000)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (default 2)")
    parser.add_argument("--threads", type=int, default=4, help="threads of each web process (default 4)")
    parser.add_argument(
        "--no-worker", action="store_true", help="leave background work to `becontree worker` elsewhere"
    )


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    import django

    from becontree.cli import Refused

    if not (0 < args.port < 65536 and 0 < args.workers <= 64 and 0 < args.threads <= 256):
        raise Refused("--port is 1 to 65535, --workers 1 to 64, --threads 1 to 256.", 2)
    django.setup()
    from becontree.web.operations import checks, serving

    try:
        checks.refuse_unless_safe()
    except checks.NotSafe as refused:
        raise Refused(str(refused)) from None
    serving.collect()
    print(f"becontree serve: http://{args.host}:{args.port}  (Ctrl-C ends it)", file=sys.stderr, flush=True)  # noqa: T201
    return serving.run(
        serving.Plan(
            host=args.host, port=args.port, workers=args.workers, threads=args.threads, worker=not args.no_worker
        )
    )
