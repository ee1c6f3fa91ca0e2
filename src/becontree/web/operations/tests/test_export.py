"""The open data: complete, described to the byte, checkable, and nobody's name in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from becontree.citizenship.giving.tests.conftest import NOW, SETUP
from becontree.citizenship.projects import actions as projects
from becontree.citizenship.voices import actions as voices
from becontree.foundations.kit.errors import Refused
from becontree.foundations.people import actions as people
from becontree.foundations.people.models import Person
from becontree.foundations.places.models import Ward
from becontree.verify import log, manifest
from becontree.web.operations import export
from becontree.web.operations.tests import busy_borough

TODAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILES = {
    "voices.csv", "voices.json", "projects.csv", "projects.json", "grants.csv", "grants.json", "360giving.json",
    "trial-balance.csv", "trial-balance.json", "reversals.csv", "transfers.csv", "ledger.beancount", "entries.csv",
    "entries.json", "wards.csv", "wards.geojson", "venues.csv", "rules.csv", "rules.json", "README.txt",
    "record/index.json", "record/checkpoint", "record/entries/000000.jsonl", "policies/uk/money.toml",
}  # fmt: skip
SECRETS = {
    "email": "zyxwv.quandary@example.invalid",
    "name": "Zephyrina Quandary-Oxbow",
    "phone": "07700900461",
    "unquoted": "Oxbow lakes flood my cellar every spring",
    "held": "My neighbour Quillon Vantongeren is a crook",
}


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    """An export of a town in which one person leaves a trace of every kind."""
    town = busy_borough.fill()
    secret = people.register(email=SECRETS["email"], name=SECRETS["name"], by=SETUP, now=NOW)
    Person.objects.filter(pk=secret.pk).update(phone=SECRETS["phone"])
    town.people["secret"] = secret
    for words, quoted in ((SECRETS["unquoted"], False), ("More benches", True)):
        said = voices.say(kind="hope", words=words, by=secret, now=NOW, may_quote=quoted)
        voices.publish(voice=said, by=SETUP, now=NOW)
    held = voices.say(kind="dislike", words=SECRETS["held"], by=secret, now=NOW, may_quote=True)
    voices.hold(voice=held, reason="personal", by=SETUP, now=NOW, note="Names Vantongeren")
    projects.propose(title="A draft of mine", summary="Not yet.", story="Secret.", theme="green", by=secret, now=NOW)
    town.now = NOW
    town.gives("secret", town.campaign(town.project(title="A second garden")), 1_500)
    Ward.objects.create(code="E05000001", name="Abbey")
    export.write(tmp_path / "open", now=TODAY)
    return tmp_path / "open"


def every_file(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_everything_promised_is_there_and_the_manifest_describes_it_to_the_byte(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    named = {each["file"]: each for each in told["files"]}
    there = {path.relative_to(folder).as_posix() for path in every_file(folder)}

    assert named.keys() >= FILES
    assert there == named.keys() | {"manifest.json"}
    for name, each in named.items():
        body = (folder / name).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        assert each["about"]
    assert named["voices.csv"]["rows"] == named["voices.json"]["rows"] == 3
    assert named["grants.csv"]["rows"] == named["360giving.json"]["rows"] == 1
    assert named["projects.csv"]["rows"] == 2
    assert named["wards.geojson"]["rows"] == 1
    assert named["transfers.csv"]["rows"] > 5
    assert list(folder.parent.iterdir()) == [folder]


def texts(path: Path) -> list[str]:
    """A file's text; of an archive, each file's in it."""
    if path.suffix != ".zip":
        return [path.read_bytes().decode("utf-8")]
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        assert len(names) > 3
        return [packed.read(name).decode("utf-8") for name in names]


def test_no_byte_names_anybody(folder: Path) -> None:
    private = [SECRETS[key] for key in ("email", "name", "phone", "unquoted", "held")]
    private += ["Quandary", "Vantongeren", "A draft of mine"]
    for person in Person.objects.all():
        private += [str(person.pk), person.pk.hex, *filter(None, (person.email, person.phone))]
        private += [f'"{person.name}"', f",{person.name},"] if len(person.name) < 6 else [person.name]
    found = [
        (path.name, word)
        for path in every_file(folder)
        for text in texts(path)
        for word in private
        if word.lower() in text.lower()
    ]

    assert len(private) > 20
    assert found == []
    assert "More benches" in (folder / "voices.csv").read_text(encoding="utf-8")


def test_the_record_in_it_checks_by_itself(folder: Path) -> None:
    assert log.check_folder(folder / "record") == []
    assert manifest.check(folder).problems == ()


def test_the_books_in_it_add_up_by_themselves(folder: Path) -> None:
    """Each transaction of the beancount text comes to nothing, and each stated balance is what they make."""
    sums: dict[tuple[str, str], int] = {}
    net: dict[str, int] = {}
    stated = 0
    for line in (folder / "ledger.beancount").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("  ") and len(words) >= 3 and words[0].startswith(("A", "L", "E", "I")):
            pence = int(words[1].replace(".", ""))
            sums[words[0], words[2]] = sums.get((words[0], words[2]), 0) + pence
            net[words[2]] = net.get(words[2], 0) + pence
        elif len(words) > 3 and words[1] == "balance":
            stated += 1
            assert sums.get((words[2], words[4]), 0) == int(words[3].replace(".", ""))

    assert stated > 3
    assert net
    assert set(net.values()) == {0}


def test_an_earlier_export_is_replaced_and_anything_else_is_left(folder: Path) -> None:
    (folder / "stale.csv").write_text("old")
    export.write(folder, now=TODAY)
    other = folder.parent / "letters"
    other.mkdir()
    (other / "mine.txt").write_text("mine")

    assert not (folder / "stale.csv").exists()
    with pytest.raises(Refused, match="holds other things"):
        export.write(other, now=TODAY)
    assert [path.name for path in other.iterdir()] == ["mine.txt"]
