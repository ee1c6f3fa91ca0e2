"""Change many rows, each to values of its own, quickly.

`QuerySet.bulk_update` builds one CASE expression a row and field: 3,000 rows take ten seconds of CPU. One prepared
UPDATE sent many times takes a tenth of a second on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Set `fields` of each row; a row is (primary key, value, value, ...), in the order of `fields`. Returns how many.

    The caller holds a transaction and has decided that the change is allowed; like `QuerySet.update`, no `save`.
    """
    known = {field.name: field for field in model._meta.concrete_fields}
    columns = [known[name] for name in fields]
    key = model._meta.pk
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in columns)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(str(key.column))} = %s"  # noqa: S608  our own names
    given = [
        (
            *(field.get_db_prep_save(value, connection) for field, value in zip(columns, row[1:], strict=True)),
            key.get_db_prep_value(row[0], connection),
        )
        for row in rows
    ]
    if given:
        with connection.cursor() as cursor:
            cursor.executemany(sql, given)
    return len(given)
