"""Who takes part, without an account: a random key in a signed cookie, and what is made from it.

The database holds keyed hashes only, another one for each conversation. What this prevents: voting twice from one
browser, or one account. What it does not: a second browser, or beginning anew after signing out, when the key goes.
The page says so (`conversations:how`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from becontree.foundations.kit.personal import personal

COOKIE: Final = "voice"
SALT: Final = "becontree.conversations.voice"
PATH: Final = "/conversations/"
LASTS: Final = 365 * 24 * 3600
_ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxz"  # as kit.ids: no vowels, nothing that sounds or looks alike


def key_of(request: HttpRequest) -> str:
    """The key that this browser holds; "" where it holds none, or a false one. A page made with it is private."""
    personal(request)
    return str(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS) or "")


def new_key() -> str:
    return secrets.token_urlsafe(24)


def remember(response: HttpResponse, key: str) -> None:
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=SALT,
        max_age=LASTS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def let_go(response: HttpResponse) -> None:
    """The browser forgets its key: somebody has signed out, and whoever comes next is somebody else."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def account_key(person_id: object) -> str:
    """The key of somebody who is signed in: the same on every device."""
    return f"account:{person_id}"


def code_of(receipt: str | None, conversation: str, *keys: str) -> str:
    """The receipt code of a participant whose stored hash is `receipt`, from the keys that the asker holds, or ""."""
    for key in keys:
        code = receipt_code(key, conversation) if key else ""
        if code and receipt_hash(code) == receipt:
            return code
    return ""


def key_hash(key: str, conversation: str) -> str:
    """What the database knows of a key: another hash in each conversation (given by its slug, which never changes)."""
    return _hash(f"key:{conversation}:{key}")


def receipt_code(key: str, conversation: str) -> str:
    """The code that shows its owner all their votes as we count them: twelve letters, in fours."""
    number = int(_hash(f"receipt:{conversation}:{key}"), 16)
    letters = ""
    for _ in range(12):
        number, at = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[at]
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def receipt_hash(code: str) -> str:
    """How a receipt code is kept and found again, however it was typed."""
    plain = "".join(sign for sign in code.lower() if sign in _ALPHABET)
    return _hash(f"code:{plain}")


def vote_receipt(vote_id: int, participant_id: int, statement_id: int, value: int) -> str:
    """The receipt of one vote: its place in the order, and a keyed hash that nobody else can make."""
    return f"{vote_id}-{_hash(f'vote:{vote_id}:{participant_id}:{statement_id}:{value}')[:10]}"


def _hash(text: str) -> str:
    return hmac.new(
        settings.SECRET_KEY.encode(), f"becontree.conversations:{text}".encode(), hashlib.sha256
    ).hexdigest()
