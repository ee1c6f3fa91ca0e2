"""Verbs: the only writers of the public record."""

from becontree.foundations.record.actions.entering import decide, enter, thing
from becontree.foundations.record.actions.publishing import publish, signed_note
from becontree.foundations.record.actions.sequencing import sequence
from becontree.foundations.record.actions.signing import checkpoint, cosign

__all__ = ["checkpoint", "cosign", "decide", "enter", "publish", "sequence", "signed_note", "thing"]
