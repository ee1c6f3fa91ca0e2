"""Django's own management commands, with Becontree's settings."""

from __future__ import annotations

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="a management command and its arguments")


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "becontree.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["becontree manage", *args.arguments])
    return 0
