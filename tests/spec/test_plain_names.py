"""No page shows a code where a person reads: every kind of entry, account and payment has a plain name.

The first tests walk what the code can write; the last walks the pages of money and of the record, with one of all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from becontree.citizenship.conversations.models import Answer
from becontree.citizenship.giving.models import Campaign
from becontree.foundations.ledger import words as ledger
from becontree.foundations.ledger.models import Account, Journal
from becontree.foundations.ledger.records import KINDS as ACCOUNT_KINDS
from becontree.foundations.ledger.records import UNITS
from becontree.foundations.payments import looking, matters
from becontree.foundations.payments.models import BankLine, Outbox
from becontree.foundations.payments.states import State
from becontree.foundations.record import terms
from becontree.foundations.record import words as record
from becontree.foundations.record.models import STEPS, Decision, Entry
from becontree.foundations.record.words import STEP_NAMES
from becontree.verify.command import FAMILIES
from tests.spec.access_table import rows
from tests.spec.scene import Scene, undone

SOURCES = Path(__file__).resolve().parents[2] / "src" / "becontree"
RECORD_CALLS, LEDGER_CALLS = {"enter", "decide"}, {"post", "write", "write_rows", "settle", "release"}
# What a kind is made of where it is no plain text in the call.
MADE = {
    "f'campaign.{state}'": [f"campaign.{state}" for state in ("funded", "part-funded", "failed")],
    "f'conversation.{status}'": [f"conversation.{status}" for status in Answer.Status.values],
    "f'{said.kind}.reversed'": ["fund.paid-in.reversed", "project.paid.reversed", "award.granted.reversed"],
    "CONTINUES": ["promise.continues"],
    "kind": [],  # handed on by a function whose callers are looked at
}


def written(calls: set[str]) -> Iterator[str]:
    """Every kind that a room of ours can write with one of these calls."""
    for path in sorted(SOURCES.rglob("*.py")):
        if "tests" in path.parts or path.name == "testing.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for word in node.keywords if name in calls else ():
                if word.arg == "kind":
                    text = ast.unparse(word.value)
                    either = word.value if isinstance(word.value, ast.IfExp) else None
                    parts = [either.body, either.orelse] if either else [word.value]
                    yield from MADE[text] if text in MADE else [ast.literal_eval(part) for part in parts]


def test_every_kind_of_entry_on_the_record_has_a_plain_name() -> None:
    kinds = set(written(RECORD_CALLS))

    assert len(kinds) > 35
    assert {kind for kind in kinds if record.kind(kind) == kind} == set()
    assert {family for family in FAMILIES if record.kind(family) == family} == set()
    assert set(STEPS) == set(STEP_NAMES)


def test_every_kind_of_entry_in_the_accounts_has_a_plain_name() -> None:
    kinds = {*written(LEDGER_CALLS), "settle", "release"}

    assert len(kinds) > 12
    assert {kind for kind in kinds if ledger.kind(kind) == kind} == set()
    assert set(ledger.ACCOUNT_KINDS) == set(ACCOUNT_KINDS)
    assert set(ledger.UNITS) == set(UNITS)


def test_every_state_and_match_of_a_payment_has_a_plain_name() -> None:
    matched = dict(BankLine._meta.get_field("matched").choices or ())

    assert set(looking.MATCHES) == set(matched)
    assert set(looking.STATES) == set(State)
    assert set(matters.CALLS) == {kind for kind, _ in Outbox.KINDS}
    assert {str(label) for label in Campaign.State.labels}.isdisjoint({"part-funded", "cancelled"})


class Said(HTMLParser):
    """What a person reads on a page: no code marked as such, no script, no value of a field."""

    def __init__(self) -> None:
        super().__init__()
        self.deep: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"code", "script", "style", "pre"}:
            self.deep.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.deep and self.deep[-1] == tag:
            self.deep.pop()

    def handle_data(self, data: str) -> None:
        if not self.deep:
            self.text.append(data)


PAGES = ("/accounts/", "/record/", "/funds/", "/money/", "/desk/")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "finance", "auditor", "officer:funding"])
def test_no_page_of_money_or_of_the_record_shows_a_code(built: Scene, role: str) -> None:
    with undone():
        client = built.client(role, second_factor=role != "anonymous")
        codes = {*Account.objects.values_list("code", flat=True), *record.KINDS}
        codes |= {kind for kind in ledger.KINDS if re.search("[.-]", kind)}
        codes |= {*Journal.objects.values_list("kind", flat=True).distinct()} & {"settle", "bank-match", "bank-line"}
        shape = re.compile(r"(?<![\w./-])(" + "|".join(re.escape(one) for one in sorted(codes)) + r")(?![\w/-])")
        wanted = [row.address for row in rows(built) if row.method == "GET" and row.address.startswith(PAGES)]
        wanted += [f"/record/entry/{pk}/" for pk in Entry.objects.values_list("pk", flat=True)[:60]]
        wanted += [f"/accounts/account/{code}/" for code in Account.objects.values_list("code", flat=True)]
        wanted += [f"/accounts/journal/{pk}/" for pk in Journal.objects.values_list("pk", flat=True)[:60]]
        found, read = [], 0
        for address in dict.fromkeys(wanted):
            answer = client.get(address)
            if answer.status_code != 200 or not str(answer["Content-Type"]).startswith("text/html"):
                continue
            read += 1
            page = Said()
            page.feed(answer.content.decode())
            found += [(address, one) for one in shape.findall(" ".join(page.text))]

    assert read > (25 if role == "anonymous" else 20)
    assert found == []


@pytest.mark.django_db
def test_every_key_of_every_decision_that_is_in_the_record_has_a_plain_name(built: Scene) -> None:
    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    with undone():
        found = [
            (each.family, key)
            for each in Decision.objects.filter(family__in=terms.NAMES)
            for key in keys(each.record["parameters"]) | keys(each.record["result"])
        ]

    assert "adoption" in {family for family, _ in found}
    assert {(family, key) for family, key in found if terms.name_of(family, key) is None} == set()
