"""The only writers: `hosting` (prepare, open), `closing` (close, answer), `speaking` (statements and how they are
moderated), `banning` (who no longer counts, and how that is looked at again), `voting` (take part, vote, be forgotten).
"""

from becontree.citizenship.conversations.actions import voting
from becontree.citizenship.conversations.actions.banning import appeal_ban, ban, decide_ban_appeal, lift_ban
from becontree.citizenship.conversations.actions.closing import answer, close
from becontree.citizenship.conversations.actions.hosting import draft, edit, open_, seed_statements
from becontree.citizenship.conversations.actions.rooms import Sheet, bring_sheets, recast_sheet, vote_in_room
from becontree.citizenship.conversations.actions.speaking import (
    appeal,
    decide_appeal,
    hold,
    mask,
    show,
    show_many,
    suggest,
    withdraw,
)
from becontree.citizenship.conversations.actions.voting import forget, leave_address, start, vote

__all__ = [
    "Sheet",
    "answer",
    "appeal",
    "appeal_ban",
    "ban",
    "bring_sheets",
    "close",
    "decide_appeal",
    "decide_ban_appeal",
    "draft",
    "edit",
    "forget",
    "hold",
    "leave_address",
    "lift_ban",
    "mask",
    "open_",
    "recast_sheet",
    "seed_statements",
    "show",
    "show_many",
    "start",
    "suggest",
    "vote",
    "vote_in_room",
    "voting",
    "withdraw",
]
