"""Verbs: the only writers of the public record."""

from becontree.foundations.record.actions.entering import decide, enter, thing
from becontree.foundations.record.actions.sequencing import sequence

__all__ = ["decide", "enter", "sequence", "thing"]
