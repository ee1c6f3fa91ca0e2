"""Fuzz every reader of becontree.formats: mutate sound files at random for N minutes and report any traceback.

    .venv/bin/python benchmarks/fuzz_readers.py --minutes 10 [--seed 1] [--reader NAME]

A reader may accept a file or refuse it with `Unusable`; anything else is a fault, and so is a file of a few kilobytes
that takes more than two CPU seconds. Faults are printed with the bytes that cause them. Exit status 1 if there is one.
The same seed makes the same files in the same order.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from becontree.methods.findings import Unusable

Reader = Callable[[bytes], object]
SLOW = 2.0  # CPU seconds
MOST = 20_000  # bytes of a mutated file

PB = (
    "META\nkey;value\ndescription;Example\ncountry;Nowhere\nunit;Here\ninstance;2026\nnum_projects;2\nnum_votes;2\n"
    "budget;1000\nvote_type;approval\nrule;greedy\ndate_begin;01.01.2026\ndate_end;02.01.2026\n"
    'PROJECTS\nproject_id;cost;name\n1;600;Benches\n2;500.50;"A; swing"\n'
    "VOTES\nvoter_id;age;vote\na;30;1,2\nb;;2\n"
)
PB_POINTS = (
    PB.replace("approval", "cumulative")
    .replace("voter_id;age;vote", "voter_id;vote;points")
    .replace("a;30;1,2\nb;;2", "a;1,2;3,1\nb;2;4")
)
GRANT = {
    "id": "360G-x-1", "title": "t", "description": "d", "currency": "GBP", "amountAwarded": 10.55,
    "awardDate": "2026-01-02", "recipientOrganization": [{"id": "a", "name": "b"}],
    "fundingOrganization": [{"id": "c", "name": "d"}],
}  # fmt: skip
FUND = 'pot = "39,000"\nratio = "39000:5599"\nshare = "15%"\nmin_backers = 3\n[[project]]\nid = "p"\ntarget = 5\n'
FUND_2 = 'pot = 500\nmethod = "cocm"\nscale = "fill"\nlot = ["a"]\ngroups = {x = ["g"], y = ["h"]}\n'
PRIZES = 'name = "n"\ndigits = 6\nrule = "ends"\nticket_pence = 100\nprizes = [{match = 6, pence = 5}]\n'
BEACON = '{"round": 657413, "signature": "b7' + "13" * 47 + '", "randomness": "", "chain": "quicknet"}'
DECIDIM = 'id;title/en;body/en;supports\n7;Benches;"Two, by the pond";31\n9;Trees;More;\n'
CONSUL = ",".join(f"c{n}" for n in range(13)) + '\n3,Lights,More,,,,City,"Feasible (€10,000)",Yes,-,Yes,No,ana\n'
CITIZEN = "Response ID,Submitted,What would help?,Please explain,Please explain\nA1,2026-01-02,Benches,Shade,\n"
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n1500000000,x,0,0,1\n1500000001,x,1,0,-1\n1500000002,x,0,1,0\n"
COMMENTS = 'timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1,x,0,0,1,0,1,"Hi, all"\n'
MATRIX = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n0,0,1,2,1,1,1,-1\n1,,0,1,0,0,0,\n"
PEOPLE = "id,Gender,age\np1,Female,16-29\np2,Male,30-44\np3,Female,30-44\n"
QUOTAS = "feature,value,min,max\nGender,Female,1,1\nGender,Male,1,1\nage,16-29,0,2\nage,30-44,0,2\n"

TOKENS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b'""', b"'", b",", b";", b"\t", b"=1+1", b"-", b"+",
    b"1e999", b"NaN", b"Infinity", b"-0", b"0", b"9" * 30, b"0.1", b"1,5", b"\xc3\xa9", b"\xe2\x80\xa8",
    b"\xf0\x9f\x8c\xb3",
    b"\\ud800", b"[", b"]", b"{", b"}", b"null", b"true", b"META", b"PROJECTS", b"VOTES", b"budget", b"1/0", b"100%",
    "\u0663".encode(), "\u00b2".encode(), "\uff11".encode(), b"[" * 3000, b"a" * 3000, b",," * 500, b"2026-02-30",
]  # fmt: skip


@dataclass
class Tally:
    """What one reader did."""

    tried: int = 0
    accepted: int = 0
    refused: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


def readers() -> dict[str, tuple[Reader, list[bytes]]]:
    """Every reader there is, with sound files to start from. A module that is not built yet is left out."""
    from becontree.formats import fund, platforms, tables, threesixty, tickets

    package = json.dumps({"grants": [GRANT]}).encode()
    grants = threesixty.write_csv(threesixty.read_json(package)).encode()
    found: dict[str, tuple[Reader, list[bytes]]] = {
        "table": (tables.read_table, [PEOPLE.encode(), DECIDIM.encode()]),
        "table, lenient": (_lenient, [PEOPLE.encode(), CITIZEN.encode()]),
        "fund": (fund.read_fund, [FUND.encode(), FUND_2.encode()]),
        "pledges": (fund.read_pledges, [b'giver,project,amount\na,p,5\nb,p,"1,200.50"\n']),
        "tickets": (lambda data: tickets.read_tickets(data, digits=6), [b"id,number,salt\na,000001," + b"ab" * 16]),
        "prizes": (tickets.read_prizes, [PRIZES.encode()]),
        "beacon": (tickets.read_beacon, [BEACON.encode()]),
        "360giving json": (threesixty.read_json, [package]),
        "360giving csv": (threesixty.read_csv, [grants]),
        "decidim": (platforms.read_decidim, [DECIDIM.encode(), b'[{"id": 1, "title": {"en": "x"}}]', _zip(DECIDIM)]),
        "consul": (platforms.read_consul, [CONSUL.encode(), b'{"x": [{"id": 1, "title": "y"}]}']),
        "citizen space": (platforms.read_citizen_space, [CITIZEN.encode()]),
    }
    if pb := _module("becontree.formats.pb"):
        seeds = [PB.encode(), PB_POINTS.encode()]
        found["pb"] = (pb.read_bytes, seeds)
        found["pb, lenient"] = (lambda data: pb.read_bytes(data, lenient=True), seeds)
    if polis := _module("becontree.formats.polis"):
        for name, seed in (("votes", VOTES), ("comments", COMMENTS), ("participants-votes", MATRIX)):
            found[f"polis {name}"] = (_polis(polis, name), [seed.encode()])
    if sortition := _module("becontree.formats.sortition_csv"):
        found["sortition people"] = (lambda data: sortition.read_pool(data, QUOTAS.encode(), 2), [PEOPLE.encode()])
        found["sortition quotas"] = (lambda data: sortition.read_pool(PEOPLE.encode(), data, 2), [QUOTAS.encode()])
    return found


def mutations(seeds: list[bytes], luck: random.Random) -> Iterator[bytes]:
    """The seeds, then an endless line of files a few random changes away from one of them."""
    yield from seeds
    while True:
        data = bytearray(luck.choice(seeds))
        for _ in range(luck.choice((1, 1, 2, 3, 6))):
            _change(data, luck, seeds)
        yield bytes(data[:MOST])


def fuzz(reader: Reader, files: Iterator[bytes], seconds: float, most_faults: int = 5) -> Tally:
    """Feed files to a reader for so many seconds of wall time."""
    tally, end = Tally(), time.monotonic() + seconds
    for data in files:
        if time.monotonic() > end or len(tally.faults) >= most_faults:
            break
        tally.tried += 1
        start = time.process_time()
        try:
            reader(data)
            tally.accepted += 1
        except Unusable as refused:
            tally.refused += 1
            if not refused.findings or not all(finding.code and finding.message for finding in refused.findings):
                tally.faults.append(f"refused without a word: {data!r}")
        except Exception:  # any other exception is what we are looking for
            tally.faults.append(f"{traceback.format_exc(limit=-4)}\n{data!r}")
        spent = time.process_time() - start
        tally.slowest = max(tally.slowest, spent)
        if spent > SLOW:
            tally.faults.append(f"took {spent:.1f} CPU seconds: {data!r}")
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="in all, shared among the readers (10)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", help="only this one")
    args = parser.parse_args()
    chosen = {name: it for name, it in readers().items() if args.reader in (None, name)}
    if not chosen:
        parser.error(f"there is no reader {args.reader!r}")
    each = args.minutes * 60 / len(chosen)
    faults = 0
    for name, (reader, seeds) in chosen.items():
        tally = fuzz(reader, mutations(seeds, random.Random(f"{args.seed} {name}")), each)
        faults += len(tally.faults)
        print(
            f"{name:<26} {tally.tried:>9,} files  {tally.accepted:>8,} taken  {tally.refused:>9,} refused  "
            f"slowest {tally.slowest:.2f} s  {len(tally.faults)} faults",
            flush=True,
        )
        for fault in tally.faults:
            print(fault[:3000])
    print("no traceback" if not faults else f"{faults} faults")
    return 1 if faults else 0


def _change(data: bytearray, luck: random.Random, seeds: list[bytes]) -> None:
    at = luck.randrange(len(data) + 1)
    to = min(len(data), at + luck.choice((1, 2, 5, 20)))
    kind = luck.randrange(8)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << luck.randrange(8)
    elif kind == 1:
        del data[at:to]
    elif kind == 2:
        data[at:at] = luck.choice(TOKENS)
    elif kind == 3:
        data[at:to] = luck.choice(TOKENS)
    elif kind == 4:
        del data[at:]
    elif kind == 5:
        data[at:at] = data[luck.randrange(len(data) + 1) :][: luck.choice((5, 50))]
    elif kind == 6:
        lines = bytes(data).split(b"\n")
        lines.insert(luck.randrange(len(lines)), luck.choice(lines))
        data[:] = b"\n".join(lines)
    else:
        other = luck.choice(seeds)
        data[at:] = other[luck.randrange(len(other) + 1) :]


def _lenient(data: bytes) -> object:
    from becontree.formats import tables

    return tables.read_table(data, ragged="pad", twins="number", fallback="cp1252")


def _polis(module: object, changed: str) -> Reader:
    """Write the folder of an export with one file changed, and read it."""

    def read(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "votes.csv").write_text(VOTES)
            (folder / "comments.csv").write_text(COMMENTS)
            if changed == "participants-votes":
                (folder / "votes.csv").unlink()
            (folder / f"{changed}.csv").write_bytes(data)
            return module.read(folder)  # type: ignore[attr-defined]

    return read


def _zip(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x-proposals.csv", text)
    return out.getvalue()


def _module(name: str):  # type: ignore[no-untyped-def]
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name and name.startswith(missing.name):
            return None
        raise


if __name__ == "__main__":
    sys.exit(main())
