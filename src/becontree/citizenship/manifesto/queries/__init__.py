"""What pages, exports and the rooms to the right read of the Manifesto."""

from becontree.citizenship.manifesto.queries.against import Against, against
from becontree.citizenship.manifesto.queries.explorer import Explored, explore, months, public_themes
from becontree.citizenship.manifesto.queries.promised import (
    aspirations,
    aspirations_to_agree,
    money_of,
    nameless_decisions,
    open_promises,
    progress_of,
    promises,
    promises_to_name,
    quotes_of,
    series_of,
    what_came,
    worse,
)
from becontree.citizenship.manifesto.queries.telling import people_behind
from becontree.citizenship.manifesto.queries.workbench import (
    Part,
    agreement_of,
    cards,
    history,
    members,
    parts,
    studies,
    themes,
    together,
    tray,
)

__all__ = [
    "Against",
    "Explored",
    "Part",
    "against",
    "agreement_of",
    "aspirations",
    "aspirations_to_agree",
    "cards",
    "explore",
    "history",
    "members",
    "money_of",
    "months",
    "nameless_decisions",
    "open_promises",
    "parts",
    "people_behind",
    "progress_of",
    "promises",
    "promises_to_name",
    "public_themes",
    "quotes_of",
    "series_of",
    "studies",
    "themes",
    "together",
    "tray",
    "what_came",
    "worse",
]
