"""Pages for the officers who listen."""

from becontree.citizenship.voices.desk.answering import find, to_answer
from becontree.citizenship.voices.desk.files import batches, bring, file, mapping, undo
from becontree.citizenship.voices.desk.moderation import decide_appeal, enter, queue, read
from becontree.citizenship.voices.desk.piles import begin, class_, differences, pile, second
from becontree.citizenship.voices.desk.rounds import (
    came_of_it,
    languages,
    new_round,
    preview,
    preview_page,
    questions,
    round,
    rounds,
    settle,
    tell,
)

__all__ = [
    "batches",
    "begin",
    "bring",
    "came_of_it",
    "class_",
    "decide_appeal",
    "differences",
    "enter",
    "file",
    "find",
    "languages",
    "mapping",
    "new_round",
    "pile",
    "preview",
    "preview_page",
    "questions",
    "queue",
    "read",
    "round",
    "rounds",
    "second",
    "settle",
    "tell",
    "to_answer",
    "undo",
]
