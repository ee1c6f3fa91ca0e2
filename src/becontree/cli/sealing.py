"""The steps of a public draw that `becontree select` and `becontree panel` share: secret, commitment, beacon, seal.

What is computed stands in `methods.sortition.protocol`; here are the files and the options.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from becontree.cli import Refused
from becontree.cli.console import print_json, write_whole
from becontree.methods.findings import Finding

if TYPE_CHECKING:
    from becontree.methods.draw import Commitment
    from becontree.methods.sortition import Pool, Selection

KEEP = "32 random bytes in hexadecimal; made by --commit if the file is not there. Keep it, and show it to nobody"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where the seed of a selection comes from. `record` is what the auditor's record keeps of it."""

    seed: bytes
    fixed: Commitment | None = None
    record: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_argument_group("the public draw, step by step")
    steps.add_argument("--secret", type=Path, metavar="FILE", help=KEEP)
    steps.add_argument("--commit", action="store_true", help="only print what must be published before the round")
    steps.add_argument("--commitment", metavar="HASH", help="the hash that was published (64 hexadecimal digits)")
    steps.add_argument("--beacon", metavar="ROUND", help="a drand round: its JSON file, or ROUND:SIGNATURE")
    steps.add_argument("--round", type=int, help="the round that was named in advance")
    steps.add_argument("--seal", type=Path, metavar="FILE", help="seal the panels; write what may now be published")
    steps.add_argument("--next-round", type=int, metavar="N", help="with --seal: the round that will draw the panel")
    steps.add_argument("--next-source", default="", metavar="WORDS", help="with --seal: what will draw it if not drand")


def hold_together(args: argparse.Namespace) -> None:
    """Refuse options that contradict one another."""
    if args.beacon and args.seed:
        raise Refused("say either --beacon or --seed: the randomness of one public source.", 2)
    if (args.commit or args.beacon or args.seal) and not args.secret:
        raise Refused("--commit, --beacon and --seal need --secret FILE, which salts what is published.", 2)
    if args.seal and (args.next_round is None) == (not args.next_source):
        raise Refused("--seal: say either --next-round N or --next-source WORDS: what will draw the panel.", 2)
    if args.seal and (args.probabilities_only or args.commit):
        raise Refused("--seal: there are no panels to seal with --probabilities-only or --commit.", 2)
    if args.commit and (args.record or args.html):
        raise Refused("--commit only prints what to publish; leave out --record and --html.", 2)


def secret(path: Path, *, make: bool = False) -> bytes:
    """The secret of a file; a new one, for the owner's eyes only, where there is none yet and one may be made."""
    if make and not path.exists():
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as problem:
            raise Refused(f"{path} cannot be written: {problem.strerror}. Name another file.", 2) from problem
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(32) + "\n")
    try:
        with path.open("rb") as handle:
            text = handle.read(1000).decode("ascii").strip()
    except OSError as problem:
        raise Refused(
            f"{path}: There is no such file, or it cannot be read. Use the one made by --commit.", 2
        ) from problem
    except UnicodeDecodeError:
        text = ""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise Refused(f"{path}: This is not a secret: it holds 64 hexadecimal digits and nothing else.")
    return bytes.fromhex(text)


def begin(args: argparse.Namespace, pool: Pool) -> Beginning:
    """Fix the pool and take the seed from it and the beacon; or take the seed as it was given."""
    from becontree.cli import chance
    from becontree.methods.draw import PROTOCOL
    from becontree.methods.sortition import protocol

    if not args.secret:
        return Beginning(args.seed.encode(), findings=_without_seed(args))
    key = secret(args.secret, make=args.commit or (bool(args.seal) and not args.beacon))
    salts = {person.id: protocol.salt(key, "person", person.id) for person in pool.people}
    fixed = protocol.fix_pool(pool, salts)
    if not args.beacon:
        return Beginning(args.seed.encode(), fixed, findings=_without_seed(args))
    findings: list[Finding] = []
    chance.hold_to_commitment(args.commitment, fixed, findings, "people")
    pulse = chance.pulse(args.beacon)
    chance.check_pulse(pulse, args.round, findings)
    record = {
        "protocol": PROTOCOL,
        "purpose": "panels",
        "commitment": fixed.root.hex(),
        "salts": {name: salt.hex() for name, salt in salts.items()},
        "beacon": chance.beacon(pulse),
    }
    seed = protocol.seed_for_panels(fixed, bytes.fromhex(pulse.randomness))
    return Beginning(seed, fixed, record, tuple(findings))


def _without_seed(args: argparse.Namespace) -> tuple[Finding, ...]:
    """Panels made from no public randomness: whoever ran it could have tried other lists until one pleased."""
    if args.seed or args.probabilities_only:
        return ()
    text = "No --beacon and no --seed was given, so nobody can tell that the panels were made by chance."
    fix = "Take a public round: --secret, --commitment, --beacon and --round (see --help)."
    return (Finding("select.seed.none", text, "warning", fix=fix),)


def say_commitment(args: argparse.Namespace, begun: Beginning) -> int:
    assert begun.fixed is not None
    told = {"commitment": begun.fixed.root.hex(), "people": begun.fixed.count, "protocol": "civic-draw/1"}
    if args.json:
        print_json({**told, "findings": []})
    else:
        print("\n".join(f"{name}: {value}" for name, value in told.items()))  # noqa: T201
    return 0


def panel_salts(key: bytes, count: int) -> list[bytes]:
    from becontree.methods.sortition import protocol

    return [protocol.salt(key, "panel", str(number)) for number in range(count)]


def seal(args: argparse.Namespace, selection: Selection, begun: Beginning) -> None:
    """Write the file that is published before the panel is drawn."""
    from becontree.methods.sortition import protocol

    assert begun.fixed is not None
    sealed = protocol.seal(selection, begun.fixed, panel_salts(secret(args.secret), len(selection.panels)))
    public = sealed.public(round_b=args.next_round, source=args.next_source)
    write_whole(args.seal, lambda out: out.write(json.dumps(public, ensure_ascii=False, indent=1) + "\n"))
