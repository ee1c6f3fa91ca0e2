"""The only writers: `keeping` (hubs and their helpers), `meeting` (a conversation in a room), `reminding`."""

from becontree.citizenship.hubs.actions.keeping import answer_offer, close_hub, edit_hub, leave, offer, open_hub
from becontree.citizenship.hubs.actions.meeting import (
    begin,
    cancel,
    finish,
    join,
    marks_of,
    may_begin,
    plan,
    read_marks,
    retype_paper,
    show,
    taken_down,
    type_paper,
    vote,
    votes_of,
)
from becontree.citizenship.hubs.actions.reminding import dont_remind, remind

__all__ = [
    "answer_offer",
    "begin",
    "cancel",
    "close_hub",
    "dont_remind",
    "edit_hub",
    "finish",
    "join",
    "leave",
    "marks_of",
    "may_begin",
    "offer",
    "open_hub",
    "plan",
    "read_marks",
    "remind",
    "retype_paper",
    "show",
    "taken_down",
    "type_paper",
    "vote",
    "votes_of",
]
