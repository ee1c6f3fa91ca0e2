"""An address as a square that a telephone's camera reads (a QR code, ISO/IEC 18004), drawn as SVG in the page."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of white around it, as the standard asks


def svg(address: str, said: str) -> SafeString:
    """The square of `address`, with `said` as what it is. Medium correction: 15 in 100 of it may be hidden."""
    import qrcode  # type: ignore[import-untyped]  # here, for only the wall needs it

    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for start, length in _runs(row))
    return format_html(
        '<svg class="square" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        len(rows), len(rows), said, len(rows), len(rows), path,
    )  # fmt: skip


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """(where it begins, how long it is) of every run of dark modules.

    >>> _runs([True, True, False, True])
    [(0, 2), (3, 1)]
    """
    found, at = [], 0
    while at < len(row):
        length = 0
        while at + length < len(row) and row[at + length]:
            length += 1
        if length:
            found.append((at, length))
        at += length + 1
    return found
