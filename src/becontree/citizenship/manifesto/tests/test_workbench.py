"""Runs, acts, undoing, running again, forgetting: through the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from becontree.citizenship.manifesto import actions
from becontree.citizenship.manifesto.models import Placement, Study
from becontree.citizenship.manifesto.queries import workbench as reads
from becontree.citizenship.manifesto.tests.conftest import MANY, SETUP, Moot, sayings
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Voice
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed


def placed(study: Study) -> set[tuple[int, str]]:
    return set(Placement.objects.filter(clause__study=study).values_list("clause__number", "theme__code"))


def themes(study: Study) -> dict[str, tuple[str, bool, int]]:
    return {one.code: (one.label, one.named, one.people) for one in study.themes.filter(live=True)}


def test_a_run_keeps_its_inputs_by_hash_and_says_how(moot: Moot) -> None:
    study = moot.study()
    run = study.runs.get()

    assert (run.state, run.method, run.texts, run.clauses) == ("done", "themes/words@1", MANY, MANY)
    assert len(run.inputs_sha256) == 64
    assert {"becontree", "numpy", "scipy", "python"} == set(run.versions)
    assert (run.done, run.total) == (5, 5)


def test_the_same_run_twice_does_nothing_the_second_time(moot: Moot) -> None:
    study = moot.study()
    before = placed(study)
    actions.sort_now(run_id=study.runs.get().pk, clock=lambda: moot.now)

    assert placed(study) == before


def test_only_what_a_moderator_let_through_is_sorted(moot: Moot) -> None:
    study = moot.study(run=False)
    moot.hear("Nobody has read this yet about buses", publish=False)
    moot.sort(study)

    assert study.answers.count() == MANY


def test_people_are_counted_once_however_many_texts_they_wrote(moot: Moot) -> None:
    study = moot.study(*sayings(MANY), "The red bus is late. The green bus never comes on time. No bus at night here.")
    theme = moot.theme_of(study, "bus")

    keys = set(theme.placements.values_list("clause__answer__person", flat=True))
    assert theme.people == len(keys)
    assert theme.parts >= theme.people


def test_no_machine_label_is_public_until_a_person_names_it(moot: Moot) -> None:
    study = moot.study()
    with pytest.raises(Clash, match="No theme has a name"):
        actions.publish(study=study, by=moot.officer, now=moot.now)
    theme = moot.theme_of(study, "bus")
    moot.act(study, "name", theme=theme.code, label="Buses that come")
    hidden = moot.theme_of(study, "park")
    moot.act(study, "name", theme=hidden.code, label="Parks")
    moot.act(study, "hide", theme=hidden.code)
    actions.publish(study=study, by=moot.officer, now=moot.now)
    page = moot.client().get(study.get_absolute_url()).content.decode()

    assert "Buses that come" in page
    assert "Parks" not in page
    for other in study.themes.filter(named=False):
        assert other.label not in page


def test_each_act_is_kept_with_who_and_when_and_can_be_undone(moot: Moot) -> None:
    study = moot.study()
    before, before_themes = placed(study), themes(study)
    buses, parks = moot.theme_of(study, "bus"), moot.theme_of(study, "park")
    some = list(buses.placements.values_list("clause__number", flat=True))[:3]
    moot.act(study, "name", theme=buses.code, label="Buses")
    moot.act(study, "split", theme=buses.code, clauses=some, label="Night buses")
    moot.act(study, "merge", themes=[parks.code, "p1"])
    moot.act(study, "exclude", clauses=some[:1], reason="spam")
    after, after_themes = placed(study), themes(study)
    assert after != before
    assert [(step.kind, step.by) for step in study.steps.all()] == [
        (kind, str(moot.officer.pk)) for kind in ("name", "split", "merge", "exclude")
    ]
    for number in (2, 1, 4, 3):
        actions.undo(study=study, number=number, by=moot.officer, now=moot.now)

    assert (placed(study), themes(study)) == (before, before_themes)
    for number in (1, 2, 3, 4):
        actions.redo(study=study, number=number, by=moot.officer, now=moot.now)
    assert (placed(study), themes(study)) == (after, after_themes)


def test_a_new_run_sorts_new_texts_and_keeps_what_people_did(moot: Moot) -> None:
    study = moot.study()
    buses, parks = moot.theme_of(study, "bus"), moot.theme_of(study, "park")
    moot.act(study, "name", theme=buses.code, label="Buses that come")
    moved = list(parks.placements.values_list("clause__number", flat=True))[:2]
    moot.act(study, "move", theme=buses.code, clauses=moved)
    mine = {number for number, code in placed(study) if code == buses.code}
    moot.hear("The red bus never comes on time!", "The old bus never comes on time!")
    run = moot.sort(study)
    buses.refresh_from_db()

    assert run.number == 2
    now = {number for number, code in placed(study) if code == buses.code}
    assert mine <= now
    assert now - mine == {MANY + 1, MANY + 2}
    assert (buses.label, buses.named) == ("Buses that come", True)
    assert study.answers.count() == MANY + 2
    actions.undo(study=study, number=2, by=moot.officer, now=moot.now)
    assert not set(moved) & {number for number, code in placed(study) if code == buses.code}


def test_a_theme_begun_with_examples_gathers_more_like_them(moot: Moot) -> None:
    texts = [
        *sayings(MANY),
        *(f"The {word} library should open on Sunday" for word in ("old", "new", "big", "far", "red")),
    ]
    study = moot.study(*texts, run=False)
    moot.sort(study)
    handles = Voice.objects.filter(words__contains="library").values("handle")
    wanted = list(study.clauses.filter(answer__handle__in=handles).values_list("number", flat=True))
    moot.act(study, "seed", label="Libraries", clauses=wanted)
    moot.hear("The old library should open on Sunday", "The big library should open on Sunday")
    moot.sort(study)

    assert {MANY + 6, MANY + 7} <= {number for number, code in placed(study) if code == "p1"}


def test_acts_that_came_while_the_machine_was_at_work_count(moot: Moot, monkeypatch: Any) -> None:
    from becontree.citizenship.manifesto.actions import running

    study = moot.study()
    parks = moot.theme_of(study, "park")
    members = {number for number, code in placed(study) if code == parks.code}
    plain = running._suggest

    def meanwhile(*given: Any) -> Any:
        found = plain(*given)
        moot.act(study, "name", theme=parks.code, label="Green places")
        return found

    monkeypatch.setattr(running, "_suggest", meanwhile)
    moot.sort(study)
    parks.refresh_from_db()

    assert (parks.live, parks.label) == (True, "Green places")
    assert {number for number, code in placed(study) if code == parks.code} == members


def test_a_form_sent_twice_acts_once(moot: Moot) -> None:
    study = moot.study()
    buses, parks = moot.theme_of(study, "bus"), moot.theme_of(study, "park")
    for _ in range(2):
        moot.act(study, "merge", themes=[buses.code, parks.code], once="tok")

    assert study.steps.count() == 1


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("name", {"theme": "t99", "label": "x"}, "theme"),
    ("name", {"theme": "t1"}, "label"),
    ("name", {"theme": "t1", "label": "x" * 121}, ""),
    ("merge", {"themes": ["t1"]}, "themes"),
    ("merge", {"themes": ["t1", "t1"]}, "themes"),
    ("split", {"theme": "t1", "label": "x"}, "clauses"),
    ("move", {"theme": "t1", "clauses": [9999]}, "clauses"),
    ("place", {"themes": ["nope"], "clauses": [1]}, "themes"),
    ("seed", {"clauses": [1]}, "label"),
    ("explode", {}, "kind"),
]


def test_an_act_that_cannot_stand_says_which_field(moot: Moot) -> None:
    study = moot.study()
    for kind, given, field in WRONG:
        with pytest.raises(Invalid) as refused:
            moot.act(study, kind, **given)
        assert field in refused.value.errors, (kind, given)

    assert study.steps.count() == 0


def test_one_run_at_a_time(moot: Moot) -> None:
    study = moot.study(run=False)
    actions.ask_for_run(study=study, by=moot.officer, now=moot.now)

    with pytest.raises(Clash):
        actions.ask_for_run(study=study, by=moot.officer, now=moot.now)


def test_a_study_without_texts_says_so_and_stops(moot: Moot) -> None:
    moot.rounds.append(moot.listening.round())
    study = actions.begin(title="Empty", question="", rounds=["twenty-years"], by=moot.officer, now=moot.now)
    run = actions.ask_for_run(study=study, by=moot.officer, now=moot.now)
    done = actions.sort_now(run_id=run.pk, clock=lambda: moot.now)

    assert (done.state, "nothing to sort" in done.trouble) == ("failed", True)


def test_what_somebody_takes_back_is_gone_from_the_study_and_counts_stand(moot: Moot) -> None:
    study = moot.study(*sayings(MANY - 1), "My very own zugzwang about the bus that never comes on time")
    voice = Voice.objects.get(words__icontains="zugzwang")
    theme = moot.theme_of(study, "bus")
    people = theme.people
    word = "zugzwang"
    client = moot.client()
    url = f"/desk/manifesto/studies/{study.slug}/themes/{theme.code}/"
    seen = "".join(client.get(f"{url}?page={n}").content.decode() for n in (1, 2))
    tray = client.get(f"/desk/manifesto/studies/{study.slug}/tray/").content.decode()
    assert word in seen + tray
    voices.withdraw(voice=voice, by=SETUP, now=moot.now)
    after = "".join(client.get(f"{url}?page={n}").content.decode() for n in (1, 2))
    after += client.get(f"/desk/manifesto/studies/{study.slug}/tray/").content.decode()
    theme.refresh_from_db()

    assert word not in after
    assert theme.people == people
    moot.sort(study)
    assert study.answers.filter(handle=voice.handle).exists()
    assert word not in str(list(study.runs.values("base")))


def test_a_survey_comes_in_whole_or_not_at_all(moot: Moot) -> None:
    study = actions.begin(title="Survey", question="", rounds=[], by=moot.officer, now=moot.now)
    given: dict[str, Any] = {"study": study, "column": "ANSWER", "by": moot.officer, "now": moot.now}
    with pytest.raises(Invalid, match="ANSWER"):
        actions.import_answers(content=b"a,b\n1,2\n", **given)
    with pytest.raises(Invalid, match="20000"):
        actions.import_answers(content=b"ANSWER\nfine\n" + b"x" * 20_001 + b"\n", **given)
    with pytest.raises(Invalid):
        actions.import_answers(content=b"ANSWER\n\n\n", **given)
    assert study.answers.count() == 0
    rows = "\n".join(f'{at % 7},"{text}"' for at, text in enumerate(sayings(MANY)))
    came = actions.import_answers(content=f"WHO,ANSWER\n{rows}\n".encode(), person_column="WHO", **given)
    moot.sort(study)

    assert came == MANY
    assert study.answers.values("person").distinct().count() == 7
    assert themes(study)


def test_hostile_answers_are_kept_as_plain_text_and_shown_safely(moot: Moot) -> None:
    study = actions.begin(title="Survey", question="", rounds=[], by=moot.officer, now=moot.now)
    bad = "<script>alert(1)</script> the \u202ebus\u0007 never =HYPERLINK() comes on time"
    content = f'ANSWER\n"{bad}"\n'.encode() + "\n".join(f'"{text}"' for text in sayings(MANY)).encode()
    actions.import_answers(study=study, content=content, column="ANSWER", by=moot.officer, now=moot.now)
    moot.sort(study)
    kept = study.answers.order_by("pk")[0].words
    client = moot.client()
    pages = [client.get(f"/desk/manifesto/studies/{study.slug}/{part}").content.decode() for part in ("", "tray/")]
    theme = study.clauses.get(number=1).placements.first()
    if theme is not None:
        pages.append(client.get(f"/desk/manifesto/studies/{study.slug}/themes/{theme.theme.code}/").content.decode())

    assert "\u202e" not in kept
    assert "\x07" not in kept
    assert not any("<script>alert" in page for page in pages)
    assert any("&lt;script&gt;alert" in page for page in pages)


def test_only_the_engagement_team_sorts(moot: Moot) -> None:
    study = moot.study(run=False)
    other = moot.listening.officer("frida", "funding")
    for verb in (
        lambda: actions.ask_for_run(study=study, by=other, now=moot.now),
        lambda: actions.act(study=study, kind="name", theme="t1", label="x", by=other, now=moot.now),
        lambda: actions.publish(study=study, by=other, now=moot.now),
        lambda: actions.undo(study=study, number=1, by=other, now=moot.now),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_pages_take_at_most_fifteen_queries_whatever_their_length(moot: Moot) -> None:
    study = moot.study(*sayings(MANY))
    client = moot.client()
    theme = moot.theme_of(study, "bus")
    base = f"/desk/manifesto/studies/{study.slug}/"
    counts = {}
    for part in ("", f"themes/{theme.code}/", "tray/", "history/", "readers/"):
        client.get(base + part)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(base + part).status_code == 200
        counts[part] = len(captured)

    assert {part: n for part, n in counts.items() if n > 15} == {}


def test_acts_take_as_many_statements_in_a_long_history_as_in_a_short_one(moot: Moot) -> None:
    study = moot.study()
    theme = moot.theme_of(study, "bus")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            moot.act(study, "name", theme=theme.code, label=f"Buses {study.steps.count()}")
        return len(captured)

    first = cost()
    for _ in range(20):
        cost()

    assert cost() <= first + 1
    assert reads.counts(study)["touched"] == 0


def test_enter_in_a_field_does_what_the_field_is_for(moot: Moot) -> None:
    """The first button of a form is pressed by Enter: it is the one that looks at which field was filled in."""
    study = moot.study()
    client = moot.client()
    tray, number = f"/desk/manifesto/studies/{study.slug}/tray/", reads.tray(study)[0].number
    page = client.get(tray).content.decode()
    assert 'value="typed"' in page.split('name="clauses"')[0]
    client.post(tray, {"do": "typed", "clauses": number, "label": "Swimming", "reason": "", "target": ""})
    both = client.post(tray, {"do": "typed", "clauses": number, "label": "Pools", "reason": "Spam"}).content.decode()
    client.post(tray, {"do": "typed", "clauses": reads.tray(study)[0].number, "label": "", "reason": "Spam"})

    assert study.themes.filter(label="Swimming", named=True, parts=1).exists()
    assert "Choose what to do: a new theme, or leaving them out." in both
    assert [step.kind for step in study.steps.order_by("number")] == ["seed", "exclude"]


def test_the_names_and_the_joining_are_forms_of_their_own(moot: Moot) -> None:
    study = moot.study()
    page = moot.client().get(f"/desk/manifesto/studies/{study.slug}/").content.decode()
    joining = page.split('id="join"')[1].split("</form>")[0]

    assert 'name="label"' in joining
    assert joining.count("<button") == 1
    assert 'name="themes" form="join"' in page


def test_the_public_page_counts_what_the_machine_placed_and_says_what_it_counts(moot: Moot) -> None:
    study = moot.study()
    theme = moot.theme_of(study, "bus")
    by_hand = theme.placements.filter(clause__touched=True).count()
    moot.act(study, "name", theme=theme.code, label="Buses that come")
    Study.objects.filter(pk=study.pk).update(kinds=["like"])
    study.refresh_from_db()
    actions.publish(study=study, by=moot.officer, now=moot.now)
    page = moot.client().get(study.get_absolute_url()).content.decode()

    assert (by_hand, theme.people > 4) == (0, True)
    assert f"<strong>{theme.people} people</strong>" in page
    assert "Only answers to this question are counted here." in page
    assert "parts of texts are not yet sorted, and people decided on 0." in page


def test_a_theme_begun_before_the_first_run_is_what_the_machine_goes_on_from(moot: Moot) -> None:
    study = moot.study(run=False)
    assert actions.take_in(study=study, by=moot.officer) == MANY
    assert actions.take_in(study=study, by=moot.officer) == MANY  # nothing comes in twice
    begun = [part.number for part in reads.parts(list(study.clauses.all())) if "bus" in part.words][:3]
    moot.act(study, "seed", label="Getting about", clauses=begun)
    moot.sort(study)
    theme = study.themes.get(label="Getting about", live=True)

    assert set(begun) < set(theme.placements.values_list("clause__number", flat=True))
    with pytest.raises(NotAllowed):
        actions.take_in(study=study, by=moot.listening.person("ada"))
