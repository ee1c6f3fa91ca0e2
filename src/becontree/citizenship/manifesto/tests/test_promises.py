"""From a sentence to a promise, its targets, how it stands, the yearly report; and what names none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from becontree.citizenship.manifesto import actions
from becontree.citizenship.manifesto.models import Aspiration, Promise
from becontree.citizenship.manifesto.queries import promised as reads
from becontree.citizenship.manifesto.tests.conftest import SETUP, Moot
from becontree.citizenship.voices import actions as voices
from becontree.citizenship.voices.models import Voice
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.measures import actions as measures
from becontree.foundations.people import actions as people
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Decision, Entry
from becontree.foundations.record.queries import thread
from becontree.methods.canonical import digest
from becontree.verify import adoption

GROUPS = [("A", 40, 30, 5, 5), ("B", 40, 22, 8, 10)]


def test_an_aspiration_needs_a_theme_that_a_person_named(moot: Moot) -> None:
    study = moot.study()
    theme = moot.theme_of(study, "bus")
    with pytest.raises(Invalid) as refused:
        actions.write(sentence="Buses.", minority="None.", themes=[theme], by=moot.officer, now=moot.now)

    assert set(refused.value.errors) == {"themes"}


def test_an_aspiration_says_what_the_minority_thinks(moot: Moot) -> None:
    study = moot.study()
    moot.aspiration(study)
    theme = moot.theme_of(study, "bus")
    with pytest.raises(Invalid) as refused:
        actions.write(sentence="Buses.", minority=" ", themes=[theme], by=moot.officer, now=moot.now)

    assert set(refused.value.errors) == {"minority"}


def test_only_voices_that_may_be_quoted_can_be(moot: Moot) -> None:
    study = moot.study()
    aspiration = moot.aspiration(study, opened=False)
    quiet = moot.hear("My private bus", may_quote=False)[0]
    unread = moot.hear("An unread bus", publish=False)[0]
    for voice in (quiet, unread):
        with pytest.raises(Invalid) as refused:
            actions.write(
                aspiration=aspiration, sentence="Buses.", minority="None.", themes=list(aspiration.themes.all()),
                quotes=[voice.handle], by=moot.officer, now=moot.now,
            )  # fmt: skip
        assert set(refused.value.errors) == {"quotes"}


def test_a_sentence_that_people_read_does_not_change_under_them(moot: Moot) -> None:
    aspiration = moot.aspiration()
    with pytest.raises(Clash):
        actions.write(
            aspiration=aspiration, sentence="Fewer buses.", minority="x", themes=list(aspiration.themes.all()),
            by=moot.officer, now=moot.now,
        )  # fmt: skip
    actions.take_agreement(
        aspiration=aspiration, conversation_ref="conversation/buses", groups=GROUPS, by=SETUP, now=moot.now
    )
    actions.take_back(aspiration=aspiration, by=moot.officer, now=moot.now)

    assert aspiration.agreements.count() == 0


def test_conversations_ask_what_to_agree_on_and_say_what_came_of_it(moot: Moot) -> None:
    aspiration = moot.aspiration()
    assert reads.aspirations_to_agree() == [aspiration]
    for _ in range(2):
        actions.take_agreement(
            aspiration=aspiration, conversation_ref="conversation/buses", groups=GROUPS, by=SETUP, now=moot.now
        )

    assert [(row["label"], row["agrees"], row["answered"]) for row in reads.agreement_rows(aspiration)] == [
        ("A", 30, 40),
        ("B", 22, 40),
    ]


@pytest.mark.parametrize("group", [("A", 3, 2, 1, 1), ("A", 3, -1, 0, 0), ("A", 3, True, 0, 0)])
def test_numbers_that_do_not_add_up_are_refused(moot: Moot, group: Any) -> None:
    aspiration = moot.aspiration()
    with pytest.raises(Invalid):
        actions.take_agreement(
            aspiration=aspiration, conversation_ref="conversation/x", groups=[group], by=SETUP, now=moot.now
        )


def test_a_promise_is_a_decision_that_anybody_can_check(moot: Moot) -> None:
    aspiration = moot.aspiration()
    actions.take_agreement(
        aspiration=aspiration, conversation_ref="conversation/buses", groups=GROUPS, by=SETUP, now=moot.now
    )
    promise = moot.promise(aspiration)
    decision = Decision.objects.get(entry_id=promise.decision)
    frozen = decision.record

    assert adoption.check(frozen) == []
    assert frozen["result"]["agreement"] == ["3/4", "11/20"]
    assert frozen["result"]["least_agreement"] == "11/20"
    assert frozen["inputs"]["runs"][0]["inputs_sha256"] == aspiration.themes.get().study.runs.get().inputs_sha256
    assert digest(frozen) == decision.sha256
    assert "Cabinet" in decision.authority
    for path, value in (("least_agreement", "3/4"), ("every_group_mostly_agrees", False), ("quotes", 7)):
        changed = {**frozen, "result": {**frozen["result"], path: value}}
        assert adoption.check(changed) != []
    assert adoption.check({"method": "adoption@1"}) != []


def test_the_thread_runs_from_the_voice_through_theme_and_aspiration_to_the_promise(moot: Moot) -> None:
    aspiration = moot.aspiration()
    promise = moot.promise(aspiration)
    back = {knot.ref for knot in thread(promise.ref).back}
    handle = aspiration.quotes.get().handle

    assert {aspiration.ref, f"voice/{handle}", aspiration.themes.get().ref} <= back


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"authority": " "}, "authority"),
        ({"minutes": ""}, "minutes"),
        ({"rationale": ""}, "rationale"),
        ({"vision_on": date(2026, 5, 4)}, "vision_on"),
        ({"on": date(2027, 1, 1)}, "on"),
    ],
)
def test_a_promise_without_its_authority_cannot_be_recorded(moot: Moot, given: dict[str, Any], field: str) -> None:
    aspiration = moot.aspiration()
    with pytest.raises(Invalid) as refused:
        moot.promise(aspiration, **given)

    assert field in refused.value.errors
    aspiration.refresh_from_db()
    assert (aspiration.state, Promise.objects.count()) == ("open", 0)


def test_a_draft_cannot_be_adopted_nor_the_same_twice(moot: Moot) -> None:
    draft = moot.aspiration(opened=False)
    with pytest.raises(Clash):
        moot.promise(draft)
    opened = actions.open_to_people(aspiration=draft, by=moot.officer, now=moot.now)
    moot.promise(opened)
    with pytest.raises(Clash):
        moot.promise(opened)


def test_targets_are_on_the_record_and_must_make_sense(moot: Moot) -> None:
    promise = moot.promise()
    measure = moot.measure()
    for given, field in (
        ({"value": Decimal(70)}, "value"),
        ({"value": Decimal(60)}, "value"),
        ({"by_on": date(2020, 1, 1)}, "by_on"),
        ({"by_on": date(2040, 1, 1)}, "by_on"),
        ({"source": ""}, "source"),
        ({"rationale": ""}, "rationale"),
        ({"value": Decimal("NaN")}, "value"),
    ):
        with pytest.raises(Invalid) as refused:
            moot.target(promise, measure, **given)
        assert field in refused.value.errors, given
    moot.target(promise, measure)

    assert Entry.objects.filter(kind="promise.target", thing_id=promise.ref).get().facts["value"] == "95"


def test_a_value_on_the_wrong_side_of_the_start_is_worse(moot: Moot) -> None:
    promise = moot.promise()
    measure = moot.measure()
    target = moot.target(promise, measure)
    measures.read(measure=measure, on=date(2026, 3, 31), value="80", by=SETUP, now=moot.now)
    first = reads.series_of(target)
    assert (first.worse, first.slipping, first.reached, first.moved) == (False, False, False, Decimal(40))
    measures.read(measure=measure, on=date(2026, 4, 30), value="65.5", by=SETUP, now=moot.now)
    second = reads.series_of(target)
    page = moot.client().get(promise.get_absolute_url()).content.decode()

    assert (second.worse, second.slipping, second.moved) == (True, True, Decimal(-18))
    assert "What got worse" in page
    assert "65.5" in page


def test_standings_keep_their_history_and_kept_is_the_end(moot: Moot) -> None:
    promise = moot.promise()
    moot.now += timedelta(days=30)
    tell = {"promise": promise, "by": moot.officer, "now": moot.now}
    actions.tell_standing(standing="off-track", reasons="No drivers.", on=moot.now.date(), **tell)
    with pytest.raises(Invalid):
        actions.tell_standing(standing="kept", reasons="", on=moot.now.date(), **tell)
    with pytest.raises(Invalid):
        actions.tell_standing(standing="kept", reasons="x", on=date(2020, 1, 1), **tell)
    page = moot.client().get("/manifesto/").content.decode()
    assert "Where it does not go well" in page
    actions.tell_standing(standing="kept", reasons="Every ten minutes.", on=moot.now.date(), **tell)
    promise.refresh_from_db()

    assert promise.standing == "kept"
    assert [one.standing for one in reads.standings(promise)] == ["kept", "off-track"]
    with pytest.raises(Clash):
        actions.tell_standing(standing="on-track", reasons="x", on=moot.now.date(), **tell)
    assert reads.open_promises() == []


def test_decisions_that_name_no_promise_are_listed(moot: Moot) -> None:
    promise = moot.promise()

    def decide(ref: str, *because: str) -> None:
        record.thing(ref=ref, kind="project", title=ref)
        record.decide(
            thing=ref, title=f"Decided on {ref}", family="match", method="m@1", authority="Cabinet", reasons="Good.",
            record={"format": "becontree-decision/1", "family": "match", "method": "m@1", "parameters": {},
                    "inputs": {}, "result": {}},
            because=because, on=moot.now.date(), by=SETUP, now=moot.now,
        )  # fmt: skip

    decide("project/direct", promise.ref)
    record.thing(ref="project/far", kind="project", title="far")
    record.enter(kind="x", step="facilitated", thing="project/far", title="far", because=[promise.ref],
                 on=moot.now.date(), by=SETUP, now=moot.now)  # fmt: skip
    decide("project/further", "project/far")
    decide("project/alone")
    found = [entry.thing_id for entry in reads.nameless_decisions()]

    assert found == ["project/alone"]
    assert "Decided on project/alone" in moot.client().get("/manifesto/decisions/").content.decode()
    before = moot.client().get("/manifesto/decisions/", {"until": f"{moot.now - timedelta(days=1):%Y-%m-%d}"})
    assert "Decided on project/alone" not in before.content.decode()
    assert "See all of them" in before.content.decode()


def test_the_report_is_frozen_with_its_hash_on_the_record(moot: Moot) -> None:
    promise = moot.promise()
    measure = moot.measure()
    moot.target(promise, measure)
    measures.read(measure=measure, on=date(2026, 4, 30), value="60", by=SETUP, now=moot.now)
    record.thing(ref="project/bus", kind="project", title="A bus", url="/projects/bus/")
    record.enter(kind="x", step="facilitated", thing="project/bus", title="A bus", because=[promise.ref],
                 on=moot.now.date(), by=SETUP, now=moot.now)  # fmt: skip
    record.thing(ref="campaign/bus", kind="campaign", title="Money for a bus")
    record.enter(kind="campaign.closed", step="funded", thing="campaign/bus", title="Raised", because=["project/bus"],
                 facts={"raised_pence": 123_400}, on=moot.now.date(), by=SETUP, now=moot.now)  # fmt: skip
    report = actions.make_report(year=2026, cut_on=moot.now.date(), by=moot.officer, now=moot.now, foreword="Hello.")
    (row,) = report.document["promises"]
    assert (row["money_pence"], [one["ref"] for one in row["projects"]]) == (123_400, ["project/bus"])
    assert [(one["measure"], one["now"]) for one in report.document["worse"]] == [("Buses on time", "60")]
    assert report.document["heard"]["people"] == 125
    assert moot.client().get("/manifesto/state-of-the-borough/2026/").status_code == 404
    report = actions.publish_report(report=report, by=moot.officer, now=moot.now)
    measures.read(measure=measure, on=date(2026, 5, 1), value="99", by=SETUP, now=moot.now)
    client = moot.client()
    page = client.get("/manifesto/state-of-the-borough/2026/").content.decode()
    data = client.get("/manifesto/state-of-the-borough/2026/report.json").json()

    assert Entry.objects.get(pk=report.entry).facts["sha256"] == report.sha256 == digest(data)
    assert page.index("What got worse") < page.index("Promise by promise")
    assert f"125 people by {moot.now.day} " in page  # the figure is cut at the report's day, and says which
    assert "How people reached us, up to the day of this report" in page
    assert "99" not in str(data["promises"])
    with pytest.raises(Clash):
        actions.make_report(year=2026, cut_on=moot.now.date(), by=moot.officer, now=moot.now)
    csv = b"".join(client.get("/manifesto/state-of-the-borough/2026/report.csv").streaming_content).decode()
    assert csv.count("\r\n") == 2


def test_a_report_about_the_future_or_about_nothing_is_refused(moot: Moot) -> None:
    day = moot.now.date()
    with pytest.raises(Clash):
        actions.make_report(year=2026, cut_on=day, by=moot.officer, now=moot.now)
    for year, cut_on in ((2027, day), (2026, day + timedelta(days=1)), (2026, date(2025, 1, 1))):
        with pytest.raises(Invalid):
            actions.make_report(year=year, cut_on=cut_on, by=moot.officer, now=moot.now)


def test_whoever_is_forgotten_is_quoted_no_more_and_the_counts_and_the_record_stand(moot: Moot) -> None:
    study = moot.study()
    rita = moot.listening.person("rita")
    voice = moot.hear("My own bus never comes on time, zugzwang", channel="web", by=rita, person=rita)[0]
    moot.sort(study)
    aspiration = moot.aspiration(study, opened=False)
    actions.write(
        aspiration=aspiration, sentence="Everybody gets about by bus.", minority="None.",
        themes=list(aspiration.themes.all()), quotes=[voice.handle], by=moot.officer, now=moot.now,
    )  # fmt: skip
    promise = moot.promise(actions.open_to_people(aspiration=aspiration, by=moot.officer, now=moot.now))
    theme = aspiration.themes.get()
    people_before, client = theme.people, moot.client()
    assert "zugzwang" in client.get(promise.get_absolute_url()).content.decode()
    people.erase(person=rita, by=rita, now=moot.now)
    theme.refresh_from_db()
    pages = [promise.get_absolute_url(), aspiration.get_absolute_url(), "/manifesto/voices/?words=zugzwang"]
    pages += [f"/desk/manifesto/studies/{study.slug}/{part}" for part in ("", f"themes/{theme.code}/", "tray/")]

    assert not any("zugzwang</p>" in client.get(page).content.decode() for page in pages)
    assert theme.people == people_before
    assert adoption.check(Decision.objects.get(entry_id=promise.decision).record) == []
    assert Aspiration.objects.get(pk=aspiration.pk).quotes.count() == 0


def test_what_a_speaker_takes_back_leaves_the_pages_that_quoted_it(moot: Moot) -> None:
    promise = moot.promise()
    voice = Voice.objects.get(handle=promise.aspiration.quotes.get().handle)
    client = moot.client()
    assert voice.words.rstrip("!.") in client.get(promise.get_absolute_url()).content.decode()
    voices.withdraw(voice=voice, by=SETUP, now=moot.now)

    assert voice.words.rstrip("!.") not in client.get(promise.get_absolute_url()).content.decode()


def test_residents_cannot_write_adopt_or_tell(moot: Moot) -> None:
    promise = moot.promise()
    rita = moot.listening.person("rita")
    for verb in (
        lambda: actions.drop(aspiration=promise.aspiration, reasons="x", by=rita, now=moot.now),
        lambda: actions.tell_standing(
            promise=promise, standing="kept", reasons="x", on=moot.now.date(), by=rita, now=moot.now
        ),
        lambda: actions.make_report(year=2026, cut_on=moot.now.date(), by=rita, now=moot.now),
    ):
        with pytest.raises(NotAllowed):
            verb()
