"""The house's own rules find what they are for."""

from __future__ import annotations

from tests.house import wide

TABLE = "<table{}><thead><tr>" + 4 * '<th scope="col">A</th>' + "</tr></thead><tr><td{}>1</td></tr></table>"


def test_a_table_that_a_phone_would_push_sideways_is_found() -> None:
    assert wide("a.html", TABLE.format("", "")) == [
        'a.html: a table of 4 columns scrolls sideways on a phone: class="pairs" and data-column.'
    ]
    assert wide("a.html", TABLE.format(' class="pairs"', ' data-column="A"')) == []
