"""Conversations in the folder of CSV files that Polis exports, in and out.

A folder holds `votes.csv` (every vote event), `comments.csv` (the statements), `participants-votes.csv` (one person a
row) and `summary.csv`. Read from real exports of 2015 to 2024 (github.com/compdemocracy/openData): columns come and
go, some folders have no `votes.csv` (then the person-by-statement table is used), the rows of `votes.csv` are not in
time order, and one person may vote many times on one statement (the last by time counts).

The sign: in exports agree is 1. In Polis's own database and vote API agree is -1; pass `agree=-1` for those.

A clean `votes.csv` of whole numbers is read by NumPy's C reader; anything else by the strict reader of `tables`, which
says the file, line, field and what to do. `keep=True` keeps the files, so that `write` gives them back byte for byte.
"""

from becontree.formats.polis.reading import events, people, read
from becontree.formats.polis.shape import Conversation, Events, Statement
from becontree.formats.polis.writing import write

__all__ = ["Conversation", "Events", "Statement", "events", "people", "read", "write"]
