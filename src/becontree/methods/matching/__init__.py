"""Match funding: how a pot of public or partner money follows what the crowd gives.

Every function takes and returns whole pence, never a float, and what it pays adds up to the penny.

- `capped`: a ratio (so much match for so much crowd) within caps. `quote` answers for one pledge at a time, which is
  what a giving page needs; `share_pot` answers for a whole list.

Definitions: docs/rooms/matching.md. Each module says its source.
"""

from becontree.methods.matching.apportion import Apportioned, apportion
from becontree.methods.matching.capped import (
    Limit,
    Quote,
    State,
    Terms,
    after,
    entitlement,
    quote,
    share_pot,
)
from becontree.methods.matching.records import Match, Pledge, Project, Shared

__all__ = [
    "Apportioned",
    "Limit",
    "Match",
    "Pledge",
    "Project",
    "Quote",
    "Shared",
    "State",
    "Terms",
    "after",
    "apportion",
    "entitlement",
    "quote",
    "share_pot",
]
