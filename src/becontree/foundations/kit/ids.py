"""Ids that tell nothing: random, so that no one can count or guess."""

from __future__ import annotations

import secrets
import uuid
from typing import Final

from django.utils.text import slugify

# No vowels (no words), no 0/o/1/l (read aloud on the telephone).
_ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxz"
_EVEN: Final = 256 - 256 % len(_ALPHABET)  # bytes below it give every letter the same chance


def new_id() -> uuid.UUID:
    """A random 128-bit id."""
    return uuid.uuid4()


def short_id(length: int = 10) -> str:
    """A random public handle; ten letters are 47 bits, ample for a borough and short enough to say."""
    letters = ""
    while len(letters) < length:
        drawn = secrets.token_bytes(length + 4)
        letters += "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in drawn if byte < _EVEN)
    return letters[:length]


def slug_for(title: str, *, taken: set[str] | None = None, most: int = 60) -> str:
    """A readable address part from a title; a short random tail when it is taken or empty.

    >>> slug_for("Every child has somewhere good to play within a ten-minute walk")
    'every-child-has-somewhere-good-to-play-within-a-ten-minute'
    """
    slug = slugify(title)
    if len(slug) > most:  # cut between words, unless the first word is as long as that
        slug = slug[: most + 1].rpartition("-")[0] or slug[:most]
    slug = slug.strip("-")
    if not slug or (taken is not None and slug in taken):
        slug = f"{slug}-{short_id(5)}".strip("-")
    return slug
