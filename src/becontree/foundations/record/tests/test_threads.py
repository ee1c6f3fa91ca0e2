"""The thread, both ways, whatever the shape of the web."""

from datetime import date

import pytest

from becontree.foundations.record.queries import thread


def told(knots):
    return [(knot.ref, knot.step, knot.depth) for knot in knots]


def test_from_the_outcome_back_to_the_words(whole):
    assert told(thread("measure/visits").steps) == [
        ("voice/one", "heard", 2),
        ("voice/two", "heard", 2),
        ("project/play", "facilitated", 1),
        ("award/play", "decided", 2),
        ("project/play", "delivered", 1),
        ("measure/visits", "measured", 0),
    ]


def test_from_the_words_on_to_the_outcome(whole):
    found = thread("voice/one")

    assert told(found.steps) == [
        ("voice/one", "heard", 0),
        ("project/play", "facilitated", 1),
        ("award/play", "decided", 2),
        ("project/play", "delivered", 1),
        ("measure/visits", "measured", 2),
    ]
    assert [knot.direction for knot in found.steps] == ["here", "forward", "forward", "forward", "forward"]
    assert found.back == []


def test_both_ways_take_two_queries(whole, django_assert_num_queries):
    with django_assert_num_queries(2):
        thread("project/play")


def test_a_circle_of_causes_ends(whole):
    found = thread("project/play")  # the award came of the project, and its delivery of the award

    assert {knot.ref for knot in found.back} == {"voice/one", "voice/two", "award/play"}
    assert {knot.ref for knot in found.forward} == {"measure/visits"}  # each step is told once
    assert len({knot.entry for knot in found.steps}) == len(found.steps)
    assert [knot.step for knot in found.steps if knot.here] == ["facilitated", "delivered"]


def test_only_the_latest_word_of_each_step_is_told(whole):
    whole.enter("project/play", "delivered", title="The slide is up as well.", on=whole.clock.date())

    assert [knot.title for knot in thread("project/play").steps if knot.here and knot.step == "delivered"] == [
        "The slide is up as well."
    ]


def test_every_word_about_money_is_told_and_none_takes_the_place_of_another(story, django_assert_num_queries):
    for ref in ("fund/pot", "campaign/play"):
        story.thing(ref)
    story.enter("fund/pot", "funded", title="£81,000 paid in", on=date(2026, 1, 2), pence=81_000_00)
    story.enter("fund/pot", "funded", title="£1 paid in", on=date(2026, 3, 2), pence=100)
    story.enter("campaign/play", "funded", "fund/pot", on=date(2026, 4, 2), raised_pence=5_000)
    with django_assert_num_queries(2):
        found = thread("fund/pot")

    assert [(knot.title, knot.pence) for knot in found.steps if knot.here] == [
        ("£81,000 paid in", 81_000_00),
        ("£1 paid in", 100),
    ]
    assert [knot.pence for knot in thread("campaign/play").steps] == [81_000_00, 100, 5_000]


def test_where_there_is_no_room_the_earlier_words_about_money_go_first_and_it_says_so(story):
    story.thing("project/play")
    story.thing("voice/one")
    story.enter("voice/one", "heard", on=date(2026, 1, 1))
    story.enter("project/play", "facilitated", "voice/one", on=date(2026, 1, 2))
    for day in range(1, 21):
        story.enter("project/play", "funded", on=date(2026, 2, day), pence=day)
    story.enter("project/play", "delivered", on=date(2026, 3, 1))
    found = thread("project/play", most=8)

    assert found.more
    assert {knot.step for knot in found.steps} == {"heard", "facilitated", "funded", "delivered"}
    assert not thread("project/play").more
    for day in range(90):
        story.enter("project/play", "funded", on=date(2026, 5, 1), pence=day)
    assert thread("project/play").more


def test_a_thing_without_an_entry_stands_at_its_own_step(story):
    story.thing("promise/play", "promised")
    story.thing("project/play")
    story.enter("project/play", "facilitated", "promise/play")
    first, second = thread("project/play").steps

    assert (first.ref, first.step, first.date, first.title) == ("promise/play", "promised", None, "The promise/play")
    assert second.here


@pytest.mark.django_db
def test_what_nobody_knows_has_no_thread():
    assert thread("project/none").steps == []


def test_a_long_chain_stops_at_the_depth_asked_for(story):
    for number in range(20):
        story.thing(f"link/{number}")
        story.enter(f"link/{number}", "heard", *([f"link/{number - 1}"] if number else []))

    assert len(thread("link/19").steps) == 13
    assert len(thread("link/19", depth=3).steps) == 4
    assert max(knot.depth for knot in thread("link/0").steps) == 12


def test_a_great_many_causes_are_cut_and_it_says_so(story):
    story.thing("project/play")
    for number in range(30):
        story.thing(f"voice/{number:02}")
        story.enter(f"voice/{number:02}", "heard")
    story.enter("project/play", "facilitated", *[f"voice/{number:02}" for number in range(30)])
    found = thread("project/play", most=10)

    assert (len(found.steps), found.more) == (10, True)
    assert not thread("project/play").more


def test_a_mesh_of_circles_is_walked_in_reasonable_time(story):
    refs = [f"knot/{number}" for number in range(25)]
    for ref in refs:
        story.thing(ref)
    for ref in refs:
        story.enter(ref, "heard", *[other for other in refs if other != ref])
    found = thread(refs[0])

    assert {knot.ref for knot in found.steps} == set(refs)


def test_a_web_in_which_everything_hangs_together_ends_early_with_the_nearest(story, django_assert_num_queries):
    refs = [f"knot/{number:02}" for number in range(40)]
    for ref in refs:
        story.thing(ref)
    for ref in refs[1:]:
        story.enter(ref, "heard", *[other for other in refs if other != ref])
    story.enter(refs[0], "heard", *refs[1:6])
    with django_assert_num_queries(2):
        found = thread(refs[0], most=8)

    assert found.more
    assert {knot.ref for knot in found.back} <= set(refs)
    assert {knot.ref for knot in found.back if knot.depth == 1} == set(refs[1:6])
    assert 0 < len(found.back) <= 8
    assert 0 < len(found.forward) <= 8
