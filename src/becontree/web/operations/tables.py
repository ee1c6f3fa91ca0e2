"""Which tables a backup holds, in an order in which they can be filled, and which it leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import connections, models

# Left out: what each installation makes for itself, what only this machine means, and sessions: everybody signs in
# anew, so that a stolen backup opens nobody's account.
LEFT_OUT: Final = frozenset(
    {
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_session",
        "usersessions_usersession",
        "tasks_worker",
    }
)
# Kept, and emptied by a restore where the new installation has rows of its own already: it has run its jobs.
MAY_HAVE_ROWS: Final = frozenset({"tasks_scheduledjob", "tasks_run"})
PAGE: Final = 2_000  # rows read at once

Model = type[models.Model]


def kept() -> list[Model]:
    """The models of the tables in a backup: each after those that it points to.

    Where two point to each other, the one that may point to nothing comes first: a restore checks what points where
    when everything is in.
    """
    waiting = {
        model._meta.db_table: model
        for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    }
    found: list[Model] = []
    while waiting:
        ready = [model for name, model in waiting.items() if not (_points_to(model) - {name}) & waiting.keys()]
        if not ready:  # a circle
            may_wait = [
                model for name, model in waiting.items() if not (_points_to(model, must=True) - {name}) & waiting.keys()
            ]
            ready = (may_wait or list(waiting.values()))[:1]
        found += [waiting.pop(model._meta.db_table) for model in ready]
    return found


def _points_to(model: Model, *, must: bool = False) -> set[str]:
    """The tables that it points to; with `must`, only those that it cannot do without."""
    return {
        field.related_model._meta.db_table
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not isinstance(field.related_model, str)
        and not (must and field.null)
    }


def fields(model: Model) -> list[models.Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def columns(model: Model) -> tuple[str, ...]:
    return tuple(str(field.column) for field in fields(model))


def rows(model: Model, using: str) -> Iterator[tuple[Any, ...]]:
    """Every row by primary key, read a page at a time: no cursor stays open, which a pool would cut off."""
    key = model._meta.pk
    assert key is not None
    names = [field.attname for field in fields(model)]
    at = names.index(key.attname)
    found = model._base_manager.using(using).order_by(key.attname).values_list(*names)
    page = list(found[:PAGE])
    while page:
        yield from page
        page = list(found.filter(**{f"{key.name}__gt": page[-1][at]})[:PAGE]) if len(page) == PAGE else []


def occupied(using: str = "default") -> list[str]:
    """The tables in which a restore would meet somebody else's rows; empty means that it may go ahead."""
    return [
        model._meta.db_table
        for model in kept()
        if model._meta.db_table not in MAY_HAVE_ROWS and model._base_manager.using(using).exists()
    ]


def empty_own(using: str = "default") -> None:
    """Empty the tables that fill themselves."""
    with connections[using].cursor() as cursor:
        for name in sorted(MAY_HAVE_ROWS):
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - our own names
