"""Themes in thousands of short free texts, found by machine and decided by people.

    run = themes.find_themes(["More buses, please", ...])
    [(theme.label, theme.size, theme.quotes) for theme in run.themes]
    run = themes.find_themes(more, previous=run.memory, edits=[themes.Edit("rename", theme="t3", label="Buses")])

No machine label is meant to be published: they are suggestions that people name, merge, split and leave out. What they
did is an input of the next run. `words` has the languages, `vectors` the arithmetic, `finding` the clusters and labels,
`repeats` the campaigns, `personal` what must not be quoted, `agreement` whether two readers
mean the same.
"""

from becontree.methods.themes.agreement import Kappa, cohens_kappa, krippendorffs_alpha, masi_distance
from becontree.methods.themes.personal import has_personal, without_personal
from becontree.methods.themes.records import Edit, Memory, Quote, Run, Theme
from becontree.methods.themes.repeats import Repeat, repeats
from becontree.methods.themes.run import find_themes, text_keys
from becontree.methods.themes.vectors import Encoder
from becontree.methods.themes.words import clauses

__all__ = [
    "Edit",
    "Encoder",
    "Kappa",
    "Memory",
    "Quote",
    "Repeat",
    "Run",
    "Theme",
    "clauses",
    "cohens_kappa",
    "find_themes",
    "has_personal",
    "krippendorffs_alpha",
    "masi_distance",
    "repeats",
    "text_keys",
    "without_personal",
]
