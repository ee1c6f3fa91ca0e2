"""Bank statements as banks write them, and as people spoil them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.foundations.payments.statement import Columns, read_statement
from becontree.methods.findings import Unusable

TODAY = date(2026, 11, 22)


def read(text, **more):
    raw = text if isinstance(text, bytes) else text.encode()
    lines, _ = read_statement(raw, account="main", today=TODAY, file="s.csv", **more)
    return [(line.number, line.on.isoformat(), line.words, line.amount) for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Amount\n20/11/2026,GIFT ABC,25.00\n21/11/2026,FEE,-1.50\n",
        "Date,Details,Money in,Money out\n2026-11-20,GIFT ABC,25.00,\n2026-11-21,FEE,,1.50\n",
        "Transaction Date;Narrative;Credit Amount;Debit Amount\n20 Nov 2026;GIFT ABC;£25;\n21-Nov-26;FEE;;-1.5\n",
        "\ufeffDate\tMemo\tValue\r\n20.11.2026\tGIFT ABC\t25.00CR\r\n21.11.26\tFEE\t(1.50)\r\n",
        'Date,Description,Amount,Balance\n"20/11/2026","GIFT  ABC ","25.00","1,000"\n21/11/2026,FEE,1.50 DR,998.50\n',
    ],
    ids=["signed", "in-and-out", "semicolons", "tabs", "quoted"],
)
def test_the_ways_that_banks_write_them(text):
    assert read(text) == [(2, "2026-11-20", "GIFT ABC", 2500), (3, "2026-11-21", "FEE", -150)]


def test_old_spreadsheets_letters_are_read():
    assert read("Date,Description,Amount\n20/11/2026,CAF\xc9,2.00\n".encode("cp1252"))[0][2] == "CAFÉ"


@pytest.mark.parametrize(
    ("row", "code", "line"),
    [
        ("31/02/2026,x,1.00", "statement.date", 2),
        ("11/22/2026,x,1.00", "statement.date", 2),
        ("soon,x,1.00", "statement.date", 2),
        (",x,1.00", "statement.date", 2),
        ("20/11/2062,x,1.00", "statement.date.far", 2),
        ("20/11/1926,x,1.00", "statement.date.far", 2),
        ("20/11/2026,x,1.005", "statement.amount", 2),
        ("20/11/2026,x,1e5", "statement.amount", 2),
        ("20/11/2026,x,1.000.00", "statement.amount", 2),
        ("20/11/2026,x,--1", "statement.amount", 2),
        ("20/11/2026,x,99999999999999", "statement.amount", 2),
        ("20/11/2026,x,1.00,extra", "table.row.ragged", 2),
    ],
)
def test_a_wrong_line_is_named_with_its_number(row, code, line):
    with pytest.raises(Unusable) as wrong:
        read(f"Date,Description,Amount\n{row}\n20/11/2026,fine,2.00\n")
    first = wrong.value.findings[0]

    assert first.line == line
    assert first.code == code or (code == "table.row.ragged" and first.code.startswith("table.row"))


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Date,Description,Amount\n", "one,two\n1,2\n", "\0\0", "Date\n20/11/2026\n"]
)
def test_a_file_that_is_no_statement_is_refused_with_a_reason(text):
    with pytest.raises(Unusable) as wrong:
        read(text)

    assert all(finding.message for finding in wrong.value.findings)


def test_finance_can_say_which_column_is_which():
    columns = Columns("When", ("Who", "What"), amount="How much")

    assert read("When,Who,What,How much\n20/11/2026,A,B,1\n", columns=columns) == [(2, "2026-11-20", "A B", 100)]


def test_two_lines_that_say_the_same_are_two_and_stay_the_same_two():
    text = "Date,Description,Amount\n20/11/2026,COFFEE,-2.00\n20/11/2026,COFFEE,-2.00\n"
    one, _ = read_statement(text.encode(), account="main", today=TODAY)
    more, _ = read_statement((text + "21/11/2026,TEA,-1.00\n").encode(), account="main", today=TODAY)

    assert len({line.line_hash for line in one}) == 2
    assert [line.line_hash for line in more][:2] == [line.line_hash for line in one]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_make_a_traceback(raw):
    for start in (b"", b"Date,Description,Amount\n", b"Date,Description,Money in,Money out\n20/11/2026,a,1,\n"):
        try:
            lines, _ = read_statement(start + raw, account="main", today=TODAY)
        except Unusable as wrong:
            codes = [finding.code for finding in wrong.findings]
        else:
            codes = [line.line_hash for line in lines if line.amount]

        assert codes
