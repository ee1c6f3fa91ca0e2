"""Run a verifiable prize draw or lot.

First, before the beacon's round is out, fix the tickets and publish what this prints:
  becontree draw TICKETS.csv --commit [--table PRIZES.toml]
Then, when the round that was named in advance is out:
  becontree draw TICKETS.csv --commitment HASH --beacon ROUND.json --round N (--winners K | --table PRIZES.toml)
Dice instead of a beacon, thrown in public:  --dice 4,3,8,8,2,1
What the file could owe, for every number there is:  --liability [--simulate 10000000] --table PRIZES.toml

TICKETS.csv has the columns id (opaque), number (with --table) and, if they were made, salt. See docs/rooms/draw.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from becontree.cli import Refused, chance, pages, refusal, status
from becontree.cli.console import Progress, found_lines, print_json, waiting, write_whole
from becontree.formats import tickets as files
from becontree.methods import draw
from becontree.methods.draw.prizes import chances
from becontree.methods.findings import Finding, Unusable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tickets", type=Path, help="table of tickets: id, number, salt")
    parser.add_argument("--commit", action="store_true", help="only print what must be published before the draw")
    parser.add_argument("--commitment", help="the hash that was published before the draw (64 hexadecimal digits)")
    parser.add_argument("--beacon", help="a drand round: its JSON file, or ROUND:SIGNATURE")
    parser.add_argument("--round", type=int, help="the round that was named in advance")
    parser.add_argument("--dice", help="faces thrown, first die first, for example 4,3,8")
    parser.add_argument("--sides", type=int, default=10, help="sides of each die (10)")
    parser.add_argument("--purpose", default="prize", help="what this draw is for; part of the seed (prize)")
    parser.add_argument("--winners", type=int, help="draw so many tickets, first prize first")
    parser.add_argument("--table", type=Path, help="prize table (TOML): draw one winning number instead")
    parser.add_argument("--liability", action="store_true", help="what the file would owe over all numbers")
    parser.add_argument("--simulate", type=int, default=0, metavar="DRAWS", help="with --liability: simulate so many")
    parser.add_argument("--json", action="store_true", help="machine output")
    parser.add_argument("--html", type=Path, help="write one page for people to this file")
    parser.add_argument("--record", type=Path, help="write a decision record that `becontree verify` recomputes")


def run(args: argparse.Namespace) -> int:
    if args.record and (args.commit or args.liability):
        raise Refused("--record: nothing is drawn with --commit or --liability, so there is no decision to record.", 2)
    try:
        with waiting("fixing the list of tickets"):
            table = files.read_prizes(args.table) if args.table else None
            tickets = files.read_tickets(args.tickets, digits=table.digits if table else None)
            made = draw.commit(tickets.entries, tickets.salts)
        if args.commit:
            told = {"commitment": made.root.hex(), "tickets": made.count, "protocol": draw.PROTOCOL}
            return _say(args, "Before the draw", told, tickets.findings)
        if args.liability:
            return _say(args, "What the tickets could owe", _liability(args, table, tickets), tickets.findings)
        answer = _draw(args, table, tickets, made)
    except Unusable as refused:
        raise refusal(refused) from refused
    if args.record:
        write_whole(args.record, lambda out: json.dump(answer["record"], out, ensure_ascii=False, indent=1))
    if args.html:
        write_whole(args.html, lambda out: out.write(as_page(answer["record"])))
    record = answer["record"]
    if args.json:
        said = {"method": record["method"], **record["randomness"], **record["result"]}
        print_json({**said, "tickets": made.count, "findings": [finding.as_dict() for finding in answer["findings"]]})
    else:
        print("\n".join([as_text(record), *found_lines(answer["findings"])]))  # noqa: T201
    return status(answer["findings"])


def _draw(args: Any, table: draw.PrizeTable | None, tickets: files.Tickets, made: draw.Commitment) -> dict[str, Any]:
    findings = list(tickets.findings)
    if (args.winners is None) == (table is None):
        raise Refused("say either --winners K or --table PRIZES.toml.", 2)
    if bool(args.beacon) == bool(args.dice):
        raise Refused("say either --beacon or --dice: the randomness of one public source.", 2)
    if args.winners is not None and not 1 <= args.winners <= made.count:
        raise Refused(f"{args.winners} winners cannot be drawn from {made.count} tickets.", 2)
    chance.hold_to_commitment(args.commitment, made, findings)
    size = 10**table.digits if table else made.count
    seed, number, randomness = None, None, {"protocol": draw.PROTOCOL, "purpose": args.purpose}
    randomness["commitment"] = made.root.hex()
    if args.dice:
        if args.sides < 2:
            raise Refused("--sides: a die has at least 2 sides.", 2)
        if table is None and args.winners != 1:
            raise Refused("dice choose one ticket; for more winners use a beacon.", 2)
        faces = chance.faces(args.dice)
        try:
            number = draw.dice(faces, size, sides=args.sides)
        except ValueError as problem:
            raise Refused(f"--dice: {problem}", 2) from problem
        if number is None:
            raise Refused(f"These dice fall outside the {size:,} numbers that are equally likely: throw again.")
        randomness |= {"beacon": None, "dice": {"faces": faces, "sides": args.sides}, "seed": None}
    else:
        pulse = chance.pulse(args.beacon)
        chance.check_pulse(pulse, args.round, findings)
        seed = draw.seed(args.purpose, made.root, bytes.fromhex(pulse.randomness))
        randomness |= {
            "beacon": chance.beacon(pulse),
            "dice": None,
            "seed": seed.hex(),
        }
    if table is not None:
        number = draw.Stream(seed).uniform(size) if seed is not None else number
        winning = f"{number:0{table.digits}d}"
        pairs = [(entry["id"], entry["number"]) for entry in tickets.entries]
        won: list[Any] = [
            {"id": w.ticket, "number": w.number, "match": w.match, "pence": w.pence, "free_tickets": w.free_tickets}
            for w in draw.winners(table, pairs, winning)
        ]
        result = {"number": winning, "winners": won, "owed": sum(w["pence"] for w in won)}
    elif seed is not None:
        result = {
            "number": None,
            "winners": [{"id": n} for n in draw.chosen(made.ids, args.winners, draw.Stream(seed))],
        }
    else:
        result = {"number": str(number), "winners": [{"id": made.ids[number or 0]}]}
    record = {
        "format": "becontree-decision/1",
        "family": "draw",
        "method": f"prize-draw/{table.rule}@1" if table else "ticket-draw@1",
        "parameters": {
            "winners": args.winners,
            "table": {
                "name": table.name,
                "digits": table.digits,
                "rule": table.rule,
                "ticket_pence": table.ticket_pence,
                "prizes": [{"match": p.match, "pence": p.pence, "free_tickets": p.free_tickets} for p in table.prizes],
            }
            if table
            else None,
        },
        "inputs": {
            "entries": sorted(tickets.entries, key=lambda entry: entry["id"]),
            "salts": {name: salt.hex() for name, salt in sorted(tickets.salts.items())},
        },
        "randomness": randomness,
        "result": result,
    }
    return {"record": record, "findings": findings}


def _liability(args: Any, table: draw.PrizeTable | None, tickets: files.Tickets) -> dict[str, Any]:
    from becontree.methods.draw.liability import liability, simulate

    if table is None:
        raise Refused("--liability needs --table PRIZES.toml.", 2)
    if not 0 <= args.simulate <= 10**9:
        raise Refused("--simulate: from 0 to 1,000,000,000 draws.", 2)
    exact, odds = liability(table, [entry["number"] for entry in tickets.entries]), chances(table)
    answer = exact.as_dict() | {
        "chances": {str(match): f"{odd.numerator}/{odd.denominator}" for match, odd in odds.of.items()},
        "cash_pence_a_ticket": f"{odds.cash_pence.numerator}/{odds.cash_pence.denominator}",
    }
    if args.simulate:
        progress = Progress()
        seen = simulate(exact, b"becontree plan", args.simulate, progress)
        progress.end()
        answer["simulated"] = {
            "draws": seen.draws,
            "mean_pence": round(seen.mean, 3),
            "standard_error_pence": round(seen.error, 3),
            "jackpots": seen.jackpots,
            "worst_pence": seen.worst,
        }
    return answer


def _say(args: Any, title: str, answer: dict[str, Any], findings: Sequence[Finding]) -> int:
    """An answer that is a list of figures: for machines, for a terminal, and as a page if one was asked for."""
    rows = [(key.replace("_", " "), value) for key, value in _flat(answer)]
    if args.html:
        html = pages.page(title, [pages.table(title, ("What", "Is"), rows), *map(pages.text, found_lines(findings))])
        write_whole(args.html, lambda out: out.write(html))
    if args.json:
        print_json({**answer, "findings": [finding.as_dict() for finding in findings]})
    else:
        print("\n".join([*(f"{name}: {value}" for name, value in rows), *found_lines(findings)]))  # noqa: T201
    return status(findings)


def _flat(answer: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The figures one by one: what stands in groups by its group and name, fractions of one as whole numbers."""
    for key, value in answer.items():
        if isinstance(value, dict):
            yield from ((f"{key} {name}", figure) for name, figure in _flat(value))
        else:
            yield key, value.removesuffix("/1") if isinstance(value, str) else value


def as_text(record: dict[str, Any]) -> str:
    drawn = record["result"]
    lines = [f"{record['method']}, {len(record['inputs']['entries'])} tickets"]
    if drawn["number"] is not None:
        lines.append(f"Number drawn: {drawn['number']}")
    lines += ["Winners:", *([f"  {_named(winner)}" for winner in drawn["winners"]] or ["  none"])]
    lines.append(f"Commitment {record['randomness']['commitment']}")
    return "\n".join(lines)


def as_page(record: dict[str, Any]) -> str:
    drawn, randomness = record["result"], record["randomness"]
    entries = len(record["inputs"]["entries"])
    parts = [pages.text(f"{entries:,} tickets took part. {len(drawn['winners'])} won.")]
    if drawn["number"] is not None:
        parts.append(pages.text(f"The number drawn is {drawn['number']}."))
    if record["parameters"]["table"]:
        won: list[tuple[Any, ...]] = [(w["id"], w["number"], w["match"], _prize(w)) for w in drawn["winners"]]
        parts.append(
            pages.table("Winners", ("Ticket", "Number", "Digits", "Prize"), won or [("None.",)], numbers=(1, 2))
        )
    else:
        order = [(at, w["id"]) for at, w in enumerate(drawn["winners"], 1)]
        parts.append(pages.table("Winners, first prize first", ("Place", "Ticket"), order, numbers=(0,)))
    parts += [
        pages.heading("How to check it"),
        pages.code("The tickets were fixed before the draw by this hash:", randomness["commitment"]),
    ]
    if randomness["beacon"]:
        beacon = randomness["beacon"]
        parts.append(pages.code(f"Randomness: drand {beacon['chain']}, round {beacon['round']}:", beacon["randomness"]))
    else:
        parts.append(pages.text(f"Randomness: dice, {randomness['dice']['faces']}."))
    parts.append(pages.text("Recompute it from the decision record with: becontree verify RECORD.json"))
    return pages.page("Draw", parts)


def _named(winner: dict[str, Any]) -> str:
    if "match" not in winner:
        return str(winner["id"])
    digits = f"{winner['match']} digit{'' if winner['match'] == 1 else 's'}"
    return f"{winner['id']} ({winner['number']}): {digits}, {_prize(winner)}"


def _prize(winner: dict[str, Any]) -> str:
    """What a ticket won: money, free tickets, or both."""
    free = winner["free_tickets"]
    due = [pages.pounds(winner["pence"])] if winner["pence"] else []
    return " and ".join(due + ([f"{free} free ticket{'' if free == 1 else 's'}"] if free else []))
