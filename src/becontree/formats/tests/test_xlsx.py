"""A workbook's first sheet, read strictly, in bounds, and never further than the archive."""

from __future__ import annotations

import contextlib
import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from becontree.formats.xlsx import XlsxLimits, read_rows
from becontree.methods.findings import Unusable

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOOK = (
    f'<?xml version="1.0"?><workbook {MAIN} '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/>'
    '<sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets></workbook>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId7" Type="worksheet" Target="worksheets/sheet3.xml"/></Relationships>'
)
STYLES = (
    f'<?xml version="1.0"?><styleSheet {MAIN}><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def column(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def workbook(rows: list[list[str]], *, sheet: str = "", strings: str = "", **parts: str) -> bytes:
    """An .xlsx of inline strings, or of the sheet's own XML; `parts` replaces other parts by their file's name."""
    cells = "".join(
        f'<row r="{line}">'
        + "".join(
            f'<c r="{column(at)}{line}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
            for at, cell in enumerate(row, start=1)
        )
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )
    found = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet3.xml": f"<worksheet {MAIN}><sheetData>{sheet or cells}</sheetData></worksheet>",
    } | ({"xl/sharedStrings.xml": strings} if strings else {})
    found |= {f"xl/{name}.xml": text for name, text in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in found.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_rows_come_with_their_lines_and_empty_ones_are_left_out() -> None:
    data = workbook([["a", "b"], ["", " "], ["1"], ["", "2"]])

    assert read_rows(data) == [(1, ["a", "b"]), (3, ["1"]), (4, ["", "2"])]


def test_strings_numbers_days_and_truths_become_text() -> None:
    strings = (
        f"<sst {MAIN}><si><t>Trees</t></si><si><r><t>Two </t></r><r><t>styles</t></r><rPh><t>x</t></rPh></si></sst>"
    )
    sheet = (
        '<row r="5"><c r="A5" t="s"><v>0</v></c><c r="B5" t="s"><v>1</v></c><c r="D5"><v>12</v></c>'
        '<c r="E5" s="1"><v>46146</v></c><c r="F5" s="2"><v>46146.75</v></c><c r="G5" t="b"><v>1</v></c>'
        '<c r="H5" t="str"><f>1+1</f><v>two</v></c><c r="I5"><v>3.0</v></c></row>'
    )

    assert read_rows(workbook([], sheet=sheet, strings=strings)) == [
        (5, ["Trees", "Two styles", "", "12", "2026-05-04", "2026-05-04", "yes", "two", "3"])
    ]


@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
                max_size=12,
            ),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_written_is_read(rows: list[list[str]]) -> None:
    kept = [(line, row) for line, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not kept:
        return

    def bare(row: list[str]) -> list[str]:
        while row and row[-1] == "":
            row = row[:-1]
        return row

    found = read_rows(workbook(rows))
    assert [(line, bare(row)) for line, row in found] == [(line, bare(row)) for line, row in kept]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "an entity bomb": ({"styles": f"{BOMB}<styleSheet {MAIN}>&b;</styleSheet>"}, "xlsx.doctype"),
    "a file from outside": ({"styles": f"{OUTSIDE}<styleSheet {MAIN}>&a;</styleSheet>"}, "xlsx.doctype"),
    "a zip bomb": ({"styles": " " * 30_000_000}, "xlsx.size"),
    "broken XML": ({"styles": "<a><b></a>"}, "xlsx.broken"),
    "a cell that never ends": ({"sheet": '<row r="1"><c t="str"><v>' + "x" * 150_000 + "</v></c></row>"}, "xlsx.cell"),
    "a text that is not there": ({"sheet": '<row r="1"><c t="s"><v>7</v></c></row>'}, "xlsx.string"),
    "a column far out": ({"sheet": '<row r="1"><c r="XFD1"><v>7</v></c></row>'}, "xlsx.columns"),
    "nothing": ({"sheet": "<row/>"}, "xlsx.empty"),
}


@pytest.mark.parametrize(("parts", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_workbook_is_refused(parts: dict[str, str], code: str) -> None:
    with pytest.raises(Unusable) as refused:
        read_rows(workbook([["a"]], **parts))

    assert refused.value.findings[0].code == code


def pointing(text: str, cells: int) -> bytes:
    """One shared text, and a column of cells that all point to it."""
    rows = "".join(f'<row r="{n}"><c r="C{n}" t="s"><v>0</v></c></row>' for n in range(1, cells + 1))
    return workbook([], sheet=rows, strings=f"<sst {MAIN}><si><t>{text}</t></si></sst>")


def refused(data: bytes, limits: XlsxLimits | None = None) -> tuple[str, str, int | None]:
    with pytest.raises(Unusable) as problem:
        read_rows(data, limits=limits or XlsxLimits())
    (found,) = problem.value.findings
    return found.code, found.message, found.line


def test_a_shared_text_is_held_to_the_length_of_a_cell_wherever_it_stands() -> None:
    bomb = pointing("a " * 450_000, 40)

    assert len(bomb) < 5_000
    code, message, line = refused(bomb)
    assert (code, line) == ("xlsx.cell", 1)
    assert message.startswith("Cell C1 of the sheet 'A' holds 900,000 letters or more; at most 100,000")
    unused = f"<sst {MAIN}><si><t>{'x' * 900_000}</t></si><si><t>Trees</t></si></sst>"
    sheet = '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'
    assert read_rows(workbook([], sheet=sheet, strings=unused)) == [(1, ["Trees"])]  # of another sheet: no harm here


def test_what_all_cells_hold_together_is_bounded_and_the_cell_is_named() -> None:
    limits = XlsxLimits(cell=50_000, text=1_000_000)

    assert len(read_rows(pointing("a" * 50_000, 20), limits=limits)) == 20
    code, message, line = refused(pointing("a" * 50_000, 21), limits)
    assert (code, line) == ("xlsx.text", 21)
    assert (
        message
        == "With cell C21 of the sheet 'A' the cells hold 1,050,000 letters together; at most 1,000,000 are read."
    )
    assert (
        refused(workbook([["a" * 30_000]] * 30), XlsxLimits(text=600_000))[0] == "xlsx.text"
    )  # as for texts in their own cells


OWN_TEXTS = {
    "inline": '<c r="AB4" t="inlineStr"><is><t>' + "x" * 60_000 + "</t></is></c>",
    "inline, in two styles": '<c r="AB4" t="inlineStr"><is>' + ("<r><t>" + "x" * 30_000 + "</t></r>") * 2 + "</is></c>",
    "a formula's": '<c r="AB4" t="str"><v>' + "x" * 60_000 + "</v></c>",
}


@pytest.mark.parametrize("cell", OWN_TEXTS.values(), ids=OWN_TEXTS)
def test_a_long_text_in_its_own_cell_is_refused_as_it_grows(cell: str) -> None:
    code, message, line = refused(workbook([], sheet=f'<row r="4">{cell}</row>'), XlsxLimits(cell=50_000))

    assert (code, line) == ("xlsx.cell", 4)
    assert "Cell AB4" in message


def test_empty_cells_before_the_last_of_a_row_are_counted() -> None:
    sheet = "".join(f'<row r="{n}"><c r="GR{n}"><v>1</v></c></row>' for n in range(1, 101))

    assert refused(workbook([], sheet=sheet), XlsxLimits(cells=10_000))[0] == "xlsx.cells"


def test_limits_hold_for_the_file_the_rows_and_the_parts() -> None:
    data = workbook([["a"]] * 30)
    for limits in (XlsxLimits(file=100), XlsxLimits(rows=10), XlsxLimits(parts=2)):
        with pytest.raises(Unusable):
            read_rows(data, limits=limits)


@given(st.binary(max_size=200), st.integers(0, 3_000))
def test_bytes_changed_anywhere_are_refused_or_read_never_a_traceback(noise: bytes, at: int) -> None:
    data = bytearray(workbook([["a", "b"], ["1", "2"]]))
    at %= len(data)
    data[at : at + len(noise)] = noise
    with contextlib.suppress(Unusable):  # anything else would be a traceback for somebody's file
        read_rows(bytes(data))
