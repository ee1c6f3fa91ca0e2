"""What every test shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from becontree.foundations.kit import triggers


@pytest.fixture(autouse=True, scope="session")
def guards_step_aside_when_tables_are_emptied() -> Iterator[None]:
    """A test with real commits ends by emptying all tables, which the guards rightly refuse.

    Emptying sends post_migrate, which puts them back.
    """
    with pytest.MonkeyPatch.context() as patch:
        teardown = TransactionTestCase._fixture_teardown

        def without_guards(self: TransactionTestCase) -> None:
            for using in self._databases_names(include_mirrors=False):
                triggers.remove(using)
            teardown(self)

        patch.setattr(TransactionTestCase, "_fixture_teardown", without_guards)
        yield
