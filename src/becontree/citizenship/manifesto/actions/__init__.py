"""Verbs of the Manifesto: the only writers."""

from becontree.citizenship.manifesto.actions.acts import act, rebuild, redo, undo
from becontree.citizenship.manifesto.actions.aspirations import (
    drop,
    open_to_people,
    take_agreement,
    take_back,
    write,
)
from becontree.citizenship.manifesto.actions.coding import code, draw_sample, settle
from becontree.citizenship.manifesto.actions.promises import (
    adopt,
    against_in_words,
    continues,
    rearrange,
    tell_standing,
)
from becontree.citizenship.manifesto.actions.reports import make_report, publish_report
from becontree.citizenship.manifesto.actions.running import ask_for_run, sort_now, take_in
from becontree.citizenship.manifesto.actions.studies import begin, import_answers, publish
from becontree.citizenship.manifesto.actions.targets import set_target, take_out_target

__all__ = [
    "act",
    "adopt",
    "against_in_words",
    "ask_for_run",
    "begin",
    "code",
    "continues",
    "draw_sample",
    "drop",
    "import_answers",
    "make_report",
    "open_to_people",
    "publish",
    "publish_report",
    "rearrange",
    "rebuild",
    "redo",
    "set_target",
    "settle",
    "sort_now",
    "take_agreement",
    "take_back",
    "take_in",
    "take_out_target",
    "tell_standing",
    "undo",
    "write",
]
