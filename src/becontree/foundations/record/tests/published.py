"""A folder of the published record, and how somebody changes it who wants that not to show."""

import hashlib
import json

import pytest

from becontree.foundations.record import actions, keys, notes

ORIGIN = "example.invalid/becontree"
SIGNER = notes.Signer.new(ORIGIN)


def sign(story):
    actions.sequence(now=story.clock)
    return actions.checkpoint(now=story.clock, key=SIGNER)


def tell(whole, folder):
    """Six entries, a checkpoint, nine more, a checkpoint, 300 more (so more than one page), a checkpoint."""
    sign(whole)
    for number in range(9):
        whole.enter("project/play", "delivered", title=f"Stage {number} was finished.", stage=number)
    sign(whole)
    whole.many("measure/visits", 300)
    sign(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "signer", lambda: SIGNER)
        actions.publish(folder, now=whole.clock)
    return folder


def rewrite(folder, name, change):
    """Change a file, and the index with it, as somebody would who wants it not to show."""
    file = folder / name
    before = file.read_bytes()
    after = change(before)

    assert after != before

    file.write_bytes(after)
    index = json.loads((folder / "index.json").read_text())
    for row in index["pages"] + index["decisions"] + index["checkpoints"]:
        if row["file"] == name:
            row["sha256"] = hashlib.sha256(after).hexdigest()
            if "count" in row:
                row["count"] = after.count(b"\n")
    (folder / "index.json").write_text(json.dumps(index))


def lines(change):
    def changed(body):
        rows = body.splitlines(keepends=True)
        change(rows)
        return b"".join(rows)

    return changed


TAMPERINGS = {
    "one byte of one entry": ("entries/000000.jsonl", lambda body: body.replace(b"words\":7", b"words\":8")),
    "a letter of a title": ("entries/000001.jsonl", lambda body: body.replace(b"Day 270 was", b"Day 271 was")),
    "an entry taken out": ("entries/000000.jsonl", lines(lambda rows: rows.pop(20))),
    "the last entry taken out": ("entries/000001.jsonl", lines(lambda rows: rows.pop())),
    "two swapped": ("entries/000000.jsonl", lines(lambda rows: rows.insert(30, rows.pop(31)))),
    "one put in": ("entries/000000.jsonl", lines(lambda rows: rows.insert(3, rows[2].replace(b"heard", b"Heard")))),
    "one put in at the end": ("entries/000001.jsonl", lines(lambda rows: rows.append(rows[-1]))),
    "the end cut off": ("entries/000001.jsonl", lambda body: body[:-10]),
    "a checkpoint's root": (
        "checkpoints/000000000015",
        lines(lambda rows: rows.__setitem__(2, b"A" * 43 + b"=\n")),
    ),
    "a checkpoint's time": (
        "checkpoints/000000000006",
        lambda body: body.replace(b"time 2026", b"time 2025"),
    ),
    "the last checkpoint's signature": ("checkpoints/000000000315", lambda body: body[:-20] + b"AAAAAAAAAAAAAAAAAA=\n"),
    "a checkpoint unsigned": ("checkpoints/000000000015", lines(lambda rows: rows.pop())),
}  # fmt: skip
