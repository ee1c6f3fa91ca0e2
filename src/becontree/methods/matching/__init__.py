"""Match funding: how a pot of public or partner money follows what the crowd gives.

Every function takes and returns whole pence, never a float, and what it pays adds up to the penny.

- `capped`: a ratio (so much match for so much crowd) within caps. `quote` answers for one pledge at a time, which is
  what a giving page needs; `share_pot` answers for a whole list.
- `quadratic`, `pairwise`, `cluster`, `cocm`: many small gifts bring in more than one large one, in four forms.
- `share_out`: any weights, a pot, caps, and the excess spread over the rest. `apportion`: shares to the penny.

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
from becontree.methods.matching.quadratic import cluster, cocm, pairwise, quadratic
from becontree.methods.matching.records import Match, Pledge, Project, Shared
from becontree.methods.matching.refill import Filled, share_out

__all__ = [
    "Apportioned",
    "Filled",
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
    "cluster",
    "cocm",
    "entitlement",
    "pairwise",
    "quadratic",
    "quote",
    "share_out",
    "share_pot",
]
