"""Participatory budgeting: Equal Shares and its completions, BOS, Sequential Phragmen, greedy; exact and explained.

>>> from becontree.methods.budgeting import Election, Rule, count
>>> e = Election.of({"park": 60, "bench": 40, "mural": 50}, 100, [["park", "bench"], ["park"], ["mural"], ["bench"]])
>>> outcome = count(e, Rule(completion="none"))
>>> outcome.funded, outcome.method, str(outcome.steps[0].payment)
(('bench',), 'equal-shares/cost/none@1', '20')
"""

from becontree.methods.budgeting.count import count
from becontree.methods.budgeting.election import BALLOT_TYPES, UTILITIES, Ballots, Election, Project
from becontree.methods.budgeting.outcome import Funded, Outcome
from becontree.methods.budgeting.rules import COMPLETIONS, PRESETS, RULES, Rule, preset
from becontree.methods.budgeting.ties import Tie, TieChain

__all__ = [
    "BALLOT_TYPES",
    "COMPLETIONS",
    "PRESETS",
    "RULES",
    "UTILITIES",
    "Ballots",
    "Election",
    "Funded",
    "Outcome",
    "Project",
    "Rule",
    "Tie",
    "TieChain",
    "count",
    "preset",
]
