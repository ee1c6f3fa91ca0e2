"""What the database itself refuses about the record."""

from __future__ import annotations

from becontree.foundations.kit.triggers import Guard, append_only

_IN_THE_TREE = 'EXISTS (SELECT 1 FROM "record_entry" AS e WHERE e."id" = NEW."entry_id" AND e."sequence" IS NOT NULL)'

GUARDS = (
    Guard("record_thing_ref", "record_thing", "UPDATE", "A thing keeps its reference.", 'OLD."ref" <> NEW."ref"'),
    Guard("record_thing_delete", "record_thing", "DELETE", "A public thing is never deleted."),
    Guard("record_thing_truncate", "record_thing", "TRUNCATE", "Public things are never deleted.", engine="postgresql"),
    Guard(
        "record_entry_fixed",
        "record_entry",
        "UPDATE",
        "An entry in the tree never changes.",
        'OLD."sequence" IS NOT NULL',
    ),
    *(guard for guard in append_only("record_entry", keys=("id", "sequence")) if guard.event != "UPDATE"),
    *append_only("record_because"),
    Guard("record_because_late", "record_because", "INSERT", "An entry in the tree gets no new cause.", _IN_THE_TREE),
    *append_only("record_decision", keys=("entry_id",)),
    Guard("record_decision_late", "record_decision", "INSERT", "An entry in the tree gets no decision.", _IN_THE_TREE),
    *append_only("record_node"),
    Guard(
        "record_node_again",
        "record_node",
        "INSERT",
        "A node of the tree is never replaced.",
        'EXISTS (SELECT 1 FROM "record_node" AS n WHERE n."level" = NEW."level" AND n."index" = NEW."index")',
    ),
    *append_only("record_checkpoint", keys=("size",)),
    *append_only("record_cosignature"),
)
