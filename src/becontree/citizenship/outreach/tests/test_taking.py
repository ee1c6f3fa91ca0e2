"""What a phone or tablet sends is taken exactly once: in any order, from two tablets, whatever their clocks say."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings

from becontree.citizenship.outreach import actions, queries, sealing
from becontree.citizenship.outreach.actions.taking import day
from becontree.citizenship.outreach.jobs import forget
from becontree.citizenship.outreach.models import CallBack, Device, NoKnock, Shift, Visit
from becontree.citizenship.outreach.tests.conftest import SETUP, Outing, box, key
from becontree.citizenship.voices.models import Response, Voice
from becontree.foundations.kit.errors import Clash, Invalid, NotAllowed
from becontree.foundations.people import shredders


def whats(answers: list[Any]) -> list[str]:
    return [each.what for each in answers]


def test_a_door_becomes_a_visit_and_what_was_said_a_response_without_the_door(outing: Outing) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    done = actions.take(device=device, boxes=[box(shift, outing.knock(shift, "7"))], now=outing.now)
    response, visit = Response.objects.get(), Visit.objects.get()

    assert whats(done) == ["taken"]
    assert (response.channel, response.place, response.ward_id) == ("doorstep", "Heron Road", "F01")
    assert (visit.door, visit.outcome) == ("7", "spoke")
    assert visit.key != response.key
    assert not [field for field in Visit._meta.fields if field.related_model in {Response, Voice}]


def test_the_same_boxes_again_in_any_order_from_two_tablets_count_once(outing: Outing) -> None:
    shift = outing.shift()
    first, second = outing.device(shift, "A")[0], outing.device(shift, "B")[0]
    doors = shift.streets.get(name="Heron Road").doors
    boxes = [box(shift, outing.knock(shift, door, outcome)) for door in doors for outcome in ("spoke", "not-home")]
    shuffle = random.Random(7)
    for device in (first, second, first, second):
        some = boxes * 2
        shuffle.shuffle(some)
        for start in range(0, len(some), 9):
            done = actions.take(device=device, boxes=some[start : start + 9], now=outing.now)
            assert set(whats(done)) == {"taken"}

    assert Visit.objects.count() == len(boxes) == 40
    assert Response.objects.count() == Voice.objects.count() == 20


def test_a_stall_takes_a_voice_with_its_ward_and_equality_apart(outing: Outing) -> None:
    shift = outing.shift("stall")
    device, _ = outing.device(shift)
    said = outing.voice(ward="F05", equality={"age": "16-24", "sex": ""}, contact="ana@example.invalid")
    actions.take(device=device, boxes=[box(shift, {"key": key(), "voice": said})], now=outing.now)
    response = Response.objects.get()

    assert (response.channel, response.place, response.ward_id) == ("event", "Market Cross", "F05")
    assert response.contact is not None


@pytest.mark.parametrize(
    ("said", "taken_as"),
    [
        (date(2026, 5, 4), date(2026, 5, 4)),
        (date(2026, 5, 5), date(2026, 5, 5)),
        (date(2026, 5, 6), date(2026, 5, 6)),
        (date(2026, 5, 7), date(2026, 5, 6)),  # after today
        (date(1970, 1, 1), date(2026, 5, 6)),  # a clock that was never set
        (date(2058, 1, 1), date(2026, 5, 6)),
        ("yesterday", date(2026, 5, 6)),
        (None, date(2026, 5, 6)),
        (7, date(2026, 5, 6)),
    ],
)
def test_the_day_is_the_tablets_only_where_the_shift_allows_it(outing: Outing, said: Any, taken_as: date) -> None:
    shift = outing.shift("stall", ends_on=date(2026, 5, 8))
    text = said.isoformat() if isinstance(said, date) else said

    assert day(shift, text, now=outing.now + timedelta(days=2)) == taken_as
    assert day(shift, text, now=outing.now + timedelta(days=9)) in {taken_as, date(2026, 5, 7), date(2026, 5, 8)}


def test_a_door_that_wants_to_be_left_alone_is_on_every_later_list_until_it_is_erased(outing: Outing) -> None:
    shift = outing.shift()
    device, token = outing.device(shift)
    actions.take(device=device, boxes=[box(shift, outing.knock(shift, "7", "refused", alone=True))], now=outing.now)
    found = queries.device(token)
    assert found is not None

    listed = queries.for_device(found, today=outing.now.date(), now=outing.now, language="en")["streets"]
    heron = next(street for street in listed if street["name"] == "Heron Road")
    assert heron["alone"] == ["7"]

    actions.knock_again(left=NoKnock.objects.get(), by=outing.officer(), now=outing.now)
    assert not NoKnock.objects.exists()


def test_who_asks_for_a_call_is_called_and_forgotten(outing: Outing) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    asked = {"name": "Nadia", "telephone": "020 7946 0000", "about": "The lift"}
    actions.take(device=device, boxes=[box(shift, outing.knock(shift, "9", "call", call=asked))], now=outing.now)
    call = CallBack.objects.get()
    actions.call_made(call=call, by=outing.officer(), now=outing.now)
    forget(outing.now + timedelta(days=60))
    call.refresh_from_db()

    assert (call.name, call.telephone, call.about) == ("", "", "")
    assert call.done_on is not None


def test_doors_are_forgotten_and_the_counts_stay(outing: Outing) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    actions.take(device=device, boxes=[box(shift, outing.knock(shift, "7"))], now=outing.now)
    forget(outing.now + timedelta(days=20))
    assert Visit.objects.get().door == "7"
    forget(outing.now + timedelta(days=40))

    assert Visit.objects.get().door == ""
    assert not Device.objects.exclude(token=None).exists()
    assert dict(queries.outcomes(shift))["Spoke"] == 1


HOSTILE: dict[str, Any] = {
    "not an object": 7,
    "no key": {"box": "x"},
    "a key that is none": {"key": "../../etc", "box": "x"},
    "no box": {"key": key()},
    "a box of rubbish": {"key": key(), "box": "AAAA"},
    "a box that is no base64": {"key": key(), "box": "%%%"},
    "a box of a megabyte": {"key": key(), "box": "A" * 1_000_000},
    "a point not on the curve": {"key": key(), "box": "BA" * 100},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_box_is_refused_and_the_next_one_taken(outing: Outing, name: str) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    done = actions.take(device=device, boxes=[HOSTILE[name], box(shift, outing.knock(shift))], now=outing.now)

    assert whats(done) == ["refused", "taken"]
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"street": "00000000-0000-0000-0000-000000000000"},
        {"street": ["x"]},
        {"door": "999"},
        {"door": "7" * 100},
        {"outcome": "shouted"},
        {"outcome": {"x": 1}},
        {"voice": "words"},
        {"voice": {"key": "short", "answers": {}}},
        {"voice": {"key": "k" * 20, "answers": {"x": 5}}},
        {"voice": {"key": "k" * 20, "answers": {"not-a-question": "words"}}},
        {"voice": {"key": "k" * 20, "answers": {}}},
        {"voice": {"key": "k" * 20, "answers": {}, "equality": {"age": "ancient"}}},
        {"outcome": "call", "call": {"telephone": "<script>"}},
        {"outcome": "call", "call": []},
        {"key": "another-key-than-outside"},
    ],
    ids=str,
)
def test_a_forged_form_inside_a_good_box_changes_nothing(outing: Outing, change: dict[str, Any]) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    what = outing.knock(shift)
    sealed = box(shift, what | change)
    (done,) = actions.take(device=device, boxes=[{"key": what["key"], "box": sealed["box"]}], now=outing.now)

    assert done.what == "refused"
    assert not Visit.objects.exists()
    assert not Response.objects.exists()
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("inside", [b"[]", b"{", b"\xff", b"[" * 60_000, b'"x"', b"null"], ids=lambda x: str(x[:4]))
def test_what_is_no_form_is_refused(outing: Outing, inside: bytes) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)

    assert whats(actions.take(device=device, boxes=[box(shift, inside)], now=outing.now)) == ["refused"]


def test_a_box_of_another_shift_does_not_open_here(outing: Outing) -> None:
    mine, other = outing.shift(), outing.shift()
    device, _ = outing.device(mine)
    what = outing.knock(mine)
    replayed = [
        box(other, what),
        box(mine, what, handle=other.handle),
        box(mine, what, public=sealing.public_key(other.pk)),
    ]
    for each in replayed:
        assert whats(actions.take(device=device, boxes=[each], now=outing.now)) == ["refused"]

    assert not Visit.objects.exists()


def test_a_box_sealed_before_the_secret_was_changed_still_opens(outing: Outing) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    sealed = box(shift, outing.knock(shift))
    old = settings.SECRET_KEY
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SECRET_KEY", "another" + "y" * 40)
        assert whats(actions.take(device=device, boxes=[sealed], now=outing.now)) == ["refused"]
        patch.setattr(settings, "SECRET_KEY_FALLBACKS", [old])
        assert whats(actions.take(device=device, boxes=[sealed], now=outing.now)) == ["taken"]


def test_a_box_waits_where_the_round_cannot_take_it_now(outing: Outing) -> None:
    shift = outing.shift()
    device, _ = outing.device(shift)
    shift.round.__class__.objects.filter(pk=shift.round_id).update(state="draft")
    found = Device.objects.select_related("shift__round").get(pk=device.pk)

    assert whats(actions.take(device=found, boxes=[box(shift, outing.knock(shift))], now=outing.now)) == ["later"]
    assert not Visit.objects.exists()


def test_a_code_works_once_and_not_after_its_shift(outing: Outing) -> None:
    shift = outing.shift()
    _, code = actions.add_device(shift=shift, by=SETUP, now=outing.now)
    _, late = actions.add_device(shift=shift, by=SETUP, now=outing.now)

    assert actions.join(code=code.upper()[:4] + " - " + code[4:], now=outing.now) is not None
    assert actions.join(code=code, now=outing.now) is None
    assert actions.join(code=late, now=outing.now + timedelta(days=4)) is None
    actions.end_shift(shift=shift, by=SETUP, now=outing.now)
    assert actions.join(code=late, now=outing.now) is None
    with pytest.raises(Clash):
        actions.add_device(shift=shift, by=SETUP, now=outing.now)


def test_a_shift_says_what_it_is_from_its_days_and_its_devices(outing: Outing) -> None:
    shift = outing.shift(ends_on=outing.now.date() + timedelta(days=1))

    def stage(days: int = 0) -> str:
        found = queries.shifts().get(pk=shift.pk)
        return found.stage(outing.now.date() + timedelta(days=days), in_use=found.in_use)

    actions.add_device(shift=shift, by=SETUP, now=outing.now)
    assert [stage(), stage(2)] == ["planned", "over"]  # a code that nobody typed in is no use yet
    device, _ = outing.device(shift)
    assert [stage(-1), stage(0), stage(1), stage(2)] == ["planned", "under-way", "under-way", "over"]
    actions.take(device=device, boxes=[box(shift, outing.knock(shift))], now=outing.now)
    Device.objects.all().delete()
    assert stage() == "under-way"  # what came in says so by itself
    actions.end_shift(shift=shift, by=SETUP, now=outing.now)
    assert stage() == "over"


def test_no_code_and_no_token_is_kept(outing: Outing) -> None:
    device, token = outing.device(outing.shift())
    kept = {str(value) for value in Device.objects.filter(pk=device.pk).values_list()[0]}

    assert token not in kept
    assert Device.objects.get(pk=device.pk).code is None


def test_an_ended_device_may_send_and_a_lost_one_may_not(outing: Outing) -> None:
    shift = outing.shift()
    device, token = outing.device(shift)
    actions.end_device(device=device, by=SETUP, now=outing.now)
    ended = queries.device(token)
    assert ended is not None
    assert (queries.works(ended, outing.now), queries.may_send(ended, outing.now)) == (False, True)

    actions.end_device(device=device, lost=True, by=SETUP, now=outing.now)
    lost = queries.device(token)
    assert lost is not None
    assert not queries.may_send(lost, outing.now)


def test_only_the_team_plans_and_only_the_canvasser_opens_their_own_shift(outing: Outing) -> None:
    vera, other = outing.person("vera"), outing.officer("hilda", "homes")
    shift = outing.shift(canvasser=vera)
    for person in (vera, other):
        with pytest.raises(NotAllowed):
            actions.plan_shift(kind="stall", round=outing.round(), begins_on=outing.now.date(), place="x", by=person,
                               now=outing.now)  # fmt: skip
        with pytest.raises(NotAllowed):
            actions.add_device(shift=shift, by=person, now=outing.now)
    with pytest.raises(NotAllowed):
        actions.open_own(shift=shift, by=other, now=outing.now)

    assert actions.open_own(shift=shift, by=vera, now=outing.now)[0].shift_id == shift.pk
    assert set(Shift.objects.visible_to(vera, "own")) == {shift}
    assert not Shift.objects.visible_to(other, "case").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"streets": []}, "streets"),
        ({"kind": "stall", "place": " "}, "place"),
        ({"ends_on": date(2026, 5, 3)}, "ends_on"),
        ({"ends_on": date(2026, 5, 30)}, "ends_on"),
        ({"begins_on": date(2027, 5, 4)}, "begins_on"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_with_its_field(outing: Outing, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        outing.shift(**change)

    assert field in refused.value.errors


def test_who_walked_a_shift_may_take_that_away_and_be_forgotten(outing: Outing) -> None:
    vera = outing.person("vera")
    shift = outing.shift(canvasser=vera)
    mine = next(each for each in shredders.every() if each.label == "outreach")

    assert len(mine.export(vera)) == 1
    assert mine.erase(vera, outing.now) == 1
    shift.refresh_from_db()
    assert shift.canvasser_id is None
