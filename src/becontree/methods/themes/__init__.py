"""Themes in thousands of short free texts, found by machine and decided by people.

    run = themes.find_themes(["More buses, please", ...])
    [(theme.label, theme.size, theme.quotes) for theme in run.themes]
    run = themes.find_themes(more, previous=run.memory, edits=[themes.Edit("rename", theme="t3", label="Buses")])

No machine label is meant to be published: they are suggestions that people name, merge, split and leave out. What they
did is an input of the next run. `words` has the languages, `vectors` the arithmetic, `finding` the clusters and labels,
`repeats` the campaigns, `personal` what must not be quoted.
"""

from becontree.methods.themes.personal import has_personal, without_personal
from becontree.methods.themes.repeats import Repeat, repeats
from becontree.methods.themes.run import Edit, Memory, Quote, Run, Theme, find_themes
from becontree.methods.themes.vectors import Encoder

__all__ = [
    "Edit",
    "Encoder",
    "Memory",
    "Quote",
    "Repeat",
    "Run",
    "Theme",
    "find_themes",
    "has_personal",
    "repeats",
    "without_personal",
]
