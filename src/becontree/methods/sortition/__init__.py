"""Choosing a citizens' panel by lot: fair chances, proved; real panels; one of 1,000 drawn in public.

    people = [Person("p1", ("Female", "Abbey")), ...]
    quotas = [Quota("sex", "Female", 9, 11), ...]
    selection = select(pool(people, quotas, 20, ["sex", "ward"]), seed=beacon)
    selection.chance["p1"], selection.minimum, selection.bound, selection.panels[0]

Why by kinds of people and on the relaxation first, what it costs and what was rejected: `relaxed`, `panels`, `weights`.
Sources: Flanigan et al., "Fair algorithms for selecting citizens' assemblies", Nature 596 (2021); Flanigan, Kehne,
Procaccia, "Fair sortition made transparent", NeurIPS 2021 (equal panels); Baharav and Flanigan, arXiv 2406.15009.
"""

from becontree.methods.sortition.integer import Change, Conflict, Impossible, examine
from becontree.methods.sortition.objectives import METHODS
from becontree.methods.sortition.pool import Person, Pool, Quota, pool, tidy
from becontree.methods.sortition.selection import Selection, as_json, select

__all__ = [
    "METHODS", "Change", "Conflict", "Impossible", "Person", "Pool", "Quota", "Selection", "as_json", "examine", "pool",
    "select", "tidy",
]  # fmt: skip
