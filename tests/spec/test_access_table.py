"""Every address x every role, asked for real, against one printed table, the gates, and what must never be told."""

from __future__ import annotations

import pytest

from tests.spec import access_table
from tests.spec.access_table import DESK_ROLES, PLAIN_ROLES, ROLES, Asked
from tests.spec.scene import SECRETS, Scene, undone

VOICES = {"a waiting voice", "a held voice", "an appeal"}
# Which secrets are whose business. Nobody else may read one, by address, search, count, export or attachment.
STATEMENTS = {"a waiting statement", "a held statement", "an appeal about a statement"}
MAY_READ: dict[str, set[str]] = {
    # it is she who spoke and appealed, and to whom the letter goes
    "resident": VOICES | {"a letter", "a waiting statement", "a held statement", "an address for an answer"},
    "organiser": STATEMENTS
    | {"a private paper", "the private paper itself", "a helper's name", "a helper's note", "an offer to help"}
    | {"words of who was taken out"},
    "officer:funding": {"a private paper", "the private paper itself"},
    "officer:information": {"where to answer who asked to be forgotten"},
    "officer:engagement": VOICES
    | STATEMENTS
    | {"a letter", "an offer to help", "a helper's name", "a caller's name"}
    | {"words of who was taken out", "an appeal about a ban"},
}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def asked(built: Scene, django_db_blocker: pytest.FixtureRequest) -> Asked:
    with django_db_blocker.unblock(), undone():  # type: ignore[attr-defined]
        return access_table.ask(built, secrets=SECRETS)


def test_the_printed_table_is_what_the_site_answers(asked: Asked) -> None:
    printed = access_table.FILE.read_text(encoding="utf-8").splitlines()
    now = access_table.page(asked).splitlines()
    stale = "docs/access-table.md is stale: look at the change, then run python -m tests.spec.access_table --write"

    assert [line for line in now if line not in printed] == [], stale
    assert [line for line in printed if line not in now] == [], stale


def test_no_cell_is_unstated(asked: Asked) -> None:
    words = {"open", "sign-in", "refused", "hidden", "2nd", "2nd, open", "2nd, hidden", "2nd, refused", "2nd, 405"}
    odd = {
        (row, role, cells.get(role))
        for row, cells in asked.cells.items()
        for role in ROLES
        if cells.get(role) not in words
    }

    assert odd == set()
    assert len(asked.cells) > 200


def test_every_desk_address_is_shut_to_whoever_does_not_work_there(asked: Asked) -> None:
    desk = {row: cells for row, cells in asked.cells.items() if " /desk/" in row}

    assert len(desk) > 60
    for row, cells in desk.items():
        assert cells["anonymous"] in {"sign-in", "refused"}, row
        for role in PLAIN_ROLES[1:]:
            assert cells[role] in {"refused", "hidden"}, (row, role)


def test_every_desk_address_asks_for_the_second_factor(asked: Asked) -> None:
    for row, cells in asked.cells.items():
        for role in DESK_ROLES if " /desk/" in row else ():
            assert cells[role].split(", ")[0] in {"2nd", "refused"}, (row, role)


def test_each_answer_is_what_the_gate_says(asked: Asked) -> None:
    for row, cells in asked.cells.items():
        gate = cells["gate"].split(", ")
        if gate == ["its own"]:
            continue
        for role in ROLES:
            answer = cells[role]
            if "everyone" in gate:
                wanted = answer != "2nd" and (answer != "sign-in" or role == "anonymous")
            elif role == "anonymous":
                wanted = answer == "sign-in"
            elif "signed-in" in gate:
                wanted = answer != "sign-in"
            elif any(role == word or role.split(":")[0] == word for word in gate):
                wanted = answer.startswith("2nd, ")
            else:
                wanted = answer == "refused"

            assert wanted, (row, role, answer)


def test_nobody_is_told_what_is_not_their_business(asked: Asked) -> None:
    leaks = {
        (role, row, what)
        for (role, row), told in asked.told.items()
        for what in told
        if what not in MAY_READ.get(role, set())
    }

    assert leaks == set()


def test_those_whose_business_it_is_do_read_it(asked: Asked) -> None:
    read = {(role, what) for (role, _), told in asked.told.items() for what in told}

    assert {(role, what) for role, secrets in MAY_READ.items() for what in secrets} - read == set()


SEARCHES = [
    "/voices/?words={}", "/projects/?words={}", "/record/?q={}", "/record/entries.csv?q={}",
    "/record/entries.json?q={}", "/api/v1/voices?words={}", "/api/v1/projects?words={}",
    "/api/v1/record/entries?words={}", "/desk/voices/?words={}", "/desk/messages/?state=waiting&q={}",
    "/desk/payments/lines/?show=all&q={}", "/desk/projects/?words={}", "/desk/people/organisations/?q={}",
]  # fmt: skip


@pytest.mark.parametrize("role", ["anonymous", "panel-member", "officer:homes", "auditor", "administrator"])
def test_a_search_outside_the_team_neither_finds_nor_counts(scene: Scene, role: str) -> None:
    client = scene.client(role, second_factor=True)
    for word in SECRETS.values():
        for address in SEARCHES:
            with_it = client.get(address.format(word.split()[-1]))
            if with_it.status_code != 200:
                continue
            without = client.get(address.format("nosuchwordanywhere"))
            texts = [
                (b"".join(each.streaming_content) if each.streaming else each.content).decode()
                for each in (with_it, without)
            ]
            same = [text.replace(word.split()[-1], "X").replace("nosuchwordanywhere", "X") for text in texts]

            assert _bare(same[0]) == _bare(same[1]), (address, word)


def _bare(text: str) -> list[str]:
    """The words of a page without what changes by itself: nonces and form tokens."""
    return [line for line in text.splitlines() if "nonce" not in line and "csrf" not in line]
