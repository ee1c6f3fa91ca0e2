"""What a file really is, judged by its bytes and not by its name.

Accepted: PDF, JPEG, PNG, up to 5 MB. Anything with a script in it, a name that lies, or another kind is refused.
What is kept is served with its own media type, as an attachment, under a policy that runs nothing (`views.evidence`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from becontree.foundations.kit.errors import Invalid

LARGEST: Final = 5_000_000  # bytes: a scanned letter of ten pages; larger ones belong in a picture album
# media type -> (how it begins, how it must end within the last kilobyte)
KINDS: Final[dict[str, tuple[bytes, bytes]]] = {
    "application/pdf": (b"%PDF-", b"%%EOF"),
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
}
# What runs when a PDF is opened (ISO 32000-1, 12.6.4): a paper that proves something needs none of it.
ACTIVE: Final = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA")


@dataclass(frozen=True, slots=True)
class Accepted:
    media_type: str
    content: bytes
    sha256: str


def accept(upload: Any) -> Accepted:
    """Read an uploaded file (anything with `.size` and `.read()`); raise Invalid with a sentence for the person."""
    size = int(getattr(upload, "size", 0) or 0)
    if size > LARGEST:
        raise Invalid("upload.large", "The file is over 5 MB. Send a smaller scan or picture.", "file")
    content: bytes = upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid("upload.large", "The file is over 5 MB. Send a smaller scan or picture.", "file")
    if not content:
        raise Invalid("upload.empty", "The file is empty. Choose it again.", "file")
    for media_type, (begins, ends) in KINDS.items():
        if content.startswith(begins):
            if ends not in content[-1024:]:
                raise Invalid("upload.broken", "The file is cut short. Save or scan it again.", "file")
            if media_type == "application/pdf" and any(word in content for word in ACTIVE):
                raise Invalid(
                    "upload.active", "This PDF holds a program. Print it to a plain PDF and send that.", "file"
                )
            return Accepted(media_type, content, hashlib.sha256(content).hexdigest())
    raise Invalid("upload.kind", "Send a PDF, a JPEG picture or a PNG picture.", "file")
