"""Who may come to a page: `gate` and the second factor.

The gate itself knows no room and stands in `kit`, so that the pages of `people`, which lies below `access`, can
carry one too. Which *rows* a person sees is another question: `access.rules`.
"""

from becontree.foundations.kit.gates import (
    DESK,
    PLAIN,
    SECOND_FACTOR_KEY,
    SECOND_FACTOR_LASTS,
    gate,
    has_second_factor,
    refusal,
    stepped_up,
)

__all__ = [
    "DESK",
    "PLAIN",
    "SECOND_FACTOR_KEY",
    "SECOND_FACTOR_LASTS",
    "gate",
    "has_second_factor",
    "refusal",
    "stepped_up",
]
