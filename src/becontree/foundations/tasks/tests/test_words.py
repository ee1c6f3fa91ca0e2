"""How often a job runs is said as people say it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from becontree.foundations.tasks.queries import JobRow


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (timedelta(seconds=5), "5 seconds"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=7), "7 days"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_how_often(every, said):
    assert JobRow("job", every, "new", None).how_often == said
