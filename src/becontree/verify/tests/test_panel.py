"""The receipt of a panel: accepted when true, refused when any part of it was changed."""

import copy
import hashlib
import json

import pytest

from becontree.methods.draw import dice
from becontree.methods.sortition import protocol
from becontree.verify import panel

ROUND = {
    "chain": "quicknet",
    "round": 657413,
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
    "previous_signature": "",
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
}
SECRET = hashlib.sha256(b"only a test").digest()


def receipt(source="beacon", count=37):
    lottery = [[f"p{number:03d}", f"q{number:03d}", f"é{number}"] for number in range(count)]
    salts = [protocol.salt(SECRET, "panel", str(number)) for number in range(count)]
    panels = protocol.fix_panels(lottery, salts)
    root, named = panels.commitment.root, ROUND["round"] if source == "beacon" else None
    said = "" if named else "dice or words, thrown or read in public"
    public = {"panels": count, "seats": 3, "round": named, "source": said, "pool": "ab" * 32}
    number, randomness = {
        "beacon": (protocol.draw_number(root, count, bytes.fromhex(ROUND["randomness"])), {"beacon": ROUND}),
        "dice": (dice([0, 1, 2], count), {"dice": {"faces": [0, 1, 2], "sides": 10}}),
        "words": (protocol.draw_number(root, count, b"four eight"), {"words": "four eight"}),
    }[source]
    return copy.deepcopy(protocol.opening(public, panels, number, randomness))


@pytest.mark.parametrize("source", ["beacon", "dice", "words"])
@pytest.mark.parametrize("count", [13, 37, 64, 1000])
def test_a_true_receipt_is_accepted(source, count):
    assert panel.check(receipt(source, count)) == []


def test_what_a_true_receipt_does_not_prove_is_said():
    assert panel.unproved(receipt("beacon")) == []
    assert "only those who saw it can say" in " ".join(panel.unproved(receipt("words")))
    assert "Dice leave no trace" in " ".join(panel.unproved(receipt("dice")))
    assert "the round 657413" in panel.compare(receipt("beacon"))
    assert "the source 'dice or words" in panel.compare(receipt("dice"))


@pytest.mark.parametrize("source", ["beacon", "dice", "words"])
def test_a_receipt_with_nothing_named_before_proves_no_fair_draw(source):
    """Any past round, throw or wording could have been tried until a panel suited."""
    record = receipt(source)
    record["parameters"].update(round=None, source="")
    record["inputs"].update(pool="")

    assert panel.check(record) == []
    said = " ".join(panel.unproved(record))
    assert "names no source that was published before the draw" in said
    assert "names no sealed file" in said
    assert panel.compare(record) == ""


def test_another_source_than_the_one_named_is_refused():
    for source in ("dice", "words"):
        record = receipt(source)
        record["parameters"].update(round=657413, source="")
        (said,) = panel.check(record)

        assert said.startswith(f"Round 657413 was named in advance, but the number came from {source}")
    record = receipt("beacon")
    record["parameters"].update(round=None, source="ten dice on the town hall's steps")
    (said,) = panel.check(record)
    assert "named in advance, but the number came from a round of drand" in said


CHANGES = [
    ("a person", lambda r: r["result"]["panel"].__setitem__(0, "friend")),
    ("a person left out", lambda r: r["result"]["panel"].pop()),
    ("a person twice", lambda r: r["result"]["panel"].__setitem__(0, r["result"]["panel"][1])),
    ("the order", lambda r: r["result"]["panel"].reverse()),
    ("the number", lambda r: r["result"].update(number=(r["result"]["number"] + 1) % 37)),
    ("no number", lambda r: r["result"].update(number=None)),
    ("a number of another kind", lambda r: r["result"].update(number=float(r["result"]["number"]))),
    ("the salt", lambda r: r["result"].update(salt="00" * 32)),
    ("the path", lambda r: r["result"]["path"].reverse()),
    ("a path cut short", lambda r: r["result"]["path"].pop()),
    ("a longer path", lambda r: r["result"]["path"].append("00" * 32)),
    ("the root", lambda r: r["inputs"].update(sealed="00" * 32)),
    ("a root too short", lambda r: r["inputs"].update(sealed="00" * 31)),
    ("how many panels", lambda r: r["parameters"].update(panels=38)),
    ("how many seats", lambda r: r["parameters"].update(seats=4)),
    ("the round named", lambda r: r["parameters"].update(round=657414)),
    ("a round that is none", lambda r: r["parameters"].update(round=True)),
    ("a round as text", lambda r: r["parameters"].update(round="657413")),
    ("a round as a fraction", lambda r: r["parameters"].update(round=657413.0)),
    ("another source named", lambda r: r["parameters"].update(round=None, source="dice")),
    ("a source beside the round", lambda r: r["parameters"].update(source="dice")),
    ("a source that is no text", lambda r: r["parameters"].update(source=None)),
    ("a pool that is no text", lambda r: r["inputs"].update(pool=None)),
    ("no round named, as a part that is gone", lambda r: r["parameters"].pop("round")),
    ("the round", lambda r: r["randomness"]["beacon"].update(round=657414)),
    ("the signature", lambda r: r["randomness"]["beacon"].update(signature="ab" * 48)),
    ("the randomness", lambda r: r["randomness"]["beacon"].update(randomness="ab" * 32)),
    ("dice beside the beacon", lambda r: r["randomness"].update(dice={"faces": [0, 1, 2], "sides": 10})),
    ("dice instead", lambda r: r["randomness"].update(beacon=None, dice={"faces": [0, 0], "sides": 10})),
    ("words instead", lambda r: r["randomness"].update(beacon=None, words="mine")),
    ("no randomness", lambda r: r["randomness"].update(beacon=None)),
    ("the purpose", lambda r: r["randomness"].update(purpose="prize")),
    ("the method", lambda r: r.update(method="sealed-panel@2")),
    ("a part that is gone", lambda r: r["result"].pop("path")),
]


@pytest.mark.parametrize("change", [change for _, change in CHANGES], ids=[name for name, _ in CHANGES])
def test_no_changed_receipt_passes(change):
    record = receipt()
    before = json.dumps(record)
    change(record)

    assert json.dumps(record) != before
    assert panel.check(record) != []
