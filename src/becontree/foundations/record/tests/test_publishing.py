"""The published record: whole, checked from its files alone, signed by witnesses, its decisions computed again."""

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
from django.db import connection

from becontree.cli import main
from becontree.formats.fund import apply, fund_from, record
from becontree.foundations.kit import triggers
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.record import actions, keys, notes
from becontree.foundations.record.models import Checkpoint, Cosignature, Entry
from becontree.foundations.record.tests.published import SIGNER, TAMPERINGS, rewrite, sign
from becontree.methods.matching import Pledge
from becontree.verify import log

pytestmark = pytest.mark.usefixtures("own_key")


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
