"""Verbs: the only writers of the public record."""

from becontree.foundations.record.actions.entering import New, decide, enter, introduce, thing
from becontree.foundations.record.actions.publishing import publish, signed_note
from becontree.foundations.record.actions.sequencing import sequence
from becontree.foundations.record.actions.signing import checkpoint, cosign

__all__ = ["New", "checkpoint", "cosign", "decide", "enter", "introduce", "publish", "sequence", "signed_note", "thing"]
