"""The strict table reader: what it takes, what it refuses and in which words, and that nothing makes it fall over."""

import csv
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from becontree.formats import tables
from becontree.formats.tables import Limits, read_table, write_table
from becontree.methods.findings import Unusable


def cells(table):
    return [tuple(row.cells.values()) for row in table.rows]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"a,b\r1,2\r",
        b"\xef\xbb\xbfa,b\n1,2",
        b"a;b\n1;2\n",
        b"a\tb\n1\t2\n",
        "a,b\n1,2\n".encode("utf-16"),
        b" a ,b\n1,2\n\n,,\n",
        b"a,b,,\n1,2,,\n",
        b'"a","b"\n"1","2"\n',
    ],
)
def test_the_same_table_in_every_usual_dress(data):
    table = read_table(data)

    assert table.columns == ("a", "b")
    assert cells(table) == [("1", "2")]


def test_line_numbers_count_the_lines_inside_cells():
    table = read_table('a,b\n"one\ntwo",2\n3,4\n')

    assert [row.line for row in table.rows] == [2, 4]


# (what, bytes, code, line, words of the message)
BROKEN = [
    ("nothing", b"", "table.empty", None, "The file is empty"),
    ("only a mark", b"\xef\xbb\xbf", "table.empty", None, "The file is empty"),
    ("only blanks", b"  \r\n \n", "table.empty", None, "The file is empty"),
    ("only commas", b",,,\n,,\n", "table.empty", None, "no heading"),
    ("a NUL", b"a,b\n1,\x002\n", "table.nul", 2, "NUL"),
    ("a spreadsheet renamed", b"PK\x03\x04\x14\x00\x06", "table.nul", 1, "do not rename a spreadsheet"),
    ("windows text", "a,b\nAndré,2\n".encode("cp1252"), "table.encoding", 2, "0xE9 is not UTF-8"),
    ("broken utf-16", b"\xff\xfea\x00,", "table.encoding", None, "begins as UTF-16"),
    ("one cell too many", b"a,b\n1,2\n1,2,3\n", "table.row.ragged", 3, "3 cells; the heading has 2"),
    ("one cell too few", b"a,b\n1\n", "table.row.ragged", 2, "1 cells; the heading has 2"),
    ("unquoted separator", b"a;b\n1;2;3\n", "table.row.ragged", 2, "semicolon"),
    ("open quote", b'a,b\n1,"2\n3,4\n', "table.quote.open", 2, "never closed"),
    ("text after a quote", b'a,b\n"1"x,2\n', "table.quote", 2, "follows a closing quote"),
    ("column twice", b"a,b,a\n1,2,3\n", "table.column.twice", 1, "Two columns"),
    ("column twice after trimming", b"a, a\n1,2\n", "table.column.twice", 1, "Two columns"),
    ("column without a name", b"a,,c\n1,2,3\n", "table.column.unnamed", 1, "Column 2 has no name"),
    ("column missing", b"b,c\n1,2\n", "table.column.missing", 1, "The file has 'b', 'c'"),
    ("huge cell", b"a,b\n1," + b"x" * 600 + b"\n", "table.cell.size", 2, "600 characters"),
    ("cell beyond the csv limit", b"a,b\n1," + b"x" * 140_000 + b"\n", "table.cell.size", 2, "500"),
    ("too many rows", b"a\n" + b"1\n" * 40, "table.rows", 32, "more than 30 rows"),
    ("too many columns", b"a," + b",".join(b"%d" % i for i in range(30)) + b"\n", "table.columns", 1, "31 columns"),
    ("too large", b"a\n" + b"1\n" * 150_000, "table.size", None, "at most 200,000"),
]
SMALL = Limits(bytes=200_000, rows=30, columns=20, cell=500)


@pytest.mark.parametrize("most", [131_072, 20_000_000])
def test_a_cell_too_long_is_refused_whatever_limit_somebody_else_set(most):
    """The csv module has one limit for the whole process."""
    usual = csv.field_size_limit(most)
    try:
        with pytest.raises(Unusable, match="500") as refused:
            read_table(b"a,b\n1," + b"x" * 140_000 + b"\n", limits=SMALL)
    finally:
        csv.field_size_limit(usual)

    assert [finding.code for finding in refused.value.findings] == ["table.cell.size"]


@pytest.mark.parametrize(("data", "code", "line", "words"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_table_is_refused_with_its_place_and_a_way_out(data, code, line, words):
    with pytest.raises(Unusable) as refused:
        read_table(data, file="people.csv", required=["a"], limits=SMALL)

    finding = refused.value.findings[0]
    assert (finding.code, finding.line, finding.file) == (code, line, "people.csv")
    assert words in str(finding)


def test_every_ragged_row_is_named():
    with pytest.raises(Unusable) as refused:
        read_table("a,b\n1\n1,2\n1,2,3\n")

    assert [finding.line for finding in refused.value.findings] == [2, 4]


def test_short_rows_are_filled_when_asked_and_said():
    table = read_table("a,b\n1\n", ragged="pad")

    assert cells(table) == [("1", "")]
    assert table.findings[0].code == "table.row.padded"


def test_windows_text_is_read_when_asked_and_said():
    table = read_table("a\nAndré\n".encode("cp1252"), fallback="cp1252")

    assert cells(table) == [("André",)]
    assert table.findings[0].code == "table.encoding.guessed"


def test_a_missing_file_and_a_folder_are_said_plainly(tmp_path):
    for path, code in ((tmp_path / "none.csv", "table.missing"), (tmp_path, "table.folder")):
        with pytest.raises(Unusable) as refused:
            read_table(path)
        assert refused.value.findings[0].code == code


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 500), ("£39,000", 3_900_000), ("0.5", 50), ("GBP 1,250.09", 125_009), ("0", 0), (" 7.10 ", 710)],
)
def test_money_as_people_write_it(text, value):
    assert tables.pounds(text) == value


@pytest.mark.parametrize("text", ["", "-5", "1,00", "1.234", "5p", "five", "1e3", "£", "١٢", "1,2345", "9" * 16, "nan"])
def test_money_that_is_not_clear_is_refused(text):
    row = read_table(f'pledge,x\n"{text}",1\n').rows[0]
    with pytest.raises(Unusable) as refused:
        tables.pence(row, "pledge")

    assert refused.value.findings[0].line == 2
    assert refused.value.findings[0].field == "pledge"


@pytest.mark.parametrize(
    ("text", "value"),
    [("39000:5599", Fraction(39000, 5599)), ("39,000:5,599", Fraction(39000, 5599)), ("75%", Fraction(3, 4)), ("2", 2)],
)
def test_ratios_are_exact(text, value):
    assert tables.ratio(text) == value


@pytest.mark.parametrize("text", ["", "1:0", "a:b", "-1:2", "1:2:3", "7,5%", "0,5:1", "1,5:2", "1:3,9000"])
def test_ratios_that_are_not_clear_are_refused(text):
    with pytest.raises(ValueError):
        tables.ratio(text)


@pytest.mark.parametrize(
    ("text", "code"), [("x", "whole"), ("1.5", "whole"), ("", "whole"), ("0", "range"), ("11", "range")]
)
def test_whole_numbers_have_bounds(text, code):
    with pytest.raises(Unusable) as refused:
        tables.whole(tables.Row(7, {"n": text}, "f.csv"), "n", least=1, most=10)

    assert refused.value.findings[0].code == f"table.cell.{code}"
    assert refused.value.findings[0].line == 7


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44 20 7946 0000", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "=cmd|' /C calc'!A0", "|x", "%x"],
)
def test_formulas_are_neutralised(cell):
    written = write_table(["a", "b"], [[cell, "x"]])

    assert cells(read_table(written))[0][0].startswith("'")
    assert tables.unguarded(tables.guard(cell)) == cell


@pytest.mark.parametrize("cell", ["-5.00", "+3", "12", "plain", "a=b", "", "'quoted'"])
def test_numbers_and_plain_words_stay_as_they_are(cell):
    assert tables.guard(cell) == cell


@given(st.text())
@example("'=1")
@example("''=1")
def test_guarding_can_be_undone(text):
    assert tables.unguarded(tables.guard(text)) == text
    assert not tables.guard(text).lstrip().startswith(("=", "@"))


text_cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(text_cells.filter(str.strip), text_cells), max_size=8), st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(rows, separator):
    written = write_table(["first", "second"], rows, separator=separator)
    table = read_table(written.encode(), separator=separator)

    assert [tuple(map(tables.unguarded, row)) for row in cells(table)] == rows


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b'"')
@example(b"\x0b\n\x1c,\x85")
def test_no_bytes_bring_the_reader_down(data):
    try:
        shapes = {len(row.cells) for row in read_table(data, file="f").rows}
    except Unusable as refused:
        shapes = {finding.code.startswith("table.") and bool(finding.message) for finding in refused.findings}

    assert len(shapes) <= 1
    assert False not in shapes


def test_short_rows_under_a_wide_heading_are_bounded() -> None:
    heading = ",".join(f"c{n}" for n in range(100))
    table = heading + "\n" + "x\n" * 100

    with pytest.raises(Unusable) as problem:
        read_table(table, ragged="pad", limits=Limits(cells=5_000))
    assert [(found.code, found.line) for found in problem.value.findings] == [("table.cells", 52)]
    assert len(read_table(table, ragged="pad", limits=Limits(cells=10_000)).rows) == 100
