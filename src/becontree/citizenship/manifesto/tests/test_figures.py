"""What a person says and what the figures say stand side by side; what was there before; what is looked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from becontree.citizenship.manifesto import actions, queries
from becontree.citizenship.manifesto.desk.studies import numbers
from becontree.citizenship.manifesto.models import Promise
from becontree.citizenship.manifesto.queries import against, finding
from becontree.citizenship.manifesto.queries import promised as reads
from becontree.citizenship.manifesto.tests.conftest import SETUP, Moot
from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.measures import actions as measures
from becontree.foundations.record import actions as record
from becontree.foundations.record.models import Entry


def _read(moot: Moot, measure: Any, *values: tuple[date, str]) -> None:
    for on, value in values:
        measures.read(measure=measure, on=on, value=value, by=SETUP, now=moot.now)


def _hows(moot: Moot, target: Any, standing: str, on: date) -> list[str]:
    return [one.how for one in against(standing, [reads.series_of(target)], on)]


def test_of_a_new_promise_nobody_has_said_how_it_stands(moot: Moot) -> None:
    promise = moot.promise()
    client = moot.client()
    page, listed = (client.get(url).content.decode() for url in (promise.get_absolute_url(), "/manifesto/"))

    assert (promise.standing, promise.standings.count()) == ("not-said", 0)
    assert "not said yet" in page
    assert "Nobody has said yet how it stands" in page
    assert "on track" not in page.lower()
    assert "No figure yet by which it can be checked" in listed
    with pytest.raises(Invalid):
        actions.tell_standing(
            promise=promise, standing="not-said", reasons="x", on=moot.now.date(), by=moot.officer, now=moot.now
        )


@pytest.mark.parametrize(
    ("readings", "standing", "on", "hows"),
    [
        (["80", "75"], "on-track", date(2026, 5, 4), ["got-worse"]),
        (["60"], "on-track", date(2026, 5, 4), ["got-worse"]),
        (["60", "65"], "on-track", date(2026, 5, 4), ["behind-start"]),
        (["80", "80"], "on-track", date(2026, 5, 4), []),
        (["80", "75"], "off-track", date(2026, 5, 4), []),
        (["80"], "on-track", date(2030, 12, 31), ["missed"]),
        (["80"], "kept", date(2026, 5, 4), ["missed"]),
        (["96"], "kept", date(2026, 5, 4), []),
        (["96"], "at-risk", date(2026, 5, 4), ["reached"]),
        ([], "on-track", date(2040, 1, 1), []),
    ],
)
def test_figures_say_otherwise(moot: Moot, readings: list[str], standing: str, on: date, hows: list[str]) -> None:
    target = moot.target(moot.promise())
    _read(moot, target.measure, *((date(2026, 1 + at, 28), value) for at, value in enumerate(readings)))

    assert _hows(moot, target, standing, on) == hows


def test_whoever_says_on_track_against_the_figures_must_say_why(moot: Moot) -> None:
    promise = moot.promise()
    target = moot.target(promise)
    _read(moot, target.measure, (date(2026, 3, 31), "80"), (date(2026, 4, 30), "75"))
    tell: dict[str, Any] = {
        "promise": promise, "standing": "on-track", "reasons": "New buses.", "on": moot.now.date(), "by": moot.officer,
        "now": moot.now,
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        actions.tell_standing(**tell)
    assert "from 80 to 75" in str(refused.value.errors["despite"])
    actions.tell_standing(**tell, despite="The depot burnt down; it is built again in June.")
    client = moot.client()
    page = client.get(promise.get_absolute_url()).content.decode()

    assert "Said to be on track; the figure says otherwise." in page
    assert "from 80 to 75" in page
    assert "The depot burnt down" in page
    facts = Entry.objects.get(kind="promise.standing").facts
    assert facts["although"] == [{"measure": target.measure.slug, "how": "got-worse", "before": "80", "now": "75"}]
    desk = client.get(f"/desk/manifesto/promises/{promise.slug}/").content.decode()
    assert "What the figures say" in desk
    assert "from 80 to 75" in desk
    report = actions.make_report(year=2026, cut_on=moot.now.date(), by=moot.officer, now=moot.now)
    assert report.document["said_well_against_figures"] == 1
    assert report.document["promises"][0]["against"][0]["how"] == "got-worse"
    shown = client.get("/desk/manifesto/reports/2026/").content.decode()
    assert "1 promise is said to go well, and a figure says otherwise." in shown


def test_worse_is_strictly_worse_than_before_the_year(moot: Moot) -> None:
    promise = moot.promise()
    same = moot.target(promise, moot.measure(title="Same"), baseline=Decimal(50), baseline_on=date(2020, 12, 31))
    down = moot.target(promise, moot.measure(title="Down"), baseline=Decimal(50), baseline_on=date(2020, 12, 31))
    old = moot.target(promise, moot.measure(title="Old"), baseline=Decimal(50), baseline_on=date(2020, 12, 31))
    for target, values in ((same, ("40", "40")), (down, ("60", "59")), (old, ("60",))):
        _read(moot, target.measure, (date(2024, 12, 31), "70"))
        _read(moot, target.measure, *zip((date(2025, 12, 31), date(2026, 4, 30)), values, strict=False))
    document = actions.make_report(year=2026, cut_on=moot.now.date(), by=moot.officer, now=moot.now).document

    assert [(one["measure"], one["then"], one["now"]) for one in document["worse"]] == [("Down", "60", "59")]
    assert [one["measure"] for one in document["behind_start"]] == ["Same"]
    assert {one["measure"]: one["measured"] for one in document["promises"][0]["targets"]} == {
        "Same": True, "Down": True, "Old": False,
    }  # fmt: skip


def test_a_report_is_published_by_whoever_has_read_this_very_report(moot: Moot) -> None:
    moot.promise()
    day = moot.now.date()
    report = actions.make_report(year=2026, cut_on=day, by=moot.officer, now=moot.now)
    client = moot.client()
    address = "/desk/manifesto/reports/2026/"
    assert "cannot be changed or taken back" in client.get(address).content.decode()
    client.post(address, {"sha256": report.sha256})
    report.refresh_from_db()
    assert report.published_at is None
    with pytest.raises(Clash):
        actions.publish_report(report=report, read="0" * 64, by=moot.officer, now=moot.now)
    client.post(address, {"sha256": report.sha256, "sure": "on"})
    report.refresh_from_db()

    assert report.published_at is not None


def test_a_start_other_than_what_was_measured_needs_a_reason(moot: Moot) -> None:
    promise, measure = moot.promise(), moot.measure()
    empty = {"baseline": None, "baseline_on": None}
    with pytest.raises(Invalid) as refused:
        moot.target(promise, measure, **empty)
    assert "not measured yet" in str(refused.value.errors["baseline"])
    _read(moot, measure, (date(2025, 12, 31), "48"), (date(2026, 4, 30), "52"))
    with pytest.raises(Invalid) as refused:
        moot.target(promise, measure)
    assert "We measured 48 on 31 December 2025" in str(refused.value.errors["baseline"])
    told = moot.target(promise, measure, baseline_because="Counted anew without the night buses.")
    taken = moot.target(promise, measure, by_on=date(2031, 12, 31), **empty)

    assert told.baseline_because.startswith("Counted anew")
    assert (taken.baseline, taken.baseline_on, taken.baseline_because) == (Decimal(52), date(2026, 4, 30), "")
    titles = Entry.objects.filter(kind="promise.target").values_list("title", flat=True)
    assert all("31 December 20" in title for title in titles)


def test_a_promise_names_what_was_there_before_it(moot: Moot) -> None:
    record.thing(ref="project/play", kind="project", title="A play area", url="/projects/play/")
    record.enter(kind="x", step="facilitated", thing="project/play", title="x", on=date(2025, 1, 1), by=SETUP,
                 now=moot.now)  # fmt: skip
    record.thing(ref="campaign/play", kind="campaign", title="Money for play")
    record.enter(kind="campaign.closed", step="funded", thing="campaign/play", title="Raised", because=["project/play"],
                 facts={"raised_pence": 26_959_800}, on=date(2025, 3, 1), by=SETUP, now=moot.now)  # fmt: skip
    record.decide(
        thing="campaign/play", title="A grant", family="match", method="m@1", authority="Cabinet", reasons="Good.",
        record={"format": "becontree-decision/1", "family": "match", "method": "m@1", "parameters": {}, "inputs": {},
                "result": {}}, on=date(2025, 2, 1), by=SETUP, now=moot.now,
    )  # fmt: skip
    promise = moot.promise()
    client = moot.client()
    desk = f"/desk/manifesto/promises/{promise.slug}/"
    assert "A play area" in client.get(f"{desk}?look=play").content.decode()
    assert "No project has these words" in client.get(f"{desk}?look=tram").content.decode()
    reasons = "From the same wishes."
    client.post(desk, {"do": "continues", "look": "play", "earlier-thing": "project/play", "earlier-reasons": reasons})
    page = client.get(promise.get_absolute_url()).content.decode()
    decisions = client.get("/manifesto/decisions/").content.decode()

    assert "What it goes on with" in page
    assert "£269,598" in page
    assert reasons in page
    assert [thing.ref for thing in reads.what_came(promise.ref)] == []
    assert "A grant" in decisions
    assert "a promise names its project" in decisions
    assert promise.sentence in decisions
    for thing in ("project/play", "project/none"):
        with pytest.raises((Clash, Invalid)):
            actions.continues(promise=promise, thing=thing, reasons="x", by=moot.officer, now=moot.now)


def test_a_promises_page_costs_the_same_however_much_hangs_on_it(
    moot: Moot, django_assert_max_num_queries: Any
) -> None:
    """Three things that it goes on with, two targets, a project that came of it: each sum once, in fifteen queries."""
    promise = moot.promise()
    target = moot.target(promise)
    moot.target(promise, moot.measure(title="Another"))
    _read(moot, target.measure, (date(2026, 4, 30), "79"))
    earlier = {"play": 100_000, "band": 2_000, "oven": 0}
    for slug, pence in (earlier | {"after": 70_000}).items():
        ref, because = f"project/{slug}", [] if slug in earlier else [promise.ref]
        record.thing(ref=ref, kind="project", title=f"The {slug}", url=f"/projects/{slug}/")
        record.enter(kind="x", step="facilitated", thing=ref, title="x", because=because, on=date(2025, 1, 1), by=SETUP,
                     now=moot.now)  # fmt: skip
        record.thing(ref=f"campaign/{slug}", kind="campaign", title=f"Money for the {slug}")
        record.enter(kind="campaign.closed", step="funded", thing=f"campaign/{slug}", title="Raised", because=[ref],
                     facts={"raised_pence": pence}, on=date(2025, 3, 1), by=SETUP, now=moot.now)  # fmt: skip
    for slug in earlier:
        actions.continues(
            promise=promise, thing=f"project/{slug}", reasons=f"As {slug}.", by=moot.officer, now=moot.now
        )
    address = promise.get_absolute_url()
    client = Client()
    client.get(address)
    with django_assert_max_num_queries(15):
        page = client.get(address).content.decode()
    client.get("/manifesto/decisions/")
    with django_assert_max_num_queries(12):
        client.get("/manifesto/decisions/")

    assert [thing.ref for thing in reads.what_came(promise.ref)] == ["campaign/after", "project/after"]
    of = {ref: [thing.ref for thing in things] for ref, things in reads.what_came_of(["campaign/band", "x"]).items()}
    assert of == {"campaign/band": [], "x": []}
    for slug, pounds in {"play": "£1,000", "band": "£20", "after": "£700"}.items():
        assert f"The {slug}" in page
        assert pounds in page


@pytest.mark.parametrize(
    ("words", "said", "voices"), [("bus", True, True), ("BÚS minutes", True, False), ("hospital", False, True)]
)
def test_what_did_you_promise_about(moot: Moot, words: str, said: bool, voices: bool) -> None:
    study = moot.study()
    aspiration = moot.aspiration(study)
    actions.publish(study=study, by=moot.officer, now=moot.now)
    promise = moot.promise(aspiration)
    found, heard = finding.find(words, list(reads.promises()))
    page = moot.client().get("/manifesto/", {"words": words}).content.decode()

    assert [(one.promise, one.said, bool(one.voices)) for one in found] == [(promise, said, voices)]
    assert bool(heard) is voices
    assert "1 promise about" in page
    assert promise.sentence in page
    assert finding.find("zugzwang", list(reads.promises())) == ([], 0)


def test_the_manifesto_says_where_each_figure_is_now_in_a_few_queries(
    moot: Moot, django_assert_max_num_queries: Any
) -> None:
    promise = moot.promise()
    target = moot.target(promise)
    _read(moot, target.measure, (date(2026, 4, 30), "79"))
    moot.target(promise, moot.measure(title="Another"))
    moot.now += timedelta(days=1)
    actions.tell_standing(
        promise=promise, standing="off-track", reasons="x", on=moot.now.date(), by=moot.officer, now=moot.now
    )
    client = moot.client()
    client.get("/manifesto/")
    with django_assert_max_num_queries(14):
        page = client.get("/manifesto/").content.decode()

    assert "<strong>79</strong> now (30 April 2026)" in page
    assert "not measured since" in page
    assert page.count(promise.sentence) == 2  # the list, and once for whoever hears the numbers read out
    assert Promise.objects.get().standing == "off-track"


def test_what_comes_next_is_what_is_not_promised_yet(moot: Moot) -> None:
    study = moot.study()
    adopted = moot.aspiration(study)
    promise = moot.promise(adopted)
    theme = adopted.themes.get()
    ahead = actions.open_to_people(
        aspiration=actions.write(
            sentence="Everybody has a bench.", minority="None.", themes=[theme], by=moot.officer, now=moot.now
        ),
        by=moot.officer,
        now=moot.now,
    )
    client = moot.client()
    page = client.get("/manifesto/aspirations/").content.decode()
    offer = f"/desk/conversations/new/?aspiration={ahead.slug}"

    assert ahead.get_absolute_url() in page
    assert adopted.get_absolute_url() not in page
    assert promise.get_absolute_url() in page
    assert offer in client.get(ahead.get_absolute_url()).content.decode()
    assert offer in client.get(f"/desk/manifesto/aspirations/{ahead.slug}/").content.decode()
    assert offer not in Client().get(ahead.get_absolute_url()).content.decode()


def test_people_s_themes_come_first_and_the_same_words_once(moot: Moot) -> None:
    study = moot.study()
    smallest = list(queries.themes(study))[-1]
    moot.act(study, "name", theme=smallest.code, label="Named by a person")
    page = moot.client().get(f"/desk/manifesto/studies/{study.slug}/").content.decode()
    part = queries.cards(study, queries.themes(study))[0]["typical"][0]
    twice = queries.together([part, replace(part, words=f"  {part.words.upper()} "), replace(part, words="Other")])

    assert queries.together([part, replace(part, number=7)])[0].numbers == f"{part.number},7"
    assert numbers(["12,15", "x", "3", "4,,y"]) == [12, 15, 3, 4]
    assert len(queries.together([replace(part, words=""), replace(part, words="", number=part.number + 1)])) == 2
    assert next(iter(queries.themes(study))).label == "Named by a person"
    assert [(one.words, one.times) for one in twice] == [(part.words, 2), ("Other", 1)]
    assert page.index("How it was sorted") > page.index("Join the ticked themes")
