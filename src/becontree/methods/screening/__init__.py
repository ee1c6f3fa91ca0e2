"""Personal data in free text: found before anything is shown, so that a person decides what stays.

    found = screening.find("Thanks to Irena, ring 020 7946 0018", streets=["Ripple Road"], venues=["Valence House"])
    [(one.kind, text[one.start:one.end], one.why) for one in found]
    screening.masked(text, found)

It finds names of people (by the words around them and by lists written by us), home streets, telephone numbers,
e-mail addresses, postcodes, number plates, NHS, National Insurance and bank numbers, dates of birth, accounts and
links, in CAPITALS and in small letters as well. It is a help to the person who reads, never in place of them: it
misses names without any sign, and writing in other scripts. How often it misses and cries wolf:
docs/benchmarks/screening.md.

`names`, `streets` and `reach` find, `finding` puts them together, `given`, `ordinary` and `known` are the word lists.
"""

from becontree.methods.screening.finding import LEFT_OUT, find, masked
from becontree.methods.screening.kinds import KINDS, Found, Kind
from becontree.methods.screening.leaving import Altered, altered

__all__ = ["KINDS", "LEFT_OUT", "Altered", "Found", "Kind", "altered", "find", "masked"]
