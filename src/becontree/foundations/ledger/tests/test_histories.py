"""Random histories: whatever is asked for, in whatever order, the books stay right.

A plain dictionary model runs beside the ledger. The long run (10,000 steps) is `python -m benchmarks.ledger histories`.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from becontree.foundations.ledger.tests.history import History

pytestmark = pytest.mark.django_db

STEP = st.tuples(
    st.sampled_from(["post", "hold", "settle", "release", "again", "clash", "reverse", "close", "pair"]),
    st.integers(0, 2**16),
    st.integers(1, 5_000),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=5, max_size=40))
def test_the_books_are_right_after_any_history(steps: list[tuple[str, int, int]], django_db_blocker: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        history = History()
        for step in steps:
            history.take(*step)
        history.check(deep=True)
        transaction.set_rollback(True)
