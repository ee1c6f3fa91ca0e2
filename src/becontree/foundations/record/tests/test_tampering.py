"""A published record: every kind of tampering is found from its files alone, and said in a sentence."""

import base64
import json
import shutil

import pytest
from django.db import connection

from becontree.foundations.kit import triggers
from becontree.foundations.record import actions, keys, notes
from becontree.foundations.record.tests.published import ORIGIN, TAMPERINGS, lines, rewrite, sign
from becontree.methods.canonical import canonical
from becontree.verify import log

pytestmark = pytest.mark.usefixtures("own_key")


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


@pytest.mark.parametrize("name", ["a-stray.json", "README.txt", ".hidden", "entry", "Entries/000000.jsonl"])
def test_a_file_beside_the_record_that_it_does_not_name_is_found(published, name):
    """The attack: a file in the root of the record passed, as if it had been signed with the rest."""
    assert log.check_folder(published) == []
    (published / name).parent.mkdir(exist_ok=True)
    (published / name).write_text("{}")
    first = name.partition("/")[0]

    assert log.check_folder(published) == [
        f"{first}: a file that the record does not name. Nobody signed it: take it out of the folder."
    ]


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
