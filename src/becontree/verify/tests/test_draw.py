"""The second computation of a draw agrees with the first, and no changed record passes."""

import copy
import json

import pytest

from becontree.cli import main
from becontree.verify import draw

ROUND = "657413:b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
PRIZES = """
name = "council"
digits = 6
rule = "RULE"
ticket_pence = 100
prizes = [{match = 6, pence = 2500000}, {match = 2, pence = 100}, {match = 1, free_tickets = 3}]
"""


@pytest.fixture
def folder(tmp_path):
    rows = [f"t{n:03d},{n * 7919 % 10**6:06d},{n:064x}" for n in range(120)]
    (tmp_path / "tickets.csv").write_text("id,number,salt\n" + "\n".join(rows) + "\n")
    for rule in ("ends", "positions"):
        (tmp_path / f"{rule}.toml").write_text(PRIZES.replace("RULE", rule))
    return tmp_path


def drawn(folder, capsys, *options):
    tickets = str(folder / "tickets.csv")
    table = [part for part in options if "toml" in part]
    commit = [tickets, "--commit", "--json", *(["--table", *table] if table else [])]
    assert main(["draw", *commit]) == 0
    commitment = json.loads(capsys.readouterr().out)["commitment"]
    target = folder / "record.json"
    status = main(["draw", tickets, "--commitment", commitment, "--record", str(target), "--json", *options])
    capsys.readouterr()
    assert status == 0
    return json.loads(target.read_text())


def kinds(folder):
    beacon = ["--beacon", ROUND, "--round", "657413"]
    return [
        [*beacon, "--winners", "5"],
        [*beacon, "--table", str(folder / "ends.toml")],
        [*beacon, "--table", str(folder / "positions.toml")],
        ["--dice", "0,4,7", "--winners", "1"],
        ["--dice", "4,3,8,8,2,1", "--table", str(folder / "ends.toml")],
    ]


@pytest.mark.parametrize("kind", range(5))
def test_a_draw_is_recomputed_from_its_record_alone(folder, capsys, kind):
    record = drawn(folder, capsys, *kinds(folder)[kind])

    assert draw.check(record) == []
    assert main(["verify", str(folder / "record.json")]) == 0


CHANGES = [
    ("a ticket's number", lambda r: r["inputs"]["entries"][0].update(number="999999")),
    ("a ticket's id", lambda r: r["inputs"]["entries"][0].update(id="zzz")),
    ("a ticket is dropped", lambda r: r["inputs"]["entries"].pop()),
    ("a ticket is added", lambda r: r["inputs"]["entries"].append({"id": "new", "number": "000000"})),
    ("a ticket is doubled", lambda r: r["inputs"]["entries"].append(r["inputs"]["entries"][0])),
    ("no tickets", lambda r: r["inputs"].update(entries=[])),
    ("a salt", lambda r: r["inputs"]["salts"].update(t000="ff" * 32)),
    ("the commitment", lambda r: r["randomness"].update(commitment="00" * 32)),
    ("the purpose", lambda r: r["randomness"].update(purpose="other")),
    ("the protocol", lambda r: r["randomness"].update(protocol="civic-draw/0")),
    ("the seed", lambda r: r["randomness"].update(seed="00" * 32)),
    ("the round", lambda r: r["randomness"]["beacon"].update(round=657414)),
    ("the signature", lambda r: r["randomness"]["beacon"].update(signature="aa" * 48)),
    ("the randomness", lambda r: r["randomness"]["beacon"].update(randomness="00" * 32)),
    ("the chain", lambda r: r["randomness"]["beacon"].update(chain="default")),
    ("the number drawn", lambda r: r["result"].update(number="000001")),
    ("a winner", lambda r: r["result"]["winners"].pop()),
    ("the order of winners", lambda r: r["result"]["winners"].reverse()),
    ("a sum", lambda r: r["result"].update(owed=1)),
    ("a prize", lambda r: r["parameters"]["table"]["prizes"][1].update(pence=101)),
    ("the rule", lambda r: r["parameters"]["table"].update(rule="positions")),
    ("the method", lambda r: r.update(method="ticket-draw@1")),
    ("the result is missing", lambda r: r.pop("result")),
    ("randomness is missing", lambda r: r.update(randomness=None)),
]


def test_no_changed_record_passes(folder, capsys):
    honest = drawn(folder, capsys, *kinds(folder)[1])
    assert len(honest["result"]["winners"]) > 1
    for name, change in CHANGES:
        forged = copy.deepcopy(honest)
        change(forged)
        assert draw.check(forged) != [], name
