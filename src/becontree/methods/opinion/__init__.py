"""Opinion maps: who stands where, which statements unite, which divide, and what to ask next.

    votes = opinion.collect([("ann", "s1", 1), ("bob", "s1", -1, 1700000000000), ...])
    found = opinion.draw_map(votes)
    found.common_ground, found.divisive, found.as_dict()

Sparse throughout: 50 million votes need a few hundred bytes a person and no dense matrix. `plane` has the
positions, `groups` the choice of groups, `statistics` the tests, `Live` the map kept up to date vote by vote,
`turning` what keeps dots and letters where they were from one map to the next,
`bridging` a second opinion without groups,
`stability` what would change if some had not voted, `next_statement` which statement to show.
"""

from becontree.methods.opinion.bridges import Bridge, Bridging, SecondOpinion, bridging, second_opinion
from becontree.methods.opinion.chart import OpinionMap, draw_map
from becontree.methods.opinion.groups import agreement, steady_k
from becontree.methods.opinion.live import Live
from becontree.methods.opinion.plane import axes_of, place, residuals, tally
from becontree.methods.opinion.routing import Served, next_statement, priorities
from becontree.methods.opinion.stability import Stability, stability
from becontree.methods.opinion.turning import Before
from becontree.methods.opinion.votes import Votes, collect, from_arrays, from_records

__all__ = [
    "Before",
    "Bridge",
    "Bridging",
    "Live",
    "OpinionMap",
    "SecondOpinion",
    "Served",
    "Stability",
    "Votes",
    "agreement",
    "axes_of",
    "bridging",
    "collect",
    "draw_map",
    "from_arrays",
    "from_records",
    "next_statement",
    "place",
    "priorities",
    "residuals",
    "second_opinion",
    "stability",
    "steady_k",
    "tally",
]
