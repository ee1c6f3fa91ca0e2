"""Pictures that people send: what draws them stays, where and when they were taken does not."""

from __future__ import annotations

import contextlib
import random
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from becontree.citizenship.projects import pictures
from becontree.citizenship.projects.uploads import accept
from becontree.foundations.kit.errors import Invalid

PLACE = b"51.5390 N, 0.1440 E"


def part(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(way: int, order: str = "<") -> bytes:
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    rows = struct.pack(f"{order}H", 2) + struct.pack(f"{order}HHIHH", 0x0112, 3, 1, way, 0)
    rows += struct.pack(f"{order}HHII", 0x8825, 4, 1, 200) + struct.pack(f"{order}I", 0)
    return b"Exif\0\0" + head + rows + PLACE


SCAN = part(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56\xff\xff\x00\x78"
SIZE = part(0xC0, struct.pack(">BHHB", 8, 40, 30, 1) + b"\1\x11\0")
TABLE = part(0xDB, b"\0" + bytes(64))
JFIF, ICC, ADOBE = part(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), part(0xE2, b"ICC_PROFILE\0\1\1x"), part(0xEE, b"Adobe\0d")


def jpeg(*parts: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + b"".join(parts) + SCAN + b"\xff\xd9" + after


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 3, height: int = 2, after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(bytes((3 * 3 + 1) * 2)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + drawn + chunk(b"IEND", b"") + after


def kept(content: bytes) -> bytes:
    return accept(SimpleUploadedFile("picture", content)).content


def test_a_photograph_loses_its_place_and_keeps_what_draws_it() -> None:
    """The attack: read from a public picture where it was taken: somebody's home."""
    told = [
        part(0xE1, exif(1)), part(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE), part(0xFE, PLACE),
        part(0xED, b"Photoshop 3.0\0" + PLACE), part(0xE2, b"MPF\0" + PLACE), part(0xE0, b"JFXX\0" + PLACE),
    ]  # fmt: skip
    taken = kept(jpeg(JFIF, *told, ICC, ADOBE, TABLE, SIZE, after=PLACE + b"\xff\xd9"))

    assert taken == jpeg(JFIF, ICC, ADOBE, TABLE, SIZE)
    assert PLACE not in taken


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("way", range(2, 9))
def test_a_photograph_still_stands_the_right_way_up(order: str, way: int) -> None:
    taken = kept(jpeg(part(0xE1, exif(way, order)), TABLE, SIZE))

    assert PLACE not in taken
    assert taken.count(b"Exif\0\0") == 1
    assert taken.replace(pictures._exif(way), b"") == jpeg(TABLE, SIZE)
    assert kept(taken) == taken


def test_a_drawing_loses_what_is_written_beside_it() -> None:
    told = [chunk(b"tEXt", b"Author\0" + PLACE), chunk(b"eXIf", PLACE), chunk(b"iTXt", PLACE), chunk(b"tIME", bytes(7))]
    colours = chunk(b"gAMA", struct.pack(">I", 45455))

    assert kept(png(colours, *told, after=PLACE)) == png(colours)


@pytest.mark.parametrize(
    "content", [png(width=60_000, height=60_000), jpeg(part(0xC2, struct.pack(">BHHB", 8, 65_000, 65_000, 1)))]
)
def test_a_picture_that_would_unfold_to_a_huge_one_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        kept(content)

    assert refused.value.code == "upload.pixels"


@pytest.mark.parametrize("whole", [jpeg(JFIF, part(0xE1, exif(6)), TABLE, SIZE), png(chunk(b"tEXt", PLACE))])
def test_a_picture_that_was_cut_or_altered_is_kept_bare_or_refused_in_words(whole: bytes) -> None:
    chance = random.Random(20261122)
    broken = [whole[:n] for n in range(2, len(whole))] + [whole[:n] + whole[-4:] for n in range(2, len(whole))]
    for _ in range(500):
        cut = bytearray(whole)
        cut[chance.randrange(2, len(cut))] = chance.randrange(256)
        broken.append(bytes(cut))
    for content in broken:
        for media_type in ("image/jpeg", "image/png"):
            with contextlib.suppress(pictures.Broken, pictures.TooLarge):
                assert len(pictures.bare(media_type, content)) <= len(content) + 40


def test_a_picture_without_anything_to_draw_is_refused() -> None:
    for content in (b"\xff\xd8\xff\xd9" * 3, png()[:8] + chunk(b"IEND", b""), png(chunk(b"XXXX", b""))):
        with pytest.raises(Invalid):
            kept(content)
