"""Real conversations come in with every row, are mapped, and go out again equal, value by value."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from becontree.citizenship.conversations import maps, polis
from becontree.citizenship.conversations.models import Conversation, MapDocument
from becontree.citizenship.conversations.tests.conftest import NOW, SETUP, Talk
from becontree.cli import main
from becontree.formats import polis as form
from becontree.methods.findings import Unusable

# people, statements, vote events, as the README of the data and the files themselves say
REAL = {
    "bowling-green-2018": (2031, 896, 225_524),
    "vtaiwan-uberx-2015": (1921, 197, 49_997),
    "nz-biodiversity-2019": (536, 316, 29_802),
    "san-juan-land-bank-2021": (404, 297, 33_530),
    "bowling-green-2050-volunteers-2024": (126, 371, 14_341),
}


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize("name", REAL)
def test_a_real_conversation_comes_in_whole_is_mapped_and_goes_out_equal(
    shared: Path, tmp_path: Path, name: str
) -> None:
    folder = shared / "conversations" / name
    before, cast = form.read(folder), form.events(folder)
    made = polis.load(folder, by=SETUP, now=NOW)
    people, statements, events = REAL[name]
    document = MapDocument.objects.get(conversation=made).document

    assert made.participants.count() == len(form.people(folder)) == people
    assert made.statements.exclude(external_facts__has_key="unlisted").count() == len(before.statements) == statements
    assert made.votes.count() == len(cast.value) == events
    assert len(document["groups"]) >= 1
    assert sum(tally[2] or 0 for tally in document["tallies"].values()) > 0.5 * len(before.votes)

    polis.dump(made, tmp_path)
    after, cast_after = form.read(tmp_path), form.events(tmp_path)
    assert {one.id: one for one in after.statements} == {one.id: one for one in before.statements}
    assert after.summary == before.summary
    assert after.groups == before.groups
    assert list(after.votes.participants) == list(before.votes.participants)
    assert list(after.votes.statements) == list(before.votes.statements)
    for part in ("start", "column", "value", "out"):
        assert (getattr(after.votes, part) == getattr(before.votes, part)).all()
    assert after.votes.contested == before.votes.contested
    times = cast.time or (0,) * len(cast.value)
    times_after = cast_after.time or (0,) * len(cast.value)
    assert Counter(zip(cast.person, cast.statement, cast.value, times, strict=True)) == Counter(
        zip(cast_after.person, cast_after.statement, cast_after.value, times_after, strict=True)
    )


@pytest.mark.django_db
def test_each_variant_of_the_files_is_read(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("Comment ID,Voter_ID,Vote\r\n1,9,agree\r\n1,8,-1.0\r\n1,9,pass\r\n")
    made = polis.load(tmp_path, by=SETUP, now=NOW)

    assert made.votes.count() == 3
    assert [list(row[2:]) for row in maps.ballots(made)] == [[1], [-1], [0]]
    assert made.statements.get().external_facts["unlisted"]


@pytest.mark.django_db
def test_a_broken_folder_leaves_nothing_behind_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("comment-id,voter-id,vote\n1,9,1\n1,8,maybe\n")
    with pytest.raises(Unusable) as refused:
        polis.load(tmp_path, by=SETUP, now=NOW)

    assert refused.value.findings[0].line == 3


def test_our_own_conversation_goes_out_and_comes_back_with_the_same_map(talk: Talk, tmp_path: Path) -> None:
    talk.camps(20)
    ours = talk.draw()
    polis.dump(talk.conversation, tmp_path)
    back = polis.load(tmp_path, by=SETUP, now=NOW)
    theirs = MapDocument.objects.get(conversation=back).document

    assert back.title == talk.conversation.title
    assert theirs["tallies"] == ours["tallies"]
    assert theirs["common_ground"] == ours["common_ground"]
    assert back.votes.count() == 200


@pytest.mark.shared
@pytest.mark.django_db
def test_the_commands_take_a_folder_in_and_write_it_out(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared / "conversations" / "bowling-green-2050-volunteers-2024"
    assert main(["import", "conversation", str(folder), "--check"]) == 0
    assert not Conversation.objects.exists()
    assert main(["import", "conversation", str(folder)]) == 0
    assert "14,341 votes were imported" in capsys.readouterr().out
    assert main(["export", str(tmp_path), "--conversation", Conversation.objects.get().slug]) == 0

    assert len(form.events(tmp_path).value) == 14_341
    assert main(["import", "conversation", str(tmp_path / "nowhere")]) == 2
    assert main(["export", str(tmp_path), "--conversation", "nothing"]) == 2
