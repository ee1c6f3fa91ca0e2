"""Studies and themes; aspirations, promises, targets and how they stand; yearly reports."""

from becontree.citizenship.manifesto.models.promises import (
    Agreement,
    Aspiration,
    Promise,
    Quote,
    Report,
    Standing,
    Target,
)
from becontree.citizenship.manifesto.models.studies import (
    Answer,
    Clause,
    Coding,
    Placement,
    Sample,
    Step,
    Study,
    Theme,
    ThemeRun,
)

__all__ = [
    "Agreement",
    "Answer",
    "Aspiration",
    "Clause",
    "Coding",
    "Placement",
    "Promise",
    "Quote",
    "Report",
    "Sample",
    "Standing",
    "Step",
    "Study",
    "Target",
    "Theme",
    "ThemeRun",
]
