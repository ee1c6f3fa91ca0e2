"""Reading wards (GeoJSON or CSV), venues and postcodes (CSV) as people export them.

Everything is read and judged before anything is kept: a file is used whole or refused with every problem found (at
most `MOST_FINDINGS`), each with its line or feature and what to do. No Django here.
"""

from becontree.foundations.places.reading.files import MOST_BYTES, MOST_FINDINGS, Findings
from becontree.foundations.places.reading.shapes import MOST_POINTS, shape_from_geometry
from becontree.foundations.places.reading.venues import (
    MOST_POSTCODES,
    MOST_VENUES,
    VenueRead,
    is_postcode,
    read_postcodes,
    read_venues,
    tidy_postcode,
)
from becontree.foundations.places.reading.wards import MOST_WARDS, WardRead, read_wards

__all__ = [
    "MOST_BYTES",
    "MOST_FINDINGS",
    "MOST_POINTS",
    "MOST_POSTCODES",
    "MOST_VENUES",
    "MOST_WARDS",
    "Findings",
    "VenueRead",
    "WardRead",
    "is_postcode",
    "read_postcodes",
    "read_venues",
    "read_wards",
    "shape_from_geometry",
    "tidy_postcode",
]
