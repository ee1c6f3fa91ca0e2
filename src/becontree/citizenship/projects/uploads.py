"""What a file really is, judged by its bytes and not by its name.

Accepted: PDF, JPEG, PNG, up to 5 MB. Anything with a script in it, a name that lies, or another kind is refused. Of a
picture only what draws it is kept (`pictures`): not where it was taken, nor when.
What is kept is served with its own media type, as an attachment, under a policy that runs nothing (`views.evidence`).
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from becontree.citizenship.projects import pictures
from becontree.foundations.kit.errors import Invalid

LARGEST: Final = 5_000_000  # bytes: a scanned letter of ten pages; larger ones belong in a picture album
# media type -> (how it begins, how it must end within the last kilobyte)
KINDS: Final[dict[str, tuple[bytes, bytes]]] = {
    "application/pdf": (b"%PDF-", b"%%EOF"),
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
# What runs when a PDF is opened (ISO 32000-1, 12.6.4): a paper that proves something needs none of it. A whole name, so
# that three chance bytes in a scanned picture are none.
ACTIVE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA)(?=[\x00\s/<>()\[\]{}%]|$)")
_NAME_WITH_CODES: Final = re.compile(rb"/[^\x00\s/<>()\[\]{}%]*#[0-9A-Fa-f]{2}[^\x00\s/<>()\[\]{}%]*")
_CODE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED: Final = re.compile(rb"/ObjStm\b[^\x00]{0,600}?stream\r?\n")
_MOST_UNPACKED: Final = 2_000_000  # bytes read of one packed part: names stand early, and a bomb stays shut


@dataclass(frozen=True, slots=True)
class Accepted:
    media_type: str
    content: bytes
    sha256: str


def accept(upload: Any) -> Accepted:
    """Read an uploaded file (anything with `.size` and `.read()`); raise Invalid with a sentence for the person."""
    size = int(getattr(upload, "size", 0) or 0)
    if size > LARGEST:
        raise Invalid("upload.large", gettext("The file is over 5 MB. Send a smaller scan or picture."), "file")
    content: bytes = upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid("upload.large", gettext("The file is over 5 MB. Send a smaller scan or picture."), "file")
    if not content:
        raise Invalid("upload.empty", gettext("The file is empty. Choose it again."), "file")
    for media_type, (begins, ends) in KINDS.items():
        if content.startswith(begins):
            if ends not in content[-1024:]:
                raise Invalid("upload.broken", gettext("The file is cut short. Save or scan it again."), "file")
            if media_type == "application/pdf" and _active(content):
                raise Invalid(
                    "upload.active", gettext("This PDF holds a program. Print it to a plain PDF and send that."), "file"
                )
            kept = _bare(media_type, content)
            return Accepted(media_type, kept, hashlib.sha256(kept).hexdigest())
    raise Invalid("upload.kind", gettext("Send a PDF, a JPEG picture or a PNG picture."), "file")


def _bare(media_type: str, content: bytes) -> bytes:
    """A picture without its place, its time and its camera."""
    try:
        return pictures.bare(media_type, content)
    except pictures.TooLarge as error:
        raise Invalid(
            "upload.pixels", gettext("The picture is too large to show on a telephone. Send a smaller one."), "file"
        ) from error
    except pictures.Broken as error:
        raise Invalid("upload.broken", gettext("The file is cut short. Save or scan it again."), "file") from error


def _active(content: bytes) -> bool:
    """Whether a PDF names something that runs: in plain sight, written in codes (`/J#61vaScript`), or packed."""
    parts = [content]
    for found in _PACKED.finditer(content):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(content[found.end() :], _MOST_UNPACKED))
    return any(ACTIVE.search(_NAME_WITH_CODES.sub(_plain, part)) for part in parts)


def _plain(name: re.Match[bytes]) -> bytes:
    return _CODE.sub(lambda code: bytes([int(code.group(1), 16)]), name.group())
