"""The one sequencer: numbers committed entries and adds them to the tree.

Not the entries themselves: identity values commit out of order on PostgreSQL, and a hash chain through every action
would let only one of them run at a time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from becontree.foundations.kit.bulk import insert_rows
from becontree.foundations.record import tree
from becontree.foundations.record.models import Entry, Node
from becontree.foundations.record.projection import leaf_bytes
from becontree.methods.merkle import leaf_hash

LOCK: Final = 0x6265636F6E747265  # "becontre": PostgreSQL's advisory lock of the sequencer
BATCH: Final = 500


def take_lock() -> None:
    """Until the transaction ends, nobody else sequences or signs. (On SQLite, IMMEDIATE transactions do that.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def sequence(*, now: datetime, limit: int = 5_000) -> int:
    """Give up to `limit` waiting entries their place, oldest first, and add them to the tree. Returns how many."""
    take_lock()
    last = Entry.objects.aggregate(last=Max("sequence"))["last"]
    edge = tree.frontier(0 if last is None else last + 1)
    done = 0
    while done < limit:
        waiting = (
            Entry.objects.filter(sequence=None)
            .select_related("decision")
            .prefetch_related("because")
            .order_by("recorded_at", "id")[: min(BATCH, limit - done)]
        )
        nodes: list[Node] = []
        batch = list(waiting)
        for entry in batch:
            leaf = leaf_hash(leaf_bytes(entry, edge.size))
            entry.sequence, entry.leaf = edge.size, leaf.hex()
            edge, made = edge.append_nodes(leaf)
            nodes += [Node(level=level, index=index, hash=value.hex()) for level, index, value in made]
        if not batch:
            break
        _place(batch)
        insert_rows(Node, nodes)
        done += len(batch)
    return done


def _place(batch: list[Entry]) -> None:
    """Write places and leaves. Plain statements: `bulk_update` builds a CASE a row, which takes ten times as long."""
    key = Entry._meta.pk
    rows = [(entry.sequence, entry.leaf, key.get_db_prep_value(entry.pk, connection)) for entry in batch]
    with connection.cursor() as cursor:
        cursor.executemany('UPDATE "record_entry" SET "sequence" = %s, "leaf" = %s WHERE "id" = %s', rows)
