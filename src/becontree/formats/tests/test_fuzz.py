"""A short, repeatable run of the fuzzer in every build; benchmarks/fuzz_readers.py is the long one."""

import random
from itertools import islice

import pytest

from becontree.methods.findings import Unusable
from benchmarks.fuzz_readers import fuzz, mutations, readers

READERS = readers()


@pytest.mark.parametrize("name", READERS)
def test_mutated_files_are_taken_or_refused_but_never_a_traceback(name):
    reader, seeds = READERS[name]
    tally = fuzz(reader, islice(mutations(seeds, random.Random(name)), 150), seconds=30)

    assert tally.faults == []
    assert tally.accepted >= 1
    assert tally.refused >= 1


def test_the_fuzzer_sees_a_traceback_and_a_silent_refusal():
    def fragile(data):
        if b"x" in data:
            raise KeyError("x")
        raise Unusable([])

    tally = fuzz(fragile, iter([b"x", b"y"]), seconds=5)

    assert [fault.splitlines()[-1] for fault in tally.faults] == ["b'x'", "refused without a word: b'y'"]
