"""What can be done with what people say. Nothing else writes."""

from becontree.citizenship.voices.actions.answering import answer, appeal, decide_appeal
from becontree.citizenship.voices.actions.moderating import hold, mask, publish, withdraw
from becontree.citizenship.voices.actions.responding import (
    Mistake,
    Said,
    Taken,
    check,
    plain,
    respond,
    respond_many,
    say,
)
from becontree.citizenship.voices.actions.rounds import (
    answer_round,
    close_round,
    draft,
    edit,
    open_round,
    previewed,
    set_questions,
    update,
)

__all__ = [
    "Mistake",
    "Said",
    "Taken",
    "answer",
    "answer_round",
    "appeal",
    "check",
    "close_round",
    "decide_appeal",
    "draft",
    "edit",
    "hold",
    "mask",
    "open_round",
    "plain",
    "previewed",
    "publish",
    "respond",
    "respond_many",
    "say",
    "set_questions",
    "update",
    "withdraw",
]
