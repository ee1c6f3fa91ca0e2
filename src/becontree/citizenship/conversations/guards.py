"""What the database itself refuses: to change a vote or a draw, or the words that people have voted on."""

from __future__ import annotations

from typing import Final

from becontree.foundations.kit.triggers import Guard, append_only

# A vote and a draw go only with the person whose they are.
_THEIRS: Final = (
    'NOT EXISTS (SELECT 1 FROM "conversations_participant" AS person '
    "WHERE person.id = OLD.participant_id AND person.erased_at IS NOT NULL)"
)


def _but_for_the_forgotten(table: str, keys: tuple[str, ...] = ("id",)) -> tuple[Guard, ...]:
    return (
        *(guard for guard in append_only(table, keys=keys) if guard.event != "DELETE"),
        Guard(f"{table}_delete", table, "DELETE", f"{table}: a row goes only with the person who asked.", _THEIRS),
    )


GUARDS: Final = (
    *_but_for_the_forgotten("conversations_vote"),
    *_but_for_the_forgotten("conversations_served"),
    *append_only("conversations_routingtable"),
    Guard(
        "conversations_statement_words",
        "conversations_statement",
        "UPDATE",
        "conversations_statement: words that people have voted on do not change.",
        when='EXISTS (SELECT 1 FROM "conversations_vote" AS vote '
        "WHERE vote.conversation_id = OLD.conversation_id AND vote.statement_id = OLD.id)",
        columns=("words",),
        only="NEW.words <> OLD.words AND NEW.words <> ''",
    ),
)
