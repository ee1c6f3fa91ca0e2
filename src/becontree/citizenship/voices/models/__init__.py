"""The nouns of listening: rounds and their questions, forms and what stands in them, and what was decided of it."""

from becontree.citizenship.voices.models.rounds import Kind, Question, Round, ToldApart, Update
from becontree.citizenship.voices.models.rulings import Answer, Appeal, Ruling
from becontree.citizenship.voices.models.said import Batch, Channel, Contact, Keying, Response, Voice

__all__ = [
    "Answer",
    "Appeal",
    "Batch",
    "Channel",
    "Contact",
    "Keying",
    "Kind",
    "Question",
    "Response",
    "Round",
    "Ruling",
    "ToldApart",
    "Update",
    "Voice",
]
