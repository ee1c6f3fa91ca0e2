"""The only writers: `keeping` (hubs and their helpers) and `meeting` (a conversation in a room)."""

from becontree.citizenship.hubs.actions.keeping import answer_offer, close_hub, edit_hub, leave, offer, open_hub
from becontree.citizenship.hubs.actions.meeting import (
    begin,
    cancel,
    finish,
    join,
    plan,
    show,
    type_paper,
    vote,
)

__all__ = [
    "answer_offer",
    "begin",
    "cancel",
    "close_hub",
    "edit_hub",
    "finish",
    "join",
    "leave",
    "offer",
    "open_hub",
    "plan",
    "show",
    "type_paper",
    "vote",
]
