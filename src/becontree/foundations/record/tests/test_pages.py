"""The record's pages: what everybody can see, check and take away."""

import csv
import hashlib
import io
import json
import re
from datetime import date

import pytest

from becontree.cli import main
from becontree.foundations.record import actions, keys
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
@pytest.mark.parametrize("query", ["since=never", "step=finished", "page=x", "q=%00", "kind=%00", "until=2026-13-01"])
def test_a_senseless_address_gets_an_answer(client, query):
    assert client.get(f"/record/?{query}").status_code == 200
    assert b"".join(client.get(f"/record/entries.json?{query}").streaming_content) == b"[]\n"


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
