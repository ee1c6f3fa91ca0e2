"""What can be done with what people say. Nothing else writes."""

from becontree.citizenship.voices.actions.answering import answer, appeal, decide_appeal
from becontree.citizenship.voices.actions.files import bring, map_columns, preview, take_in
from becontree.citizenship.voices.actions.leaving import forget_contact, forget_response, verify
from becontree.citizenship.voices.actions.moderating import hold, mask, publish, publish_many, withdraw
from becontree.citizenship.voices.actions.piles import (
    begin_pile,
    finish_pile,
    resolve,
    type_again,
    type_class,
    type_in,
    undo_batch,
    undo_last,
)
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
    "begin_pile",
    "bring",
    "check",
    "close_round",
    "decide_appeal",
    "draft",
    "edit",
    "finish_pile",
    "forget_contact",
    "forget_response",
    "hold",
    "map_columns",
    "mask",
    "open_round",
    "plain",
    "preview",
    "previewed",
    "publish",
    "publish_many",
    "resolve",
    "respond",
    "respond_many",
    "say",
    "set_questions",
    "take_in",
    "type_again",
    "type_class",
    "type_in",
    "undo_batch",
    "undo_last",
    "update",
    "verify",
    "withdraw",
]
