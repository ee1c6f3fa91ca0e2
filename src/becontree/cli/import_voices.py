"""`becontree import voices`: the answers of a published survey as a closed listening round."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from becontree.cli import Refused
from becontree.cli.console import Progress, print_json
from becontree.methods.findings import Finding, Unusable

if TYPE_CHECKING:
    from becontree.citizenship.voices import actions

ONLY: Final = (
    "column",
    "owner",
    "round_title",
    "question",
    "source",
    "licence",
    "channel",
    "ward",
    "day",
    "publish_clear",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    only = parser.add_argument_group("voices only")
    only.add_argument("--column", metavar="NAME", help="the column that holds the answers")
    only.add_argument("--owner", metavar="EMAIL", help="the officer of the engagement team who answers for the round")
    only.add_argument("--round-title", metavar="TEXT", help="default: the name of the file")
    only.add_argument("--question", metavar="TEXT", help="what people were asked")
    only.add_argument("--source", metavar="TEXT", help="who published it, and where")
    only.add_argument("--licence", metavar="TEXT", help="without it the words are counted and never quoted")
    only.add_argument("--channel", metavar="WAY", help="how people answered: paper, phone ... (default: elsewhere)")
    only.add_argument("--day", metavar="YYYY-MM-DD", help="the last day on which people answered (default: today)")
    only.add_argument("--ward", metavar="NAME", help="the column with the ward, if it names wards of this borough")
    only.add_argument("--publish-clear", action="store_true", help="publish what the screen finds nothing in")


def check_arguments(args: argparse.Namespace) -> None:
    """Raises Refused (status 2) where an option is missing, or does not belong to what is imported."""
    given = [name for name in ONLY if getattr(args, name)]
    if args.what != "voices":
        if given:
            raise Refused(f"--{given[0].replace('_', '-')} is for voices, not for {args.what}.", 2)
        return
    for name, why in (("column", "names the column with the answers"), ("owner", "names the officer who answers")):
        if not (getattr(args, name) or "").strip():
            raise Refused(f"--{name} is missing: it {why}.", 2)


def run(args: argparse.Namespace, content: bytes) -> int:
    """Bring the file in, in one transaction. Django is set up."""
    from django.db import transaction

    from becontree.citizenship.voices import actions
    from becontree.cli.import_ import not_used
    from becontree.foundations.kit import errors
    from becontree.foundations.people.actors import System
    from becontree.web.operations import checks

    if problem := checks.nothing_set_up():
        raise Refused(problem, 2)
    survey = _survey(args)
    progress = Progress()
    try:
        with transaction.atomic():
            found = actions.bring_survey(
                data=content,
                name=args.file.name,
                survey=survey,
                by=System("import"),
                now=datetime.now(UTC),
                publish_clear=args.publish_clear,
                progress=progress,
            )
            if args.check:
                transaction.set_rollback(True)
    except Unusable as error:
        progress.end()
        return not_used(args, error)
    except errors.Invalid as refused:
        progress.end()
        said = [Finding(refused.code, text, "error", args.file.name, field=at) for at, text in refused.errors.items()]
        return not_used(args, Unusable(said))
    except errors.Refused as refused:
        progress.end()
        return not_used(args, Unusable(Finding(refused.code, refused.message)))
    finally:
        progress.end()
    _say(args, found)
    return 0


def _survey(args: argparse.Namespace) -> actions.Survey:
    from becontree.citizenship.voices import actions
    from becontree.citizenship.voices.models import Channel
    from becontree.citizenship.voices.permissions import listens
    from becontree.foundations.people.queries import by_email

    owner = by_email(args.owner)
    if owner is None or not listens(owner):
        example = " In the example borough that is marcus@fairlop.example." if args.home else ""
        raise Refused(
            f"--owner: {args.owner[:80]!r} is not the address of an officer of the engagement team. Give one who is."
            f"{example}",
            2,
        )
    channel = args.channel or Channel.ELSEWHERE
    if channel not in Channel.values:
        raise Refused(f"--channel: choose one of {', '.join(Channel.values)}.", 2)
    try:
        day = date.fromisoformat(args.day) if args.day else None
    except ValueError:
        raise Refused("--day: write it like 2017-12-31.", 2) from None
    return actions.Survey(
        column=args.column.strip(),
        owner=owner,
        title=args.round_title or "",
        source=args.source or "",
        licence=args.licence or "",
        channel=channel,
        day=day,
        ward=(args.ward or "").strip(),
        **({"question": args.question} if args.question else {}),
    )


def _say(args: argparse.Namespace, found: actions.Brought) -> None:
    """What was brought: on standard output, so that scripts can keep it."""
    address = found.round.get_absolute_url()
    if args.json:
        kept = 0 if args.check else found.taken
        counts = {"rows": found.rows, "empty": found.empty, "marked": found.marked, "published": found.published}
        print_json({"imported": kept, "usable": found.taken, **counts, "round": address, "findings": []})
        return
    done = "can be" if args.check else "were"
    lines = [
        f"{found.taken:,} voices {done} imported from {args.file}: {found.rows:,} rows, {found.empty:,} without words.",
        f"The screen for personal data marked {found.marked:,}. {found.published:,} {done} published, "
        f"{found.waiting:,} wait for a moderator.",
    ]
    if not args.licence:
        lines.append("No licence was given, so the words are counted and never quoted.")
    if not args.check:
        lines.append(f"The round is at {address}")
    sys.stdout.write("\n".join(lines) + "\n")
