"""Somebody without an account gave outside the site: their name goes, what the accounts rest on stays for its years."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from becontree.citizenship.giving.actions import elsewhere
from becontree.citizenship.giving.models import Contribution
from becontree.citizenship.giving.tests.conftest import Town
from becontree.citizenship.projects.models import Project
from becontree.cli import main
from becontree.foundations.forgetting import actions as forgetting
from becontree.foundations.forgetting import queries
from becontree.foundations.forgetting.models import Wish
from becontree.foundations.kit.errors import Clash
from becontree.foundations.messages.models import Message
from becontree.foundations.record.models import Entry
from becontree.web.operations import export


def claim(town: Town, project: Project, source: str, note: str, **more: Any) -> Contribution:
    given = {"kind": "crowd", "part": "capital", "pence": 3_000, "on": town.now.date()} | more
    return elsewhere.claim(
        project=project, source=source, evidence_note=note, by=town.person("olive"), now=town.now, **given
    )


def asked(town: Town, given: str) -> Wish:
    wish: Wish = forgetting.take_down(
        given=given, came_by="letter", came_on=town.now.date(), tell_by="print", tell_to="Rita\n3 Thimble Row",
        by=town.officer("nia", "officer", "information"), now=town.now,
    )  # fmt: skip
    return wish


def forgotten(town: Town, wish: Wish) -> Wish:
    nia, sol = (town.officer(name, "officer", "information") for name in ("nia", "sol"))
    checked = forgetting.check(wish=wish, how="facts", by=nia, now=town.now)
    done: Wish = forgetting.confirm(wish=checked, by=sol, now=town.now)
    return done


@pytest.mark.parametrize(
    "given", ["rita réed", "RITA@example.org", "+44 20 7946 0012"]
)  # fmt: skip
def test_a_givers_name_goes_and_the_evidence_stays_and_both_are_told(town: Town, given: str) -> None:
    project = town.project()
    hers = claim(town, project, "Rita Reed", "Receipt to rita@example.org, 020 7946 0012")
    other = claim(town, project, "Rita Read", "Receipt to ben@example.org, 020 7946 0013")
    trust = claim(town, project, "Reed Rita Trust", "Letter", kind="trust")
    wish = asked(town, given)
    held = queries.held(wish)
    assert [(one.kind.label, one.row.pk) for one in held] == [("giving", hers.pk)]
    assert ("Who gave", "Rita Reed") in held[0].kind.facts(held[0].row)
    forgotten(town, wish)

    for one in (hers, other, trust):
        one.refresh_from_db()
    assert (hers.source, hers.pence) == ("Collected by hand", 3_000)
    assert hers.evidence_note.startswith("Receipt to rita")
    assert (other.source, trust.source) == ("Rita Read", "Reed Rita Trust")
    body = Message.objects.get(template="forgetting/forgotten").body
    assert "£30.00 for “A garden on Heron Road”, and what shows that it was given" in body
    assert "UK GDPR article 17(3)(b) and (e)" in body
    assert "public record" not in body  # it never stood there


def test_evidence_that_names_somebody_is_kept_and_told_of_until_its_years_are_over(town: Town) -> None:
    trust = claim(town, town.project(), "The Pond Trust", "Letter of Rita Reed, treasurer", kind="trust")
    wish = asked(town, "Rita Reed")
    with pytest.raises(Clash, match="The law keeps everything"):
        forgotten(town, wish)
    trust.refresh_from_db()
    assert (trust.source, trust.evidence_note) == ("The Pond Trust", "Letter of Rita Reed, treasurer")
    wish.refresh_from_db()
    forgetting.refuse(wish=wish, reason="law", words="Ask later.", by=town.person("nia"), now=town.now)

    Contribution.objects.filter(pk=trust.pk).update(on=date(town.now.year - 8, 1, 1))
    forgotten(town, asked(town, "Rita Reed"))
    trust.refresh_from_db()
    assert (trust.source, trust.evidence_note, trust.pence) == ("The Pond Trust", "", 3_000)


def test_a_name_in_the_public_record_is_told_of_and_the_record_still_verifies(
    town: Town, tmp_path: Path, capsys: Any
) -> None:
    project = town.project()
    town.campaign(project)
    hers = claim(town, project, "Rita Reed", "Receipt")
    elsewhere.check(contribution=hers, accept=True, by=town.officer("fay", "officer", "funding"), now=town.now)
    before = list(Entry.objects.order_by("id").values_list("facts", flat=True))
    forgotten(town, asked(town, "Rita Reed"))
    hers.refresh_from_db()
    assert (hers.source, hers.state) == ("Collected by hand", "promised")
    assert "The record said on" in Message.objects.get(template="forgetting/forgotten").body
    assert list(Entry.objects.order_by("id").values_list("facts", flat=True))[: len(before)] == before
    export.write(tmp_path, now=town.now + timedelta(minutes=1))
    assert main(["verify", str(tmp_path)]) == 0
    capsys.readouterr()
