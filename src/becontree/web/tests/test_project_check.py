"""The officer's check: what stands on the form is saved whichever button is pressed, and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from becontree.citizenship.giving.tests.conftest import Town, town
from becontree.citizenship.projects import actions
from becontree.citizenship.projects.checklist import CHECKLIST
from becontree.citizenship.projects.models import Project
from becontree.foundations.access.gates import SECOND_FACTOR_KEY
from becontree.foundations.people.models import Person

__all__ = ["town"]
BEFORE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
IN_ORDER = {f"state-{item.code}": "met" for item in CHECKLIST}


@pytest.fixture
def asked(town: Town) -> Project:
    olive = town.person("olive")
    project = actions.propose(
        title="Beds", summary="Beds for all.", story="We dig.", theme="green", by=olive, now=town.now
    )
    actions.set_budget(project=project, lines=[actions.Line("Soil", 100)], by=olive, now=town.now)
    project = actions.edit(project=project, organisation=town.group, by=olive, now=town.now)
    return actions.submit(project=project, by=olive, now=town.now)


@pytest.fixture
def desk(town: Town, asked: Project, client: Client) -> Client:
    officer = town.officer("priya", "officer", "funding")
    client.force_login(Person.objects.get(pk=officer.pk))
    session = client.session
    session[SECOND_FACTOR_KEY] = True
    session.save()
    return client


def test_making_it_public_saves_what_stands_on_the_form_first(asked: Project, desk: Client) -> None:
    first = CHECKLIST[0].code
    done = desk.post(f"/desk/projects/{asked.slug}/", IN_ORDER | {f"note-{first}": "Seen by us.", "do": "verify"})
    asked.refresh_from_db()

    assert done.status_code == 302
    assert asked.state == "verified"
    assert asked.checks.get(code=first).note == "Seen by us."


def test_one_point_without_its_reason_keeps_it_from_the_public_and_loses_nothing(asked: Project, desk: Client) -> None:
    first, last = CHECKLIST[0].code, CHECKLIST[-1].code
    typed = IN_ORDER | {f"state-{last}": "failed", f"note-{first}": "Seen by us.", "do": "verify"}
    page = desk.post(f"/desk/projects/{asked.slug}/", typed).text
    asked.refresh_from_db()

    assert asked.state == "submitted"
    assert 'value="Seen by us."' in page
    assert '<option value="failed" selected>' in page
    assert "notice--bad" in page
    assert asked.checks.get(code=last).state == "asked"
    assert asked.checks.exclude(code=last).filter(state="met").count() == len(CHECKLIST) - 1


def test_saving_again_does_not_change_who_decided(asked: Project, desk: Client, town: Town) -> None:
    first = CHECKLIST[0].code
    before = actions.decide_check(
        project=asked, code=first, state="met", by=town.officer("quinn", "officer", "funding"), now=BEFORE
    )
    desk.post(f"/desk/projects/{asked.slug}/", IN_ORDER | {"do": "all"})
    after = asked.checks.get(code=first)

    assert (after.decided_by, after.decided_at) == (before.decided_by, BEFORE)
    assert asked.checks.filter(state="met").count() == len(CHECKLIST)


def test_giving_it_back_keeps_the_notes_that_were_typed(asked: Project, desk: Client) -> None:
    first = CHECKLIST[0].code
    typed = {f"state-{first}": "asked", f"note-{first}": "Ask for page two.", "do": "back"}
    address = f"/desk/projects/{asked.slug}/"
    empty = desk.post(address, typed | {"reason": ""})

    assert 'value="Ask for page two."' in empty.text
    assert "Nothing you wrote is lost" in empty.text
    assert desk.post(address, typed | {"reason": "Page two of the quote."}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "draft"
    assert asked.checks.get(code=first).note == "Ask for page two."


def test_a_reason_that_was_begun_stays_when_the_checklist_is_saved(asked: Project, desk: Client) -> None:
    page = desk.post(f"/desk/projects/{asked.slug}/", IN_ORDER | {"do": "all", "reason": "Page two"}).text

    assert "Page two</textarea>" in page
    assert asked.checks.filter(state="met").count() == len(CHECKLIST)


def test_what_was_given_back_stays_on_the_desk_until_it_is_sent_again(asked: Project, desk: Client, town: Town) -> None:
    officer = town.officer("quinn", "officer", "funding")
    actions.give_back(project=asked, reason="Page two is missing.", by=officer, now=BEFORE)
    page = desk.get("/desk/projects/").text

    assert "Given back, not yet sent again" in page
    assert "Page two is missing." in page
    assert "4 May 2026" in page
    actions.submit(project=asked, by=Person.objects.get(email__startswith="olive"), now=town.now)
    assert "Given back, not yet sent again" not in desk.get("/desk/projects/").text


def test_a_form_sent_twice_begins_one_project_and_other_words_begin_another(town: Town, client: Client) -> None:
    client.force_login(Person.objects.get(pk=town.person("olive").pk))
    page = client.get("/my/projects/begin/").text
    token = page.split('name="once" value="')[1].split('"')[0]
    words = {"title": "Beds", "summary": "Beds for all.", "story": "We dig.", "theme": "green", "once": token}
    twice = [client.post("/my/projects/begin/", words)["Location"] for _ in range(2)]

    assert twice[0] == twice[1]
    assert Project.objects.count() == 1
    assert client.post("/my/projects/begin/", words | {"title": "Pots"})["Location"] != twice[0]
    assert Project.objects.count() == 2
