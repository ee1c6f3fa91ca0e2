"""What may go on the public record, and what may not."""

import hashlib
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from becontree.foundations.kit.errors import Invalid
from becontree.foundations.record import actions
from becontree.foundations.record.models import Because, Decision, Entry, Thing
from becontree.foundations.record.tests.conftest import decision_record
from becontree.methods.canonical import canonical


def refusal(do):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        do()
    return refused.value.errors


def test_an_entry_keeps_what_happened_and_why(whole):
    entry = Entry.objects.get(kind="project.facilitated")

    assert entry.title == "project/play was facilitated."
    assert [because.cause_id for because in entry.because.order_by("cause_id")] == ["voice/one", "voice/two"]
    assert entry.sequence is None
    assert entry.entered_by == "system:test"


def test_a_thing_keeps_its_reference_and_renews_its_title(story):
    story.thing("project/play")
    actions.thing(ref="project/play", kind="project", title="A place to play", url="/projects/play/")

    assert Thing.objects.get().title == "A place to play"


@pytest.mark.parametrize(
    "ref", ["project", "Project/x", "project/", "project/a b", "/x", "project/é", "a/" + "x" * 119]
)
def test_a_reference_that_cannot_be_one_is_refused(story, ref):
    assert "ref" in refusal(lambda: story.thing(ref))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"step": "finished"}, "step"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "Write to ada@example.org"}, "title"),
        ({"share": 0.5}, "facts"),
        ({"by": {"email": "ada@example.org"}}, "facts"),
        ({"much": 2**60}, "facts"),
        ({"text": "x" * 100_001}, "facts"),
        ({"text": "a\0b"}, "facts"),
        ({"kind": "Big thing"}, "kind"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused_and_leaves_nothing(story, change, field):
    story.thing("project/play")
    step = change.pop("step", "heard")

    if "by" in change:
        change = {"contact": change["by"]}

    assert field in refusal(lambda: story.enter("project/play", step, **change))
    assert not Entry.objects.exists()


def test_a_cause_that_nobody_knows_is_refused_by_name(story):
    story.thing("project/play")

    assert "voice/none" in refusal(lambda: story.enter("project/play", "facilitated", "voice/none"))["because"]


def test_nothing_is_its_own_cause(story):
    story.thing("project/play")

    assert "its own cause" in refusal(lambda: story.enter("project/play", "delivered", "project/play"))["because"]


def test_a_cause_named_twice_counts_once(story):
    story.thing("project/play")
    voice = story.thing("voice/one")
    story.enter("project/play", "facilitated", "voice/one", voice)

    assert Because.objects.count() == 1


def test_a_decision_freezes_what_went_in(story):
    story.thing("award/play")
    record = decision_record()
    entry = story.decide("award/play", record=record)
    record["inputs"]["votes"].append(4)
    kept = Decision.objects.get(entry=entry)

    assert kept.record == decision_record()
    assert kept.sha256 == hashlib.sha256(canonical(decision_record())).hexdigest()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"record": decision_record(format="other/1")}, "record"),
        ({"family": "draw"}, "record"),
        ({"record": {k: v for k, v in decision_record().items() if k != "result"}}, "record"),
        ({"record": decision_record(result={"share": 0.5})}, "record"),
        ({"authority": " "}, "authority"),
        ({"reasons": ""}, "reasons"),
    ],
)
def test_a_decision_without_its_grounds_is_refused(story, change, field):
    story.thing("award/play")

    assert field in refusal(lambda: story.decide("award/play", **change))
    assert not Entry.objects.exists()


@pytest.fixture
def in_the_tree(whole):
    actions.sequence(now=whole.clock)
    return whole


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.filter(sequence=0).update(title="Something else."),
        lambda: Entry.objects.filter(sequence=0).update(sequence=None, leaf=""),
        lambda: Entry.objects.filter(sequence=5)._raw_delete("default"),
        lambda: Because.objects.update(cause_id="measure/visits"),
        lambda: Because.objects.all()._raw_delete("default"),
        lambda: Because.objects.create(entry=Entry.objects.get(sequence=0), thing_id="voice/one", cause_id="voice/two"),
        lambda: Decision.objects.update(reasons="Other reasons."),
        lambda: Decision.objects.all()._raw_delete("default"),
        lambda: Decision.objects.create(entry=Entry.objects.get(sequence=0), family="x", method="x", record={}),
        lambda: Thing.objects.filter(ref="voice/one").update(ref="voice/other"),
        lambda: Thing.objects.filter(ref="award/play")._raw_delete("default"),
    ],
    ids=list("abcdefghijk"),
)
def test_the_database_refuses_to_change_what_is_in_the_tree(in_the_tree, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_day_is_kept_as_it_was_given(story):
    story.thing("voice/one")

    assert story.enter("voice/one", "heard", on=date(2019, 6, 1)).happened_on == date(2019, 6, 1)
