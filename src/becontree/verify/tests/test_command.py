"""The checker without the rest of Becontree: only the folder `becontree/verify`, Python's library, and a file."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from becontree import verify
from becontree.cli import main
from becontree.verify.command import FAMILIES, Checked, as_text

PB = (
    "META\nkey;value\nnum_projects;2\nnum_votes;2\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost\n"
    "1;60\n2;60\nVOTES\nvoter_id;vote\na;1\nb;2\n"
)


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """Nothing of Becontree but the folder, and no package but Python's own (-I -S)."""
    home = Path(verify.__file__).parent
    shutil.copytree(home, tmp_path / "becontree" / "verify", ignore=shutil.ignore_patterns("tests", "__pycache__"))
    monkeypatch.chdir(tmp_path)

    def run(*words):
        code = f"import sys, runpy; sys.path.insert(0, {str(tmp_path)!r}); "
        code += "runpy.run_module('becontree.verify', run_name='__main__')"
        return subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, *words], capture_output=True, text=True, check=False
        )

    return run


def test_a_decision_is_computed_again_by_the_folder_alone(alone, tmp_path, capsys):
    (tmp_path / "ward.pb").write_text(PB)
    assert main(["count", "ward.pb", "--ties", "id", "--record", "decision.json"]) == 0
    capsys.readouterr()
    main(["verify", "decision.json"])

    done = alone("decision.json")
    assert (done.returncode, done.stdout) == (0, capsys.readouterr().out)
    record = json.loads(Path("decision.json").read_text())
    record["result"]["funded"] = ["2" if record["result"]["funded"] == ["1"] else "1"]
    Path("decision.json").write_text(json.dumps(record))
    done = alone("decision.json", "--json")
    assert done.returncode == 1
    assert not json.loads(done.stdout)["agrees"]


def test_a_file_that_is_not_there_is_misuse_and_says_so(alone):
    done = alone("none.json")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "python -m becontree.verify: none.json: There is no such file or folder. Check the name.\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_can_be_read_by_the_folder_alone_and_names_what_a_record_lacks(alone, tmp_path, family):
    (tmp_path / "decision.json").write_text(
        json.dumps(
            {"format": "becontree-decision/1", "family": family, "method": "x@1", "parameters": {}, "inputs": {}}
        )
    )
    done = alone("decision.json")

    assert done.returncode == 1, done.stderr
    assert "does NOT agree" in done.stdout
    assert "Error" not in done.stdout + done.stderr


def test_one_of_a_kind_is_said_as_one():
    checked = Checked("record", [], counts={"entries": 1_200, "checkpoints": 1, "recomputed": 1})

    assert as_text(Path("record"), checked) == "record agrees:\n  1,200 entries, 1 checkpoint, 1 recomputed"
