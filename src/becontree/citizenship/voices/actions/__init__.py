"""What can be done with what people say. Nothing else writes."""

from becontree.citizenship.voices.actions.answering import answer, answer_many, appeal, decide_appeal
from becontree.citizenship.voices.actions.apart import tell_apart
from becontree.citizenship.voices.actions.checking import Mistake, Said, check
from becontree.citizenship.voices.actions.files import (
    bring,
    give_round,
    goes_on,
    map_columns,
    preview,
    take_in,
    targets,
)
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
from becontree.citizenship.voices.actions.responding import Taken, respond, respond_many, say
from becontree.citizenship.voices.actions.rounds import (
    answer_round,
    close_round,
    draft,
    edit,
    open_round,
    previewed,
    set_questions,
    throw_away,
    translate_questions,
    update,
)
from becontree.citizenship.voices.actions.surveys import Brought, Survey, bring_survey
from becontree.foundations.kit.words import plain

__all__ = [
    "Brought",
    "Mistake",
    "Said",
    "Survey",
    "Taken",
    "answer",
    "answer_many",
    "answer_round",
    "appeal",
    "begin_pile",
    "bring",
    "bring_survey",
    "check",
    "close_round",
    "decide_appeal",
    "draft",
    "edit",
    "finish_pile",
    "forget_contact",
    "forget_response",
    "give_round",
    "goes_on",
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
    "targets",
    "tell_apart",
    "throw_away",
    "translate_questions",
    "type_again",
    "type_class",
    "type_in",
    "undo_batch",
    "undo_last",
    "update",
    "verify",
    "withdraw",
]
