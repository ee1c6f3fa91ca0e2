"""Polis exports: what is read, what is refused and why, and that nothing is lost on the way back."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from becontree.formats import polis
from becontree.methods.findings import Unusable

FOLDERS = (
    "bowling-green-2018",
    "bowling-green-2050-volunteers-2024",
    "nz-biodiversity-2019",
    "san-juan-land-bank-2021",
    "vtaiwan-uberx-2015",
)
COUNTS = (225_524, 14_283, 29_719, 33_463, 49_443)
COMMENTS = "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
COMMENTS += "1,0,0,1,0,1,Trees\n2,1,0,1,0,-1,Rude\n"
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n5,x,0,0,1\n6,x,0,1,-1\n7,x,1,1,0\n"


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = tmp_path / (name.replace("_", "-") + ".csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def facts(conversation: polis.Conversation) -> object:
    votes = conversation.votes
    return (
        list(votes.participants), list(votes.statements), votes.start.tolist(), votes.column.tolist(),
        votes.value.tolist(), votes.out.tolist(), conversation.statements, dict(conversation.groups),
        conversation.summary,
    )  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", FOLDERS[1:])
def test_real_exports_agree_with_their_own_person_by_statement_table(name: str, shared: Path, tmp_path: Path) -> None:
    source = shared / "conversations" / name
    found = polis.read(source)
    for file in ("participants-votes.csv", "comments.csv", "summary.csv"):
        (tmp_path / file).write_bytes((source / file).read_bytes())
    table = polis.read(tmp_path)

    assert list(found.votes.participants) == list(table.votes.participants)
    assert len(found.votes) == len(table.votes)
    differ = (
        int((found.votes.value != table.votes.value).sum()) if (found.votes.column == table.votes.column).all() else -1
    )
    assert differ <= len(found.votes) // 1000


@pytest.mark.shared
@pytest.mark.parametrize(("name", "votes"), list(zip(FOLDERS, COUNTS, strict=True)))
def test_real_exports_have_the_votes_that_their_readme_counts(name: str, votes: int, shared: Path) -> None:
    assert len(polis.read(shared / "conversations" / name).votes) == votes


@pytest.mark.shared
@pytest.mark.parametrize("name", FOLDERS[1:3])
def test_the_fast_reader_and_the_careful_one_agree(name: str, shared: Path, tmp_path: Path) -> None:
    source = shared / "conversations" / name
    (tmp_path / "comments.csv").write_bytes((source / "comments.csv").read_bytes())
    raw = (source / "votes.csv").read_text().splitlines()
    (tmp_path / "votes.csv").write_text(
        "\n".join([raw[0], *('"' + line.replace(",", '","') + '"' for line in raw[1:])])
    )

    assert facts(polis.read(tmp_path))[:6] == facts(polis.read(source))[:6]  # type: ignore[index]


@pytest.mark.shared
@pytest.mark.parametrize("name", FOLDERS[1:])
def test_what_was_kept_is_written_back_byte_for_byte(name: str, shared: Path, tmp_path: Path) -> None:
    source = shared / "conversations" / name
    polis.write(polis.read(source, keep=True), tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in source.glob("*.csv")
    }


@pytest.mark.shared
@pytest.mark.parametrize("name", FOLDERS[1:])
def test_records_written_and_read_again_are_equal(name: str, shared: Path, tmp_path: Path) -> None:
    first = polis.read(shared / "conversations" / name)
    polis.write(first, tmp_path)

    assert facts(polis.read(tmp_path)) == facts(first)


def test_a_moderated_statement_and_a_meta_question_take_no_part(tmp_path: Path) -> None:
    comments = "comment-id,moderated,is-meta,comment-body\n0,1,false,Trees\n1,-1,false,Rude\n2,1,true,I live here\n"
    found = polis.read(folder(tmp_path, comments=comments, votes=VOTES + "8,x,2,1,1\n"))

    assert found.votes.out.tolist() == [False, True, True]


@pytest.mark.parametrize(
    "votes",
    [
        VOTES.replace("\n", "\r\n"),
        "\ufeff" + VOTES,
        VOTES.replace(",", ";"),
        VOTES.replace(",", "\t"),
        VOTES.replace("comment-id", "Comment ID").replace("voter-id", "PID"),
        VOTES.replace("comment-id", "statement_id")
        .replace("voter-id", "participant_id")
        .replace("timestamp", "modified"),
        VOTES.replace(",1\n", ",agree\n").replace(",-1\n", ",DISAGREE\n").replace(",0\n", ", pass \n"),
        VOTES.replace(",-1\n", ",-1.0\n"),
        VOTES + "\n\n",
        VOTES.encode("utf-16").decode("utf-16"),
        "comment-id,voter-id,vote\n0,0,1\n0,1,-1\n1,1,0\n",
    ],
    ids="crlf bom semicolons tabs names api-names words decimals blank-lines plain no-times".split(),  # noqa: SIM905
)
def test_variants_are_read_alike(votes: str, tmp_path: Path) -> None:
    found = polis.read(folder(tmp_path, comments=COMMENTS, votes=votes))

    assert found.votes.value.tolist() == [1, -1, 0]


def test_utf_16_is_read(tmp_path: Path) -> None:
    found = polis.read(folder(tmp_path, comments=COMMENTS, votes=VOTES.encode("utf-16")))

    assert len(found.votes) == 3


def test_api_votes_have_the_other_sign(tmp_path: Path) -> None:
    source = folder(tmp_path, comments=COMMENTS, votes=VOTES)

    assert polis.read(source, agree=-1).votes.value.tolist() == [-1, 1, 0]


def test_ids_with_leading_zeros_are_different_people(tmp_path: Path) -> None:
    votes = "comment-id,voter-id,vote\n0,7,1\n0,007,-1\n"

    assert len(polis.read(folder(tmp_path, votes=votes)).votes.participants) == 2


def test_a_single_file_of_votes_is_enough(tmp_path: Path) -> None:
    source = folder(tmp_path, votes=VOTES)

    assert len(polis.read(source / "votes.csv").votes) == 3


def test_a_folder_without_comments_is_read_with_a_warning(tmp_path: Path) -> None:
    found = polis.read(folder(tmp_path, votes=VOTES))

    assert [finding.code for finding in found.findings] == ["polis.comments.missing"]


def test_statements_without_a_line_are_named(tmp_path: Path) -> None:
    found = polis.read(folder(tmp_path, comments=COMMENTS, votes=VOTES + "9,x,44,1,1\n"))

    assert "44" in found.findings[0].message


# What is wrong -> (files, what the message must say)
HEAD = "timestamp,comment-id,voter-id,vote\n"
CHEAD = "comment-id,moderated,comment-body\n"
BROKEN: dict[str, tuple[dict[str, str | bytes], str]] = {
    "nothing-in-the-folder": ({}, "neither votes.csv nor participants-votes.csv"),
    "votes-empty": ({"votes": ""}, "votes.csv: The file is empty"),
    "votes-blank": ({"votes": "\n\n  \n"}, "votes.csv: The file is empty"),
    "votes-heading-only": ({"votes": HEAD}, "votes.csv: There are no votes"),
    "vote-of-two": ({"votes": HEAD + "1,0,0,2\n"}, "line 2, vote: '2' is not a vote"),
    "vote-of-minus-two": ({"votes": HEAD + "1,0,0,-2\n"}, "line 2, vote: '-2' is not a vote"),
    "vote-empty": ({"votes": HEAD + "1,0,0,\n"}, "line 2, vote: '' is not a vote"),
    "vote-yes": ({"votes": HEAD + "1,0,0,1\n1,1,0,yes\n"}, "line 3, vote: 'yes' is not a vote"),
    "vote-half": ({"votes": HEAD + "1,0,0,0.5\n"}, "'0.5' is not a vote"),
    "vote-not-a-number": ({"votes": HEAD + "1,0,0,nan\n"}, "'nan' is not a vote"),
    "vote-endless": ({"votes": HEAD + "1,0,0," + "9" * 5000 + "\n"}, "..."),
    "vote-true": ({"votes": HEAD + "1,0,0,TRUE\n"}, "'TRUE' is not a vote"),
    "person-missing": ({"votes": HEAD + "1,0,,1\n"}, "line 2, voter-id: The id is missing"),
    "statement-missing": ({"votes": HEAD + "1, ,0,1\n"}, "line 2, comment-id: The id is missing"),
    "time-words": ({"votes": HEAD + "noon,0,0,1\n"}, "line 2, timestamp: 'noon' is no time"),
    "time-empty": ({"votes": HEAD + ",0,0,1\n"}, "'' is no time"),
    "time-decimal": ({"votes": HEAD + "1.5e12,0,0,1\n"}, "'1.5e12' is no time"),
    "time-beyond": ({"votes": HEAD + "9" * 19 + ",0,0,1\n"}, "is no time"),
    "no-vote-column": ({"votes": "comment-id,voter-id\n0,0\n"}, "There is no column vote"),
    "no-person-column": ({"votes": "comment-id,vote\n0,1\n"}, "There is no column voter-id"),
    "no-statement-column": ({"votes": "voter-id,vote\n0,1\n"}, "There is no column comment-id"),
    "column-twice": ({"votes": "comment-id,voter-id,vote,vote\n0,0,1,1\n"}, "vote"),
    "row-short": ({"votes": HEAD + "1,0,0\n"}, "line 2"),
    "row-long": ({"votes": HEAD + "1,0,0,1,1\n"}, "line 2"),
    "quote-open": ({"votes": HEAD + '1,0,"0,1\n'}, "line 2"),
    "quote-text-after": ({"votes": HEAD + '1,"0"x,0,1\n'}, "line 2"),
    "nul": ({"votes": HEAD + "1,0,\0,1\n"}, "NUL"),
    "latin-1": ({"votes": HEAD.encode() + "1,0,é,1\n".encode("latin-1")}, "not UTF-8"),
    "zip": ({"votes": b"PK\x03\x04" + bytes(range(128, 200))}, "votes.csv"),
    "utf-16-cut": ({"votes": VOTES.encode("utf-16")[:-1]}, "UTF-16"),
    "only-commas": ({"votes": ",,,\n,,,\n"}, "votes.csv"),
    "comments-empty": ({"votes": VOTES, "comments": ""}, "comments.csv: The file is empty"),
    "comments-no-id": ({"votes": VOTES, "comments": "moderated,comment-body\n1,x\n"}, "no column comment-id"),
    "comments-no-text": ({"votes": VOTES, "comments": "comment-id,moderated\n0,1\n"}, "no column comment-body"),
    "comments-id-empty": (
        {"votes": VOTES, "comments": CHEAD + ",1,x\n"},
        "line 2, comment-id: The statement has no id",
    ),
    "comments-id-twice": (
        {"votes": VOTES, "comments": CHEAD + "0,1,x\n0,1,y\n"},
        "line 3, comment-id: Statement 0 stands twice, first in line 2",
    ),
    "comments-state": ({"votes": VOTES, "comments": CHEAD + "0,yes,x\n"}, "line 2, moderated: 'yes' is no state"),
    "comments-state-five": ({"votes": VOTES, "comments": CHEAD + "0,5,x\n"}, "'5' is no state"),
    "comments-flag": (
        {"votes": VOTES, "comments": "comment-id,is-meta,comment-body\n0,maybe,x\n"},
        "line 2, is-meta: 'maybe' is neither true nor false",
    ),
    "comments-time": (
        {"votes": VOTES, "comments": "timestamp,comment-id,comment-body\nTuesday,0,x\n"},
        "line 2, timestamp: 'Tuesday' is no time",
    ),
    "comments-row-short": ({"votes": VOTES, "comments": CHEAD + "0,1\n"}, "comments.csv, line 2"),
    "comments-quote-open": ({"votes": VOTES, "comments": CHEAD + '0,1,"x\n'}, "comments.csv"),
    "comments-latin-1": ({"votes": VOTES, "comments": CHEAD.encode() + b"0,1,caf\xe9\n"}, "comments.csv"),
    "summary-quote-open": ({"votes": VOTES, "summary": 'topic,"x\n'}, "summary.csv: A quoted cell does not end"),
    "summary-latin-1": ({"votes": VOTES, "summary": b"topic,caf\xe9\n"}, "summary.csv"),
    "table-no-person": ({"participants_votes": "group-id,0\n1,1\n"}, "no column voter-id"),
    "table-no-statements": (
        {"participants_votes": "participant,group-id,n-votes\n0,1,0\n"},
        "No column is a statement",
    ),
    "table-person-twice": (
        {"participants_votes": "participant,0\n1,1\n1,-1\n"},
        "line 3, participant: Person 1 stands twice",
    ),
    "table-person-empty": ({"participants_votes": "participant,0\n,1\n"}, "line 2, participant: The person has no id"),
    "table-vote": ({"participants_votes": "participant,0,1\n1,1,3\n"}, "line 2, 1: '3' is not a vote"),
    "table-no-votes": ({"participants_votes": "participant,0,1\n1,,\n"}, "There are no votes"),
    "table-statement-twice": ({"participants_votes": "participant,0,0\n1,1,1\n"}, "participants-votes.csv"),
}


@pytest.mark.parametrize("case", BROKEN, ids=list(BROKEN))
def test_broken_files_say_where_and_what(case: str, tmp_path: Path) -> None:
    files, message = BROKEN[case]

    with pytest.raises(Unusable) as refusal:
        polis.read(folder(tmp_path, **files))
    assert message in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)
    assert all(finding.message.endswith((".", "?")) for finding in refusal.value.findings)


def test_at_most_twenty_errors_are_listed(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refusal:
        polis.read(folder(tmp_path, votes=HEAD + "1,0,0,9\n" * 200))

    assert len(refusal.value.findings) == 20


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no such file or folder"):
        polis.read(tmp_path / "nowhere")


CELLS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "-1",
        "2",
        "007",
        "é",
        '"',
        '""',
        "\0",
        "\r",
        "\n",
        ",",
        ";",
        "agree",
        "1e9",
        "9" * 25,
        "nan",
        "\ufeff",
        "vote",
        "\u2028",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=8),
    heading=st.sampled_from([HEAD, VOTES.split("\n", maxsplit=1)[0] + "\n", "participant,group-id,0,1\n", CHEAD, ""]),
    comments=st.one_of(st.none(), st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=4)),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_no_file_leads_to_a_traceback(
    rows: list[str], heading: str, comments: list[str] | None, ends: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = tmp_path_factory.mktemp("fuzz")
    (source / "votes.csv").write_bytes((heading + ends.join(rows)).encode())
    (source / "participants-votes.csv").write_bytes((heading + ends.join(rows)).encode())
    if comments is not None:
        (source / "comments.csv").write_bytes((CHEAD + ends.join(comments)).encode())
    for path in (source, source / "participants-votes.csv"):
        try:
            found = polis.read(path)
        except Unusable:
            pass
        else:
            assert np.isin(found.votes.value, (-1, 0, 1)).all()


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_no_bytes_lead_to_a_traceback(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "votes.csv"
    path.write_bytes(content)
    with contextlib.suppress(Unusable):  # anything else would be a traceback
        polis.read(path)
