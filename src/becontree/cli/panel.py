"""Draw the one panel that sits, from the lottery that `becontree select` made, and name its people.

  becontree panel LOTTERY.json --secret SECRET --sealed SEALED.json --beacon ROUND.json --record PANEL.json
  becontree panel LOTTERY.json --secret SECRET --sealed SEALED.json --dice 7,1,9
  becontree panel LOTTERY.json --secret SECRET --sealed SEALED.json --seed "numbers of the national lottery, 3 May: ..."

LOTTERY.json is the record of `becontree select --record`, SEALED.json what was published before the draw. PANEL.json is
the receipt: it may be published, and `becontree verify PANEL.json` works it out again. The other panels stay sealed.
Worked example: docs/rooms/sortition.md.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from becontree.cli import Refused, chance, pages, refusal, sealing, status
from becontree.cli.console import found_lines, print_json, waiting, write_whole
from becontree.formats.tables import read_bytes
from becontree.methods import draw
from becontree.methods.canonical import canonical
from becontree.methods.findings import Finding, Unusable
from becontree.methods.sortition import protocol

LARGEST: Final = 500_000_000  # bytes of a lottery's record
SEALED: Final = "becontree-sealed-panels/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lottery", type=Path, help="the record of the lottery (select --record)")
    parser.add_argument("--sealed", type=Path, metavar="FILE", help="what was published before (select --seal)")
    parser.add_argument("--secret", type=Path, metavar="FILE", help="the secret that the panels were sealed with")
    parser.add_argument("--beacon", metavar="ROUND", help="a drand round: its JSON file, or ROUND:SIGNATURE")
    parser.add_argument("--dice", metavar="FACES", help="faces thrown, first die first, for example 7,1,9")
    parser.add_argument("--sides", type=int, default=10, help="sides of each die (10)")
    parser.add_argument(
        "--seed", metavar="WORDS", help="public words that nobody could know before the panels were sealed"
    )
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one page for people to this file")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write the receipt, for `becontree verify`")


def run(args: argparse.Namespace) -> int:
    if sum(bool(source) for source in (args.beacon, args.dice, args.seed)) != 1:
        raise Refused("say one of --beacon, --dice and --seed: the randomness of one public source.", 2)
    findings: list[Finding] = []
    try:
        with waiting("opening the panel"):
            lottery = _lottery(args.lottery)
            panels = _panels(args, lottery)
            public = _public(args, lottery, panels, findings)
            number, randomness = _drawn(args, panels, public, findings)
    except Unusable as unusable:
        raise refusal(unusable) from unusable
    record = protocol.opening(public, panels, number, randomness)
    if args.record:
        write_whole(args.record, lambda out: out.write(canonical(record).decode() + "\n"))
    if args.html:
        write_whole(args.html, lambda out: out.write(as_page(record, findings)))
    if args.json:
        answer = {"method": record["method"], **record["result"], **record["parameters"], **record["inputs"]}
        print_json({**answer, **randomness, "findings": [finding.as_dict() for finding in findings]})
    else:
        print("\n".join([as_text(record), *found_lines(findings)]))  # noqa: T201
    return status(findings)


def _read(path: Path, what: str, fix: str) -> dict[str, Any]:
    try:
        found = json.loads(read_bytes(path, limit=LARGEST).decode("utf-8-sig"))
    except Unusable:
        raise
    except (ValueError, RecursionError) as problem:
        raise Unusable(Finding("panel.json", "This is not JSON.", file=path.name, fix=fix)) from problem
    if not isinstance(found, dict) or found.get("format") not in ("becontree-decision/1", SEALED):
        raise Unusable(Finding("panel.form", f"This is not {what}.", file=path.name, field="format", fix=fix))
    return found


def _lottery(path: Path) -> dict[str, Any]:
    fix = "Give the file that `becontree select --record` wrote."
    record = _read(path, "the record of a lottery", fix)

    def wrong(message: str, field: str) -> Unusable:
        return Unusable(Finding("panel.lottery", message, file=path.name, field=field, fix=fix))

    if record.get("family") != "select" or not isinstance(record.get("result"), dict):
        raise wrong("This is not the record of a lottery.", "family")
    if record["result"].get("status") != "ok":
        raise wrong("No panel could meet the quotas, so there is none to draw.", "status")
    panels = record["result"].get("panels")
    if not isinstance(panels, list) or not panels:
        raise wrong("There are no panels in it: it was made with --probabilities-only.", "panels")
    whole = all(isinstance(panel, list) and all(isinstance(name, str) for name in panel) for panel in panels)
    seats = record.get("parameters", {}).get("seats") if isinstance(record.get("parameters"), dict) else None
    if not whole or any(len(set(panel)) != seats for panel in panels):
        raise wrong("A panel is not a list of as many ids as there are seats.", "panels")
    return record


def _panels(args: argparse.Namespace, lottery: dict[str, Any]) -> protocol.Panels:
    panels = lottery["result"]["panels"]
    salts = sealing.panel_salts(sealing.secret(args.secret), len(panels)) if args.secret else ()
    return protocol.fix_panels(panels, salts)


def _public(
    args: argparse.Namespace, lottery: dict[str, Any], panels: protocol.Panels, findings: list[Finding]
) -> dict[str, Any]:
    """What was published before the draw; refused if these are not the panels that it fixed."""
    seats, root = lottery["parameters"]["seats"], panels.commitment.root.hex()
    if not args.sealed:
        text = (
            "No --sealed was given, so nobody can tell that the panels were fixed before the draw, or the source named."
        )
        findings.append(Finding("panel.sealed.none", text, "warning"))
        return {"panels": panels.commitment.count, "seats": seats, "round": None, "source": "", "pool": ""}
    public = _read(args.sealed, "what `becontree select --seal` wrote", "Give the file that was published.")
    asked: dict[str, Any] = {
        "panels": int,
        "seats": int,
        "round": (int, type(None)),
        "source": str,
        "pool": str,
        "sealed": str,
    }
    for name, kind in asked.items():
        if not isinstance(public.get(name), kind) or isinstance(public.get(name), bool):
            message, fix = "This is missing or not of its kind.", "Give the file that was published, unchanged."
            raise Unusable(Finding("panel.sealed", message, file=args.sealed.name, field=name, fix=fix))
    if public["sealed"] != root or (public["panels"], public["seats"]) != (panels.commitment.count, seats):
        raise Refused(
            f"the panels are not those that were sealed before the draw: their root is {root}, but "
            f"{public['sealed'][:64]} was published. Use the lottery and the secret of that day. Nothing was drawn."
        )
    return public


def _drawn(
    args: argparse.Namespace, panels: protocol.Panels, public: dict[str, Any], findings: list[Finding]
) -> tuple[int, dict[str, Any]]:
    """The number of the panel, from 0, and the randomness that gave it."""
    root, count = panels.commitment.root, panels.commitment.count
    if args.beacon:
        pulse = chance.pulse(args.beacon)
        chance.check_pulse(pulse, public["round"], findings)
        number = protocol.draw_number(root, count, bytes.fromhex(pulse.randomness))
        return number, {"beacon": chance.beacon(pulse)}
    if public["round"] is not None:
        text = (
            f"Round {public['round']} was named in advance, and something else was used: `becontree verify` will not "
            "accept the receipt. Say in public why, name another source, seal again, and draw by that."
        )
        findings.append(Finding("panel.source.other", text, "warning"))
    if args.dice:
        faces = chance.faces(args.dice)
        try:
            thrown = draw.dice(faces, count, sides=args.sides)
        except ValueError as problem:
            raise Refused(f"--dice: {problem}", 2) from problem
        if thrown is None:
            raise Refused(f"These dice fall outside the {count:,} numbers that are equally likely: throw again.")
        return thrown, {"dice": {"faces": faces, "sides": args.sides}}
    return protocol.draw_number(root, count, args.seed.encode()), {"words": args.seed}


def as_text(record: dict[str, Any]) -> str:
    result, count = record["result"], record["parameters"]["panels"]
    lines = [f"Panel {result['number']} of {count:,} (counted from 0) was drawn. Its {len(result['panel'])} people:"]
    lines += [f"  {name}" for name in result["panel"]]
    return "\n".join([*lines, f"Sealed under {record['inputs']['sealed']}"])


def as_page(record: dict[str, Any], findings: list[Finding]) -> str:
    result, randomness = record["result"], record["randomness"]
    count, people = record["parameters"]["panels"], [(name,) for name in result["panel"]]
    parts = [
        pages.text(f"There were {count:,} panels, each of which met every quota. Number {result['number']} was drawn."),
        pages.table("The people of the panel, by their ids", ("Id",), people),
        *[pages.text(line) for line in found_lines(findings)],
        pages.heading("How to check it"),
        pages.code("All panels were fixed before the draw under this hash:", record["inputs"]["sealed"]),
    ]
    if randomness["beacon"]:
        beacon = randomness["beacon"]
        parts.append(pages.code(f"Randomness: drand {beacon['chain']}, round {beacon['round']}:", beacon["randomness"]))
    elif randomness["dice"]:
        parts.append(pages.text(f"Randomness: dice, {', '.join(map(str, randomness['dice']['faces']))}."))
    else:
        parts.append(pages.code("Randomness: these words, published after the panels were fixed:", randomness["words"]))
    parts.append(pages.text("Recompute it from the receipt with: becontree verify PANEL.json"))
    return pages.page("The panel that was drawn", parts)
