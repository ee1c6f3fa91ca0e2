"""The house's own rules find what they are for."""

from __future__ import annotations

from tests.house import crooked, wide

TABLE = "<table{}><thead><tr>" + 4 * '<th scope="col">A</th>' + "</tr></thead><tr><td{}>1</td></tr></table>"


def test_a_table_that_a_phone_would_push_sideways_is_found() -> None:
    assert wide("a.html", TABLE.format("", "")) == [
        'a.html: a table of 4 columns scrolls sideways on a phone: class="pairs" and data-column.'
    ]
    assert wide("a.html", TABLE.format(' class="pairs"', ' data-column="A"')) == []


def test_a_page_has_one_kind_of_apostrophe_and_what_reads_peoples_words_knows_both() -> None:
    assert crooked("src/becontree/web/templates/a.html", "each other’s names")
    assert not crooked("src/becontree/web/templates/a.html", "each other's “names”, ‘so’")
    assert not crooked("src/becontree/methods/themes/words.py", "each other’s")
