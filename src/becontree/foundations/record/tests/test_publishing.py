"""The published record: whole, checked from its files alone, and every kind of tampering found."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from becontree.cli import main
from becontree.formats.fund import apply, fund_from, record
from becontree.foundations.kit import triggers
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.record import actions, keys, notes
from becontree.foundations.record.models import Checkpoint, Cosignature, Entry
from becontree.foundations.record.tests.conftest import Story
from becontree.methods.canonical import canonical
from becontree.methods.matching import Pledge
from becontree.verify import log

ORIGIN = "example.invalid/becontree"


SIGNER = notes.Signer.new(ORIGIN)


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.RECORD_KEY = str(tmp_path / "record.key")
    settings.RECORD_ORIGIN = ORIGIN
    settings.RECORD_WITNESSES = []
    keys.write(tmp_path / "record.key", SIGNER)


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


@pytest.fixture(scope="module")
def template(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder, made once and taken back out of the database: most tests need only its files."""
    with django_db_blocker.unblock(), transaction.atomic():
        folder = tell(Story().whole(), tmp_path_factory.mktemp("record") / "out")
        transaction.set_rollback(True)
    return folder


@pytest.fixture
def published(template, tmp_path):
    return Path(shutil.copytree(template, tmp_path / "out"))


@pytest.fixture
def live(whole, tmp_path):
    """The folder with the database that it was published from."""
    return tell(whole, tmp_path / "live")


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


def test_an_honest_record_agrees(published):
    found = log.report(published)

    assert found.problems == []
    assert (found.entries, found.checkpoints, found.decisions) == (315, 3, 1)
    assert sorted(file.name for file in (published / "entries").iterdir()) == ["000000.jsonl", "000001.jsonl"]


def test_publishing_again_adds_and_changes_nothing_old(live, whole):
    published = live
    before = {file: file.read_bytes() for file in published.rglob("*") if file.is_file()}
    whole.enter("project/play", "delivered", title="One more thing.")
    sign(whole)
    actions.publish(published, now=whole.clock)
    changed = {str(file.relative_to(published)) for file, body in before.items() if file.read_bytes() != body}

    assert changed == {"index.json", "checkpoint", "entries/000001.jsonl"}
    assert log.check_folder(published) == []


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


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found_even_where_the_index_was_changed_with_it(published, what):
    rewrite(published, *TAMPERINGS[what])

    assert log.check_folder(published)


def test_an_entry_renumbered_to_hide_a_removal_is_found(published):
    def hide(rows):
        rows.pop(20)
        for at in range(20, len(rows)):
            rows[at] = canonical(json.loads(rows[at]) | {"index": at}) + b"\n"

    rewrite(published, "entries/000000.jsonl", lines(hide))

    assert any("was signed over 315 entries; only 314 are here" in problem for problem in log.check_folder(published))


def test_the_place_of_a_change_is_narrowed_to_between_two_checkpoints(published):
    rewrite(published, "entries/000000.jsonl", lambda body: body.replace(b"Stage 4 was", b"Stage 5 was"))
    first, second = log.check_folder(published)

    assert "000000000015: the first 15 entries are not those that were signed. One after entry 6" in first
    assert "000000000315" in second


def test_an_old_checkpoint_replaced_by_one_signed_with_the_same_key_is_found(published):
    true = (published / "checkpoints/000000000015").read_text().splitlines()
    root = base64.b64decode(true[2])
    body = notes.checkpoint_body(
        origin=ORIGIN, size=15, root=root, issued="2026-01-01T00:00:00.000000Z", previous="none"
    )
    forged = f"{body}\n{keys.signer().sign(body)}\n".encode()
    rewrite(published, "checkpoints/000000000015", lambda _: forged)

    assert log.check_folder(published) == [
        "checkpoints/000000000015: does not follow the checkpoint before it; one was replaced or taken away.",
        "checkpoints/000000000315: does not follow the checkpoint before it; one was replaced or taken away.",
    ]


def test_a_checkpoint_taken_away_with_its_line_of_the_index_is_found(published):
    (published / "checkpoints/000000000015").unlink()
    index = json.loads((published / "index.json").read_text())
    index["checkpoints"] = [row for row in index["checkpoints"] if row["size"] != 15]
    (published / "index.json").write_text(json.dumps(index))

    assert "does not follow" in log.check_folder(published)[0]


def test_a_decision_other_than_the_one_frozen_is_found(published):
    (file,) = (published / "decisions").iterdir()
    rewrite(published, f"decisions/{file.name}", lambda body: body.replace(b'"funded":["a"]', b'"funded":["b"]'))

    assert any("is not the record that was frozen" in problem for problem in log.check_folder(published))


def test_a_decision_missing_or_added_is_found(published):
    (file,) = (published / "decisions").iterdir()
    index = json.loads((published / "index.json").read_text())
    index["decisions"].append({"file": "decisions/other.json", "index": 5, "sha256": ""})
    (published / "index.json").write_text(json.dumps(index))
    file.unlink()
    problems = log.check_folder(published)

    assert any("cannot be read" in problem for problem in problems)
    assert "decisions/other.json: no entry names this decision." in problems


def test_a_page_that_the_index_does_not_name_is_found(published):
    shutil.copy(published / "entries/000001.jsonl", published / "entries/000002.jsonl")

    assert "entries/000002.jsonl: is there, but index.json does not name it." in log.check_folder(published)


@pytest.mark.parametrize("name", ["decisions/other.json", "checkpoints/000000000003"])
def test_a_decision_or_checkpoint_that_the_index_does_not_name_is_found(published, name):
    (published / name).write_text("{}")

    assert f"{name}: is there, but index.json does not name it." in log.check_folder(published)


@pytest.mark.parametrize("family", ["manifest", "command", "proof", "files", "bls"])
def test_a_module_of_the_checker_is_no_family_of_decisions(published, family):
    """The attack: a decision of the family "manifest" was handed to the check of exports: a traceback."""
    found = log.Report()

    assert log._recompute({"family": family}, "decisions/other.json", found) == []
    assert found.notes == [
        f"decisions/other.json: this package cannot compute a decision of the family {family!r} again."
    ]


def test_a_record_rewritten_by_the_holder_of_the_key_is_found_by_whoever_kept_a_checkpoint(live, tmp_path, whole):
    published = live
    kept = tmp_path / "kept"
    kept.write_bytes((published / "checkpoint").read_bytes())

    assert log.check_folder(published, seen=kept) == []

    triggers.remove()
    with connection.cursor() as cursor:  # a rewritten past, signed again with the true key
        for table in ("record_cosignature", "record_checkpoint", "record_node"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("UPDATE record_entry SET sequence = NULL, leaf = ''")
        cursor.execute("UPDATE record_entry SET title = 'Another past.' WHERE kind = 'voice.heard'")
    triggers.install(triggers.registered())
    sign(whole)
    shutil.rmtree(published)
    actions.publish(published, now=whole.clock)

    assert log.check_folder(published) == []
    assert any("It was rewritten." in problem for problem in log.check_folder(published, seen=kept))


def test_another_key_than_the_one_known_is_found(published):
    other = notes.Signer.new(ORIGIN).verifier

    assert log.check_folder(published, key=str(keys.signer().verifier)) == []
    assert any("is not signed by" in problem for problem in log.check_folder(published, key=str(other)))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"format":"becontree-record/1"}', b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}",
     b'{"format":"becontree-record/1","key":"a","origin":"b","size":1,"page_size":1,"decisions":[],"checkpoints":[],'
     b'"pages":[{"file":"../../etc/passwd","sha256":""}]}'],
)  # fmt: skip
def test_a_broken_index_is_a_sentence_never_a_traceback(published, body):
    (published / "index.json").write_bytes(body)

    assert log.check_folder(published)


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{}", b'{"id":1}', b"\xff\xfe", b'{"id":"a","x":1.5}', b'{"id":"a","id":"a"}', b"[" * 90_000,
             b'{"id":"a","x":9007199254740993}', b'{"id":"a","decision":[]}', b'{"id":"../x","decision":{}}']
)  # fmt: skip
def test_a_broken_entry_is_a_sentence_never_a_traceback(published, line):
    rewrite(published, "entries/000000.jsonl", lines(lambda rows: rows.__setitem__(5, line + b"\n")))

    assert log.check_folder(published)


@pytest.mark.parametrize("body", [b"", b"x", b"a\n1\nAAAA\n\n\n", b"a\n1\n!\n\n\xe2\x80\x94 a b\n", b"\xff"])
def test_a_broken_checkpoint_is_a_sentence_never_a_traceback(published, body):
    rewrite(published, "checkpoints/000000000015", lambda _: body)

    assert log.check_folder(published)


def test_the_command_says_what_it_checked_and_its_status_tells(published, capsys):
    assert main(["verify", str(published)]) == 0
    assert "315 entries, 3 checkpoints" in capsys.readouterr().out

    rewrite(published, *TAMPERINGS["one byte of one entry"])

    assert main(["verify", str(published), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["agrees"] is False


def test_the_checker_runs_as_a_copied_folder_without_anything_installed(published, tmp_path):
    shutil.copytree(Path(log.__file__).parent, tmp_path / "checker", ignore=shutil.ignore_patterns("tests"))
    code = f"from pathlib import Path; from checker import log; print(log.check_folder(Path({str(published)!r})))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip

    assert done.stdout.strip() == "[]", done.stderr


def test_checkpoints_are_signed_once_a_size(whole):
    first = sign(whole)

    assert actions.checkpoint(now=whole.clock + timedelta(hours=1)) == first
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_an_empty_record_has_no_checkpoint_and_is_not_published(tmp_path, story):
    assert sign(story) is None
    with pytest.raises(Invalid, match="no checkpoint"):
        actions.publish(tmp_path / "out", now=story.clock)


def test_nothing_is_signed_over_a_tree_that_was_changed_below(whole):
    sign(whole)
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_node SET hash = %s WHERE level = 2", ["00" * 32])
    triggers.install(triggers.registered())
    whole.enter("project/play", "delivered", title="Later.")
    actions.sequence(now=whole.clock)
    with pytest.raises(Clash, match="no longer agrees"):
        actions.checkpoint(now=whole.clock)

    assert Checkpoint.objects.count() == 1
    assert Entry.objects.filter(sequence=6).exists()


@pytest.fixture
def witness(settings):
    signer = notes.Signer.new("neighbour.example/witness", notes.WITNESS)
    settings.RECORD_WITNESSES = [str(signer.verifier)]
    return signer


def test_a_witness_signature_is_kept_published_and_checked(whole, witness, tmp_path):
    signed = sign(whole)
    note = actions.signed_note(signed) + witness.cosign(signed.body, whole.clock) + "\n"
    (kept,) = actions.cosign(note=note, now=whole.clock)
    actions.publish(tmp_path / "out", now=whole.clock)
    found = log.report(tmp_path / "out")

    assert (kept.witness, kept.signed_at) == ("neighbour.example/witness", whole.clock)
    assert (found.problems, found.witnessed) == ([], 1)

    line = kept.line.encode()
    rewrite(tmp_path / "out", "checkpoints/000000000006", lambda body: body.replace(line, line[:-12] + b"AAAAAAAAAAA="))

    assert "the witness neighbour.example/witness does not hold" in log.check_folder(tmp_path / "out")[0]


def test_a_signature_that_is_no_known_witness_is_not_kept(whole, witness):
    signed = sign(whole)
    stranger = notes.Signer.new("neighbour.example/witness", notes.WITNESS)
    others = witness.cosign(signed.body.replace("6", "7", 1), whole.clock)
    for line in (stranger.cosign(signed.body, whole.clock), others, keys.signer().sign(signed.body)):
        with pytest.raises(Invalid):
            actions.cosign(note=f"{signed.body}\n{line}\n", now=whole.clock)
    with pytest.raises(Invalid, match="not one of our checkpoints"):
        actions.cosign(note=f"{signed.body}x\n\n{stranger.sign(signed.body)}\n", now=whole.clock)

    assert not Cosignature.objects.exists()


def test_a_neighbour_checks_signs_and_sends_back(live, tmp_path, settings, capsys):
    file = tmp_path / "witness.key"
    call_command("record_key", str(file), "--name", "neighbour.example/witness", "--witness")
    settings.RECORD_WITNESSES = [capsys.readouterr().out.strip()]
    call_command("record_witness", str(live), key=file, log_key=str(SIGNER.verifier))
    (tmp_path / "signed").write_text(capsys.readouterr().out)
    call_command("record_cosign", str(tmp_path / "signed"))

    assert "neighbour.example/witness saw the record at 315 entries" in capsys.readouterr().out

    call_command("record_publish", str(live))

    assert log.report(live).witnessed == 1

    rewrite(live, *TAMPERINGS["two swapped"])
    with pytest.raises(CommandError, match="Not signed"):
        call_command("record_witness", str(live), key=file)


def matched():
    """A true decision: 39,000 pounds of match for 5,599 from the crowd, as the play facility had it."""
    fund = fund_from(
        {
            "method": "capped-ratio",
            "pot": 12_000_000,
            "ratio": "39000:5599",
            "when_short": "first",
            "project": [{"id": "play", "target": 26_959_800}],
        }
    )
    pledges = [Pledge("g1", "play", 400_000), Pledge("g2", "play", 159_900)]
    return record(fund, pledges, apply(fund, pledges))


def test_a_decision_is_computed_again_from_the_published_files(story, tmp_path):
    story.thing("award/play")
    story.decide("award/play", record=matched())
    sign(story)
    actions.publish(tmp_path / "out", now=story.clock)
    found = log.report(tmp_path / "out")

    assert (found.problems, found.decisions, found.recomputed) == ([], 1, 1)


def test_a_decision_recorded_with_a_false_result_is_found_though_all_signatures_hold(story, tmp_path):
    false = matched()
    false["result"]["paid"] += 1
    story.thing("award/play")
    story.decide("award/play", record=false)
    sign(story)
    actions.publish(tmp_path / "out", now=story.clock)

    assert log.check_folder(tmp_path / "out")
