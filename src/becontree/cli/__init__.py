"""The `becontree` command: one module of this package a sub-command, imported only when asked for.

A sub-command's module has a docstring (its first line is the help), `add_arguments(parser)` and
`run(args) -> int`. The exit status means the same in every command (docs/rooms/formats.md, `status` below):

0    done, and nothing found that a person must look at; there may be notes;
1    findings: the answer carries a warning, or there is no answer (a file refused, quotas that conflict, a record that
     does not agree). What could be worked out has been written all the same;
2    misuse: a wrong option, a file that is not there or cannot be written;
130  interrupted; 141 when whoever read the output stopped reading.

What was found belongs to the answer, on standard output; a refusal goes to standard error in plain English, and with
`--json` also as data, `{"findings": [...]}`, on standard output.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from becontree import __version__

if TYPE_CHECKING:
    from becontree.methods.findings import Finding, Unusable

# name -> (module, one line of help). Kept as text so that `becontree --help` imports nothing heavy.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "count": ("count", "Count a participatory-budgeting election (.pb)"),
    "select": ("select", "Build a fair lottery of citizens' panels from the people who said yes"),
    "panel": ("panel", "Draw the one panel that sits, from a sealed lottery of panels"),
    "map": ("map", "Draw the opinion map of a conversation"),
    "themes": ("themes", "Find themes in many short free texts"),
    "match": ("match", "Work out match funding for a list of pledges"),
    "draw": ("draw", "Run a verifiable prize draw or lot"),
    "verify": ("verify", "Recompute a published decision, or check a published record, offline"),
    "demo": ("demo", "Serve the example borough, or check it with --check"),
    "serve": ("serve", "Serve this installation"),
    "worker": ("worker", "Run background work"),
    "check": ("check", "Say in plain English whether this installation is safe to run"),
    "backup": ("backup", "Write a consistent backup"),
    "restore": ("restore", "Restore a backup into an empty installation"),
    "export": ("export", "Write the open data, the record and the accounts to a folder"),
    "import": ("import_", "Load wards, venues or other people's data"),
    "manage": ("manage", "Django's own management commands"),
}


class Refused(Exception):
    """Input that cannot be used: the message says what is wrong, where, and what to do; `findings` as data."""

    def __init__(self, message: str, status: int = 1, findings: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(message)
        self.status = status
        code = "command.misuse" if status == 2 else "command.refused"
        self.findings = list(findings) or [{"code": code, "message": message, "level": "error"}]


NOT_THERE: Final = frozenset(
    {"table.missing", "table.folder", "pb.file.unreadable", "polis.path.missing", "verify.option"}
)


def refusal(unusable: Unusable) -> Refused:
    """What a command says of input that cannot be used: a finding a line."""
    misuse = all(finding.code in NOT_THERE for finding in unusable.findings)
    said = [str(finding) for finding in unusable.findings]
    text = said[0] if len(said) == 1 else "\n  - ".join(["this cannot be used:", *said])
    return Refused(text, 2 if misuse else 1, [finding.as_dict() for finding in unusable.findings])


def status(findings: Iterable[Finding]) -> int:
    """The exit status of an answer with these findings: 1 if there is a warning among them; notes change nothing."""
    return 1 if any(finding.level != "note" for finding in findings) else 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="becontree", description="Public decisions, counted in the open.")
    top.add_argument("--version", action="version", version=f"becontree {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, (_, help_line) in COMMANDS.items():
        commands.add_parser(name, help=help_line, add_help=False)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] not in COMMANDS:
        top = parser()
        if not arguments:
            top.print_help()
            return 2
        top.parse_args(arguments)
        return 2
    name, rest = arguments[0], arguments[1:]
    given = argparse.Namespace()
    try:
        module = importlib.import_module(f"becontree.cli.{COMMANDS[name][0]}")
        sub = argparse.ArgumentParser(
            prog=f"becontree {name}",
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add_help=name != "manage",
        )
        module.add_arguments(sub)
        # Django's commands read their own options, --help too; argparse would take them for ours.
        given = argparse.Namespace(arguments=rest) if name == "manage" else sub.parse_args(rest)
        return int(module.run(given))
    except Refused as refused:
        if getattr(given, "json", False):
            from becontree.cli.console import print_json

            print_json({"findings": refused.findings})
        print(f"becontree {name}: {refused}", file=sys.stderr)  # noqa: T201
        return refused.status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be flushed goes nowhere, and says nothing
        return 141
    except KeyboardInterrupt:
        print(f"\nbecontree {name}: stopped. Nothing was changed by half.", file=sys.stderr)  # noqa: T201
        return 130
