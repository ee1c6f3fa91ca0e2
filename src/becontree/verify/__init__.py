"""A second opinion: checks published files from nothing but themselves.

Everything in this package is written apart from the code it checks, uses only Python's standard library, and
prefers the obvious way to the fast one. It opens no database and no network connection. `becontree verify FILE`
is its command; copying this folder to any machine with Python works as well.

A decision record is JSON: {"format": "becontree-decision/1", "family": ..., "method": "name@version",
"parameters": {...}, "inputs": {...}, "randomness": {...} or null, "result": {...}}. The module of this package named
after the family has `check(record) -> list[str]`: one plain sentence for each thing that does not agree. What several
steps of a check need stands beside it (`count.py` reads `election.py` and one module for each counting rule).
"""
