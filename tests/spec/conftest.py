"""One borough for all tests of a module: built once, and every test's changes are rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.spec.scene import Scene, build, undone


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The borough, in one transaction that is never committed.

    A module's, not the session's: while it is open, tests that commit for real wait for it.
    """
    with django_db_blocker.unblock(), undone():
        yield build()


@pytest.fixture
def scene(built: Scene, django_db_blocker: Any) -> Iterator[Scene]:
    cache.clear()
    with django_db_blocker.unblock(), undone():
        yield built
