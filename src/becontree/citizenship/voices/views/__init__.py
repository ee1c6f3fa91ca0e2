"""Pages for everybody: read what was said, say something, answer a round, see what became of one's own."""

from becontree.citizenship.voices.views.heard import (
    FIELDS,
    log_csv,
    log_json,
    moderation,
    say,
    voice,
    voices,
    voices_csv,
    voices_json,
)
from becontree.citizenship.voices.views.own import appeal, mine, own, own_thanks, withdraw
from becontree.citizenship.voices.views.reference import reference
from becontree.citizenship.voices.views.rounds import about_you, mix_csv, mix_json, respond, round, rounds

__all__ = [
    "FIELDS",
    "about_you",
    "appeal",
    "log_csv",
    "log_json",
    "mine",
    "mix_csv",
    "mix_json",
    "moderation",
    "own",
    "own_thanks",
    "reference",
    "respond",
    "round",
    "rounds",
    "say",
    "voice",
    "voices",
    "voices_csv",
    "voices_json",
    "withdraw",
]
