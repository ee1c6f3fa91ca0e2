"""One order, one tree, whoever sequences and however often."""

import hashlib
import json

from becontree.foundations.record import actions, tree
from becontree.foundations.record.jobs import JOBS
from becontree.foundations.record.models import Entry, Node
from becontree.foundations.record.projection import leaf_bytes
from becontree.methods import merkle


def test_entries_get_their_place_in_the_order_they_were_recorded(whole):
    assert actions.sequence(now=whole.clock) == 6
    assert list(Entry.objects.order_by("recorded_at").values_list("sequence", flat=True)) == [0, 1, 2, 3, 4, 5]
    assert actions.sequence(now=whole.clock) == 0


def test_a_leaf_is_the_hash_of_the_public_words_alone(whole):
    actions.sequence(now=whole.clock)
    entry = Entry.objects.get(sequence=3)
    body = leaf_bytes(entry, 3)

    assert entry.leaf == hashlib.sha256(b"\x00" + body).hexdigest()
    assert json.loads(body)["decision"]["authority"] == "Cabinet, minute 12"
    assert b"system:test" not in body


def test_the_stored_tree_is_the_tree_of_the_leaves(whole):
    actions.sequence(now=whole.clock, limit=2)
    for number in range(40):
        whole.enter("project/play", "facilitated", title=f"Update {number}.")
        if number % 7 == 0:
            actions.sequence(now=whole.clock, limit=5)
    while actions.sequence(now=whole.clock, limit=11):
        pass
    leaves = [bytes.fromhex(leaf) for leaf in Entry.objects.order_by("sequence").values_list("leaf", flat=True)]

    assert len(leaves) == 46
    for size in range(47):
        assert tree.root(size) == merkle.root(leaves[:size])
        assert tree.frontier(size) == merkle.frontier(leaves[:size])
    for index in range(46):
        assert tree.inclusion(index, 46) == merkle.inclusion_proof(leaves, index)
        assert tree.consistency(index, 46) == merkle.consistency_proof(leaves, index)


def test_a_proof_takes_one_query(whole, django_assert_num_queries):
    actions.sequence(now=whole.clock)
    with django_assert_num_queries(1):
        tree.inclusion(2, 6)
    with django_assert_num_queries(1):
        tree.consistency(3, 6)


def test_each_node_is_stored_once(whole):
    actions.sequence(now=whole.clock)

    assert Node.objects.count() == 6 + 3 + 1


def test_the_jobs_number_what_waits_and_sign_it_once(whole, settings, tmp_path):
    settings.RECORD_KEY, settings.HOME = "", tmp_path
    sequence, checkpoint = (job.run for job in JOBS)

    assert [sequence(whole.clock), sequence(whole.clock)] == [6, 0]
    assert [checkpoint(whole.clock), checkpoint(whole.clock)] == [1, 0]
