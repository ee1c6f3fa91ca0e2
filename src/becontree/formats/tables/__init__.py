"""Tables from spreadsheets: a strict CSV reader that says where and what to do, and a writer that is safe to open.

Reads: comma, semicolon or tab separated text, UTF-8 with or without a byte-order mark (UTF-16 with one), any line
ends, quoted cells with line breaks. Every cell is text; `whole`, `pence` and `ratio` turn it into a number.
Source: RFC 4180; the advice on formula injection is OWASP's "CSV Injection".
Why not `csv.DictReader`: it pads and hides ragged rows, gives no line for a broken cell, takes two columns of one
name and stops with a traceback at a NUL.
Limits come first: a file is refused for its size before it is decoded.

Cost: one pass of the standard reader. Rejected: guessing the encoding (an honest question is better than a wrong
name).

>>> table = read_table('name,pledge\\nAda,"£1,200.50"\\n')
>>> pence(table.rows[0], "pledge")
120050
"""

from becontree.formats.tables.cells import label, pence, pounds, ratio, whole
from becontree.formats.tables.prose import refuse_figures
from becontree.formats.tables.reading import decode, read_bytes, read_table
from becontree.formats.tables.shape import Limits, Row, Table
from becontree.formats.tables.writing import guard, unguarded, write_table

__all__ = [
    "Limits",
    "Row",
    "Table",
    "decode",
    "guard",
    "label",
    "pence",
    "pounds",
    "ratio",
    "read_bytes",
    "read_table",
    "refuse_figures",
    "unguarded",
    "whole",
    "write_table",
]
