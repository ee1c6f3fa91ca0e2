"""What the settings read from the environment."""

from __future__ import annotations

from becontree.web.environment import database


def test_a_connection_of_our_own_prepares_statements_and_one_behind_pgbouncer_never() -> None:
    ours = database("postgres://user@127.0.0.1/name")["OPTIONS"]
    assert ours["prepare_threshold"] == 3
    assert "pool" in ours
    behind = database("postgres://user@127.0.0.1/name?pool=0")["OPTIONS"]
    assert "pool" not in behind
    assert "prepare_threshold" not in behind
