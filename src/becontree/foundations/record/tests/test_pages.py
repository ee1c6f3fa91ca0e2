"""The record's pages: what everybody can see, check and take away."""

import csv
import hashlib
import html
import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date

import pytest

from becontree.cli import main
from becontree.foundations.record import actions, keys, notes
from becontree.foundations.record.models import Entry
from becontree.methods import merkle


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.RECORD_KEY, settings.HOME, settings.RECORD_WITNESSES = "", tmp_path, []


@pytest.fixture
def signed(whole):
    actions.sequence(now=whole.clock)
    actions.checkpoint(now=whole.clock)
    return whole


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_explorer_shows_what_happened_newest_first(client, signed, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = text(client.get("/record/"))

    assert "6 entries" in page
    assert page.index("measure/visits was measured.") < page.index("voice/one was heard.")


def test_the_queries_of_a_list_do_not_grow_with_it(client, signed, django_assert_max_num_queries):
    signed.many("measure/visits", 200)
    with django_assert_max_num_queries(12):
        page = text(client.get("/record/?page=3"))

    assert "206 entries" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=voice+one", {"voice/one was heard."}),
        ("step=decided", {"award/play was decided."}),
        ("kind=voice.heard&since=2026-01-06", {"voice/two was heard."}),
        ("until=2026-01-05", {"voice/one was heard."}),
        ("q=nothing+like+it", set()),
    ],
)
def test_the_explorer_can_be_narrowed_and_taken_away(client, signed, query, found):
    page = text(client.get(f"/record/?{query}"))
    rows = csv.DictReader(io.StringIO(b"".join(client.get(f"/record/entries.csv?{query}").streaming_content).decode()))
    whole = json.loads(b"".join(client.get(f"/record/entries.json?{query}").streaming_content))

    assert all(title in page for title in found)
    assert {row["title"] for row in rows} == {row["title"] for row in whole} == found


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["since=never", "step=finished", "q=%00", "kind=%00", "until=2026-13-01"])
def test_a_senseless_address_gets_an_answer(client, query):
    assert client.get(f"/record/?{query}").status_code == 422
    assert client.get(f"/record/entries.json?{query}").status_code == 422
    assert client.get("/record/?page=x").status_code == 200


def test_a_formula_in_a_title_does_not_run_in_a_spreadsheet(client, story):
    story.thing("project/play")
    story.enter("project/play", "heard", title="=HYPERLINK(1)")
    body = b"".join(client.get("/record/entries.csv").streaming_content).decode()

    assert "'=HYPERLINK(1)" in body


def test_an_entry_shows_facts_causes_and_what_came_of_it(client, signed, django_assert_max_num_queries):
    entry = Entry.objects.get(kind="project.facilitated")
    with django_assert_max_num_queries(15):
        page = text(client.get(f"/record/entry/{entry.pk}/"))

    assert "The voice/one" in page
    assert "award/play was decided." in page
    assert "This is entry 2 of 6" in page


def test_an_entry_without_its_place_says_so(client, whole):
    entry = Entry.objects.get(kind="measure.measured")
    page = text(client.get(f"/record/entry/{entry.pk}/"))

    assert "has not got its number yet" in page
    assert "1,200" in page
    assert client.get(f"/record/entry/{entry.pk}/proof.json").status_code == 404

    actions.sequence(now=whole.clock)

    assert "The next signature" in text(client.get(f"/record/entry/{entry.pk}/"))


def test_the_raw_entry_is_the_bytes_that_are_hashed(client, signed):
    for entry in Entry.objects.all():
        body = client.get(f"/record/entry/{entry.pk}/entry.json").content

        assert hashlib.sha256(b"\x00" + body).hexdigest() == entry.leaf


def test_a_proof_checks_offline_and_a_changed_one_does_not(client, signed, tmp_path, capsys):
    for entry in Entry.objects.all():
        body = client.get(f"/record/entry/{entry.pk}/proof.json").content
        (tmp_path / "proof.json").write_bytes(body)

        assert main(["verify", str(tmp_path / "proof.json"), "--key", str(keys.signer().verifier)]) == 0

    proof = json.loads(body)
    changes = [
        {"line": proof["line"].replace("heard", "Heard").replace("measured", "Measured")},
        {"index": proof["index"] - 1},
        {"size": 7},
        {"path": proof["path"][:-1]},
        {"path": [*proof["path"], "00" * 32]},
        {"path": ["zz"]},
        {"path": None},
        {"checkpoint": proof["checkpoint"].replace("time 2026", "time 2025")},
        {"checkpoint": ""},
        {"key": ""},
    ]
    for change in changes:
        (tmp_path / "proof.json").write_text(json.dumps(proof | change))

        assert main(["verify", str(tmp_path / "proof.json")]) == 1, change


def test_a_proof_signed_by_a_stranger_is_noticed_with_the_key_of_the_page_and_never_without_a_word(
    client, signed, tmp_path, capsys
):
    entry = Entry.objects.first()
    ours = str(keys.signer().verifier)
    page = text(client.get(f"/record/entry/{entry.pk}/"))
    (said,) = re.findall(r"<code>becontree (verify proof.json --key [^<]+)</code>", page)
    proof = client.get(f"/record/entry/{entry.pk}/proof.json").json()
    stranger = notes.Signer.new(keys.signer().verifier.name)
    body = proof["checkpoint"].partition("\n\n")[0] + "\n"
    forged = proof | {"checkpoint": f"{body}\n{stranger.sign(body)}\n", "key": str(stranger.verifier)}
    (tmp_path / "proof.json").write_text(json.dumps(forged))
    words = [str(tmp_path / "proof.json") if word == "proof.json" else html.unescape(word) for word in said.split()]

    assert words[-1] == ours
    assert main(words) == 1
    assert "is not signed by" in capsys.readouterr().out
    assert main(words[:2]) == 0
    assert (
        f"The key came with the proof; compare it with the one in print: {stranger.verifier}" in capsys.readouterr().out
    )


def test_options_that_a_file_has_no_use_for_are_refused(client, signed, tmp_path, capsys):
    (tmp_path / "decision.json").write_text("{}")
    (tmp_path / "proof.json").write_bytes(client.get(f"/record/entry/{Entry.objects.first().pk}/proof.json").content)
    (tmp_path / "checkpoint").write_bytes(client.get("/record/checkpoint").content)
    kept = str(tmp_path / "checkpoint")

    for name, options, said in (
        ("decision.json", ["--key", "k"], "--key has nothing to do here. Leave out --key"),
        ("decision.json", ["--seen", kept], "--seen has nothing to do here. Leave out --seen"),
        ("proof.json", ["--seen", kept], "--seen has nothing to do here. Leave out --seen"),
        ("proof.json", ["--seen", str(tmp_path / "none")], "none: There is no such file or folder"),
        (".", ["--seen", str(tmp_path / "none")], "none: There is no such file or folder"),
    ):
        assert main(["verify", str(tmp_path / name), *options]) == 2
        assert said in capsys.readouterr().err
    assert main(["verify", kept]) == 1
    said = "This is a signed checkpoint, of 6 entries. It is held against a whole record."
    assert f"{said} Say: becontree verify FOLDER --seen {kept}" in capsys.readouterr().err


def test_the_whole_record_is_one_file_that_checks_itself_with_nothing_but_python(client, signed, tmp_path):
    assert 'href="/record/record.zip"' in text(client.get("/record/checkpoints/"))
    assert 'href="/record/record.zip"' in text(client.get("/open-data/"))
    answer = client.get("/record/record.zip")
    body = b"".join(answer.streaming_content)
    again = client.get("/record/record.zip", headers={"If-None-Match": answer["ETag"]})
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        packed.extractall(tmp_path / "taken")
        names = packed.namelist()
    page = html.unescape(text(client.get("/record/checkpoints/")))
    (command,) = re.findall(r"<code>python3 -m becontree.verify (record --key [^<]+)</code>", page)

    told = " ".join((tmp_path / "taken" / "README.txt").read_text().split())
    assert "take the program, too, from somewhere else" in told  # who could forge the record could forge its checker
    assert answer["Content-Type"] == "application/zip"
    assert again.status_code == 304
    assert not [name for name in names if "tests" in name or name.startswith("/") or ".." in name]
    assert alone(tmp_path / "taken", *command.split()) == (0, "record agrees:")
    assert main(["verify", str(tmp_path / "taken"), *command.split()[1:]]) == 0
    lines = tmp_path / "taken" / "record" / "entries" / "000000.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b"heard", b"Heard", 1))
    assert alone(tmp_path / "taken", *command.split()) == (1, "record does NOT agree:")
    # Another checkpoint is another file.
    signed.many("measure/visits", 20)
    actions.sequence(now=signed.clock)
    actions.checkpoint(now=signed.clock)
    assert client.get("/record/record.zip", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def alone(folder, *words):
    """The checker run with Python's library alone (-I -S: no site-packages, no environment), in this folder."""
    run = f"import sys, runpy; sys.path.insert(0, {str(folder)!r}); "
    run += "runpy.run_module('becontree.verify', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", run, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout or done.stderr).splitlines()[0]


def test_a_decision_says_how_to_compute_it_again(client, signed, django_assert_max_num_queries):
    entry = Entry.objects.get(kind="decision.made")
    with django_assert_max_num_queries(15):
        page = text(client.get(f"/record/decision/{entry.pk}/"))
    body = client.get(f"/record/decision/{entry.pk}/decision.json").content

    assert "Cabinet, minute 12" in page
    assert f"becontree verify decision-{entry.pk}.json" in page
    assert hashlib.sha256(body).hexdigest() in page


def test_the_thread_has_a_page_by_reference(client, signed, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        page = text(client.get("/record/thread/project/play"))

    assert 'aria-label="The thread"' in page
    assert "voice/two was heard." in page
    assert client.get("/record/thread/project/none").status_code == 404


def test_checkpoints_can_be_read_and_kept(client, signed):
    page = text(client.get("/record/checkpoints/"))
    note = client.get("/record/checkpoint").content.decode()

    assert str(keys.signer().verifier) in page.replace("&#x27;", "'")
    assert note.splitlines()[1] == "6"
    assert client.get("/record/checkpoints/6").content.decode() == note
    assert client.get("/record/checkpoints/5").status_code == 404


def test_two_checkpoints_are_proved_consistent(client, signed):
    signed.many("measure/visits", 20)
    actions.sequence(now=signed.clock)
    actions.checkpoint(now=signed.clock)
    proof = client.get("/record/consistency.json?old=6&new=26").json()
    roots = [bytes.fromhex(proof[name]) for name in ("old_root", "new_root")]

    assert merkle.check_consistency(6, 26, *roots, [bytes.fromhex(node) for node in proof["path"]])
    assert client.get("/record/consistency.json?old=6").json() == proof
    assert client.get("/record/consistency.json?old=5&new=26").status_code == 404
    assert client.get("/record/consistency.json?old=x").status_code == 400
    assert client.get("/record/consistency.json").status_code == 400


@pytest.mark.django_db
def test_an_empty_record_has_pages_too(client):
    assert "Nothing has happened in the open yet" in text(client.get("/record/"))
    assert "Nothing is signed yet" in text(client.get("/record/checkpoints/"))
    assert client.get("/record/record.zip").status_code == 404
    assert client.get("/record/checkpoint").status_code == 404


def test_every_entry_of_a_thing_can_be_reached_from_its_thread(client, story):
    story.thing("fund/pot")
    for number in range(60):
        story.enter("fund/pot", "funded", title=f"Sum {number:02} paid in.", pence=number + 1)
    pages = [
        client.get("/record/thread/fund/pot").content.decode(),
        client.get("/record/thread/fund/pot?page=2").content.decode(),
    ]

    assert all(any(f'">Sum {number:02} paid in.</a></th>' in page for page in pages) for number in range(60))


def _came_of(client, entry):
    return (
        client.get(f"/record/entry/{entry.pk}/").content.decode().split("<h2>What came of it</h2>")[1].split("<h2>")[0]
    )


def test_what_came_of_an_entry_is_what_its_thing_caused_from_then_on(client, story):
    story.thing("project/play")
    story.thing("award/early")
    story.thing("award/late")
    first = story.enter("project/play", "facilitated", on=date(2026, 3, 1))
    story.enter("award/early", "decided", "project/play", on=date(2026, 3, 9), title="An early award.")
    second = story.enter("project/play", "delivered", on=date(2026, 4, 1))
    story.enter("award/late", "decided", "project/play", on=date(2026, 4, 1), title="A late award.")

    assert "An early award." in _came_of(client, first)
    assert "A late award." in _came_of(client, first)
    assert "An early award." not in _came_of(client, second)
    assert "A late award." in _came_of(client, second)


def test_of_one_moment_an_earlier_step_does_not_come_of_a_later_one(client, story):
    story.thing("campaign/play")
    story.thing("award/play")
    moment = story.clock
    story.enter("award/play", "decided", "campaign/play", title="The award.")
    story.clock = moment  # one transaction writes both
    funded = story.enter("campaign/play", "funded")

    assert "The award." not in _came_of(client, funded)


@pytest.mark.parametrize(
    ("step", "said"), [("heard", "This is where a thread begins."), ("funded", "No cause is written down.")]
)
def test_an_entry_without_a_cause_says_so(client, story, step, said):
    story.thing("thing/one")
    page = client.get(f"/record/entry/{story.enter('thing/one', step).pk}/").content.decode()

    assert f"<h2>Why</h2>\n<p>{said}</p>" in page
