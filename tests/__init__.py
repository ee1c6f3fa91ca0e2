"""Tests that cross rooms: public promises (spec) and journeys in a browser."""
