"""A picture without what it tells beside itself: where it was taken, when, with whose camera, an older version of it.

A telephone writes the place, to a few metres, into each photograph (Exif). A picture on a public page would say where
somebody lives. So only what is needed to draw it is kept: for a JPEG (ISO/IEC 10918-1) its tables, its scans, its
colours and which way up it stands; for a PNG (ISO/IEC 15948) what draws it. Whatever follows the end is cut off.
Nothing is drawn here: no pixel is touched, and a picture that would unfold to a huge one is refused by its measures.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

MOST_PIXELS: Final = 60_000_000  # a large photograph has 50; a few kilobytes can claim billions, and stop a telephone
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF: where a JPEG says how large it is
_ALONE: Final = frozenset((*range(0xD0, 0xD9), 0x01))  # markers without a length
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_COLOURS: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # what an APPn may begin with, to stay
_DRAWS: Final = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs".split())


class Broken(ValueError):
    """These bytes are no whole picture."""


class TooLarge(ValueError):
    """The picture would have more than `MOST_PIXELS`."""


def bare(media_type: str, content: bytes) -> bytes:
    """The picture with nothing beside it. Raises Broken, TooLarge. Other media types are left as they are."""
    try:
        if media_type == "image/jpeg":
            return b"".join(_jpeg(content))
        if media_type == "image/png":
            return b"".join(_png(content))
    except (IndexError, struct.error) as error:
        raise Broken("it ends too early") from error
    return content


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at, sized, drawn = 2, False, False
    while True:
        if content[at] != 0xFF:
            raise Broken("a marker is missing")
        while content[at] == 0xFF:  # any number may stand before a marker
            at += 1
        marker = content[at]
        at += 1
        if marker == _END:
            break
        if marker in _ALONE:
            yield bytes((0xFF, marker))
            continue
        (length,) = struct.unpack_from(">H", content, at)
        part = content[at + 2 : at + length]
        if length < 2 or len(part) != length - 2:
            raise Broken("a part is cut short")
        if marker in _SIZES:
            height, width = struct.unpack_from(">HH", part, 1)
            _measured(width, height)
            sized = True
        whole = bytes((0xFF, marker)) + content[at : at + length]
        at += length
        if marker == 0xE1 and (way := _way_up(part)):
            yield _exif(way)
        elif marker == _SCAN:
            end = _scan_end(content, at)
            yield whole + content[at:end]
            at, drawn = end, True
        elif marker in _COLOURS:
            if part.startswith(_COLOURS[marker]):
                yield whole
        elif not 0xE0 <= marker <= 0xEF and marker != _COMMENT:
            yield whole
    if not (sized and drawn):
        raise Broken("there is nothing to draw")
    yield bytes((0xFF, _END))


def _scan_end(content: bytes, at: int) -> int:
    """Where the scan that begins here ends: at the first marker that is no part of it."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Broken("the picture does not end")
        after = content[at + 1]
        if after not in {0x00, 0xFF} and not 0xD0 <= after <= 0xD7:
            return at
        at += 1 if after == 0xFF else 2


def _way_up(part: bytes) -> int:
    """The orientation (2 to 8) that an Exif part gives; 0 where it gives none, or stands as it is drawn."""
    if not part.startswith(b"Exif\0\0"):
        return 0
    tiff = part[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for n in range(min(count, 200)):
            tag, kind, _many, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * n)
            if (tag, kind) == (0x0112, 3) and 2 <= value <= 8:
                return int(value)
    except struct.error:
        return 0
    return 0


def _exif(way: int) -> bytes:
    """An Exif part that says which way up, and nothing else."""
    body = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, way, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at, drawn = 8, False
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        whole = content[at : at + 12 + length]
        if len(whole) != 12 + length or zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            raise Broken("a part is cut short or altered")
        if (at == 8) != (kind == b"IHDR"):
            raise Broken("it does not begin with its measures")
        if kind == b"IHDR":
            _measured(*struct.unpack_from(">II", whole, 8))
        drawn = drawn or kind == b"IDAT"
        if kind in _DRAWS:
            yield whole
        elif kind[:1].isupper():
            raise Broken("a part that it needs is not known")
        at += len(whole)
        if kind == b"IEND":
            break
    if not drawn:
        raise Broken("there is nothing to draw")


def _measured(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise Broken("it has no size")
    if width * height > MOST_PIXELS:
        raise TooLarge(f"{width} by {height}")
