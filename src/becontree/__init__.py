"""Becontree: residents say, the council facilitates, partners invest, and anyone can follow the thread."""

__version__ = "0.1.0"
