"""The only writers: `hosting` (prepare, open, close, answer), `speaking` (statements and how they are moderated),
`voting` (take part, vote, be forgotten)."""

from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.actions.hosting import answer, close, draft, edit, open_, seed_statements
from becontree.citizenship.conversations.actions.rooms import Sheet, bring_sheets, vote_in_room
from becontree.citizenship.conversations.actions.speaking import (
    appeal,
    ban,
    decide_appeal,
    hold,
    show,
    suggest,
    withdraw,
)
from becontree.citizenship.conversations.actions.voting import forget, leave_address, start, vote

__all__ = [
    "Sheet",
    "answer",
    "appeal",
    "ban",
    "bring_sheets",
    "close",
    "decide_appeal",
    "draft",
    "edit",
    "forget",
    "hold",
    "leave_address",
    "open_",
    "seed_statements",
    "show",
    "start",
    "suggest",
    "vote",
    "vote_in_room",
    "voting",
    "withdraw",
]
